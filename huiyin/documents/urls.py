"""Addresses of this room, below /desk/."""

from huiyin.documents.views import day, drafts, issued

urlpatterns = [*drafts.urlpatterns, *day.urlpatterns, *issued.urlpatterns]
