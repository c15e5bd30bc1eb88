"""Addresses of the pages in front of the desk, from the root."""

from huiyin.opening.views import welcome

urlpatterns = welcome.urlpatterns
