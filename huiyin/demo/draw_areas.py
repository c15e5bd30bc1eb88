"""Draws the invented subdistrict: `python -m huiyin.demo.draw_areas` writes areas.geojson,
backdrop.geojson (river, streets) and places.geojson (points) into world/. Always the same map.

Blocks are cut in a plain rectangle and only then bent, vertex by vertex, so that neighbours share
every vertex: no gap, no overlap, and a community is exactly the union of its grids."""

import json
import math
import random
from pathlib import Path

import shapely
import yaml
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, mapping
from shapely.ops import polygonize, split, unary_union

WORLD = Path(__file__).parent / "world"
SEED = 20240601
LON, LAT = 118.0420, 27.0310
WIDTH_M, HEIGHT_M = 1745.0, 1268.0
METRES_LAT = 110_940.0
METRES_LON = 111_320.0 * math.cos(math.radians(LAT))
SNAP = 1e-5

SUBDISTRICT = "990101001"
COMMUNITIES = [
    ("001", "柳湾社区", 9),
    ("002", "南塘社区", 9),
    ("003", "石桥社区", 8),
    ("004", "北辰社区", 9),
    ("005", "鹤鸣社区", 8),
]
FRAME = [(0, 0), (0.455, 0), (1, 0), (1, 0.45), (0.975, 0.78), (0.87, 0.965), (0.53, 1), (0.385, 1)]
FRAME += [(0.19, 0.925), (0.055, 0.79), (0, 0.47)]
# Borders of the communities in the rectangle 0..1 × 0..1 (y upwards, the river lies along y = 0).
BORDERS = [
    [(0.0, 0.47), (0.17, 0.45), (0.33, 0.40), (0.47, 0.355), (0.66, 0.37), (0.83, 0.43), (1.0, 0.45)],
    [(0.47, 0.355), (0.485, 0.19), (0.455, 0.0)],
    [(0.33, 0.40), (0.345, 0.56), (0.37, 0.71), (0.385, 1.0)],
    [(0.345, 0.56), (0.5, 0.665), (0.66, 0.66), (0.72, 0.55), (0.66, 0.37)],
    [(0.5, 0.665), (0.545, 0.80), (0.53, 1.0)],
]
EXCLUSIVE = {"990101001003007": "石桥农贸市场专属网格", "990101001004004": "临岚职业学校专属网格"}


def bend(u: float, v: float) -> tuple[float, float]:
    """Rectangle → lon, lat. Smooth and one-to-one: the river meanders, streets follow it."""
    river = 0.10 * math.sin(3.6 * u + 0.2) + 0.034 * math.sin(9.1 * u + 1.9)
    x = u + 0.020 * math.sin(5.3 * v + 1.4 * u) + 0.012 * math.sin(9.7 * v + 3.0 * u)
    y = v * (1 - 0.06 * math.sin(3.0 * u)) + river * (1 - 0.72 * v) + 0.012 * math.sin(8.3 * u + 2.2 * v)
    lon = LON + x * WIDTH_M / METRES_LON
    lat = LAT + y * HEIGHT_M / METRES_LAT
    return round(lon, 7), round(lat, 7)


def bent(shape):
    """`shape` with every vertex moved by `bend`."""
    return shapely.transform(shape, lambda pts: [bend(u, v) for u, v in pts])


def in_metres(shape):
    """A lon/lat shape in metres from the south-west corner."""
    return shapely.transform(shape, lambda pts: (pts - (LON, LAT)) * (METRES_LON, METRES_LAT))


def on_earth(shape):
    """The way back from `in_metres`, rounded to a centimetre."""
    return shapely.transform(shape, lambda pts: (pts / (METRES_LON, METRES_LAT) + (LON, LAT)).round(7))


def pieces(polygon: Polygon, count: int, dice: random.Random) -> list[Polygon]:
    """`polygon` cut into `count` blocks of about equal size by slightly broken lines across its long side."""
    if count == 1:
        return [polygon]
    first = count // 2
    weight = first / count * dice.uniform(0.93, 1.07)
    box = polygon.minimum_rotated_rectangle
    corners = list(box.exterior.coords)
    sides = [(math.dist(corners[i], corners[i + 1]), corners[i], corners[i + 1]) for i in range(2)]
    _, start, end = max(sides)
    angle = math.atan2(end[1] - start[1], end[0] - start[0]) + dice.uniform(-0.16, 0.16)
    low, high, cut = -1.5, 1.5, None
    step = dice.uniform(-0.018, 0.018)
    for _ in range(40):
        middle = (low + high) / 2
        blade = [(middle, -3), (middle, 0), (middle + step, 0.002), (middle + step, 3)]
        line = affinity.rotate(LineString(blade), angle, origin=(0, 0), use_radians=True)
        line = affinity.translate(line, polygon.centroid.x, polygon.centroid.y)
        parts = [part for part in split(polygon, line).geoms if part.area > 1e-6]
        if len(parts) != 2:
            low, high = (middle, high) if middle < 0 else (low, middle)
            continue
        side = affinity.rotate(Point(1, 0), angle, origin=(0, 0), use_radians=True)
        parts.sort(key=lambda p: p.centroid.x * side.x + p.centroid.y * side.y)
        cut = parts
        share = parts[0].area / polygon.area
        low, high = (middle, high) if share < weight else (low, middle)
    return pieces(cut[0], first, dice) + pieces(cut[1], count - first, dice)


def tiles(lines) -> list[Polygon]:
    """The faces between `lines`, all corners shared, edges cut into short straight runs."""
    noded = shapely.union_all(list(lines), grid_size=SNAP)
    return [Polygon(p.exterior) for p in polygonize(shapely.segmentize(noded, 0.012)) if p.area > 1e-5]


def draw_blocks() -> dict[str, list[Polygon]]:
    """Community code → its grids in the rectangle, numbered from north-west to south-east."""
    dice = random.Random(SEED)
    frame = Polygon(FRAME).exterior
    seats = {"001": (0.2, 0.2), "002": (0.75, 0.2), "003": (0.5, 0.5), "004": (0.2, 0.75), "005": (0.8, 0.8)}
    faces = tiles([frame, *map(LineString, BORDERS)])
    edges, owners = [], {}
    for suffix, _, count in COMMUNITIES:
        code = SUBDISTRICT + suffix
        mine = [f for f in faces if f.contains(Point(seats[suffix]))]
        if suffix == "003":  # the quarter between the two northern borders belongs to the centre
            mine += [f for f in faces if f.contains(Point(0.45, 0.9))]
        home = unary_union(mine)
        owners[code] = home
        edges += [block.exterior for block in pieces(Polygon(home.exterior), count, dice)]
    blocks = tiles(edges)
    result = {}
    for code, home in owners.items():
        mine = [b for b in blocks if home.contains(b.representative_point())]
        result[code] = sorted(mine, key=lambda b: (round(-b.centroid.y * 4), b.centroid.x))
    return result


def feature(shape, **properties) -> dict:
    """One GeoJSON feature; `shape` None for areas without a drawn boundary."""
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape) if shape else None}


def grid_code(short: str) -> str:
    """'2-05' → '990101001002005'."""
    community, number = short.split("-")
    return f"{SUBDISTRICT}{int(community):03d}{int(number):03d}"


def area(code, kind, name, parent, shape=None, valid_from="2012-06-01", **attributes) -> dict:
    return feature(
        shape, code=code, kind=kind, name=name, parent=parent, valid_from=valid_from, attributes=attributes
    )


def km2(shape) -> float:
    return round(in_metres(shape).area / 1e6, 4)


def houses(block: Polygon, count: int, dice: random.Random, taken: list) -> list[Polygon]:
    """`count` slabs of a compound, parallel, inside `block` (lon/lat) and clear of `taken` ones."""
    flat = in_metres(block)
    inner = flat.buffer(-14)
    for size in (1.0, 0.85, 0.7, 0.55):
        long, deep, gap = 34 * size, 11 * size, 15 * size
        rows = math.ceil(count / 2)
        for _ in range(160):
            x0, y0, x1, y1 = inner.bounds
            cx, cy, angle = dice.uniform(x0, x1), dice.uniform(y0, y1), dice.uniform(-0.3, 0.3)
            slabs = []
            for i in range(count):
                dx, dy = (i % 2 - 0.5) * (long + 9) * (count > 1), (i // 2 - (rows - 1) / 2) * (deep + gap)
                slab = shapely.box(
                    cx + dx - long / 2, cy + dy - deep / 2, cx + dx + long / 2, cy + dy + deep / 2
                )
                slabs.append(affinity.rotate(slab, angle, origin=(cx, cy), use_radians=True))
            yard = unary_union(slabs).convex_hull.buffer(6)
            if inner.covers(yard) and not any(yard.intersects(other) for other in taken):
                taken.append(yard)
                return [on_earth(slab) for slab in slabs]
    raise ValueError(f"no room for {count} buildings")


def draw() -> tuple[list[dict], list[dict], list[dict]]:
    """(areas, backdrop, points) as GeoJSON features."""
    dice = random.Random(SEED + 1)
    book = yaml.safe_load((WORLD / "places.yaml").read_text())
    grids, communities, shapes = [], [], {}
    for suffix, name, _ in COMMUNITIES:
        code, mine = SUBDISTRICT + suffix, []
        for number, block in enumerate(draw_blocks_once()[code], 1):
            shape, grid = bent(block), f"{code}{number:03d}"
            special = EXCLUSIVE.get(grid)
            households = dice.randint(38, 70) if special else dice.randint(312, 496)
            persons = round(households * dice.uniform(2.35, 2.85))
            title = special or f"{name[:2]}第{number:02d}网格"
            kind = "exclusive" if special else "base"
            mine.append(
                area(grid, "grid", title, code, shape, "2021-03-01",
                     households=households, persons=persons, area_km2=km2(shape), grid_kind=kind)
            )  # fmt: skip
            shapes[grid] = shape
        grids += mine
        whole = unary_union([shapes[g["properties"]["code"]] for g in mine])
        communities.append(
            area(code, "community", name, SUBDISTRICT, whole, **totals(mine), area_km2=km2(whole))
        )
        shapes[code] = whole
    whole = unary_union([shapes[SUBDISTRICT + suffix] for suffix, _, _ in COMMUNITIES])
    top = [
        area("990100", "city", "临岚市", None),
        area("990101", "district", "云汀区", "990100"),
        area(
            SUBDISTRICT,
            "subdistrict",
            "鹤汀街道",
            "990101",
            whole,
            **totals(communities),
            area_km2=km2(whole),
        ),
    ]
    buildings, points = draw_places(book["places"], shapes, dice)
    return top + communities + grids + buildings, draw_backdrop(book, whole), points


_blocks: dict[str, list[Polygon]] = {}


def draw_blocks_once() -> dict[str, list[Polygon]]:
    if not _blocks:
        _blocks.update(draw_blocks())
    return _blocks


def totals(features: list[dict]) -> dict:
    return {k: sum(f["properties"]["attributes"][k] for f in features) for k in ("households", "persons")}


def draw_places(places: list[dict], shapes: dict, dice: random.Random) -> tuple[list[dict], list[dict]]:
    """Slabs of every place with buildings, and one point a place inside its grid."""
    slabs, points, taken, numbers = [], [], {}, {}
    for place in places:
        grid = grid_code(place["grid"])
        count, yards = place.get("buildings", 0), taken.setdefault(grid, [])
        found = houses(shapes[grid], count, dice, yards) if count else []
        for number, slab in enumerate(found, 1):
            numbers[grid] = numbers.get(grid, 0) + 1
            title = place["name"] if count == 1 else f"{place['name']}{number}幢"
            code = f"{grid}{numbers[grid]:03d}"
            slabs.append(area(code, "building", title, grid, slab, "2012-06-01", place=place["name"]))
        spot = found[0].centroid if found else free_spot(shapes[grid], yards, dice)
        keep = {k: place[k] for k in ("name", "kind", "address")}
        points.append(
            feature(
                Point(round(spot.x, 7), round(spot.y, 7)), **keep, grid=grid, aliases=place.get("aliases", [])
            )
        )
    return slabs, points


def free_spot(shape: Polygon, yards: list, dice: random.Random) -> Point:
    inner = in_metres(shape).buffer(-18)
    x0, y0, x1, y1 = inner.bounds
    while True:
        spot = Point(dice.uniform(x0, x1), dice.uniform(y0, y1))
        if inner.covers(spot) and not any(yard.covers(spot) for yard in yards):
            return on_earth(spot)


def draw_backdrop(book: dict, whole: Polygon) -> list[dict]:
    """River and streets under the map. Nothing is looked up here, it is only drawn."""
    steps = [i / 60 for i in range(-4, 65)]
    near = [bend(u, -0.012) for u in steps]
    far = [bend(u, -0.15 - 0.02 * math.sin(5 * u)) for u in reversed(steps)]
    features = [feature(Polygon(near + far), kind="river", name="云汀江")]
    for street in book["streets"]:
        path = (
            [(u, 0.012) for u in steps if 0 <= u <= 1] if street.get("along") == "river" else street["path"]
        )
        line = bent(shapely.segmentize(LineString(path), 0.012))
        features.append(
            feature(
                line,
                kind="street",
                name=street["name"],
                first_number=street["from"],
                last_number=street["to"],
            )
        )
    return features


def write(name: str, features: list[dict]) -> None:
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    (WORLD / name).write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n')


def main() -> None:
    areas, backdrop, points = draw()
    write("areas.geojson", areas)
    write("backdrop.geojson", backdrop)
    write("places.geojson", points)


if __name__ == "__main__":
    main()
