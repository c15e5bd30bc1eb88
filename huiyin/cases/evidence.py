"""The five haves (五个有): evidence found in the record, never a box that someone ticks."""

from collections.abc import Callable
from dataclasses import dataclass

from huiyin.cases import record, requirements, supervision
from huiyin.cases.moving import handlers
from huiyin.cases.states import HANDLING_ACTS
from huiyin.rules import clock

AT_ONCE = "answer_at_once"
ANSWERS = {"answer", AT_ONCE}
# verb → fn(event): why nobody else was to check this, or ''. Of moves that rooms above bring.
UNCHECKED: dict[str, Callable] = {}
# verb → fn(event): does this event prove that it was worked on? Of moves that rooms above bring.
HANDLED_BY: dict[str, Callable] = {}


@dataclass(frozen=True)
class Evidence:
    """One of the five: is it there, in a few words, and the ids of the events that prove it.

    `applies` False: this matter went a way on which it is not asked for; `text` says which.
    """

    name: str
    is_there: bool
    text: str
    events: tuple = ()
    applies: bool = True


def evidence_of(case) -> list[Evidence]:
    """The five haves of this round, in their order. Entries struck out prove nothing."""
    written = record.rows(case, "events")
    struck = {event.voids_id for event in written}
    events = [event for event in written if event.pk not in struck]
    now = [event for event in events if event.round == case.round]
    at_once = next((event for event in now if event.verb == AT_ONCE), None)
    handled, supervised = (
        (_not_asked("有调解", "当场答复，没有派人去办"), _not_asked("有督办", "当场答复，没有承办单位可督"))
        if at_once
        else (_handled(now), _supervised(case, now))
    )
    return [_received(events), _recorded(case, events), handled, supervised, _answered(now)]


def _not_asked(name: str, why: str) -> Evidence:
    return Evidence(name, False, f"不适用：{why}", applies=False)


def missing_of(case) -> list[Evidence]:
    """What closing still lacks: of the five haves, of what the kind asks for, of the feedback owed to others."""
    found = [*evidence_of(case), *of_kind(case), *feedback_of(case)]
    return [item for item in found if item.applies and not item.is_there]


def of_kind(case) -> list[Evidence]:
    """What the procedure of the kind asks for besides and is not there yet."""
    return [Evidence(row.name, False, words) for row, words in requirements.unmet(case, "close")]


def feedback_of(case) -> list[Evidence]:
    """One for each body that is owed a feedback report (交办、转办): is it in the record of this round?"""
    given = {
        event.data.get("source"): event
        for event in record.rows(case, "events")
        if event.verb == "feed_back" and event.round == case.round
    }
    found = []
    for source in record.rows(case, "sources"):
        if not source.owed_to:
            continue
        event = given.get(str(source.pk))
        text = f"{_day(event)} 已反馈" if event else f"还没向{source.owed_to}反馈"
        found.append(
            Evidence(f"向{source.owed_to}反馈", event is not None, text, (event.pk,) if event else ())
        )
    return found


def _day(event) -> str:
    return f"{clock.local(event.at):%m-%d}"


def _received(events) -> Evidence:
    found = [event for event in events if event.verb == "register"]
    if not found:
        return Evidence("有接访", False, "没有接待登记")
    return Evidence("有接访", True, f"{_day(found[0])} {found[0].by_title}", (found[0].pk,))


def _recorded(case, events) -> Evidence:
    if not (case.number and case.description.strip()):
        return Evidence("有记录", False, "没有登记内容")
    if case.in_charge_id is None:
        return Evidence("有记录", False, "没有专人负责")
    return Evidence(
        "有记录", True, f"{len(events)} 条，{case.in_charge.name}负责", tuple(e.pk for e in events[:1])
    )


def _handled(now) -> Evidence:
    found = [event for event in now if event.verb == "record" and event.act in HANDLING_ACTS]
    found += [event for event in now if event.verb == "report" and event.text.strip()]
    found += [event for event in now if event.verb in HANDLED_BY and HANDLED_BY[event.verb](event)]
    if not found:
        return Evidence("有调解", False, "没有谈话、核查、调解或处理的记录")
    return Evidence("有调解", True, f"{_day(found[-1])} 等 {len(found)} 条", tuple(e.pk for e in found))


def _supervised(case, now) -> Evidence:
    handled_by = handlers(case)
    for event in now:
        if event.verb in UNCHECKED and (why := UNCHECKED[event.verb](event)):
            return _not_asked("有督办", why)
    checks = [e for e in now if e.verb == "check_progress" and e.by_id not in handled_by]
    verified = [e for e in now if e.verb == "verify" and e.by_id not in handled_by]
    if not supervision.cause(case, clock.now()):
        if not verified:
            return Evidence("有督办", False, "没有旁人核实")
        return Evidence("有督办", True, f"{_day(verified[-1])} 由旁人核实", (verified[-1].pk,))
    why = "列为重点" if case.is_key else "超过期限"
    notices = [notice for notice in record.rows(case, "notices") if notice.round == case.round]
    notices.sort(key=lambda notice: notice.issued_at)
    if not notices:
        return Evidence("有督办", False, f"{why}，没有督办通知")
    unanswered = [notice.number for notice in notices if notice.answered_at is None]
    if unanswered:
        return Evidence("有督办", False, f"{'、'.join(unanswered)} 没有回复")
    checks = [event for event in checks if event.at >= notices[-1].answered_at]
    if not checks:
        return Evidence("有督办", False, "督办之后没有旁人核查进度")
    return Evidence("有督办", True, f"{len(notices)} 次，已回复、已核查", tuple(e.pk for e in checks))


def _answered(now) -> Evidence:
    found = [event for event in now if event.verb in ANSWERS and event.is_told and event.text.strip()]
    if not found:
        return Evidence("有反馈", False, "还没答复本人")
    return Evidence("有反馈", True, f"{_day(found[-1])} 已告知本人", (found[-1].pk,))
