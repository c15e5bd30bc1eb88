"""The map of a grid among its neighbours as a picture for paper: drawn twice as large, then made smooth."""

import base64
import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from huiyin.areas.maps import Canvas, roomiest, short_name
from huiyin.areas.models import Area
from huiyin.papers import fonts

PIXELS, OVER = 1300, 2
GROUND, EDGE, OWN, OWN_EDGE, INK = "#f4f2ec", "#8b8778", "#c9d6f2", "#24479a", "#3a3a36"


def neighbours_of(grids: list[Area]) -> dict:
    """community id → its grids of today with boundaries; one query for all communities."""
    found: dict = {}
    rows = Area.objects.valid().grids().filter(parent__in={grid.parent_id for grid in grids})
    for row in rows.exclude(boundary=None).order_by("code")[:1000]:
        found.setdefault(row.parent_id, []).append(row)
    return found


def png(grid: Area, beside: list[Area]) -> str:
    """base64 of a PNG some 1300 pixels wide: `grid` strong among `beside`; '' when its boundary is unknown."""
    from shapely.geometry import shape  # brings numpy: read when a map is drawn

    rows = [row for row in beside if row.pk != grid.pk]
    own = next((row for row in beside if row.pk == grid.pk), None)
    if own is None:
        return ""
    bounds = [shape(row.boundary).bounds for row in beside]
    west, south, east, north = zip(*bounds, strict=True)
    canvas = Canvas(min(west), min(south), max(east), max(north))
    wide, tall = canvas.size
    factor = PIXELS * OVER / wide
    picture = Image.new("RGB", (PIXELS * OVER, round(tall * factor)), "white")
    brush = ImageDraw.Draw(picture)
    for row in rows:
        _patch(brush, canvas, factor, row.boundary, GROUND, EDGE, 4)
    _patch(brush, canvas, factor, own.boundary, OWN, OWN_EDGE, 14)
    for row in [*rows, own]:
        _label(brush, canvas, factor, row, row is own)
    picture = picture.resize((PIXELS, picture.height // OVER), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def _patch(brush, canvas, factor, boundary, fill, edge, width):
    many = boundary["type"] == "MultiPolygon"
    for polygon in boundary["coordinates"] if many else [boundary["coordinates"]]:
        for number, ring in enumerate(polygon):
            points = [tuple(value * factor for value in canvas.place(*point[:2])) for point in ring]
            brush.polygon(points, fill="white" if number else fill)
            brush.line([*points, points[0]], fill=edge, width=width * OVER // 2, joint="curve")


def _label(brush, canvas, factor, row: Area, strong: bool):
    from shapely.geometry import shape

    words = short_name(row)
    size = 40 if words.isdigit() else 24
    font = _font(round((size * 1.4 if strong else size) * factor))
    x, y = canvas.place(*roomiest(shape(row.boundary).wkb))
    ink = OWN_EDGE if strong else INK
    while len(words) > 4 and brush.textlength(words, font) > 0.3 * brush.im.size[0]:
        words = words[:-1]
    brush.text((x * factor, y * factor), words, fill=ink, font=font, anchor="mm")


@lru_cache(maxsize=16)
def _font(size: int):
    for folder in fonts.folders()[::-1]:
        for path in sorted(Path(folder).rglob("*Sans*")):
            if path.suffix.lower() in (".otf", ".ttf", ".ttc"):
                return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)
