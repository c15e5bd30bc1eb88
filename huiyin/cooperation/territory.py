"""属地责任: for a place on a day, who is answerable first – grid, community secretary, linked leader, unit."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from huiyin.areas.models import Area, AreaKind
from huiyin.cases.models import Case
from huiyin.grids.people import community_people, people_of
from huiyin.orgs.models import Organisation, OrganisationKind
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

MOST = 5000
HEAD = "head"


@dataclass(frozen=True)
class Answerable:
    """One level of the chain. `name` is '' where nobody is in office that day."""

    level: str
    label: str
    name: str = ""
    title: str = ""
    phone: str = ""
    is_first: bool = False
    user_id: object = None


def rules(office) -> dict:
    return RuleSet.objects.current("cooperation", office).content["territory"]


def up(area: Area) -> tuple[Area | None, Area | None]:
    """(grid, community) in which `area` lies."""
    grid = area if area.kind == AreaKind.GRID else area.parent if area.kind == AreaKind.BUILDING else None
    community = area if area.kind == AreaKind.COMMUNITY else grid.parent if grid else None
    return grid, community


def chain(case, on: date | None = None) -> list[Answerable]:
    """The levels of the rule for where `case` lies, as of day `on` (default today); the first one that is held leads."""
    on = on or clock.today()
    asked = rules(case.office)
    grid, community = up(case.area)
    held = {
        "grid": people_of(case.office, [grid], on).get(grid.pk, []) if grid else [],
        "community": community_people(case.office, [community], on).get(community.pk, [])
        if community
        else [],
    }
    found = [_level(level, asked, held, case) for level in asked["levels"]]
    first = next(
        (row.level for code in asked["first"] for row in found if row.level == code and row.name), ""
    )
    return [Answerable(**{**vars(row), "is_first": row.level == first}) for row in found]  # fmt: skip


def _level(level: str, asked: dict, held: dict, case) -> Answerable:
    label = asked["names"][level]
    if level == "unit":
        lead = case.lead
        handler = lead.handler.name if lead and lead.handler_id else ""
        return Answerable(level, label, str(lead.organisation) if lead else "", handler)
    if level == "community":
        rows = [row for row in held["community"] if row.kind == HEAD]
    elif level == "leader":
        kinds = asked["leader_roles"]
        rows = sorted(
            (row for row in [*held["community"], *held["grid"]] if row.kind in kinds),
            key=lambda row: kinds.index(row.kind),
        )
    else:
        rows = [row for row in held["grid"] if row.kind in asked["grid_roles"]]
        rows.sort(key=lambda row: asked["grid_roles"].index(row.kind))
    if not rows:
        return Answerable(level, label)
    row = rows[0]
    more = f"{row.title}，{row.stand_in}代" if row.is_away and row.stand_in else row.title
    return Answerable(level, label, row.name, more, row.phone, user_id=row.user.pk if row.user else None)


def first_for_letter(case) -> dict:
    """Unit and person proposed for a responsibility letter: the community's station and its secretary."""
    _, community = up(case.area)
    head = next((row for row in chain(case) if row.level == "community" and row.user_id), None)
    if community is None or head is None:
        return {}
    units = Organisation.objects.handling().filter(office=case.office_id, area=community)
    unit = units.filter(kind=OrganisationKind.STATION).order_by("code").first()
    return {"organisation": unit.pk, "persons": [head.user_id]} if unit else {"persons": [head.user_id]}


@dataclass
class Territory:
    """Open matters of one community, or of all that one leader is linked to."""

    area: Area | None
    who: str = ""
    title: str = ""
    leader: str = ""
    open: int = 0
    late: int = 0
    key: int = 0
    communities: list = field(default_factory=list)


def by_community(user, on: date | None = None) -> tuple[list[Territory], bool]:
    """(each community of the office with its first responsible and its open matters that `user` may read, was it
    cut off at MOST). Four queries, whatever the number of communities."""
    on = on or clock.today()
    areas = Area.objects.valid(on).filter(office=user.office_id, kind=AreaKind.COMMUNITY)
    areas = list(areas.defer("boundary").order_by("code"))
    people = community_people(user.office, areas, on)
    kinds = rules(user.office)["leader_roles"]
    found = {}
    for area in areas:
        held = people.get(area.pk, [])
        head = next((row for row in held if row.kind == HEAD), None)
        leaders = sorted((row for row in held if row.kind in kinds), key=lambda row: kinds.index(row.kind))
        found[area.pk] = Territory(
            area, head.name if head else "", head.title if head else "", leaders[0].name if leaders else ""
        )
    cut = _count(user, found)
    return list(found.values()), cut


def _count(user, found: dict) -> bool:
    rows = Case.objects.visible_to(user).filter(office=user.office_id).open().order_by("due_at", "pk")
    rows = list(rows.values_list("area_id", "area__ancestors", "due_at", "paused_at", "is_key")[: MOST + 1])
    now, street = clock.now(), Counter()
    for area, above, due, paused, key in rows[:MOST]:
        home = next((pk for pk in [area, *above] if pk in found), None)
        late = bool(due and due < now and paused is None)
        if home is None:
            street.update(open=1, late=late, key=key)
            continue
        row = found[home]
        row.open, row.late, row.key = row.open + 1, row.late + late, row.key + key
    if street["open"]:
        found[None] = Territory(None, open=street["open"], late=street["late"], key=street["key"])
    return len(rows) > MOST


def by_leader(rows: list[Territory]) -> list[Territory]:
    """The same, summed for each linked leader, most late first."""
    found = defaultdict(lambda: Territory(None))
    for row in rows:
        if row.area is None or not row.leader:
            continue
        total = found[row.leader]
        total.who = row.leader
        total.open, total.late, total.key = total.open + row.open, total.late + row.late, total.key + row.key
        total.communities.append(row.area)
    return sorted(found.values(), key=lambda row: (-row.late, -row.open, row.who))
