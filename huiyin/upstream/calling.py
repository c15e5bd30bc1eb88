"""Calling back at expiry, and what is left out of the rates: asked for by one, reviewed by another."""

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import move
from huiyin.cases.states import ENDED, Satisfied, Solved, State
from huiyin.upstream import orders, profile
from huiyin.upstream.models import CallBack, CallResult, CallSource

ANSWERED = frozenset({State.ANSWERED, State.CLOSED})
GONE = ENDED - {State.CLOSED}


def why_not(case) -> str:
    """Why there is nobody to call back now, or ''."""
    order = orders.known(case)
    if order.called_at:
        return "这一轮已经回访到了"
    if case.state not in ANSWERED and not order.is_expired:
        return "还没答复也没到期，不到回访的时候"
    return ""


def call(
    case, *, by, result: str, contacted: str = "", solved: str = "", satisfied: str = "", text: str = ""
):
    """One try. Reached: the three answers, kept as the verdict of this round too; else the next try."""
    given = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    if result == CallResult.REACHED:
        _complete(given)
    with move(case, "call_back", by) as step:
        refusal = why_not(case)
        if refusal:
            raise Refusal(f"{refusal}。")
        order = orders.order_of(case)
        given = given if result == CallResult.REACHED else dict.fromkeys(given, "")
        CallBack.objects.create(
            office_id=case.office_id, case=case, round=case.round, source=CallSource.OWN, result=result,
            words=text.strip(), at=step.at, by=by, **given,
        )  # fmt: skip
        order.tries += 1
        if result == CallResult.REACHED:
            order.called_at, order.solved, order.satisfied = step.at, solved, satisfied
            if case.state in ANSWERED:
                _rate(case, step, given, text)
            step.say(text.strip(), **given, notes=[_in_words(given)])
        else:
            most = profile.callback(case.office)["tries"]
            name = CallResult(result).label
            gone = "，记为联系不上" if order.tries >= most else f"，满 {most} 次记为联系不上"
            step.say(text.strip(), result=result, notes=[f"第 {order.tries} 次：{name}{gone}"])
        order.save()
    return case


def _complete(given: dict) -> None:
    wanted = {"contacted": {"yes", "no"}, "solved": set(Solved.values), "satisfied": set(Satisfied.values)}
    errors = {name: "请选一个" for name, values in wanted.items() if given[name] not in values}
    if errors:
        raise Refusal("打通了就把三个问题都问到：联系过吗、解决了吗、满意吗。", status=400, errors=errors)


def _rate(case, step, given: dict, text: str) -> None:
    """The verdict of this round, unless the person has given it already."""
    if not case.ratings.filter(round=case.round, voice="").exists():
        case.ratings.create(
            office_id=case.office_id,
            round=case.round,
            words=text.strip(),
            rated_at=step.at,
            taken_by=step.by,
            **given,
        )


def _in_words(given: dict) -> str:
    contacted = "联系过" if given["contacted"] == "yes" else "没联系过"
    return f"{contacted}，{Solved(given['solved']).label}，{Satisfied(given['satisfied']).label}"


def heard(case, *, by, contacted: str, solved: str, satisfied: str, text: str = ""):
    """What the upstream heard when it called back: kept beside our own, never in its place."""
    given = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    _complete(given)
    with move(case, "upstream_verdict", by) as step:
        order = orders.order_of(case)
        CallBack.objects.create(
            office_id=case.office_id, case=case, round=case.round, source=CallSource.UPSTREAM,
            result=CallResult.REACHED, words=text.strip(), at=step.at, by=by, **given,
        )  # fmt: skip
        order.called_at, order.solved, order.satisfied = step.at, solved, satisfied
        order.save()
        step.say(text.strip(), **given, notes=["上级回访：" + _in_words(given)])
    return case


def ask_exclusion(case, *, by, reason: str, text: str):
    """Leave this order out of the rates; the raw fact stays, another person reviews it."""
    row = profile.exclusion_reasons(case.office).get(reason)
    if row is None:
        raise Refusal("剔除要选一条理由。", status=400, errors={"reason": "请从列表里选"})
    with move(case, "ask_exclusion", by) as step:
        if case.exclusions.filter(decided_at=None).exists():
            raise Refusal("已经申请过，等人审核。")
        if orders.known(case).excluded:
            raise Refusal("这一轮已经剔除了。")
        case.exclusions.create(
            office_id=case.office_id,
            round=case.round,
            reason=reason,
            words=text.strip(),
            asked_at=step.at,
            asked_by=by,
        )
        step.say(text.strip(), reason=reason, notes=[f"理由：{row['name']}", f"要有：{row['needs']}"])
    return case


def decide_exclusion(case, *, by, subject, approve: bool, text: str):
    """Reviewed by somebody else than who asked and who handled it."""
    with move(case, "decide_exclusion", by, subject) as step:
        row = case.exclusions.get(pk=subject.pk)
        if row.decided_at:
            raise Refusal("这次剔除已经审核过了。")
        if row.asked_by_id == by.pk:
            raise Refusal("剔除不能自己申请自己审核，请换一个人。", status=403)
        row.decided_at, row.decided_by, row.is_approved, row.answer = step.at, by, approve, text.strip()
        row.save(update_fields=["decided_at", "decided_by", "is_approved", "answer"])
        if approve:
            order = orders.order_of(case)
            order.excluded = row.reason
            order.save(update_fields=["excluded"])
        step.say(text.strip(), approved=approve, notes=["同意剔除" if approve else "不同意剔除，照常计算"])
    return case
