"""What the steps of petitions and suggestions need besides: days, units, the opinion paper that a review is about."""

from datetime import timedelta

from huiyin.cases import record
from huiyin.documents import issuing
from huiyin.rules import clock

BASIS = "《信访工作条例》第三十二条；派单时引用的职责条款"


def _unit(cast, cases, case, given, at):
    if "unit" in given:
        given["organisation"] = given.pop("unit")
    if "person" in given:
        given["person"] = cast.user(given["person"])
    if "due" in given:
        given["due_on"] = cast.dates.moment(given.pop("due"), at).date()
    return given


def _held(cast, cases, case, given, at):
    """`held: 9d` – so long after the step; without it on the day of the step."""
    given["held_on"] = cast.dates.moment(given.pop("held", "0d"), at).date()
    return given


def _objection(cast, cases, case, given, at):
    return given | {"source": case.sources.exclude(owed_to="").first()}


def _request(cast, cases, case, given, at):
    """The written opinion was handed over `served` days after the answer."""
    days, outcome = given.pop("served", 1), given.pop("outcome", "explained")
    if not case.documents.filter(kind="opinion", round=case.round).exists():
        when = clock.local(case.answered_at) + timedelta(days=days)
        with clock.travel(when):
            clerk = cast.user("dai.changgeng")
            made = issuing.issue(
                record.load(case), "opinion", by=clerk, extra={"outcome": outcome, "basis": given.pop("basis", BASIS)},
                signed_by=cast.user("shao.wenpu"),
            )  # fmt: skip
            issuing.deliver(made, by=clerk, on=when.date(), way="hand", words="送到家里，本人签收")
    given.pop("basis", None)
    return given


PETITIONS = {
    "adopt": _unit, "implement": _unit, "name_accused": _unit, "raise_objection": _objection,
    "request_review": _request, "begin_hearing": _held, "end_hearing": _held,
}  # fmt: skip
PETITION_MAIN = {
    "instruct": "decision", "clear_accused": "reason", "serve_review": "how", "seek_instructions": "question",
}  # fmt: skip
