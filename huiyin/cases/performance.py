"""Supervision of effect (效能督办): on time per unit, difficult matters settled, what is still owed. Units, never persons."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from huiyin.cases.models import Case, CaseEvent, Deadline, SupervisionNotice
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.orgs.models import Organisation, Role
from huiyin.rules import clock

READERS = CENTRE | CHIEF | {Role.SUPERVISOR, Role.UNIT_HEAD}
MOST_SETTLED = 100
PERIODS = {"month": "本月", "quarter": "本季", "year": "本年"}


@dataclass
class UnitRow:
    """One unit in a period. `due`: reports that fell due; `on_time`: of these, reported by then."""

    unit: Organisation
    due: int
    on_time: int
    late_open: int
    left_out: int
    notices: int
    notices_answered: int

    @property
    def rate(self) -> float | None:
        """Per cent with one digit, or None below ten: few matters give pieces, not per cent."""
        return round(100 * self.on_time / self.due, 1) if self.due >= 10 else None


@dataclass
class Settled:
    """A difficult matter that was settled: what made it difficult, how many days it took, who settled it."""

    case: Case
    why: str
    days: int
    unit: str


def period(code: str) -> tuple[datetime, datetime]:
    """[start, end) of the current month, quarter or year in local time."""
    now = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = {"month": now.month, "quarter": (now.month - 1) // 3 * 3 + 1, "year": 1}[code]
    start = now.replace(month=first, day=1)
    return start, now + timedelta(days=1)


def _readable(user):
    return Exists(
        Case.objects.visible_to(user).filter(pk=OuterRef("case_id"), office_id=OuterRef("office_id"))
    )


def by_unit(user, since: datetime, until: datetime) -> list[UnitRow]:
    """Reports of units that fell due in the period, over the matters that `user` may read.

    On time = reported at or before the due moment in force. Left out: clocks dropped because the work was
    returned, recalled or the matter ended another way.
    """
    clocks = Deadline.objects.filter(
        _readable(user), code__startswith="ASSIGN-", due_at__gte=since, due_at__lt=until
    )
    clocks = clocks.exclude(code__startswith="ASSIGN-TAKE")
    now = clock.now()
    counted = clocks.values(owner=F("assignment__organisation_id")).annotate(
        due=Count("pk", filter=Q(dropped_at=None) & (Q(due_at__lte=now) | Q(met_at__isnull=False))),
        on_time=Count("pk", filter=Q(met_at__lte=F("due_at"))),
        late_open=Count("pk", filter=Q(met_at=None, dropped_at=None, due_at__lt=now)),
        left_out=Count("pk", filter=Q(dropped_at__isnull=False)),
    )
    notices = SupervisionNotice.objects.filter(_readable(user), issued_at__gte=since, issued_at__lt=until)
    told = {
        row["organisation_id"]: row
        for row in notices.values("organisation_id").annotate(sent=Count("pk"), answered=Count("answered_at"))
    }
    figures = {row.pop("owner"): row for row in counted}
    units = Organisation.objects.filter(pk__in={*figures, *told}).order_by("kind", "code")
    none = {"due": 0, "on_time": 0, "late_open": 0, "left_out": 0}
    return [
        UnitRow(
            unit=unit,
            **figures.get(unit.pk, none),
            notices=told.get(unit.pk, {}).get("sent", 0),
            notices_answered=told.get(unit.pk, {}).get("answered", 0),
        )
        for unit in units
    ]


def difficult(rows):
    """Narrow to difficult matters: key, reported upward, paused for others, or returned three times."""
    upward = CaseEvent.objects.filter(
        case_id=OuterRef("pk"), office_id=OuterRef("office_id"), verb__in=["escalate", "pause"]
    )
    return rows.filter(Q(is_key=True) | Q(bounce_count__gte=3) | Q(Exists(upward)))


def settled(user, since: datetime, until: datetime) -> tuple[int, int, list[Settled]]:
    """(difficult matters accepted in the period, settled in it, the newest MOST_SETTLED of the settled)."""
    visible = difficult(Case.objects.visible_to(user))
    came = visible.filter(registered_at__gte=since, registered_at__lt=until).count()
    closed = visible.filter(state=State.CLOSED, closed_at__gte=since, closed_at__lt=until)
    rows = (
        closed.select_related("in_charge")
        .prefetch_related("assignments__organisation")
        .order_by("-closed_at")
    )
    return came, closed.count(), [_settled(case) for case in rows[:MOST_SETTLED]]


def _settled(case: Case) -> Settled:
    leads = [row for row in case.assignments.all() if row.is_lead and row.reported_at]
    unit = str(max(leads, key=lambda row: row.reported_at).organisation) if leads else ""
    why = "重点" if case.is_key else "退回三次以上" if case.bounce_count >= 3 else "上报或挂账过"
    return Settled(case, why, max((case.closed_at - case.registered_at).days, 0), unit)


def owed(user) -> dict[str, int]:
    """Open matters without an answer, waiting upward, and notices without a reply: counts whose lists open them."""
    visible = Case.objects.visible_to(user).filter(state__in=OPEN)
    notices = SupervisionNotice.objects.filter(_readable(user), answered_at=None, case__state__in=OPEN)
    return {"unanswered": visible.filter(answered_at=None)[:1001].count(), "notices": notices[:1001].count()}
