"""From a point to its grid, in memory: one search tree per office, made anew when a boundary changed.

Shapely is read at the first point: it brings numpy, which most commands never need.
"""

import time
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from huiyin.areas.models import Area
from huiyin.rules import clock

_FRESH_SECONDS = 10.0
_trees: dict = {}


@dataclass
class _Tree:
    looked_at: float
    stamp: tuple
    ids: list
    shapes: list
    index: object  # shapely.STRtree


def grid_at(office, lon: float, lat: float) -> Area | None:
    """The grid of `office` that holds the point (WGS 84 degrees), or None outside all grids.

    An exclusive grid (a campus, a mall) wins over the grid around it; on a shared edge the first code wins.
    """
    from shapely import Point

    tree = _tree(office.pk, clock.today())
    point = Point(lon, lat)
    hits = sorted(int(i) for i in tree.index.query(point) if tree.shapes[i].covers(point))
    return Area.objects.get(pk=tree.ids[hits[0]]) if hits else None


def _tree(office_id, today: date) -> _Tree:
    tree = _trees.get((office_id, today))
    if tree and time.monotonic() - tree.looked_at < _FRESH_SECONDS:
        return tree
    grids = Area.objects.valid(today).grids().filter(office_id=office_id).exclude(boundary=None)
    stamp = grids.aggregate(newest=Max("changed_at"), n=Count("pk"))
    stamp = (stamp["newest"], stamp["n"])
    if tree and tree.stamp == stamp:
        tree.looked_at = time.monotonic()
        return tree
    from shapely import STRtree
    from shapely.geometry import shape

    rows = list(grids.order_by("-is_exclusive", "code").values_list("pk", "boundary"))
    shapes = [shape(boundary) for _, boundary in rows]
    tree = _Tree(time.monotonic(), stamp, [pk for pk, _ in rows], shapes, STRtree(shapes))
    if len(_trees) > 64:
        _trees.clear()
    _trees[office_id, today] = tree
    return tree
