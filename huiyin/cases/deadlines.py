"""The clocks of a matter: started and met by its events, stopped by pauses, moved by approved extensions.

What a limit is and how it runs stands in huiyin.rules.limits; here are its facts in the record.
"""

from dataclasses import replace
from functools import lru_cache

from huiyin.base.refusal import Refusal
from huiyin.cases.states import ENDED, State
from huiyin.rules import clock, limits
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.models import RuleSet, rule_set

# verb → (event of the rule pack, whose clock). Assignments and notices have clocks of their own.
EVENTS = {
    "register": ("registered",),
    "accept": ("accepted",),
    "decline": ("declined",),
    "refer": ("referred",),
    "dispatch": ("dispatched",),
    "designate": ("dispatched",),
    "report": ("reported",),
    "verify": ("verified",),
    "redo": ("redone",),
    "answer": ("answered",),
    "close": ("closed",),
    "contact": ("contacted",),
    "rate": ("rated",),
    "reopen": ("reopened", "accepted"),
}
ASSIGNMENT_EVENTS = {
    "take": "assignment_accepted",
    "return_work": "assignment_returned",
    "report": "assignment_reported",
    "sign_off": "assignment_signed_off",
}


@lru_cache(maxsize=64)
def pack(rules_id) -> limits.LimitPack:
    return limits.LimitPack(rule_set(rules_id).content)


@lru_cache(maxsize=64)
def calendar(rules_id) -> WorkCalendar:
    return WorkCalendar(rule_set(rules_id).content)


def rule_of(deadline) -> limits.LimitRule:
    """The rule of a clock, in the version it began with; a category's own length goes before the kind's."""
    rule = pack(deadline.rules_id)[deadline.code]
    if deadline.amount is not None:
        return replace(rule, amount=deadline.amount, unit=deadline.unit, extend_unit=rule.extend_unit and deadline.unit)
    return rule


def facts_of(deadline, case, pauses=None, extensions=None) -> limits.Facts:
    """Everything that happened to a clock, from the record."""
    pauses = case.pauses.all() if pauses is None else pauses
    if extensions is None:
        extensions = deadline.extensions.filter(is_approved=True)
    return limits.Facts(
        start=deadline.started_at,
        pauses=tuple(limits.Pause(row.from_at, row.until_at, row.reason) for row in pauses),
        extensions=tuple(limits.Extension(row.amount, row.unit, row.decided_at) for row in extensions),
        met_at=deadline.met_at,
        set_to=deadline.fixed_due_at,
        dropped_at=deadline.dropped_at,
    )


def reading(deadline, case, at=None, pauses=None, extensions=None) -> limits.Reading:
    """How the clock stood at `at` (default now), from the facts known then."""
    facts = facts_of(deadline, case, pauses, extensions)
    return limits.state(rule_of(deadline), facts, calendar(deadline.calendar_id), at or clock.now())


def explain(deadline, case, at=None) -> str:
    """'《信访工作条例》第34条，60日，自受理之日起，…' as it stood at `at`."""
    events = pack(deadline.rules_id).events
    facts = facts_of(deadline, case)
    return limits.explain(rule_of(deadline), facts, calendar(deadline.calendar_id), at or clock.now(), events)


def readings(case, at=None) -> list[tuple]:
    """(deadline, rule, reading) of every clock of this round, running ones first. Three queries."""
    pauses = list(case.pauses.all())
    rows = case.deadlines.filter(round=case.round).select_related("assignment__organisation", "notice")
    rows = rows.prefetch_related("extensions")
    found = []
    for row in rows:
        approved = [extension for extension in row.extensions.all() if extension.is_approved]
        found.append((row, rule_of(row), reading(row, case, at, pauses, approved)))
    return sorted(found, key=lambda item: (bool(item[0].met_at or item[0].dropped_at), item[0].due_at))


def follow(case, step):
    """Let the clocks follow one verb: called for every step, before its event is written."""
    events = EVENTS.get(step.verb, ())
    for event in events:
        if event != "reported" or case.state == State.REPORTED:
            _meet(case, event, step.at, subject="case")
            _start(case, event, step.at)
    for pk in step.data.get("sent", ()):
        assignment = case.assignments.get(pk=pk)
        fixed = step.fixed_due_at if assignment.is_lead else None
        _drop(case.deadlines.filter(assignment=assignment), step.at)
        _start(case, "assignment_sent", step.at, assignment=assignment, fixed=fixed)
    if step.verb in ASSIGNMENT_EVENTS and step.assignment is not None:
        event = ASSIGNMENT_EVENTS[step.verb]
        _meet(case, event, step.at, subject="assignment", assignment=step.assignment)
        _start(case, event, step.at, assignment=step.assignment)
        if step.verb == "return_work":
            _drop(case.deadlines.filter(assignment=step.assignment), step.at)
    if step.verb in ("recall", "release") and step.assignment is not None:
        _drop(case.deadlines.filter(assignment=step.assignment), step.at)
    if step.verb == "redo":
        _start(case, "assignment_accepted", step.at, assignment=step.assignment)
    if step.verb == "supervise":
        _start(case, "supervision_sent", step.at, notice=step.subject)
    if step.verb == "answer_notice":
        _meet(case, "supervision_answered", step.at, subject="supervision", notice=step.subject)
    if step.verb == "register" and case.first_contact_at:
        _meet(case, "contacted", step.at, subject="case")
    if step.verb == "answer" and case.first_contact_at == step.at:
        _meet(case, "contacted", step.at, subject="case")
    if step.verb in ("reopen", "look_back") and step.to_state == State.ACCEPTED:
        _drop(case.deadlines.exclude(round=case.round), step.at)
        if step.verb == "look_back":
            _start(case, "accepted", step.at)
    if step.verb in ("decline", "refer", "merge", "withdraw", "void"):
        _drop(case.deadlines.all(), step.at)
    if step.verb in ("pause", "resume", "decide_extension"):
        recompute(case, step.at)
    choose_next(case, step.at)


def traits(case) -> dict:
    """What limit rules may ask about a matter besides its kind."""
    return {
        "channel": case.channel,
        "urgent": case.is_urgent,
        "group": case.is_group,
        "anonymous": case.is_anonymous,
        "key": case.is_key,
        "category": case.category,
    }


def _start(case, event, at, *, assignment=None, notice=None, fixed=None):
    rules = RuleSet.objects.current("limits", case.office_id)
    days = RuleSet.objects.current("calendar", case.office_id)
    subject = "assignment" if assignment else "supervision" if notice else "case"
    extra = {"part": assignment.part} if assignment else {"level": notice.level} if notice else {}
    for rule in pack(rules.pk).starting(event, case.kind, subject, **traits(case), **extra):
        row = case.deadlines.model(
            office_id=case.office_id,
            case=case,
            assignment=assignment,
            notice=notice,
            code=rule.code,
            rules=rules,
            calendar=days,
            round=case.round,
            started_at=at,
            fixed_due_at=fixed if rule.duty in FIXABLE else None,
        )
        own = own_length(case, rule) if not assignment and not notice else None
        if own:
            row.amount, row.unit = own
        row.due_at = _due(row, case, at, extensions=())
        row.save()
        if notice:
            notice.due_at = row.due_at
            notice.save(update_fields=["due_at"])


FIXABLE = ("report",)
CATEGORY_UNITS = {"H": "continuous_hours", "D": "working_days", "W": "working_hours"}


def own_length(case, rule) -> tuple | None:
    """(amount, unit) that the matter's category sets for closing, where the kind leaves it to the category."""
    from huiyin.cases import categories

    if rule.duty != "close" or rule.source_kind == "法定":
        return None
    limit = (categories.table(case.office).get(case.category) or {}).get("limit", "")
    if not limit or limit[0] not in CATEGORY_UNITS:
        return None
    return int(limit[1:]), CATEGORY_UNITS[limit[0]]


def _meet(case, event, at, *, subject, assignment=None, notice=None):
    rows = case.deadlines.running().filter(round=case.round)
    rows = rows.filter(assignment=assignment, notice=notice)
    for row in rows:
        if event in rule_of(row).met_by:
            row.met_at = at
            row.save(update_fields=["met_at"])


def _drop(rows, at):
    rows.running().update(dropped_at=at)


def _due(row, case, at, pauses=None, extensions=None):
    """The stored due moment; while stopped, the moment it would be if the clock went on now."""
    facts = facts_of(row, case, pauses, extensions)
    shown = limits.state(rule_of(row), facts, calendar(row.calendar_id), at)
    return shown.due_at or shown.due_if_resumed or row.due_at


def recompute(case, at):
    """Bring the stored due moments of running clocks in line with the facts."""
    for row in case.deadlines.running():
        due = _due(row, case, at)
        if due != row.due_at:
            row.due_at = due
            row.save(update_fields=["due_at"])


def choose_next(case, at):
    """The nearest running clock is what lists show and sort by; windows of the person do not count."""
    if case.state in ENDED:
        case.next_deadline, case.due_at = None, None
        return
    rows = [row for row in case.deadlines.running().filter(round=case.round) if not rule_of(row).is_window]
    nearest = min(rows, key=lambda row: row.due_at, default=None)
    case.next_deadline, case.due_at = nearest, nearest and nearest.due_at


def has_been_late(case, at) -> bool:
    """Was a clock of the office late in this round, at `at` or before? A late part stays late."""
    pauses = list(case.pauses.all())
    rows = case.deadlines.filter(round=case.round, dropped_at=None, due_at__lt=at, notice=None)
    for row in rows.prefetch_related("extensions"):
        approved = [extension for extension in row.extensions.all() if extension.is_approved]
        if row.met_at is None or row.met_at > row.due_at:
            if reading(row, case, at, pauses, approved).is_late:
                return True
    return False


def extendable(case):
    """Running clocks whose rule allows an extension now and that have no open request."""
    running = list(case.deadlines.running().filter(round=case.round).exclude(extensions__decided_at=None, extensions__isnull=False))
    allowed = [row.pk for row in running if not _extension_refusal(row, case)]
    return case.deadlines.filter(pk__in=allowed)


def _extension_refusal(row, case) -> str:
    try:
        limits.refuse_extension(rule_of(row), facts_of(row, case), calendar(row.calendar_id), 1, clock.now())
    except Refusal as refusal:
        return refusal.message
    return ""


def check_extension(deadline, amount: int) -> limits.LimitRule:
    """The rule when `deadline` may be extended by `amount` now; raises Refusal otherwise."""
    if deadline is None:
        raise Refusal("这个时限不属于这件事，请从列表里选。", status=400)
    if deadline.extensions.filter(decided_at=None).exists():
        raise Refusal("这个时限已经有一份延期申请在等批。")
    rule = rule_of(deadline)
    limits.refuse_extension(rule, facts_of(deadline, deadline.case), calendar(deadline.calendar_id), amount, clock.now())
    return rule
