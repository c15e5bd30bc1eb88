"""四明确: measures of matters and tasks of work plans that are owed, and those overdue by community and department."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case as When_
from django.db.models import Count, F, Q, When
from django.db.models.functions import Coalesce

from huiyin.areas.models import Area, AreaKind
from huiyin.orgs.models import OrganisationKind
from huiyin.rectification.models import Measure, WorkTask
from huiyin.rules import clock

MOST = 200
LOCAL = (OrganisationKind.STATION, OrganisationKind.COMMITTEE)


@dataclass(frozen=True)
class Owed:
    """One row of the list: a measure of a matter, or a task of a work plan."""

    what: str
    target: str
    standard: str
    organisation: object
    person: object
    due_on: date
    of: str
    case: object = None
    work_plan: object = None

    @property
    def is_overdue(self) -> bool:
        return self.due_on < clock.today()


def measures(user):
    return Measure.objects.visible_to(user).owed()


def tasks(user):
    return WorkTask.objects.visible_to(user).owed()


def rows(user, *, unit: str = "", community: str = "", only_overdue: bool = False, mine: bool = False):
    """(rows, are there more) – the longest overdue first, at most MOST."""
    found = []
    held = _narrow(measures(user), "case__area", unit, community, only_overdue, user if mine else None)
    for row in held.select_related("organisation", "person", "case__area").order_by("due_on", "pk")[
        : MOST + 1
    ]:
        found.append(
            Owed(row.what, row.target, row.standard, row.organisation, row.person, row.due_on, row.case.title, case=row.case)
        )  # fmt: skip
    held = _narrow(tasks(user), "organisation__area", unit, community, only_overdue, user if mine else None)
    for row in held.select_related("organisation", "person", "plan").order_by("due_on", "pk")[: MOST + 1]:
        found.append(
            Owed(row.what, row.target, row.standard, row.organisation, row.person, row.due_on, row.plan.title, work_plan=row.plan)
        )  # fmt: skip
    found.sort(key=lambda row: row.due_on)
    return found[:MOST], len(found) > MOST


def _narrow(held, area: str, unit: str, community: str, only_overdue: bool, person):
    if unit:
        held = held.filter(organisation__code=unit)
    if community:
        held = held.filter(Q(**{f"{area}__code": community}) | Q(**{f"{area}__parent__code": community}))
    if only_overdue:
        held = held.overdue()
    return held.filter(person=person) if person else held


@dataclass
class Sum:
    """Owed and overdue of one community or department."""

    code: str
    name: str
    owed: int = 0
    overdue: int = 0


def by_unit(user) -> list[Sum]:
    """Departments and stations that owe something, the most overdue first."""
    found: dict[str, Sum] = {}
    for held in (measures(user), tasks(user)):
        counted = held.order_by().values_list("organisation__code", "organisation__short_name")
        _add(found, counted.annotate(Count("pk"), late=_late()))
    return _sorted(found)


def by_community(user) -> list[Sum]:
    """The community that a matter lies in, or that owns the task; what belongs to none is 全街道."""
    found: dict[str, Sum] = {}
    for held, area in ((measures(user), "case__area"), (tasks(user), "organisation__area")):
        in_grid = When(
            **{f"{area}__kind__in": [AreaKind.GRID, AreaKind.BUILDING]}, then=F(f"{area}__parent__code")
        )
        code = Coalesce(When_(in_grid, default=F(f"{area}__code")), F(f"{area}__code"))
        counted = (
            held.order_by().annotate(of=code).values_list("of", "of").annotate(Count("pk"), late=_late())
        )
        _add(found, counted)
    names = dict(Area.objects.visible_to(user).valid().filter(code__in=found).values_list("code", "name"))
    for code, row in found.items():
        row.name = names.get(code, code)
    return _sorted(found)


def _late():
    return Count("pk", filter=Q(due_on__lt=clock.today()))


def _add(found: dict, counted):
    for code, name, owed, late in counted:
        row = found.setdefault(code, Sum(code, name or code))
        row.owed += owed
        row.overdue += late


def _sorted(found: dict) -> list[Sum]:
    return sorted(found.values(), key=lambda row: (-row.overdue, -row.owed, row.code))
