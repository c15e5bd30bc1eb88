"""Addresses of the residents' pages, from the root. Each module of views keeps its own list."""

from huiyin.portal.views import home, raising, tracking, verdicts

urlpatterns = [*home.urlpatterns, *raising.urlpatterns, *tracking.urlpatterns, *verdicts.urlpatterns]
