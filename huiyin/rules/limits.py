"""The limit engine: when a limit is due, how it stands at any moment, and why – from facts alone.

Everything is computed from the facts known at the asked moment, so any past day reads the same again.
A limit is met in time up to and with `due_at`. How time runs for each unit: see limit_flow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from huiyin.base.refusal import Refusal
from huiyin.rules import limit_flow as flow
from huiyin.rules import limit_words as words
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.clock import local
from huiyin.rules.limit_flow import UNITS
from huiyin.rules.limit_rules import SOURCE_KINDS, LimitPack, LimitRule, amount_words, read_rule
from huiyin.rules.limit_words import due_words

__all__ = [
    "SOURCE_KINDS", "UNITS", "Extension", "Facts", "LimitPack", "LimitRule", "Pause", "Reading",
    "due_at", "due_words", "explain", "read_rule", "refuse_extension", "state", "was_late",
]  # fmt: skip

_ZERO = timedelta(0)


class Pause(NamedTuple):
    """The clock stood still from `from_at` until `until` (None: still does)."""

    from_at: datetime
    until: datetime | None = None
    reason: str = ""


class Extension(NamedTuple):
    """`amount` in the unit of the limit, in force since `approved_at`."""

    amount: float
    unit: str
    approved_at: datetime


@dataclass(frozen=True)
class Facts:
    """What happened to one limit.

    set_to      due moment set by the one who gave the order, in place of the rule's amount
    dropped_at  from then on the limit no longer counts (matter withdrawn, referred, merged)
    """

    start: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    met_at: datetime | None = None
    set_to: datetime | None = None
    dropped_at: datetime | None = None

    def known_at(self, at: datetime) -> "Facts":
        """The facts of that moment: later ones are left out, a pause that ended later is still open."""
        return replace(
            self,
            pauses=tuple(
                Pause(p.from_at, p.until if p.until and p.until <= at else None, p.reason)
                for p in (Pause(*p) for p in self.pauses)
                if p.from_at <= at
            ),
            extensions=tuple(e for e in (Extension(*e) for e in self.extensions) if e.approved_at <= at),
            met_at=self.met_at if self.met_at and self.met_at <= at else None,
            dropped_at=self.dropped_at if self.dropped_at and self.dropped_at <= at else None,
        )


@dataclass(frozen=True)
class Reading:
    """How one limit stands at one moment.

    due_at        None while stopped; `due_if_resumed` then says when it would be due if it went on now
    elapsed_share 0 at the start, 1 when due, more when late: for the bar
    left, late_by on the unit's own clock (working time for 工作日 and 工作时), never negative
    status        ok · soon · late · hold · met · off: for the look of the bar
    """

    due_at: datetime | None
    due_if_resumed: datetime | None
    met_at: datetime | None
    is_met: bool
    is_late: bool
    is_soon: bool
    is_paused: bool
    is_provisional: bool
    elapsed_share: float
    left: timedelta
    late_by: timedelta
    text: str
    status: str

    @property
    def due_on(self) -> date | None:
        return self.due_at and local(self.due_at).date()


def due_at(
    rule: LimitRule,
    start: datetime,
    calendar: WorkCalendar,
    pauses: Iterable[tuple] = (),
    extensions: Iterable[tuple] = (),
    set_to: datetime | None = None,
) -> datetime | None:
    """The last moment in which the limit is met in time; None while it is stopped by an open pause."""
    start = local(start)
    stops = flow.merged(((p[0], p[1]) for p in pauses), start)
    more = sum(_added(rule, Extension(*e)) for e in extensions)
    if set_to is not None:
        extended = flow.add(rule.unit, calendar, local(set_to), flow.length_of(rule.unit, more, calendar))
        return flow.flow_due(rule.unit, calendar, extended, stops)
    if rule.unit in flow.DAY_UNITS:
        amount = int(rule.amount + more)
        return flow.days_due(rule.unit, calendar, start, amount, stops, rule.roll_to_workday)
    length = flow.length_of(rule.unit, rule.amount + more, calendar)
    return flow.flow_due(rule.unit, calendar, flow.add(rule.unit, calendar, start, length), stops)


def _added(rule: LimitRule, extension: Extension) -> float:
    if extension.unit != rule.unit or extension.amount < 0:
        raise Refusal(f"时限 {rule.code}：延期要按{UNITS[rule.unit]}计，且不能为负", status=400)
    return extension.amount


def _due(rule: LimitRule, facts: Facts, calendar: WorkCalendar) -> datetime | None:
    return due_at(rule, facts.start, calendar, facts.pauses, facts.extensions, facts.set_to)


def _resumed(facts: Facts, at: datetime) -> Facts:
    return replace(facts, pauses=tuple(Pause(p.from_at, p.until or at, p.reason) for p in facts.pauses))


def _unconfirmed(rule: LimitRule, facts: Facts, calendar: WorkCalendar, due: datetime) -> tuple[int, ...]:
    """Years without a confirmed arrangement on which the due moment rests."""
    first, last = local(facts.start).date(), local(due).date()
    if rule.unit in flow.WORK_UNITS:
        return calendar.unconfirmed_years(first, last)
    if rule.roll_to_workday and facts.set_to is None:
        plain = _unrolled(rule, facts, calendar)
        return calendar.unconfirmed_years(plain, last)
    return ()


def _unrolled(rule: LimitRule, facts: Facts, calendar: WorkCalendar) -> date:
    amount = int(rule.amount + sum(e.amount for e in facts.extensions))
    stops = flow.merged(((p.from_at, p.until) for p in facts.pauses), local(facts.start))
    return flow.last_counted_day(calendar, facts.start, amount, stops)


def state(rule: LimitRule, facts: Facts, calendar: WorkCalendar, at: datetime) -> Reading:
    """How the limit stood at `at`, from what was known then."""
    at = local(at)
    facts = facts.known_at(at)
    start = local(facts.start)
    if at < start:
        return _reading(text="未起算", status="off")
    # Once met or dropped the clock has stopped: an extension approved afterwards heals nothing.
    end = min(moment for moment in (at, facts.met_at, facts.dropped_at) if moment)
    facts = facts.known_at(end)
    due = _due(rule, facts, calendar)
    goal = due or _due(rule, _resumed(facts, end), calendar)
    is_met, is_paused = facts.met_at is not None, due is None
    past = end > goal
    stops = flow.merged(((p.from_at, p.until or end) for p in facts.pauses if p.from_at < goal), start)
    ran = flow.running(rule.unit, calendar, start, end, stops)
    whole = flow.running(rule.unit, calendar, start, goal, stops)
    share = ran / whole if whole > _ZERO else float(past)
    left = _ZERO if past else flow.measure(rule.unit, calendar, end, goal)
    late_by = flow.measure(rule.unit, calendar, goal, end) if past else _ZERO
    is_late = past and not rule.is_window
    is_running = not (is_met or past or is_paused or facts.dropped_at)
    is_soon = is_running and _is_soon(rule, calendar, share, left)
    day = calendar.day_length
    if is_met:
        text, status = (
            ("按时", "met") if not is_late else (words.late_words(rule.unit, late_by, day, met=True), "late")
        )
    elif facts.dropped_at:
        text, status, is_late = "不再计时", "off", False
    elif past:
        text = words.late_words(rule.unit, late_by, day, met=False)
        text, status = (text, "late") if is_late else ("期限已过", "off")
    elif is_paused:
        text, status = words.paused_words(facts.pauses[-1].reason), "hold"
    else:
        text, status = words.left_words(rule.unit, left, day), "soon" if is_soon else "ok"
    return _reading(
        due_at=due,
        due_if_resumed=goal if is_paused else None,
        met_at=facts.met_at,
        is_met=is_met,
        is_late=is_late,
        is_soon=is_soon,
        is_paused=is_paused and not is_met and not facts.dropped_at,
        is_provisional=bool(_unconfirmed(rule, _resumed(facts, end), calendar, goal)),
        elapsed_share=share,
        left=left,
        late_by=late_by if is_late else _ZERO,
        text=text,
        status=status,
    )


def was_late(rule: LimitRule, facts: Facts, calendar: WorkCalendar, at: datetime) -> bool:
    """Whether the limit read late at any moment up to `at`, even if an extension mended it since."""
    changes = [e[2] for e in facts.extensions] + [moment for p in facts.pauses for moment in p[:2] if moment]
    moments = [moment - flow.TICK for moment in changes if moment <= at] + [at]
    return any(state(rule, facts, calendar, moment).is_late for moment in moments)


def _reading(**values) -> Reading:
    blank = dict.fromkeys(("due_at", "due_if_resumed", "met_at"))
    blank |= dict.fromkeys(("is_met", "is_late", "is_soon", "is_paused", "is_provisional"), False)
    return Reading(**{**blank, "elapsed_share": 0.0, "left": _ZERO, "late_by": _ZERO, **values})


def _is_soon(rule: LimitRule, calendar: WorkCalendar, share: float, left: timedelta) -> bool:
    if rule.soon_amount is not None:
        return left <= flow.length_of(rule.unit, rule.soon_amount, calendar)
    return share >= rule.soon_share


def explain(
    rule: LimitRule, facts: Facts, calendar: WorkCalendar, at: datetime, events: dict[str, str] | None = None
) -> str:
    """Why it is due then: 《信访工作条例》第34条，60日，自受理之日起，经批准延期一次（30日），至….

    `events` names the starting event (LimitPack.events); without it the event's code is shown.
    """
    end = min(moment for moment in (local(at), facts.met_at, facts.dropped_at) if moment)
    facts = facts.known_at(end)
    start = local(facts.start)
    event = (events or {}).get(rule.starts_with, rule.starts_with)
    due = _due(rule, facts, calendar)
    if facts.set_to is None:
        parts = [rule.cited, rule.length, words.start_words(rule.unit, event)]
    else:
        parts = ["交办时定的期限", words.moment_words(facts.set_to)]
    if facts.extensions:
        amounts = [amount_words(e.amount, e.unit) for e in facts.extensions]
        parts.append(words.extension_words(facts.extensions, amounts))
    counting = [p for p in facts.pauses if due is None or p.from_at < due]
    parts += words.pause_words(counting, rule.unit, start.date())
    if due is None:
        parts.append("恢复计时后接着算")
    else:
        if rule.roll_to_workday and facts.set_to is None and _unrolled(rule, facts, calendar) != due.date():
            parts.append("末日逢休息日顺延")
        until = words.day_words(due.date()) if rule.unit == "calendar_days" else words.moment_words(due)
        parts.append(f"至{until}（{words.day_words(start.date(), due.date())}{event}）")
    years = _unconfirmed(
        rule, _resumed(facts, end), calendar, due or _due(rule, _resumed(facts, end), calendar)
    )
    note = "".join(f"；{year}年放假安排尚未公布，届时重算" for year in years)
    return "，".join(parts) + note


def refuse_extension(
    rule: LimitRule, facts: Facts, calendar: WorkCalendar, amount: float, at: datetime
) -> None:
    """Raise Refusal when the limit may not be extended by `amount` of its unit at this moment."""
    known = facts.known_at(at)
    given = len(known.extensions)
    if not rule.extend_times:
        raise Refusal(f"“{rule.name}”（{rule.cited}）不能延期；做不完请报告督办人说明原因")
    if given >= rule.extend_times:
        raise Refusal(
            f"“{rule.name}”（{rule.cited}）最多延期 {rule.extend_times} 次，已延 {given} 次，不能再延"
        )
    most = amount_words(rule.extend_max, rule.unit)
    if not 0 < amount <= rule.extend_max or (rule.unit in flow.DAY_UNITS and amount != int(amount)):
        raise Refusal(f"“{rule.name}”一次最多延期{most}，请填 1 到 {rule.extend_max:g} 之间的数", status=400)
    reading = state(rule, facts, calendar, at)
    if reading.is_met or known.dropped_at:
        raise Refusal(f"“{rule.name}”已经了结，不用延期")
    if reading.is_late:
        raise Refusal(
            f"“{rule.name}”已经{reading.text.replace(' ', '')}，超期后不能再批延期；请尽快办理并说明原因"
        )
