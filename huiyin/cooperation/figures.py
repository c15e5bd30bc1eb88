"""吹哨报到 in figures: of each unit how many it owed, answered in time and settled at once – each number has its list."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q

from huiyin.cooperation.models import Call
from huiyin.orgs.models import Organisation
from huiyin.rules import clock
from huiyin.rules.calendar import midnight

PAGE = 50
LONGEST = 400  # days that one page of figures spans
VIEWS = {
    "due": "应答复的", "in_time": "按时答复", "late": "晚了", "never": "没答复", "waiting": "还没到时间",
    "signed": "销哨的", "clean": "一次办好", "all": "全部",
}  # fmt: skip


def within(view: str, now=None) -> Q:
    """What counts under this heading. Calls that were let go count nowhere."""
    now = now or clock.now()
    answered = Q(first_answered_at__isnull=False)
    kept = Q(released_at=None)
    return (
        kept
        & {
            "due": answered | Q(due_at__lt=now),
            "in_time": answered & Q(first_answered_at__lte=F("due_at")),
            "late": answered & Q(first_answered_at__gt=F("due_at")),
            "never": ~answered & Q(due_at__lt=now),
            "waiting": ~answered & Q(due_at__gte=now),
            "signed": Q(signed_at__isnull=False),
            "clean": Q(signed_at__isnull=False, sent_back=0),
            "all": Q(),
        }[view]
    )


@dataclass
class Row:
    """One unit in the period."""

    unit: Organisation
    numbers: dict

    @property
    def responded(self) -> int | None:
        """响应率: answered in time of those that were due, in percent; None where nothing was due."""
        return share(self.numbers["in_time"], self.numbers["due"])

    @property
    def settled(self) -> int | None:
        """一次办好率: signed off without being sent back, of those signed off."""
        return share(self.numbers["clean"], self.numbers["signed"])


def share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def period(text_from: str, text_to: str) -> tuple[date, date]:
    """The asked days, else this year up to today; at most LONGEST days."""
    today = clock.today()

    def read(text, otherwise):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return otherwise

    last = min(read(text_to, today), today)
    first = min(read(text_from, date(last.year, 1, 1)), last)
    return max(first, last - timedelta(days=LONGEST)), last


def calls(user, first: date, last: date):
    """Calls of that period in matters that `user` may read."""
    start, end = midnight(first), midnight(last + timedelta(days=1))
    return Call.objects.visible_to(user).filter(whistle__at__gte=start, whistle__at__lt=end)


def by_unit(user, first: date, last: date) -> list[Row]:
    """Each called unit with its numbers, the slowest first. Two queries."""
    now = clock.now()
    counts = {view: Count("pk", filter=within(view, now)) for view in VIEWS}
    rows = calls(user, first, last).order_by().values("organisation_id").annotate(**counts)
    rows = list(rows)
    units = Organisation.objects.filter(pk__in=[row["organisation_id"] for row in rows]).defer("services")
    units = {unit.pk: unit for unit in units}
    found = [Row(units[row["organisation_id"]], {view: row[view] for view in VIEWS}) for row in rows]
    found = [row for row in found if row.numbers["all"]]
    return sorted(found, key=lambda row: (row.responded is None, row.responded or 0, row.unit.code))


def total(rows: list[Row]) -> Row:
    """All units together."""
    return Row(None, {view: sum(row.numbers[view] for row in rows) for view in VIEWS})


def page(user, first: date, last: date, view: str, unit, after: str) -> tuple[list[Call], str]:
    """PAGE calls behind one number, the latest due first, and the id after which the next page begins."""
    rows = calls(user, first, last).filter(within(view))
    if unit is not None:
        rows = rows.filter(organisation=unit)
    mark = rows.filter(pk=after).first() if len(after) == 36 else None
    if mark:
        rows = rows.filter(Q(due_at__lt=mark.due_at) | Q(due_at=mark.due_at, pk__lt=mark.pk))
    rows = rows.select_related("case", "organisation", "whistle__by", "answered_by", "signed_by")
    found = list(
        rows.defer("organisation__services", "case__words", "case__description").order_by("-due_at", "-pk")[
            : PAGE + 1
        ]
    )
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""  # fmt: skip
