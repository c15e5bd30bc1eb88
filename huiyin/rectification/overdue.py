"""Major hazards that fell overdue: the leaders hear it the same day, once for each limit or measure."""

from django.db import transaction
from django.db.models import F

from huiyin.base.locks import only_one
from huiyin.cases import deadlines, telling
from huiyin.cases.models import Deadline
from huiyin.cases.recipients import Recipients
from huiyin.cases.states import OPEN
from huiyin.cases.watch import CLOCK
from huiyin.rectification.hazards import MAJOR
from huiyin.rectification.models import LeaderAlert, LeaderDuty, Measure
from huiyin.rules import clock
from huiyin.rules.calendar import midnight

BATCH = 200
DUTIES = ("close", "report", "grade", "plan")


def watch() -> int:
    """One round, unless past days are being replayed or another process is at it; returns how many were told of."""
    with only_one(CLOCK) as mine:
        return tell_limits() + tell_measures() if mine else 0


def _major(rows, name: str):
    """Rows whose matter is an open major hazard that is not paused."""
    given = {
        f"{name}kind": "hazard", f"{name}particulars__grade": MAJOR, f"{name}state__in": sorted(OPEN), f"{name}paused_at": None,
    }  # fmt: skip
    return rows.filter(**given)


def tell_limits() -> int:
    """Limits of major hazards that are past."""
    rows = _major(Deadline.objects.running().filter(due_at__lt=clock.now(), round=F("case__round")), "case__")
    rows = rows.select_related("case__office", "case__area").order_by("due_at", "pk")[:BATCH]
    count = 0
    for row in rows:
        if deadlines.rule_of(row).duty in DUTIES:
            count += _tell(row.case, row.pk, row.due_at, deadlines.rule_of(row).name)
    return count


def tell_measures() -> int:
    """Measures of major hazards whose day is over."""
    rows = _major(Measure.objects.overdue(), "case__").select_related("case__office", "case__area", "person")
    return sum(
        _tell(row.case, row.pk, midnight(row.due_on), f"第 {row.number} 条措施（{row.person.name}）")
        for row in rows.order_by("due_on", "pk")[:BATCH]
    )


@transaction.atomic
def _tell(case, subject, due_at, what: str) -> bool:
    """Once for this clock or measure and this due moment, whoever else tries."""
    _, fresh = LeaderAlert.objects.get_or_create(
        office_id=case.office_id, subject=subject, due_at=due_at, defaults={"case": case, "at": clock.now()}
    )
    if not fresh:
        return False
    people = Recipients(case).add(["chiefs", "line"], line=line_leaders(case))
    users, through = people.find()
    telling.say(
        case, "重大隐患{limit}超期了，请过问：{what}", {"limit": what}, users, through, group="due", level="alarm",
        key=f"major:{subject}:{int(due_at.timestamp())}",
    )  # fmt: skip
    return bool(users)


def line_leaders(case) -> list:
    """Leaders who have the units of this matter in their line (一岗双责)."""
    units = [row.organisation_id for row in case.live_assignments]
    rows = LeaderDuty.objects.filter(office_id=case.office_id, organisations__in=units).current()
    return list(rows.values_list("user_id", flat=True).distinct())
