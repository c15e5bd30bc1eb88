"""Maps drawn on the server: boundaries of areas as one SVG, coloured by css/map.css of this room.

`grid_map(area)` is the one for pages of other rooms: where is this grid, where is this point.
Shapely is read when a map is drawn: it brings numpy, which most commands never need.
"""

import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from math import cos, dist, radians

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from huiyin.areas.models import Area, AreaKind

WIDTH, MARGIN, TALLEST = 1000.0, 14.0, 1400.0
_TINY = 1e-10  # square degrees, about one square metre: what rounding of coordinates leaves on a shared edge


@dataclass
class Patch:
    """One boundary on the map. `look` is a class of map.css: grid, base, here, alarm, house, outline."""

    boundary: dict
    look: str = "grid"
    label: str = ""
    title: str = ""
    url: str = ""
    size: int = 26


@dataclass
class Canvas:
    """Degrees to the units of the viewBox; the middle latitude sets how much narrower a degree of longitude is."""

    west: float
    south: float
    east: float
    north: float
    scale: float = field(init=False)
    squeeze: float = field(init=False)

    def __post_init__(self):
        self.squeeze = cos(radians((self.south + self.north) / 2))
        wide = max((self.east - self.west) * self.squeeze, 1e-5)
        tall = max(self.north - self.south, 1e-5)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)

    @property
    def size(self) -> tuple[float, float]:
        wide = (self.east - self.west) * self.squeeze * self.scale + 2 * MARGIN
        return round(wide, 1), round((self.north - self.south) * self.scale + 2 * MARGIN, 1)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        x = (lon - self.west) * self.squeeze * self.scale + MARGIN
        return round(x, 1), round((self.north - lat) * self.scale + MARGIN, 1)

    def path(self, boundary: dict) -> str:
        """The `d` of a Polygon or MultiPolygon; points that fall together are written once."""
        many = boundary["type"] == "MultiPolygon"
        polygons = boundary["coordinates"] if many else [boundary["coordinates"]]
        return "".join(self._ring(ring) for polygon in polygons for ring in polygon)

    def _ring(self, ring) -> str:
        points = list(dict.fromkeys(self.place(*point[:2]) for point in ring))
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z" if points else ""


def draw(
    patches: list[Patch], *, title: str, point: tuple[float, float] | None = None, css: str = ""
) -> SafeString:
    """The SVG of `patches`, drawn in their order, with a pin at `point` (lon, lat); "" without any boundary.

    Finding room for the names takes a tenth of a second for a whole subdistrict, so the same map is kept.
    """
    patches = [patch for patch in patches if patch.boundary]
    if not patches:
        return mark_safe("")
    key = blake2b(pickle.dumps(([vars(patch) for patch in patches], title, point, css))).digest()
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = _draw(patches, title, point, css)
    return _kept[key]


MOST_KEPT = 200
_kept: dict[bytes, SafeString] = {}


def _draw(patches: list[Patch], title: str, point: tuple[float, float] | None, css: str) -> SafeString:
    from shapely.geometry import shape

    boxes = [shape(patch.boundary).bounds for patch in patches]
    if point:
        boxes.append((*point, *point))
    west, south, east, north = zip(*boxes, strict=True)
    canvas = Canvas(min(west), min(south), max(east), max(north))
    width, height = canvas.size
    return format_html(
        '<svg class="area-map {}" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}{}</svg>',
        css,
        f"{width:g}",
        f"{height:g}",
        title,
        format_html_join("", "{}", ((_patch(canvas, patch),) for patch in patches)),
        format_html_join("", "{}", ((words,) for words in _labels(canvas, patches))),
        _pin(canvas, *point) if point else "",
    )


def _patch(canvas: Canvas, patch: Patch) -> SafeString:
    words = format_html("<title>{}</title>", patch.title or patch.label)
    path = format_html('<path class="{}" d="{}">{}</path>', patch.look, canvas.path(patch.boundary), words)
    if not patch.url:
        return path
    return format_html('<a href="{}" aria-label="{}">{}</a>', patch.url, patch.title or patch.label, path)


def _labels(canvas: Canvas, patches: list[Patch]) -> list[SafeString]:
    """Names where they lie: inner ones in the middle of their patch, those of outlines where they cover none."""
    from shapely.geometry import shape

    taken, drawn = [], []
    for patch in sorted((p for p in patches if p.label), key=lambda p: p.look == "outline"):
        ground = shape(patch.boundary)
        x, y = _free_place(canvas, patch, ground, taken)
        taken.append(_label_box(patch, x, y))
        drawn.append(
            format_html(
                '<text class="on-{}" x="{}" y="{}" font-size="{}" aria-hidden="true">{}</text>',
                patch.look,
                f"{x:g}",
                f"{y + patch.size / 3:.1f}",
                patch.size,
                patch.label,
            )
        )
    return drawn


def _free_place(canvas: Canvas, patch: Patch, ground, taken: list) -> tuple[float, float]:
    from shapely import Point

    home = canvas.place(*roomiest(ground.wkb))
    if patch.look != "outline" or not _covered(_label_box(patch, *home), taken):
        return home
    west, south, east, north = ground.bounds
    half = _half_width(patch) / (canvas.scale * canvas.squeeze)
    steps = range(1, 24)
    spots = [(west + (east - west) * i / 24, south + (north - south) * j / 24) for i in steps for j in steps]
    roomy = [
        spot for spot in spots if all(ground.contains(Point(spot[0] + d, spot[1])) for d in (-half, half))
    ]
    return min(
        (canvas.place(*spot) for spot in roomy),
        key=lambda place: (_covered(_label_box(patch, *place), taken), dist(place, home)),
        default=home,
    )


@lru_cache(maxsize=2048)
def roomiest(wkb: bytes) -> tuple[float, float]:
    """(lon, lat) in a boundary that is farthest from its edges, to some five metres."""
    from shapely import from_wkb, maximum_inscribed_circle

    return maximum_inscribed_circle(from_wkb(wkb), tolerance=5e-5).coords[0]


def _label_box(patch: Patch, x: float, y: float) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the words; digits are about half as wide as Chinese characters."""
    half = _half_width(patch)
    return x - half, y - patch.size * 0.7, x + half, y + patch.size * 0.7


def _half_width(patch: Patch) -> float:
    """Of its words, with room for the larger ones that phones show."""
    return sum(0.6 if sign.isascii() else 1 for sign in patch.label) * patch.size * 0.6


def _covered(box: tuple, taken: list) -> float:
    """How much of `taken` lies under `box`."""
    return sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in taken
    )


def _pin(canvas: Canvas, lon: float, lat: float) -> SafeString:
    x, y = canvas.place(lon, lat)
    return format_html(
        '<g class="pin"><title>位置</title><circle cx="{0}" cy="{1}" r="15"/><circle class="dot" cx="{0}" cy="{1}" r="5"/></g>',
        f"{x:g}",
        f"{y:g}",
    )


def short_name(area) -> str:
    """What fits on the map: '01' for 柳湾第01网格 (the number), else the name."""
    digits = "".join(sign for sign in area.name if sign.isdigit())
    return digits if area.kind == AreaKind.GRID and digits else area.name


def grid_map(area: Area, lon: float | None = None, lat: float | None = None) -> SafeString:
    """Where `area` lies: its neighbours under the same parent, itself strong, and a pin at `lon`, `lat`.

    For a building the grid around it is shown. SafeString of an <svg class="area-map">, "" when no boundary
    is known. One query. The page links areas/css/map.css.
    """
    spot = (lon, lat) if lon is not None and lat is not None else None
    if area.kind == AreaKind.BUILDING and area.parent_id:
        if spot is None and area.lon is not None:
            spot = (area.lon, area.lat)
        area = area.parent
    beside = Area.objects.valid().filter(parent_id=area.parent_id, kind=area.kind).exclude(pk=area.pk)
    rows = beside.exclude(boundary=None).filter(office_id=area.office_id).order_by("code")[:200]
    patches = [Patch(row.boundary, "grid", short_name(row), row.name, size=26) for row in rows]
    patches.append(Patch(area.boundary, "here", short_name(area), area.name, size=34))
    return draw(patches, title=f"{area.name}在地图上的位置", point=spot) if area.boundary else mark_safe("")


def overlaps(areas) -> list[tuple]:
    """Pairs of `areas` whose boundaries lie over each other; touching edges do not count.

    A grid of its own (专属网格) lies inside another one by intention and is left out.
    """
    from shapely import STRtree
    from shapely.geometry import shape

    rows = [area for area in areas if area.boundary and not area.is_exclusive]
    shapes = [shape(area.boundary) for area in rows]
    index = STRtree(shapes)
    found = []
    for i, one in enumerate(shapes):
        for j in index.query(one):
            if i < j and one.intersection(shapes[j]).area > _TINY:
                found.append((rows[i], rows[int(j)]))
    return found
