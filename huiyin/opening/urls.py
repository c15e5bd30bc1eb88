"""Addresses of this room, below /desk/. Those of the steps come last: they take any name."""

from huiyin.opening.views import files, links, overview

urlpatterns = [*overview.urlpatterns, *links.urlpatterns, *files.urlpatterns]
