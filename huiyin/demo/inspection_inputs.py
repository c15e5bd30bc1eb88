"""Inputs of the moves of inspections, and pictures that a story asks for (`pictures: 1`)."""

from huiyin.cases import deadlines
from huiyin.demo.snapshots import taken
from huiyin.inspections import appeals

PICTURED = ("fix_on_spot", "verify", "report", "appeal_overdue")


def add_pictures(cast, case, verb: str, given: dict, by) -> dict:
    """`pictures: n` of a step as stored uploads: of the place as it is now."""
    count = given.pop("pictures", 0)
    if count and verb in PICTURED:
        given["attachments"] = [
            taken(
                cast.office,
                by,
                f"{case.intake_key}-{number}",
                mended=True,
                name=f"{case.number}-{verb}-{number}.jpg",
            )
            for number in range(1, count + 1)
        ]
    return given


def _appeal(cast, cases, case, given, at):
    duty = given.pop("duty")
    rows = [row for row in appeals.late_clocks(case) if deadlines.rule_of(row).duty == duty]
    if not rows:
        raise LookupError(f"没有超期的时限 {duty}")
    return {**given, "deadline": rows[0]}


def _send(cast, cases, case, given, at):
    if "due" in given:
        given["due_at"] = cast.dates.moment(given.pop("due"), at)
    return given


INSPECTED = {"appeal_overdue": _appeal, "send_at_once": _send}
