"""What residents said last week and what became of it; the one figure of the home page."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Avg, Count, F, Q

from huiyin.cases.models import Case
from huiyin.cases.states import OPEN, State
from huiyin.rules import clock


@dataclass(frozen=True)
class Week:
    said: int
    answered: int
    days: float | None
    open: int
    late: int


def last_week(office) -> Week:
    """Matters registered from Monday to Sunday of last week, mistaken entries left out, as they stand now.

    answered: told the answer; days: mean time from registration to the answer; late: open and past its limit.
    """
    today = clock.today()
    monday = datetime.combine(today - timedelta(days=today.weekday() + 7), time.min, clock.TZ)
    rows = Case.objects.filter(
        office=office, registered_at__gte=monday, registered_at__lt=monday + timedelta(days=7)
    ).exclude(state=State.VOID)
    is_open = Q(state__in=OPEN) & ~Q(state=State.ANSWERED)
    found = rows.aggregate(
        said=Count("pk"),
        answered=Count("pk", Q(answered_at__isnull=False)),
        took=Avg(F("answered_at") - F("registered_at")),
        open=Count("pk", is_open),
        late=Count("pk", is_open & Q(paused_at=None, due_at__lt=clock.now())),
    )
    took = found.pop("took")
    return Week(days=took and max(0.1, round(took / timedelta(days=1), 1)), **found)
