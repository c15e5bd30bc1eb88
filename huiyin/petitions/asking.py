"""What the person reads and may do about 复查 and 复核, by tracking code alone."""

from dataclasses import dataclass
from datetime import date

from huiyin.cases.tracking import Found
from huiyin.petitions import held, reviewing
from huiyin.petitions.models import Review, ReviewLevel, ReviewResult
from huiyin.rules import clock


@dataclass(frozen=True)
class Asking:
    """`label` 复查 or 复核 that may be asked for until `until`; `waiting` is one that runs; `is_final` nothing comes after."""

    label: str = ""
    until: date | None = None
    waiting: Review | None = None
    is_final: bool = False


def for_person(found: Found) -> Asking | None:
    """None where there is nothing to say: no petition, nothing answered, or somebody who only joined."""
    case = found.case
    if case.kind != "petition" or case.state not in held.ANSWERED or found.is_late_comer:
        return None
    rows = held.reviews(case)
    if rows and rows[-1].served_on is None:
        return Asking(waiting=rows[-1], label=rows[-1].get_level_display())
    level, _ = reviewing.next_level(case, rows)
    if not level:
        return Asking(is_final=rows[-1].result != ReviewResult.REVOKED)
    window = reviewing.duty_clock(case, reviewing.WINDOW[level])
    if window is None or clock.now() > window.due_at:
        return None
    return Asking(ReviewLevel(level).label, clock.local(window.due_at).date())


def ask(found: Found, text: str):
    """The person asks in their own words. Raises Refusal as `reviewing.request_review` does."""
    found.case.do("request_review", by=None, text=text)
