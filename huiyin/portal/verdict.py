"""What the person may do with the matter by its code: rate the answer, open it again, withdraw it."""

from datetime import date

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import check
from huiyin.cases.states import State
from huiyin.cases.workflow import MOVES

VERBS = ("rate", "reopen", "withdraw")


def given(found):
    """The verdict of this voice on this round, or None."""
    return found.case.ratings.filter(round=found.case.round, voice=found.voice).first()


def allowed(case, rating=None) -> dict[str, bool]:
    """Verb → may the person do it now? A verdict is given once for each round and voice."""
    may = {verb: can(case, verb) for verb in VERBS}
    may["rate"] = may["rate"] and rating is None
    return may


def can(case, verb: str) -> bool:
    row = MOVES[verb]
    if case.state not in row.sources:
        return False
    try:
        check(case, row, None)
    except Refusal:
        return False
    return True


def rate_until(history) -> date | None:
    """The last day on which the verdict is waited for, as far as a rule sets one."""
    if history.case.state not in (State.ANSWERED, State.CLOSED):
        return None
    reading = history.reading("rate")
    return reading.due_on if reading and not reading.is_met else None
