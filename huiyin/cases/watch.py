"""What the clock itself does: notices for late matters, second notices, reviews due, confirmed calendars."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from huiyin.accounts.models import Office
from huiyin.base.locks import only_one
from huiyin.cases import deadlines, reminders, supervision
from huiyin.cases.models import Case, Deadline, SupervisionNotice
from huiyin.cases.moving import Step, finish, lock
from huiyin.cases.states import OPEN, State
from huiyin.notices.models import Reminder
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

BATCH = 200
SYSTEM = "系统"


CLOCK = "huiyin-clock"  # held by whoever moves matters along the clock: this watch, or a replay of past days


def watch_all() -> bool:
    """One round of everything below; False when another process is at it, or past days are being replayed."""
    with only_one(CLOCK) as mine:
        if mine:
            supervise_late()
            remind_reviews()
            reminders.remind()
            recompute_calendar()
        return mine


def supervise_late() -> int:
    """A first notice for each matter that fell late with nobody told, a second where the first stayed unanswered.

    What was late already when it was carried over from a former register is left to the supervisors.
    Returns how many were issued; at most BATCH of each in one run, each in a transaction of its own.
    """
    now = clock.now()
    open_states = OPEN - {State.RECEIVED, State.ANSWERED}
    codes = {code for office in Office.objects.all() for code in deadlines.supervised_codes(office)}
    late = Deadline.objects.running().filter(due_at__lt=now, code__in=codes, round=F("case__round"))
    late = late.filter(case__state__in=open_states, case__paused_at=None)
    told = SupervisionNotice.objects.filter(case_id=OuterRef("case_id"), round=OuterRef("round"))
    carried = Reminder.objects.filter(subject=OuterRef("pk"), what="old", due_at=OuterRef("due_at"))
    ids = (
        late.exclude(Exists(told))
        .exclude(Exists(carried))
        .order_by("due_at")
        .values_list("case_id", flat=True)[:BATCH]
    )
    unanswered = SupervisionNotice.objects.filter(answered_at=None, due_at__lt=now, level=1)
    unanswered = unanswered.filter(case__state__in=open_states, case__paused_at=None)
    second = unanswered.exclude(case__notices__level=2).values_list("case_id", flat=True)[:BATCH]
    return sum(_issue(pk) for pk in dict.fromkeys([*ids, *second]))


@transaction.atomic
def _issue(pk) -> bool:
    case = Case.objects.select_related("office", "area").get(pk=pk)
    lock(case)
    step = Step(case, "supervise", None)
    step.title = SYSTEM
    cause = supervision.cause(case, step.at)
    notices = list(case.notices.filter(round=case.round))
    answered = [notice for notice in notices if notice.answered_at or notice.level >= supervision.MOST_LEVELS]
    waiting = [notice for notice in notices if notice.due_at >= step.at]
    if not cause or answered or waiting or not any(row.is_owed for row in case.live_assignments):
        return False
    level = "再次" if notices else ""
    text = f"这件事已经超过期限，{level}请尽快办理，并按期书面回复：现在办到哪一步、卡在哪里、打算哪天办好。"
    supervision.issue(case, step, cause=cause, text=text, by=None)
    finish(case, step)
    return True


def remind_reviews() -> int:
    """Paused matters whose review day has come: the centre is told, once a day."""
    today = clock.today()
    rows = Case.objects.filter(pauses__until_at=None, pauses__review_on__lte=today, paused_at__isnull=False)
    count = 0
    for case in rows.select_related("office", "area").order_by("pk")[:BATCH]:
        reminders.review_due(case, today)
        count += 1
    return count


def recompute_calendar() -> int:
    """Running clocks that began under an older calendar follow the one in force; changed ones say so in the history."""
    changed = 0
    for office_id, current in _calendars():
        rows = Case.objects.filter(office_id=office_id, deadlines__met_at=None, deadlines__dropped_at=None)
        rows = rows.filter(deadlines__isnull=False).exclude(deadlines__calendar=current)
        for case in rows.distinct().select_related("office", "area")[:BATCH]:
            changed += _recompute(case, current)
    return changed


def _calendars():
    offices = Case.objects.order_by().values_list("office_id", flat=True).distinct()
    return [(office_id, RuleSet.objects.current("calendar", office_id)) for office_id in offices]


@transaction.atomic
def _recompute(case, current) -> bool:
    lock(case)
    before = {row.pk: row.due_at for row in case.deadlines.running()}
    case.deadlines.running().exclude(calendar=current).update(calendar=current)
    deadlines.recompute(case, clock.now())
    moved = [row for row in case.deadlines.running() if row.due_at != before.get(row.pk)]
    if not moved:
        return False
    step = Step(case, "recompute", None)
    step.title = SYSTEM
    step.say("放假安排有了新版本，时限重算。", clocks=[deadlines.rule_of(row).name for row in moved])
    finish(case, step)
    return True
