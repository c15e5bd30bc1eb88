"""A road section drawn on the ground of its community: SVG from numbers, coloured by css/grids.css."""

from django.utils.html import format_html

from huiyin.areas.maps import Canvas
from huiyin.grids.models import RoadSection


def section_map(section: RoadSection):
    """<svg class="area-map"> with the community and the section's line or area; "" when neither is known."""
    from shapely.geometry import shape  # brings numpy: read when a map is drawn

    ground, drawn = section.community.boundary, section.shape
    boxes = [shape(one).bounds for one in (ground, drawn) if one]
    if not boxes:
        return ""
    west, south, east, north = zip(*boxes, strict=True)
    canvas = Canvas(min(west), min(south), max(east), max(north))
    width, height = canvas.size
    return format_html(
        '<svg class="area-map" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        f"{width:g}",
        f"{height:g}",
        f"{section.name}在{section.community.name}的位置",
        format_html('<path class="base" d="{}"></path>', canvas.path(ground)) if ground else "",
        _section(canvas, drawn) if drawn else "",
    )


def _section(canvas: Canvas, drawn: dict):
    if drawn["type"] == "Polygon":
        return format_html('<path class="here" d="{}"></path>', canvas.path(drawn))
    points = (canvas.place(*point[:2]) for point in drawn["coordinates"])
    return format_html(
        '<path class="stretch" d="{}"></path>', "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    )
