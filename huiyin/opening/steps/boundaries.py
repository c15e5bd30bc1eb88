"""边界: a GeoJSON FeatureCollection, matched to areas by their code, judged by geometry before it is taken.

Shapely is read with the file: it brings numpy, which most commands never need.
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.opening.steps.base import Plan, Step
from huiyin.rules import clock
from huiyin.sheets.columns import Column, Sheet
from huiyin.sheets.marked import problem_list
from huiyin.sheets.reading import Problem

if TYPE_CHECKING:
    from shapely import Geometry

MOST_FEATURES = 5000
MOST_POINTS = 400_000
# Two surveys never draw the same line twice: as much as this of the smaller area may lie over or beyond.
TOLERANCE = 0.01
CODE_KEYS = ("code", "代码", "Code", "CODE")


@dataclass
class Feature:
    """One feature of the file: its number, the area it is for, and its geometry."""

    number: int
    code: str
    area: Area | None = None
    ground: "Geometry | None" = None


@dataclass
class Features:
    """What the file says; it carries problems as a sheet's reading does."""

    features: list[Feature]
    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list:
        return self.features

    def blame(self, feature: Feature, wrong: str, todo: str) -> None:
        name = f"（{feature.area.name}）" if feature.area else ""
        where = f"第 {feature.number} 个要素，代码 {feature.code or '没有'}{name}"
        self.problems.append(Problem(feature.number, None, where, wrong, todo))

    def in_order(self) -> list[Problem]:
        return sorted(self.problems, key=lambda one: one.row)


class Boundaries(Step):
    name, title, kind = "boundaries", "边界", "geojson"
    about = (
        "社区、网格（和楼院）的范围，一份 GeoJSON，按代码对上片区。坐标用 WGS 84 的经纬度。"
        "下级要在上级里面，同级不能互相压着（1% 以内的出入不算）。"
    )
    shows = ("desk_areas", "片区和地图")
    most_bytes = 20 * 1024 * 1024

    def sheet(self, office) -> Sheet:
        return Sheet("boundaries", "边界", self.about, (Column("code", "代码", "code"),))

    def template(self, office, *, filled=False):
        """A FeatureCollection with every area; boundaries that are known are in it, the others are null."""
        features = [
            {
                "type": "Feature",
                "properties": {"code": area.code, "name": area.name, "kind": area.get_kind_display()},
                "geometry": area.boundary,
            }
            for area in _areas(office)
            if area.kind != AreaKind.BUILDING
        ]
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
        return text.encode(), "边界.geojson"

    def read(self, office, raw, name):
        if len(raw) > self.most_bytes:
            raise Refusal("文件超过 20 MB。请把边界线简化一些，或分成几份。", status=400)
        try:
            data = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise Refusal(
                "这不是 GeoJSON 文件。请在地图软件里导出为 GeoJSON（UTF-8），坐标选 WGS 84。", status=400
            ) from None
        features = data.get("features") if isinstance(data, dict) else None
        if not isinstance(features, list) or data.get("type") != "FeatureCollection":
            raise Refusal("文件里没有要素（FeatureCollection）。请把全部边界导出成一个要素集合。", status=400)
        if len(features) > MOST_FEATURES:
            raise Refusal(f"有 {len(features)} 个要素，一次最多 {MOST_FEATURES} 个，请分成几份。", status=400)
        found = Features([])
        known = {area.code: area for area in _areas(office)}
        budget = MOST_POINTS
        for number, raw_feature in enumerate(features, 1):
            budget -= _take(found, number, raw_feature, known)
            if budget < 0:
                raise Refusal("边界线的点太多。请在地图软件里简化以后再传。", status=400)
        if not found.features and not found.problems:
            raise Refusal("文件里的要素都没有画边界。请先在地图软件里画好。", status=400)
        return found

    def marked(self, found):
        return problem_list(found.in_order()), "xlsx"

    def check(self, office, found, options) -> Plan:
        from shapely.geometry import mapping, shape

        plan = Plan()
        _once_each(found)
        new = {
            feature.area.pk: feature
            for feature in found.features
            if feature.ground is not None and feature.area
        }
        areas = {area.pk: area for area in _areas(office)}
        grounds = {pk: feature.ground for pk, feature in new.items()}
        for pk, area in areas.items():
            if pk not in grounds and area.boundary and area.kind != AreaKind.BUILDING:
                grounds[pk] = shape(area.boundary)
        for pk, feature in new.items():
            _inside(found, feature, grounds.get(feature.area.parent_id), areas.get(feature.area.parent_id))
            boundary = _rounded(mapping(feature.ground))
            if areas[pk].boundary is not None and _rounded(areas[pk].boundary) == boundary:
                plan.same += 1
            elif areas[pk].boundary is None:
                plan.fresh.append((areas[pk], boundary))
            else:
                plan.changed.append((areas[pk], boundary))
                plan.tell(f"{areas[pk].name}：换成新的边界")
        _overlaps(found, new, areas, grounds)
        return plan

    def apply(self, office, plan, *, by, options) -> dict:
        from shapely.geometry import shape

        rows = []
        for area, boundary in [*plan.fresh, *plan.changed]:
            middle = shape(boundary).representative_point()
            area.boundary, area.lon, area.lat = boundary, round(middle.x, 7), round(middle.y, 7)
            area.changed_at = clock.now()
            rows.append(area)
        Area.objects.bulk_update(rows, ["boundary", "lon", "lat", "changed_at"], batch_size=200)
        return {"换过边界": [area.code for area, _ in plan.changed][:500]}

    def standing(self, office):
        rows = Area.objects.valid().filter(office=office, kind__in=[AreaKind.COMMUNITY, AreaKind.GRID])
        return [
            ("有边界", rows.exclude(boundary__isnull=True).count()),
            ("没有边界", rows.filter(boundary__isnull=True).count()),
        ]


def _areas(office) -> list[Area]:
    return list(Area.objects.valid().filter(office=office).order_by("code"))


def _take(found: Features, number: int, raw, known: dict) -> int:
    """Read one feature into `found`; returns the number of its points."""
    properties = (raw.get("properties") if isinstance(raw, dict) else None) or {}
    value = next(
        (properties[key] for key in CODE_KEYS if isinstance(properties, dict) and properties.get(key)), ""
    )
    feature = Feature(
        number, str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()[:30]
    )
    feature.area = known.get(feature.code)
    geometry = raw.get("geometry") if isinstance(raw, dict) else None
    if geometry is None and feature.area:
        return 0  # a line of the template that nobody has drawn yet
    found.features.append(feature)
    if not feature.code:
        found.blame(feature, "没有代码", "在属性里加一项 code，填片区的代码")
    elif feature.area is None:
        found.blame(feature, "没有这个代码的片区", "先在“片区”那一步录入，或改正代码")
    points = _points(geometry)
    if not points:
        found.blame(feature, "不是面，或者坐标不全", "边界要画成面（Polygon 或 MultiPolygon）")
        return 0
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for x, y in points):
        found.blame(feature, "坐标不是经纬度", "导出时坐标系选 WGS 84（EPSG:4326），先经度后纬度")
        return len(points)
    feature.ground = _ground(found, feature, geometry)
    return len(points)


def _points(geometry) -> list[tuple]:
    """All points of a Polygon or MultiPolygon as (lon, lat); [] when it is none."""
    try:
        coordinates = geometry["coordinates"]
        polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}[geometry["type"]]
        points = [(float(p[0]), float(p[1])) for polygon in polygons for ring in polygon for p in ring]
        whole = all(
            len(ring) >= 4 and ring[0][:2] == ring[-1][:2] for polygon in polygons for ring in polygon
        )
    except (KeyError, TypeError, ValueError, IndexError):
        return []
    return points if whole and all(x == x and y == y for x, y in points) else []


def _rounded(geometry) -> dict:
    """The geometry with seven decimals (a centimetre) and without heights."""

    def flat(polygon):
        return [[[round(float(p[0]), 7), round(float(p[1]), 7)] for p in ring] for ring in polygon]

    is_many = geometry["type"] == "MultiPolygon"
    coordinates = [flat(p) for p in geometry["coordinates"]] if is_many else flat(geometry["coordinates"])
    return {"type": geometry["type"], "coordinates": coordinates}


def _ground(found: Features, feature: Feature, geometry) -> "Geometry | None":
    from shapely import make_valid
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    ground = shape(_rounded(geometry))
    if ground.is_valid and ground.area > 0:
        return ground
    why = explain_validity(ground).partition("[")
    place = f"，在 {why[2].rstrip(']')}" if why[2] else ""
    found.blame(feature, f"边界线自己交叉或断开{place}", "在地图软件里打开这一块，改好交叉的地方")
    return make_valid(ground) if ground.area > 0 else None


def _once_each(found: Features) -> None:
    first: dict[str, Feature] = {}
    for feature in found.features:
        if feature.code and feature.code in first:
            found.blame(
                feature,
                "这个代码出现了两次",
                f"第 {first[feature.code].number} 个已经是它；几块合成一个 MultiPolygon",
            )
        first.setdefault(feature.code, feature)


def _inside(found: Features, feature: Feature, above: "Geometry | None", parent: Area | None) -> None:
    if above is None or feature.ground is None or feature.ground.area == 0:
        return
    beyond = feature.ground.difference(above).area / feature.ground.area
    if beyond > TOLERANCE:
        found.blame(
            feature, f"有 {beyond:.0%} 在上级 {parent.name} 的边界外面", "核对是代码对错了，还是边界画错了"
        )


def _overlaps(found: Features, new: dict, areas: dict, grounds: dict) -> None:
    """Siblings that lie over each other; a grid of its own (专属网格) lies inside another by intention."""
    from shapely import STRtree

    keys = [pk for pk in grounds if not areas[pk].is_exclusive]
    tree = STRtree([grounds[pk] for pk in keys])
    for pk, feature in new.items():
        if areas[pk].is_exclusive:
            continue
        for at in tree.query(feature.ground):
            other = areas[keys[int(at)]]
            is_sibling = (
                other.pk != pk and other.parent_id == areas[pk].parent_id and other.kind == areas[pk].kind
            )
            if not is_sibling or (other.pk in new and other.code < areas[pk].code):
                continue
            common = feature.ground.intersection(grounds[other.pk]).area
            smaller = min(feature.ground.area, grounds[other.pk].area)
            if smaller and common / smaller > TOLERANCE:
                found.blame(
                    feature,
                    f"和 {other.code} {other.name} 压在一起，占小的那块的 {common / smaller:.0%}",
                    "改好分界线；专属网格请先在片区表里填“是”",
                )
