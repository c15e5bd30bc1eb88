"""The grid workforce counted: how many persons in each role, in each community and in all."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from huiyin.areas.models import Area, AreaKind
from huiyin.grids import rulings
from huiyin.grids.models import Responsibility
from huiyin.orgs.models import Post
from huiyin.rules import clock

MOST = 20000


@dataclass(frozen=True)
class Work:
    """What rooms above count by role this year: `counts(user)` → {role code: number}; `url(role)` the rows behind."""

    label: str
    counts: Callable[[object], dict]
    url: Callable[[str], str]


WORK: list[Work] = []


def work_of(user, codes) -> dict:
    """role code → [(number, address)], in the order of WORK."""
    numbers = [(work, work.counts(user)) for work in WORK]
    return {code: [(found.get(code, 0), work.url(code)) for work, found in numbers] for code in codes}


@dataclass
class Roster:
    """`rows`: [(kind, {community id: persons}, persons in all)]; a person in two roles counts once in `all`."""

    communities: list[Area] = field(default_factory=list)
    rows: list[tuple] = field(default_factory=list)
    by_community: dict = field(default_factory=dict)
    all: int = 0


def roster(user, group: str = "grid", on: date | None = None) -> Roster:
    """Persons by role and community on day `on` (default today); three queries."""
    on = on or clock.today()
    kinds = {code: kind for code, kind in rulings.kinds(user.office_id).items() if kind.group == group}
    areas = Area.objects.visible_to(user).valid(on).filter(kind=AreaKind.COMMUNITY)
    communities = list(areas.defer("boundary").order_by("code")[:500])
    ids = {area.pk for area in communities}
    persons: dict = defaultdict(lambda: defaultdict(set))
    for code, person, path in _held(user, kinds, on):
        home = next((pk for pk in path if pk in ids), None)
        persons[code][home].add(person)
    found = Roster(communities)
    everybody, per = set(), defaultdict(set)
    for code, kind in kinds.items():
        counts = {pk: len(who) for pk, who in persons[code].items()}
        found.rows.append((kind, counts, len(set().union(*persons[code].values()))))
        for pk, who in persons[code].items():
            per[pk] |= who
            everybody |= who
    found.by_community = {pk: len(who) for pk, who in per.items()}
    found.all = len(everybody)
    return found


def _held(user, kinds, on):
    """(kind code, who, ids from the top to the area) of everything held that day."""
    fields = ("area__ancestors", "area_id")
    rows = Responsibility.objects.visible_to(user).current(on).filter(role__in=kinds, area__isnull=False)
    for code, person, name, unit, up, area in rows.values_list(
        "role", "user_id", "name", "organisation_id", *fields
    )[:MOST]:
        yield code, person or (name, unit), [*up, area]
    posts = {kind.from_post: code for code, kind in kinds.items() if kind.from_post}
    held = Post.objects.visible_to(user).current(on).filter(role__in=posts)
    for role, person, up, area in held.values_list("role", "user_id", *fields)[:MOST]:
        yield posts[role], person, [*up, area]
