"""From what a story writes to the inputs of the moves of the hotline and of services."""

from huiyin.reception import service_use

UPSTREAM_MAIN = {"instruct_problem": "text", "give_result": "text"}


def _open(case, name: str):
    row = getattr(case, name).filter(decided_at=None).first()
    if row is None:
        raise LookupError("没有等答复的")
    return row


def _decide_return(cast, cases, case, given, at):
    return {**given, "subject": _open(case, "order_returns")}


def _decide_exclusion(cast, cases, case, given, at):
    return {**given, "subject": _open(case, "exclusions")}


def _limit(cast, cases, case, given, at):
    due = given.pop("due")
    return {**given, "due_at": cast.dates.moment(due, at)}


def _verdict(cast, cases, case, given, at):
    """`words` is what a rating calls the text of a call-back."""
    if "words" in given:
        given["text"] = given.pop("words")
    return given


def _call(cast, cases, case, given, at):
    return {"result": "reached", **_verdict(cast, cases, case, given, at)}


UPSTREAM = {
    "decide_order_return": _decide_return, "decide_exclusion": _decide_exclusion, "change_limit": _limit,
    "call_back": _call, "upstream_verdict": _verdict,
}  # fmt: skip


def choose_item(story, case, by) -> None:
    """A story of a service names its item of the catalogue."""
    if story.data.get("service"):
        service_use.set_item(case, story.data["service"], by=by)
