"""Puts the invented subdistrict into the database: areas, organisations, people in posts. May be run again:
what is there already stays as it is."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from shapely.geometry import shape

from huiyin.accounts.models import Office, User
from huiyin.areas.models import Area, AreaFact, AreaKind
from huiyin.demo import rooms
from huiyin.demo.files import features, read
from huiyin.orgs.models import Organisation, OrganisationKind, Post
from huiyin.rules import clock
from huiyin.rules.models import load_seeds

FACTS = {"households": ("户数", "户"), "persons": ("人口", "人"), "area_km2": ("面积", "平方公里")}
FACTS_ON = "2025-12-31"
SINCE = "2019-01-01"


@transaction.atomic
def load_world(say=print) -> Office:
    """Rules, areas, organisations, users and posts of the demo world; returns its office."""
    load_seeds()
    book = read("organisations.yaml")
    office, _ = Office.objects.get_or_create(code=book["office"]["code"], defaults=book["office"])
    areas = load_areas(office)
    say(f"区域 {len(areas)} 个，其中网格 {sum(a.kind == AreaKind.GRID for a in areas.values())} 个")
    organisations = load_organisations(office, book, areas)
    say(f"组织 {len(organisations)} 个")
    users, posts = load_posts(office, organisations, areas)
    say(f"人员 {users} 名，岗位 {posts} 个")
    for name, load in rooms.WORLD:
        load(office)
        say(name)
    return office


def load_areas(office) -> dict[str, Area]:
    """Code → area: the tree down to the buildings, and places without a building as points."""
    known = {row.code: row for row in Area.objects.filter(office=office)}
    known |= {row.code: row for row in Area.objects.filter(office=None, code__in=["990100", "990101"])}
    fresh, facts = [], []
    addresses = {f["properties"]["name"]: f["properties"]["address"] for f in features("places.geojson")}
    for feature in features("areas.geojson"):
        row = feature["properties"]
        if row["code"] not in known:
            area = _area(office, row, feature["geometry"], known.get(row["parent"]))
            area.address = addresses.get(row["attributes"].get("place"), "")
            known[area.code] = area
            fresh.append(area)
            facts += _facts(area, row["attributes"])
    for number, feature in enumerate(features("places.geojson"), 1):
        row, code = feature["properties"], f"{feature['properties']['grid']}9{number:02d}"
        if row["name"] in {area.name for area in known.values()} or code in known:
            continue
        if any(area.name == f"{row['name']}1幢" for area in known.values()):
            continue
        spot = {
            "code": code,
            "kind": AreaKind.BUILDING,
            "name": row["name"],
            "valid_from": SINCE,
            "attributes": {},
        }
        known[code] = _area(office, spot, None, known[row["grid"]])
        known[code].lon, known[code].lat = feature["geometry"]["coordinates"]
        known[code].address = row["address"]
        fresh.append(known[code])
    Area.objects.bulk_create(fresh)
    AreaFact.objects.bulk_create(facts, batch_size=500)
    return known


def _area(office, row: dict, geometry, parent) -> Area:
    area = Area(
        office=None if row["kind"] in (AreaKind.CITY, AreaKind.DISTRICT) else office,
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        parent=parent,
        ancestors=[*parent.ancestors, parent.pk] if parent else [],
        is_exclusive=row["attributes"].get("grid_kind") == "exclusive",
        boundary=geometry,
        valid_from=row["valid_from"],
    )
    if geometry:
        middle = shape(geometry).representative_point()
        area.lon, area.lat = round(middle.x, 7), round(middle.y, 7)
    area.fill_pinyin()
    return area


def _facts(area, attributes: dict) -> list[AreaFact]:
    return [
        AreaFact(
            area=area,
            name=name,
            unit=unit,
            on=FACTS_ON,
            source="演示数据",
            value=Decimal(str(attributes[key])),
        )
        for key, (name, unit) in FACTS.items()
        if key in attributes
    ]


def load_organisations(office, book: dict, areas: dict[str, Area]) -> dict[str, Organisation]:
    """Code → organisation: centre and departments, stations, committees, service points, volunteer teams."""
    known = {row.code: row for row in Organisation.objects.filter(office=office)}
    fresh = []

    def add(code, **fields):
        if code not in known:
            known[code] = Organisation(office=office, code=code, **{"valid_from": SINCE, **fields})
            known[code].fill_pinyin()
            fresh.append(known[code])

    for row in book["organisations"]:
        parent = known.get(
            row.get("parent") or ("zhongxin" if row["kind"] == OrganisationKind.DEPARTMENT else "")
        )
        add(
            row["code"], kind=row["kind"], name=row["name"], short_name=row["short_name"], parent=parent,
            area=areas[office.code + row.get("area", "")], services=row.get("services", []),
            member_count=row.get("members"), phone=row.get("phone", ""), address=row.get("address", ""),
            hours=row.get("hours", ""), valid_from=row.get("valid_from", SINCE),
        )  # fmt: skip
    for row in read("service_points.yaml")["points"]:
        community, grid = row["grid"].split("-")
        add(
            row["code"], kind=OrganisationKind.SERVICE_POINT, name=row["name"], short_name=row["name"],
            parent=known[row["station"]], area=areas[f"{office.code}{int(community):03d}{int(grid):03d}"],
            services=[row["service"]], phone=row["phone"], address=row["address"], hours=row["hours"],
        )  # fmt: skip
    stations = {row.area_id: row for row in known.values() if row.kind == OrganisationKind.STATION}
    for row in book["teams"]:
        area = areas[office.code + row.get("area", "")]
        add(
            row["code"], kind=OrganisationKind.VOLUNTEER_TEAM, name=row["name"], short_name=row["name"], area=area,
            parent=stations.get(area.pk, known["zhongxin"]), services=row["services"], member_count=row["members"],
        )  # fmt: skip
    Organisation.objects.bulk_create(fresh)
    return known


def load_posts(office, organisations, areas) -> tuple[int, int]:
    """Users with unusable passwords (sign_ins.py gives some of them real ones) and their posts; returns counts."""
    rows = read("posts.yaml")["posts"]
    known = {user.username: user for user in User.objects.filter(office=office)}
    fresh = []
    for row in rows:
        if row["user"] not in known:
            phone = f"0000-600 {2001 + len(known)}"
            user = User(username=row["user"], name=row["name"], office=office, phone=phone)
            user.set_unusable_password()
            user.fill_pinyin()
            known[user.username] = user
            fresh.append(user)
    User.objects.bulk_create(fresh)
    there = set(
        Post.objects.filter(office=office).values_list("user_id", "organisation_id", "role", "area_id")
    )
    posts, today = [], clock.today()
    for row in rows:
        area_code = row.get("area", "")
        post = Post(
            office=office,
            user=known[row["user"]],
            organisation=organisations[row["org"]],
            role=row["role"],
            title=row["title"],
            area=areas[area_code if area_code.startswith("99") else office.code + area_code],
            start_on=row["start_on"],
            substitute=known.get(row.get("substitute")),
        )
        if "away" in row:
            post.away_from, post.away_until = (today + timedelta(days=days) for days in row["away"])
        if "end_ago" in row:
            post.end_on = today - timedelta(days=row["end_ago"])
        if (post.user_id, post.organisation_id, post.role, post.area_id) not in there:
            posts.append(post)
    Post.objects.bulk_create(posts)
    return len(known), len(there) + len(posts)
