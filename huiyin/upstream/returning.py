"""退单: an order that is not ours is given back in time, with its ground; the upstream agrees or refuses."""

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, duties, record
from huiyin.cases.moving import move
from huiyin.cases.states import AssignmentState, State
from huiyin.cases.wording import told_or_refuse
from huiyin.rules import clock
from huiyin.upstream import orders, profile
from huiyin.upstream.models import OrderReturn

WINDOW = "order_return"


def window_of(case):
    """The clock within which this order may be given back; None where the rules know no such window."""
    rows = [
        row for row in record.rows(case, "deadlines") if row.round == case.round and row.dropped_at is None
    ]
    return next((row for row in rows if deadlines.rule_of(row).duty == WINDOW), None)


def why_not(case) -> str:
    """Why no order can be given back now, or ''."""
    if not orders.known(case).number:
        return "不是上级转来的工单，没有可退的上级"
    if record.has(case, OrderReturn) and case.order_returns.filter(decided_at=None).exists():
        return "已经提出退单，等上级答复"
    row = window_of(case)
    if row is not None and row.met_at is None and row.due_at < clock.now():
        return f"退单要在{_moment(row.due_at)}以前提出，已经过了"
    return ""


def ask(case, *, by, cause: str, reason: str, clause: str = ""):
    """Ask the upstream to take the order back. Refused when late, without its clause, or asked twice."""
    row = profile.cause(case.office, cause)
    if row["clause"] and not clause:
        raise Refusal(
            f"“{row['name']}”要引职责清单里的一条，请选。", status=400, errors={"clause": "请选清单条款"}
        )
    with move(case, "return_order", by) as step:
        refusal = why_not(case)
        if refusal:
            raise Refusal(f"{refusal}。")
        cited = duties.clause_text(case.office, clause) if clause else ""
        window = window_of(case)
        case.order_returns.create(
            office_id=case.office_id, round=case.round, cause=cause, reason=reason.strip(), clause=cited[:200],
            until=window and window.due_at, asked_at=step.at, asked_by=by,
        )  # fmt: skip
        deadlines.happened(case, "order_return_asked", step.at)
        step.say(
            reason.strip(),
            cause=row["name"],
            clause=cited,
            notes=[f"缘由：{row['name']}", *([cited] if cited else [])],
        )
    return case


def decide(case, *, by, subject, agreed: bool, text: str, told: str = ""):
    """What the upstream said. Agreed: the matter ends here and the person is told; refused: it is ours and counts."""
    with move(case, "decide_order_return", by, subject) as step:
        row = case.order_returns.get(pk=subject.pk)
        if row.decided_at:
            raise Refusal("上级已经答复过这次退单了。")
        row.decided_at, row.decided_by, row.is_agreed, row.answer = step.at, by, agreed, text.strip()
        row.save(update_fields=["decided_at", "decided_by", "is_agreed", "answer"])
        if agreed:
            words = (
                told.strip()
                or "您反映的这件事经核对不归本街道管，热线已经收回，另派管这事的单位，由他们联系您。"
            )
            case.assignments.filter(round=case.round).update(state=AssignmentState.RELEASED)
            step.to_state = State.REFERRED
            step.say(
                told_or_refuse(words, case.office),
                told=True,
                agreed=True,
                approved=True,
                notes=[f"上级同意退单：{text.strip()}"],
            )
            _end_clocks(case, step)
        else:
            step.say(text.strip(), agreed=False, notes=["上级不同意退单，仍由本街道办"])
    return case


def _end_clocks(case, step) -> None:
    case.deadlines.running().update(dropped_at=step.at)


def change_limit(case, *, by, due_at, text: str):
    """The upstream moved the order's limit; the old one stays in the history."""
    if due_at <= clock.now():
        raise Refusal("新的时限已经过去了，请核对上级的通知。", status=400, errors={"due_at": "要在现在以后"})
    with move(case, "change_limit", by) as step:
        order = orders.order_of(case)
        source = order.source
        if source is None:
            raise Refusal("这件事没有上级的时限可改；要多用几天请“申请延期”。")
        old = source.due_at
        if old == due_at:
            raise Refusal("和现在的时限一样，不用改。", status=400, errors={"due_at": "没有改动"})
        orders.move_limit(case, step, source, due_at)
        note = f"上级时限：{_moment(old) if old else '没有定'} → {_moment(due_at)}"
        late = ["改之前已经超过原来的时限"] if old and old < step.at else []
        step.say(text.strip(), was=old and old.isoformat(), now=due_at.isoformat(), notes=[note, *late])
    return case


def instruct(case, *, by, text: str):
    """A leader says how a problem order goes on."""
    with move(case, "instruct_problem", by) as step:
        order = orders.order_of(case)
        if not order.problem_at:
            raise Refusal("这件事还不是问题工单。")
        if order.problem_settled_at:
            raise Refusal("这件问题工单已经批示过了。")
        step.say(text.strip(), why=order.problem_why)
    return case


def _moment(at) -> str:
    at = clock.local(at)
    return f"{at.month}月{at.day}日 {at:%H:%M}"
