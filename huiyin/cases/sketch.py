"""A small drawing of where a matter is: the grid's own outline, its buildings, the point. No map service."""

from dataclasses import dataclass, field
from math import cos, radians

from huiyin.areas.models import Area, AreaKind

WIDTH, HEIGHT, EDGE = 240, 120, 10
MOST_BUILDINGS = 120


@dataclass
class Sketch:
    """Path of the outline and places in a drawing of 240 × 120."""

    outline: str
    buildings: list[tuple[float, float]] = field(default_factory=list)
    point: tuple[float, float] | None = None
    name: str = ""
    label: tuple[float, float] | None = None
    anchor: str = "middle"


def sketch_of(case) -> Sketch | None:
    """None when the area has no outline."""
    rings = _rings(case.area.boundary or {})
    if not rings:
        return None
    to = _fit([point for ring in rings for point in ring])
    outline = "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*to(*point)) for point in ring) + "Z" for ring in rings
    )
    sketch = Sketch(outline)
    here = None
    if case.area.kind == AreaKind.GRID:
        rows = Area.objects.filter(parent=case.area, kind=AreaKind.BUILDING).exclude(lon=None)
        for name, lon, lat in rows.values_list("name", "lon", "lat")[:MOST_BUILDINGS]:
            if name in case.place and len(name) > len(sketch.name):
                sketch.name, here = name, (lon, lat)
            sketch.buildings.append(to(lon, lat))
    if case.lon is not None:
        here = (case.lon, case.lat)
    if here:
        sketch.point = to(*here)
        _place_label(sketch)
    return sketch


def _place_label(sketch: Sketch):
    x, y = sketch.point
    sketch.label = (x, y - 10 if y > 30 else y + 20)
    sketch.anchor = "start" if x < 60 else "end" if x > WIDTH - 60 else "middle"


def _rings(boundary: dict) -> list:
    kind, parts = boundary.get("type"), boundary.get("coordinates") or []
    if kind == "Polygon":
        return list(parts)
    return [ring for polygon in parts for ring in polygon] if kind == "MultiPolygon" else []


def _fit(points):
    """(lon, lat) → (x, y): the outline fills the drawing, north up, true to shape."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    squeeze = cos(radians(sum(lats) / len(lats)))
    wide, high = (max(lons) - min(lons)) * squeeze or 1e-9, (max(lats) - min(lats)) or 1e-9
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2

    def to(lon, lat):
        x = left + (lon - min(lons)) * squeeze * scale
        y = top + (max(lats) - lat) * scale
        return min(max(x, 4), WIDTH - 4), min(max(y, 4), HEIGHT - 4)

    return to
