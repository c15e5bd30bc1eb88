"""Addresses below /desk/. Each module of views keeps its own list."""

from huiyin.grids.views import duties, notices, overview, papers, sections

urlpatterns = [
    *overview.urlpatterns,
    *duties.urlpatterns,
    *sections.urlpatterns,
    *notices.urlpatterns,
    *papers.urlpatterns,
]
