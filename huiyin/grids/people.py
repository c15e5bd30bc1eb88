"""The people of a grid: grid workers from their posts, everybody else from responsibilities – each fact once."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaKind
from huiyin.grids import rulings
from huiyin.grids.models import Responsibility
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role
from huiyin.rules import clock

COMMUNITY_HEAD = "社区书记"
MOST = 5000


@dataclass
class Person:
    """One person in a grid. `phone` is an office number or ''; `is_away` and `stand_in` speak of that day."""

    kind: str
    title: str
    name: str
    phone: str = ""
    user: User | None = None
    since: date | None = None
    until: date | None = None
    is_away: bool = False
    stand_in: str = ""
    stand_in_phone: str = ""
    compound: str = ""
    public: bool = True
    order: int = 0
    row: Responsibility | Post | None = None
    organisation: Organisation | None = None

    @property
    def key(self):
        """The same person in two kinds counts once."""
        return self.user.pk if self.user else self.name

    @property
    def is_present(self) -> bool:
        return not self.is_away or bool(self.stand_in)

    @property
    def line(self) -> list[str]:
        """What a notice prints of this person."""
        return [self.title, " ".join(filter(None, (self.name, self.compound))), self.phone, self.stand_in]


def office_phone(number: str) -> str:
    """The number when it is an office line; '' for a mobile, which is nobody's business on a wall."""
    digits = re.sub(r"\D", "", number or "")
    digits = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
    return "" if len(digits) == 11 and digits.startswith("1") else (number or "").strip()


def people_of(office, grids: list[Area], on: date | None = None) -> dict:
    """grid id → its people on day `on` (default today) by kind; two queries, whatever the number of grids."""
    on = on or clock.today()
    kinds = rulings.kinds(office)
    ids = [grid.pk for grid in grids]
    found = defaultdict(list)
    for post in _posts(office, kinds, ids, on):
        found[post.area_id].append(_of_post(post, kinds, on))
    for row in _rows(office, ids, on):
        found[row.area_id].append(_of_row(row, kinds))
    for people in found.values():
        people.sort(key=lambda person: (person.order, person.since, person.name))
    return found


def _posts(office, kinds, ids, on):
    roles = {kind.from_post for kind in kinds.values() if kind.from_post}
    rows = Post.objects.current(on).filter(office=office, area__in=ids, role__in=roles)
    return rows.select_related("user", "substitute", "organisation").defer("organisation__services")[:MOST]


def _rows(office, ids, on):
    rows = Responsibility.objects.current(on).filter(office=office, area__in=ids)
    return rows.select_related("user", "substitute", "organisation").defer("organisation__services")[:MOST]


def _of_post(post: Post, kinds, on: date) -> Person:
    kind = next(kind for kind in kinds.values() if kind.from_post == post.role)
    away = post.away_from is not None and post.away_from <= on
    away = away and (post.away_until is None or post.away_until >= on)
    other = post.substitute
    return Person(
        kind=kind.code, title=kind.name, name=post.user.name, phone=office_phone(post.user.phone),
        user=post.user, since=post.start_on, until=post.end_on, is_away=away,
        stand_in=other.name if other else "", stand_in_phone=office_phone(other.phone) if other else "",
        public=kind.public, order=kind.order - 100, row=post, organisation=post.organisation,
    )  # fmt: skip


def _of_row(row: Responsibility, kinds) -> Person:
    kind = kinds.get(row.role) or rulings.Kind(row.role, row.role, "", order=999)
    phone = row.phone or (
        row.user.phone if row.user_id else row.organisation.phone if row.organisation else ""
    )
    return Person(
        kind=kind.code, title=kind.name, name=row.who, phone=office_phone(phone), user=row.user,
        since=row.start_on, until=row.end_on, stand_in=row.substitute.name if row.substitute else "",
        stand_in_phone=office_phone(row.substitute.phone) if row.substitute else "", compound=row.compound,
        public=kind.public, order=kind.order, row=row, organisation=row.organisation,
    )  # fmt: skip


def community_people(office, communities: list[Area], on: date | None = None) -> dict:
    """community id → the head of its committee (from the post), then who answers for the whole community."""
    on = on or clock.today()
    ids = [area.pk for area in communities]
    heads = Post.objects.current(on).filter(
        office=office, area__in=ids, role=Role.UNIT_HEAD, organisation__kind=OrganisationKind.COMMITTEE
    )
    found = defaultdict(list)
    for post in heads.select_related("user", "organisation").defer("organisation__services"):
        phone = office_phone(post.user.phone) or office_phone(post.organisation.phone)
        head = Person("head", COMMUNITY_HEAD, post.user.name, phone, post.user, post.start_on, order=-1000)
        found[post.area_id].append(head)
    kinds = rulings.kinds(office)
    for row in _rows(office, ids, on):
        found[row.area_id].append(_of_row(row, kinds))
    for people in found.values():
        people.sort(key=lambda person: (person.order, person.since, person.name))
    return found


def default_handlers(area: Area) -> list[User]:
    """Who handles a matter of this area unless somebody else is named: the people of its grid.

    Grid workers who are there first, then their stand-ins, then others with an account. [] without a grid.
    """
    grid = area if area.kind == AreaKind.GRID else area.parent if area.kind == AreaKind.BUILDING else None
    if grid is None:
        return []
    counted = rulings.staffing(grid.office_id)[grid.is_exclusive].counted
    found: dict = {}
    for person in people_of(grid.office_id, [grid])[grid.pk]:
        if person.user is None or person.kind not in counted:
            continue
        stand_in = getattr(person.row, "substitute", None)
        chosen = stand_in if person.is_away else person.user
        if chosen is not None:
            found.setdefault(chosen.pk, chosen)
    return list(found.values())
