"""Clocks that run out: who owes hears it once when a limit is near, once when it is past."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from huiyin.cases import deadlines, telling
from huiyin.cases.models import Deadline
from huiyin.cases.recipients import Recipients
from huiyin.cases.states import OPEN
from huiyin.notices import rules
from huiyin.notices.models import Reminder
from huiyin.rules import clock

BATCH = 200
MOST_LOOKED_AT = 2000
HORIZON = timedelta(hours=72)
DAY = timedelta(hours=24)


def remind() -> int:
    """One round: at most BATCH messages of each sort, each in a transaction of its own; returns how many."""
    return _round("late", _late()) + _round("soon", _soon())


def _running(what: str):
    told = Reminder.objects.filter(subject=OuterRef("pk"), what__in=[what, "old"], due_at=OuterRef("due_at"))
    rows = Deadline.objects.running().filter(
        round=F("case__round"), case__state__in=OPEN, case__paused_at=None
    )
    return rows.exclude(Exists(told)).order_by("due_at", "pk")


def _late():
    now = clock.now()
    return list(_running("late").filter(due_at__lt=now)[:BATCH])


def _soon():
    """Near by its own rule, or a long limit on its last day."""
    now = clock.now()
    rows = _running("soon").filter(due_at__gte=now, due_at__lt=now + HORIZON)
    rows = rows.select_related("case").prefetch_related("case__pauses", "extensions")[:MOST_LOOKED_AT]
    return [row for row in rows if _is_near(row, now)]


def _is_near(row, now) -> bool:
    if row.due_at - now <= DAY < row.due_at - row.started_at:
        return True
    approved = [extension for extension in row.extensions.all() if extension.is_approved]
    return deadlines.reading(row, row.case, now, row.case.pauses.all(), approved).is_soon


def _round(what: str, rows) -> int:
    return sum(_remind_of(what, row.pk) for row in rows[:BATCH])


@transaction.atomic
def _remind_of(what: str, pk) -> bool:
    """Told once for this clock and this due moment, whoever else tries."""
    row = Deadline.objects.select_related("case__office", "case__area", "assignment__organisation").get(pk=pk)
    _, fresh = Reminder.objects.get_or_create(
        office_id=row.office_id, subject=row.pk, what=what, due_at=row.due_at, defaults={"at": clock.now()}
    )
    case, rule = row.case, deadlines.rule_of(row)
    if (
        not fresh or row.met_at or row.dropped_at or rule.is_window
    ):  # a window of the person is no work of ours
        return False
    content = rules.content(case.office_id)["clocks"]
    assignment = row.assignment or (row.notice and row.notice.assignment)
    people = Recipients(case, assignment).add(content["who"].get(rule.duty, content["else"]))
    if what == "late":
        people.add(content["when_late"])
    users, through = people.find()
    words = {"limit": rule.name, "due": telling.before(row.due_at).lstrip("，")}
    telling.say(
        case, content[what], words, users, through, group="due", level="alarm" if what == "late" else "plain",
        key=f"clock:{row.pk}:{what}:{int(row.due_at.timestamp())}",
    )  # fmt: skip
    return bool(users)


def review_due(case, today):
    """A paused matter's review day: the centre is told, once a day."""
    users, through = Recipients(case).add(["centre"]).find()
    telling.say(case, "到复查日了：{what}", {}, users, through, key=f"review:{case.pk}:{today}", group="due")
