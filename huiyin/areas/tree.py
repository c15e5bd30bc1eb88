"""What the pages of areas show: the tree of today, its facts, who works in each grid."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count
from django.http import Http404

from huiyin.areas import beside
from huiyin.areas.models import Area, AreaFact, AreaKind
from huiyin.rules import clock

GRID_WORKER = "grid_worker"
ABOVE = [AreaKind.CITY, AreaKind.DISTRICT, AreaKind.SUBDISTRICT]
HOUSEHOLDS, PERSONS = "户数", "人口"


@dataclass
class Row:
    """One area in a table: its latest facts by name, its workers of today, the number of areas below it.

    `short`: what it lacks by the rules of rooms above."""

    area: Area
    facts: dict = field(default_factory=dict)
    workers: list = field(default_factory=list)
    below: int = 0
    short: str = ""
    rows: list = field(default_factory=list)

    @property
    def households(self):
        return self.facts.get(HOUSEHOLDS)

    @property
    def persons(self):
        return self.facts.get(PERSONS)

    @property
    def lacks(self) -> str:
        """Why nobody walks this grid today, or ''."""
        if not self.workers:
            return "没有网格员"
        if all(post.is_away and not post.substitute_id for post in self.workers):
            return "网格员请假，没有 B 角"
        return ""


def find(user, code: str, since: str = "") -> Area:
    """The area of that code as it is today, else its newest version; `since` (ISO date) picks a version. 404."""
    rows = list(
        Area.objects.visible_to(user)
        .filter(code=code)
        .select_related("parent__parent__parent__parent__parent", "office")
        .order_by("-valid_from")
    )
    chosen = [row for row in rows if str(row.valid_from) == since] if since else rows
    if not chosen:
        raise Http404
    area = next((row for row in chosen if row.is_valid), chosen[0])
    area.versions = rows
    return area


def upwards(area: Area) -> list[Area]:
    """From the city down to the parent of `area`."""
    chain = []
    while area.parent_id:
        area = area.parent
        chain.insert(0, area)
    return chain


def communities(user) -> tuple[list[Area], list[Row]]:
    """(the nodes above, the communities with their grids in `rows`) of today; four queries."""
    areas = list(
        Area.objects.visible_to(user).valid().exclude(kind=AreaKind.BUILDING).order_by("code")[:2000]
    )
    rows = rows_of([area for area in areas if area.kind in (AreaKind.COMMUNITY, AreaKind.GRID)])
    by_id = {row.area.pk: row for row in rows}
    for row in rows:
        if row.area.kind == AreaKind.GRID and row.area.parent_id in by_id:
            by_id[row.area.parent_id].rows.append(row)
    streets = [area for area in areas if area.kind == AreaKind.SUBDISTRICT]
    wanted = {pk for street in streets for pk in street.path}
    above = [area for area in areas if area.kind in ABOVE and area.pk in wanted]
    return above, [row for row in rows if row.area.kind == AreaKind.COMMUNITY]


def rows_of(areas: list[Area]) -> list[Row]:
    """Table rows with facts, workers and the number of areas below; three queries and those of rooms above, whatever the number."""
    ids = [area.pk for area in areas]
    facts, workers = latest_facts(ids), workers_of(ids)
    below = dict(
        Area.objects.valid().filter(parent__in=ids).values_list("parent").annotate(Count("pk")).order_by()
    )
    grids = [area for area in areas if area.kind == AreaKind.GRID and area.is_valid]
    short = beside.lacking(grids[0].office_id, grids) if grids else {}
    return [
        Row(
            area,
            facts.get(area.pk, {}),
            workers.get(area.pk, []),
            below.get(area.pk, 0),
            short.get(area.pk, ""),
        )
        for area in areas
    ]


def latest_facts(ids) -> dict:
    """area id → {name: newest fact}."""
    found = defaultdict(dict)
    facts = AreaFact.objects.filter(area__in=ids, on__lte=clock.today())
    for fact in facts.order_by("area", "name", "-on").distinct("area", "name"):
        found[fact.area_id][fact.name] = fact
    return found


def workers_of(ids) -> dict:
    """area id → posts of grid workers in force. Posts stand above this room; the relation leads to them."""
    found = defaultdict(list)
    posts = Area.posts.rel.related_model.objects.current().filter(area__in=ids, role=GRID_WORKER)
    for post in posts.select_related("user", "substitute").order_by("start_on", "pk"):
        found[post.area_id].append(post)
    return found
