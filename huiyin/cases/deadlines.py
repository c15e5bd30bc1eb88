"""The clocks of a matter: started and met by its events, stopped by pauses, moved by approved extensions.

What a limit is and how it runs stands in huiyin.rules.limits; here are its facts in the record.
"""

from collections.abc import Callable
from functools import lru_cache

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, record
from huiyin.cases.states import ENDED, State
from huiyin.rules import clock, limits
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.models import RuleSet, rule_set

# verb → events of the rule pack on the matter's own clocks, in their order.
EVENTS = {
    "register": ("registered", "received"),
    "accept": ("accepted",),
    "refer": ("referred",),
    "dispatch": ("dispatched",),
    "designate": ("dispatched",),
    "verify": ("verified",),
    "answer": ("answered",),
    "close": ("closed",),
    "answer_at_once": ("accepted", "contacted", "answered", "closed"),
    "contact": ("contacted",),
    "follow_up": ("contacted",),
    "rate": ("rated", "called_back"),
    "reopen": ("registered", "accepted"),
}
# Filled by rooms above: what limits may ask of a matter besides (name → fn(case)), what stops one clock alone
# (fn(deadline, case) → pauses), and the duties that only begin when the matter is closed.
TRAITS: dict[str, Callable] = {}
STOPS: list[Callable] = []
AFTER_CLOSING: set[str] = set()
# verb → event on the clock of the assignment that the step is about.
ASSIGNMENT_EVENTS = {"take": "assignment_taken", "return_work": "assignment_returned", "report": "reported"}


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
        return rule.with_amount(deadline.amount, deadline.unit)
    return rule


def facts_of(deadline, case, pauses=None, extensions=None) -> limits.Facts:
    """Everything that happened to a clock, from the record."""
    pauses = case.pauses.all() if pauses is None else pauses
    if extensions is None:
        extensions = [row for row in deadline.extensions.all() if row.is_approved]
    return limits.Facts(
        start=deadline.started_at,
        pauses=tuple(limits.Pause(row.from_at, row.until_at, row.reason) for row in pauses)
        + tuple(pause for stops in STOPS for pause in stops(deadline, case)),
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
    """(deadline, rule, reading) of every clock of this round, running ones first. Three queries.

    With `at` the clocks of the round of that day that had begun by then, as they stood.
    """
    pauses = list(case.pauses.all())
    begun = [row for row in record.rows(case, "deadlines") if at is None or row.started_at <= at]
    latest = case.round if at is None else max((row.round for row in begun), default=0)
    found = [(row, rule_of(row), reading(row, case, at, pauses)) for row in begun if row.round == latest]
    return sorted(found, key=lambda item: (bool(item[0].met_at or item[0].dropped_at), item[0].due_at))


def follow(case, step):
    """Let the clocks follow one verb: called for every step, before its event is written."""
    for event in EVENTS.get(step.verb, ()):
        _pass(case, event, step.at)
    for pk in step.data.get("sent", ()):
        _send(case, step, case.assignments.get(pk=pk))
    if step.verb in ASSIGNMENT_EVENTS:
        _pass(case, ASSIGNMENT_EVENTS[step.verb], step.at, assignment=step.assignment)
    if step.verb in ("return_work", "recall", "release"):
        _drop(case.deadlines.filter(assignment=step.assignment), step.at)
    follow_case(case, step)
    if step.verb in ("pause", "resume", "decide_extension"):
        recompute(case, step.at)
    choose_next(case)


def follow_case(case, step):
    """What only some verbs do to the clocks of the matter."""
    if step.verb == "register" and case.first_contact_at:
        _pass(case, "contacted", step.at)
    if step.verb == "accept" and not case.is_anonymous:
        _pass(case, "notice_given", step.at)
    if step.verb == "report" and case.state == State.REPORTED:
        _pass(case, "reported", step.at)
    if step.verb == "redo":
        _drop(case.deadlines.filter(code__in=("VERIFY", "ANSWER")), step.at)
        _start(case, "assignment_sent", step.at, assignment=step.assignment, duties=("report",))
    if step.verb == "supervise":
        _start(case, "notice_sent", step.at, notice=step.subject)
    if step.verb == "answer_notice":
        _meet(case, "notice_answered", step.at, notice=step.subject)
    if step.verb == "look_back" and case.state == State.ACCEPTED:
        _pass(case, "accepted", step.at)
    if step.verb in ("close", "answer_at_once"):
        running = [(row, rule_of(row)) for row in case.deadlines.running()]
        office_clocks = [
            row.pk for row, rule in running if not rule.is_window and rule.duty not in AFTER_CLOSING
        ]
        _drop(case.deadlines.filter(pk__in=office_clocks), step.at)
    _drop(case.deadlines.exclude(round=case.round), step.at)
    if step.verb in ("decline", "refer", "merge", "withdraw", "void"):
        _drop(case.deadlines.all(), step.at)


def follow_kind(case):
    """The kind was put right: clocks that only the right kind starts with registration begin from that moment."""
    limits_pack = pack(RuleSet.objects.current("limits", case.office_id).pk)
    have = {rule_of(row).duty for row in case.deadlines.filter(round=case.round)}
    for event in EVENTS["register"]:
        rules = limits_pack.starting(event, case.kind, **traits(case))
        missing = {rule.duty for rule in rules} - have
        if missing:
            _start(case, event, case.registered_at, duties=tuple(missing))


def _send(case, step, assignment):
    _drop(case.deadlines.filter(assignment=assignment), step.at)
    fixed = step.fixed_due_at if assignment.is_lead else None
    _start(case, "assignment_sent", step.at, assignment=assignment, fixed=fixed)


def happened(case, event: str, at=None):
    """An event of the rule pack that no verb of its own stands for: rooms above call it within a move."""
    _pass(case, event, at or clock.now())


def end(case, at):
    """No clock of the matter runs any longer: it went back to the body that it came from."""
    _drop(case.deadlines.all(), at)


def _pass(case, event, at, *, assignment=None):
    """An event happened: it meets the clocks that waited for it and starts its own."""
    _meet(case, event, at, assignment=assignment)
    _start(case, event, at, assignment=assignment)


def traits(case) -> dict:
    """What limit rules may ask about a matter besides its kind."""
    return {
        "channel": case.channel,
        "urgent": case.is_urgent,
        "group": case.is_group,
        "anonymous": case.is_anonymous,
        "key": case.is_key,
        "category": case.category,
        **{name: ask(case) for name, ask in TRAITS.items()},
        **{code: value for code, value in case.particulars.items() if not isinstance(value, list)},
    }


def _start(case, event, at, *, assignment=None, notice=None, fixed=None, duties=()):
    rules = RuleSet.objects.current("limits", case.office_id)
    days = RuleSet.objects.current("calendar", case.office_id)
    subject = "assignment" if assignment else "notice" if notice else "case"
    extra = {"part": assignment.part} if assignment else {"level": notice.level} if notice else {}
    for rule in pack(rules.pk).starting(event, case.kind, subject, **traits(case), **extra):
        if (duties and rule.duty not in duties) or (rule.duty == "notice" and case.is_anonymous):
            continue  # 第23条: no written notice is due where name or address is unclear
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
            fixed_due_at=fixed if rule.duty == "report" else None,
        )
        row.amount, row.unit = own_length(case, rule, pack(rules.pk))
        row.due_at = _due(row, case, at, pauses=(), extensions=())
        row.save(force_insert=True)
        if notice:
            notice.due_at = row.due_at
            notice.save(update_fields=["due_at"])


# Rooms above that know a length of their own for a matter: fn(case, rule) → (amount, unit) or None.
LENGTHS: list[Callable] = []
LETTERS = {"H": "continuous_hours", "D": "working_days"}
REPORT_SHARE = 0.6  # of a category's own length, so that checking and answering have their time


# Their length comes from a superior, a grade, the levels of mediation, or what happened.
NOT_BY_CATEGORY = frozenset({"directive", "hazard", "dispute", "incident"})


def own_length(case, rule, limits_pack) -> tuple:
    """(amount, unit) that the matter's category sets for closing and reporting, else (None, '').

    A limit set by law (法定) is never shortened or stretched by a category, nor one set by a superior or by a grade.
    """
    for length in LENGTHS:
        if found := length(case, rule):
            return found
    limit = (categories.table(case.office).get(case.category) or {}).get("limit", "")
    if rule.duty not in ("close", "report") or not limit or case.is_urgent or case.kind in NOT_BY_CATEGORY:
        return None, ""
    closing = limits_pack.starting("accepted", case.kind, **traits(case))
    if any(row.duty == "close" and row.source_kind == "法定" for row in closing):
        return None, ""
    amount, unit = int(limit[1:]), LETTERS[limit[0]]
    if rule.duty == "report":
        if unit == "working_days" and amount == 1:
            return 5, "working_hours"
        amount = max(1, round(amount * REPORT_SHARE))
    return amount, unit


def _meet(case, event, at, *, assignment=None, notice=None):
    rows = case.deadlines.running().filter(round=case.round, assignment=assignment, notice=notice)
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


def choose_next(case):
    """The nearest running clock is what lists show and sort by; windows of the person do not count."""
    if case.state in ENDED:
        case.next_deadline, case.due_at = None, None
        return
    rows = [row for row in case.deadlines.running().filter(round=case.round) if not rule_of(row).is_window]
    nearest = min(rows, key=lambda row: row.due_at, default=None)
    case.next_deadline, case.due_at = nearest, nearest and nearest.due_at


SUPERVISED = frozenset({"take", "report", "close"})  # duties whose lateness calls for a notice (督办)


def supervised_codes(office) -> list[str]:
    """Codes of the limits in force whose lateness calls for a notice."""
    rules = RuleSet.objects.current("limits", office)
    return [rule.code for rule in pack(rules.pk) if rule.duty in SUPERVISED]


def has_been_late(case, at) -> bool:
    """Was the work late in this round, at `at` or before? What was late stays late."""
    pauses = list(case.pauses.all())
    rows = case.deadlines.filter(round=case.round, notice=None).filter(started_at__lt=at)
    for row in rows.prefetch_related("extensions"):
        approved = [extension for extension in row.extensions.all() if extension.is_approved]
        facts = facts_of(row, case, pauses, approved)
        if rule_of(row).duty in SUPERVISED and limits.was_late(
            rule_of(row), facts, calendar(row.calendar_id), at
        ):
            return True
    return False


def extendable(case):
    """Running clocks whose rule allows an extension now and that have no open request."""
    return case.deadlines.filter(pk__in=[row.pk for row in may_extend(case)])


def may_extend(case) -> list:
    """The rows of `extendable`."""
    return [
        row
        for row in record.rows(case, "deadlines")
        if row.round == case.round
        and row.met_at is None
        and row.dropped_at is None
        and not any(extension.decided_at is None for extension in row.extensions.all())
        and not _extension_refusal(row, case)
    ]


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
    limits.refuse_extension(
        rule, facts_of(deadline, deadline.case), calendar(deadline.calendar_id), amount, clock.now()
    )
    return rule
