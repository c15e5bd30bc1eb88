"""Addresses of the residents' pages, from the root. Each module of views keeps its own list."""

from huiyin.portal.views import (
    adding,
    answered,
    grids,
    guide,
    home,
    news,
    raising,
    reviewing,
    tracking,
    verdicts,
)

ROOMS = (grids, home, raising, tracking, verdicts, adding, answered, guide, news, reviewing)
urlpatterns = [address for room in ROOMS for address in room.urlpatterns]
