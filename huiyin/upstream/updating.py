"""What a later file says of an order that is known: only what differs from the last time, each by its own verb."""

import hashlib

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases.states import State
from huiyin.upstream import order_sheet
from huiyin.upstream.models import ImportResult

# The order in which changes are applied: a limit before the work, verdicts last.
WATCHED = ("due", "text", "extra", "nature", "tags", "urges", "state", "verdict")
VERDICT = ("contacted", "solved", "satisfied")


def sight(values: dict) -> dict:
    """What was seen of a row: counts and words of state as they are, the rest as digests."""
    seen = {name: _digest(values.get(name, "")) for name in WATCHED if name != "verdict" and values.get(name)}
    if any(values.get(name) for name in VERDICT):
        seen["verdict"] = _digest("|".join(values.get(name, "") for name in VERDICT))
    if values.get("urges"):
        seen["urges"] = values["urges"]
    return seen


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def update(order, values: dict, content: dict, *, by) -> tuple:
    """(result, words, matter). Each change stands alone: one that is refused does not undo the others."""
    now, case = sight(values), order.case
    done, refused = [], []
    for name in WATCHED:
        if name not in now or now[name] == order.seen.get(name):
            continue
        try:
            with transaction.atomic():
                words = CHANGES[name](order, case, values, content, by)
        except Refusal as refusal:
            refused.append(refusal.message)
            case.refresh_from_db()
            continue
        order.refresh_from_db()
        order.seen = order.seen | {name: now[name]}
        order.save(update_fields=["seen"])
        if words:
            done.append(words)
    if refused:
        return (
            ImportResult.PARTLY,
            "；".join([*done, *(f"没有更新：{words}" for words in refused)])[:2000],
            case,
        )
    if done:
        return ImportResult.UPDATED, "；".join(done), case
    return ImportResult.SAME, "和上次一样", case


def _due(order, case, values, content, by) -> str:
    due = order_sheet.moment(values["due"], case.office)
    if order.source is not None and order.source.due_at == due:
        return ""
    case.do("change_limit", by=by, due_at=due, text="上级工单里的办理时限改了")
    return "时限改了"


def _text(order, case, values, content, by) -> str:
    return _supplement(case, values["text"], by, "主要内容改了")


def _extra(order, case, values, content, by) -> str:
    return _supplement(case, values["extra"], by, "补充了情况")


def _supplement(case, text: str, by, words: str) -> str:
    if text.strip() in case.description:
        return ""
    case.do("supplement", by=by, text=f"上级补充：{text.strip()}")
    return words


def _describe(order, case, values, content, by) -> str:
    nature = order_sheet.meaning(values, "nature", content) or order.nature
    tags = values.get("tags", "")[:120] or order.tags
    if (nature, tags) == (order.nature, order.tags):
        return ""
    order.nature, order.tags = nature, tags
    order.save(update_fields=["nature", "tags"])
    return "工单性质、标签改了"


def _urges(order, case, values, content, by) -> str:
    more = int(values["urges"]) - int(order.seen.get("urges") or 0)
    if more <= 0:
        return ""
    case.do("urge", by=by, text=f"上级催办，共 {values['urges']} 次", channel="hotline")
    return f"上级催办，共 {values['urges']} 次"


def _state(order, case, values, content, by) -> str:
    act = order_sheet.meaning(values, "state", content)
    said = values["state"]
    if act in ("return_agreed", "return_refused"):
        asked = case.order_returns.filter(decided_at=None).first()
        if asked is None:
            raise Refusal(f"工单状态是“{said}”，这件事没有等答复的退单")
        case.do(
            "decide_order_return",
            by=by,
            subject=asked,
            agreed=act == "return_agreed",
            text=f"上级工单状态：{said}",
        )
        return f"退单有了答复：{said}"
    if act == "reissue":
        if case.state in (State.REPORTED, State.VERIFIED):
            case.do("redo", by=by, text=f"上级退回重办：{values.get('extra') or said}")
        else:
            case.do("reopen", by=by, reason=f"上级退回重办：{values.get('extra') or said}")
        return "上级退回重办"
    if act == "urge":
        case.do("urge", by=by, text="上级催办", channel="hotline")
        return "上级催办"
    return ""


def _verdict(order, case, values, content, by) -> str:
    given = {name: order_sheet.meaning(values, name, content) for name in VERDICT}
    if not (given["solved"] and given["satisfied"]):
        raise Refusal("上级回访结果不全：是否解决、是否满意都要有")
    given["contacted"] = given["contacted"] or "yes"
    case.do("upstream_verdict", by=by, **given)
    return "记下了上级回访结果"


CHANGES = {
    "due": _due, "text": _text, "extra": _extra, "nature": _describe, "tags": _describe, "urges": _urges,
    "state": _state, "verdict": _verdict,
}  # fmt: skip
