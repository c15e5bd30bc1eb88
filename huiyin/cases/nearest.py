"""“最近的 15 件里 12 件由…办”: where the closed matters most like this one went, as far as the asking user reads them."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from huiyin.cases import categories
from huiyin.cases.models import Assignment, Case
from huiyin.cases.search import tokens
from huiyin.cases.states import Part, State
from huiyin.rules import clock

DAYS = 730
COMPARED = 200
NEIGHBOURS = 15
LEAST = 3  # fewer neighbours say nothing
LEAST_SHARE = 0.1


@dataclass
class Neighbour:
    """A closed matter like this one, who did it, and how much alike they are (0 to about 7)."""

    pk: object
    number: str
    title: str
    likeness: float
    unit: object = None


@dataclass
class Suggestion:
    """`count` of the nearest closed matters were led by `unit`; `rows` are the evidence, the likest first."""

    unit: object
    count: int
    rows: list[Neighbour]
    others: list[tuple]

    @property
    def of(self) -> int:
        return len(self.rows)


def suggestion(case, user) -> Suggestion | None:
    """Where the nearest closed matters went; None where too few are alike. At most COMPARED are looked at."""
    rows = nearest(case, user)
    leads = _leads([row.pk for row in rows])
    for row in rows:
        row.unit = leads.get(row.pk)
    rows = [row for row in rows if row.unit is not None][:NEIGHBOURS]
    if len(rows) < LEAST:
        return None
    units = {row.unit.pk: row.unit for row in rows}
    tally = Counter(row.unit.pk for row in rows).most_common()
    (first, count), rest = tally[0], tally[1:]
    return Suggestion(units[first], count, rows, [(units[pk], many) for pk, many in rest])


def nearest(case, user) -> list[Neighbour]:
    """Closed matters of the same sort or grid that use the same words, the likest first."""
    said = _pairs(f"{case.title} {case.description}")
    found = []
    for pk, number, title, description, category, area_id in _candidates(case, user):
        theirs = _pairs(f"{title} {description}")
        share = len(said & theirs) / max(1, min(len(said), len(theirs)))
        same = bool(case.category) and category == case.category
        if not same and share < LEAST_SHARE:
            continue
        likeness = 4 * share + 2 * same + (area_id == case.area_id)
        found.append(Neighbour(pk, number, title, likeness))
    found.sort(key=lambda row: -row.likeness)
    return found[: NEIGHBOURS + 5]


def _candidates(case, user):
    rows = Case.objects.visible_to(user).filter(
        office_id=case.office_id, state=State.CLOSED, registered_at__gte=clock.now() - timedelta(days=DAYS)
    )
    kin = _kin(case.office, case.category)
    rows = rows.filter(category__in=kin) if kin else rows.filter(area_id=case.area_id)
    rows = rows.exclude(pk=case.pk).order_by("-registered_at")
    return rows.values_list("pk", "number", "title", "description", "category", "area_id")[:COMPARED]


def _kin(office, category: str) -> list[str]:
    """The category and those under the same head."""
    table = categories.table(office)
    row = table.get(category)
    if row is None:
        return []
    return [other["code"] for other in table.values() if other.get("parent") == row.get("parent")]


def _pairs(text: str) -> set[str]:
    return {token for token in tokens(text) if len(token) > 1}


def _leads(ids) -> dict:
    """case id → the unit that led it in the end."""
    rows = Assignment.objects.active().filter(case_id__in=ids, part=Part.LEAD)
    rows = rows.select_related("organisation").defer("organisation__services").order_by("sent_at")
    return {row.case_id: row.organisation for row in rows}
