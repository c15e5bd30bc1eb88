"""The demo's grid workforce, cadres with their areas, road sections with a year of checks, notices on walls, facts.

Deterministic and safe to run again: each part is left alone when it is there already.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from shapely.geometry import LineString, mapping, shape
from shapely.ops import substring

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaFact, AreaKind
from huiyin.demo import drawn
from huiyin.demo.files import features, read
from huiyin.grids import photos
from huiyin.grids.models import NoticePosting, Responsibility, RoadSection, SectionCheck
from huiyin.grids.notice import notices_of
from huiyin.grids.sections import months_back
from huiyin.grids.staffing import grids_of
from huiyin.orgs.models import Organisation
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

SINCE = date(2023, 3, 1)
SOURCE = "鹤汀街道网格力量配置表"
CADRE = "鹤汀街道干部包联名单"


def load_grids(office):
    """Everything of the room; takes the office."""
    book = read("grids.yaml")
    people = {user.username: user for user in User.objects.filter(office=office)}
    areas = {area.code: area for area in Area.objects.filter(office=office).defer("boundary")}
    if not Responsibility.objects.filter(office=office).exists():
        _workforce(office, book, people, areas)
        _cadres(office, book, people, areas)
    if not RoadSection.objects.filter(office=office).exists():
        _sections(office, book, people, areas)
    if not NoticePosting.objects.filter(office=office).exists():
        _postings(office, book, people)
    _facts(office, book, areas)


def _grid_code(office, text: str) -> str:
    community, grid = text.split("-")
    return f"{office.code}{int(community):03d}{int(grid):03d}"


def _grids(areas) -> list[Area]:
    today = (area for area in areas.values() if area.kind == AreaKind.GRID and area.is_valid)
    return sorted(today, key=lambda area: area.code)


def _workforce(office, book, people, areas):
    """Grid leaders from the stations, the others by name, each name once."""
    rows, today = [], clock.today()
    left = {_grid_code(office, row["grid"]): row["days_ago"] for row in book["left"]}
    changed = {_grid_code(office, row["grid"]): row for row in book["changed"]}
    plan = {row["community"]: row for row in book["leaders"]}
    names = {role: iter(found) for role, found in book["names"].items()}

    def add(role, area, start_on=SINCE, **fields):
        fields = {"source": SOURCE, "standard": "每周走一遍", **fields}
        rows.append(Responsibility(office=office, role=role, area=area, start_on=start_on, **fields))

    for number, grid in enumerate(_grids(areas)):
        home = plan[int(grid.code[-6:-3])]
        last = int(grid.code[-3:])
        if last not in home.get("without", []):
            users = [people[name] for name in home["users"]]
            other = users[(last + 1) % len(users)]
            end = today - timedelta(days=left[grid.code]) if grid.code in left else None
            add(
                "grid_leader",
                grid,
                user=users[last % len(users)],
                substitute=other,
                end_on=end,
                standard="全时段、全覆盖",
            )
        visitor, change = next(names["opinion_visitor"]), changed.get(grid.code)
        switch = today - timedelta(days=change["days_ago"]) if change else None
        if grid.code not in left and grid.code[-6:] != "001009":
            add("opinion_visitor", grid, name=visitor, end_on=switch)
        if change:
            add("opinion_visitor", grid, name=change["name"], start_on=switch)
        add("building_leader", grid, name=next(names["building_leader"]))
        if number % 3 == 0 and (name := next(names["household_leader"], None)):
            add("household_leader", grid, name=name)
        if number % 5 == 2 and (name := next(names["mediator"], None)):
            add("mediator", grid, name=name)
    for row in book["community"]:
        fields = {"user": people[row["user"]]} if "user" in row else {"name": row["name"]}
        add(
            row["role"], areas[f"{office.code}{row['community']:03d}"], phone=row.get("phone", ""),
            start_on=row.get("start_on", SINCE), **fields,
        )  # fmt: skip
    Responsibility.objects.bulk_create(rows)


def _cadres(office, book, people, areas):
    rows = []
    for row in book["cadres"]:
        code = _grid_code(office, row["grid"]) if "grid" in row else f"{office.code}{row['community']:03d}"
        rows.append(
            Responsibility(
                office=office, role=row["role"], area=areas[code], compound=row.get("compound", ""),
                user=people[row["user"]], start_on=row["start_on"], end_on=row.get("end_on"), source=CADRE,
                standard=row.get("standard", "每月走遍一次"),
            )
        )  # fmt: skip
    Responsibility.objects.bulk_create(rows)


def _sections(office, book, people, areas):
    """Stretches cut out of the streets of the map; contractors changed hands in the middle of the year."""
    streets = {f["properties"]["name"]: shape(f["geometry"]) for f in features("backdrop.geojson")}
    units = {row.code: row for row in Organisation.objects.filter(office=office)}
    sections, duties = [], []
    for row in book["sections"]:
        line = substring(streets[row["street"]], row["from"], row["to"], normalized=True)
        section = RoadSection(
            office=office, name=row["name"], community=areas[f"{office.code}{row['community']:03d}"],
            from_to=f"{row['street']}{row['numbers']}", length_m=_metres(line), shape=_rounded(line),
            is_tendered="contractor" in row, valid_from=date(2024, 1, 1),
        )  # fmt: skip
        section.fill_pinyin()
        sections.append(section)
        who = {"name": row["contractor"]} if "contractor" in row else {"organisation": units[row["team"]]}
        role, standard = (
            ("section_contractor", "每天两扫、全天保洁")
            if "contractor" in row
            else ("section_team", "全时段、全覆盖")
        )
        common = {"office": office, "section": section, "source": "路段责任书"}
        duties.append(
            Responsibility(role=role, start_on=date(2025, 1, 1), standard=standard, **who, **common)
        )
        duties.append(
            Responsibility(
                role="section_chief",
                user=people[row["chief"]],
                start_on=date(2025, 1, 10),
                standard="每周走一遍",
                **common,
            )
        )
    by_name = {section.name: section for section in sections}
    for row in book["streets"]:
        duties.append(
            Responsibility(
                office=office, role="cover_street", section=by_name[row["section"]], user=people[row["user"]],
                start_on=date(2025, 3, 1), standard="每月走遍一次", source=CADRE,
            )
        )  # fmt: skip
    RoadSection.objects.bulk_create(sections)
    Responsibility.objects.bulk_create(duties)
    _checks(office, book, people, sections)


def _metres(line: LineString) -> int:
    """Length on the ground: a degree is 111.2 km, east–west shortened by the latitude of 27°."""
    points = list(line.coords)
    return round(
        sum(
            (((x2 - x1) * 0.891) ** 2 + (y2 - y1) ** 2) ** 0.5 * 111_200
            for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False)
        )
    )


def _rounded(line: LineString) -> dict:
    drawn = mapping(line)
    return {
        "type": drawn["type"],
        "coordinates": [[round(x, 7), round(y, 7)] for x, y in drawn["coordinates"]],
    }


def _checks(office, book, people, sections):
    """Two looks a month for a year; a firm that does badly in summer and mends its ways."""
    rule = RuleSet.objects.current("section_checks", office)
    luck, today, rows = Random(20), clock.today(), []
    checkers = [people[name] for name in book["checkers"]]
    for number, section in enumerate(sections):
        for month in months_back():
            for day in (6 + number % 5, 20 + number % 7):
                on = month.replace(day=day)
                if on <= today:
                    rows.append(_check(office, book, section, on, rule, checkers[number % 2], luck))
    SectionCheck.objects.bulk_create(rows)


def _check(office, book, section, on, rule, checker, luck) -> SectionCheck:
    weak = 3 if section.is_tendered and on.month in (6, 7, 8) and "东" in section.name else 1
    points, notes = {}, []
    for row in rule.content["criteria"]:
        lost = sum(luck.random() < 0.16 * weak for _ in range(3)) * max(1, row["points"] // 6)
        points[row["code"]] = row["points"] - min(lost, row["points"])
        if lost:
            notes.append(luck.choice(book["check_notes"][row["code"]]))
    return SectionCheck(
        office=office, section=section, on=on, points=points, score=sum(points.values()),
        note="；".join(notes[:2]) + ("。当天已整改。" if notes else ""), rule=rule, checked_by=checker,
    )  # fmt: skip


def _postings(office, book, people):
    """Hung on several walls; what was printed then is what was true then, so some are outdated today."""
    today, rows = clock.today(), []
    never = {_grid_code(office, text) for text in book["never"]}
    clerk = people["dai.changgeng"]
    hung, renewed = today - timedelta(days=400), today - timedelta(days=book["renewed_days_ago"])
    grids = [grid for grid in grids_of(office) if grid.code not in never]
    with clock.travel(f"{renewed}T10:00"):
        then = {notice.grid.pk: (notice.printed, notice.covers) for notice in notices_of(office, grids)}
    now = {notice.grid.pk: notice.printed for notice in notices_of(office, grids)}
    for number, grid in enumerate(grids):
        printed, covers = then[grid.pk]
        for turn in range(1 + number % 2):
            home = re.sub(r"[\d—、]+(幢|栋|号楼)$", "", covers[turn % len(covers)]) if covers else grid.name
            place = f"{home}{book['places'][(number + turn) % len(book['places'])]}"
            fresh = number % 7 == 0
            row = NoticePosting(
                office=office, grid=grid, place=place, posted_on=hung + timedelta(days=number), by=clerk,
                renewed_on=today - timedelta(days=5) if fresh else renewed, printed=now[grid.pk] if fresh else printed,
            )  # fmt: skip
            if fresh:
                photos.keep(row, photos.checked(drawn.wall(number + turn)))
            rows.append(row)
    NoticePosting.objects.bulk_create(rows)


def _facts(office, book, areas):
    """Households and persons of former years, a little fewer each year back; the street's other numbers."""
    facts = book["facts"]
    wanted = [area for area in areas.values() if area.kind != AreaKind.BUILDING]
    known = set(AreaFact.objects.filter(area__in=wanted).values_list("area_id", "name", "on"))
    last = {(row.area_id, row.name): row for row in AreaFact.objects.filter(area__in=wanted).order_by("on")}
    rows = []

    def add(area, name, unit, year, value):
        on = date(year, 12, 31)
        if (area.pk, name, on) not in known:
            source = facts["source"].format(year=year)
            rows.append(AreaFact(area=area, name=name, unit=unit, on=on, value=value, source=source))

    for area in wanted:
        for name, unit in (("户数", "户"), ("人口", "人")):
            newest = last.get((area.pk, name))
            for back, year in enumerate(reversed(facts["years"]), 1):
                if newest:
                    add(area, name, unit, year, round(newest.value * (1000 - 6 * back) / 1000))
    street = areas[office.code]
    for row in facts["street"]:
        for year, value in row["values"].items():
            add(street, row["name"], row["unit"], year, Decimal(str(value)))
    AreaFact.objects.bulk_create(rows, batch_size=500)
