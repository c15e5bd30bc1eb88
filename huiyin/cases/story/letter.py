"""What the office tells the person, as a letter: the answer, or why there is none yet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huiyin.cases.states import State
from huiyin.cases.story.history import History, veiled


@dataclass(frozen=True)
class Letter:
    heading: str
    paragraphs: list[str]
    signed: str
    at: datetime
    event: UUID
    phone: str
    greets: bool = False


ANSWERED = (State.ANSWERED, State.CLOSED)
OUTCOMES = {"solved": "解决了", "explained": "说明了情况", "unsupported": "这次没能办成，说明了理由"}


def answer_of(history: History):
    """The move with the answer of this round, or None when there is none yet."""
    return history.last("answer", "answer_at_once") if history.case.state in ANSWERED else None


def letter_of(history: History) -> Letter | None:
    """The answer of this round; before it the newest words that the person was told, when there are any."""
    case = history.case
    if case.state in ANSWERED:
        event = answer_of(history)
        return event and _letter(history, event, "给您的答复", greets=True)
    if case.state in (State.NOT_ACCEPTED, State.REFERRED):
        event = history.last("decline", "refer")
        heading = "为什么，可以去哪里" if case.state == State.NOT_ACCEPTED else "转到了哪里"
        return event and _letter(history, event, heading, own=True)
    if not case.is_open:
        return None
    if case.is_paused:
        event = history.last("pause")
        return event and _letter(history, event, "为什么先等一等")
    event = history.last("tell", "decide_extension", told=True)
    if event is None:
        return None
    late = history.days_late is not None
    return _letter(history, event, "为什么还没好" if late else "现在怎么样了")


def _letter(history, event, heading, *, greets=False, own=False) -> Letter:
    """`own`: the office itself speaks, no unit has the matter."""
    office, unit = history.case.office, None if own else history.unit
    return Letter(
        heading=heading,
        paragraphs=[line.strip() for line in veiled(event.text).splitlines() if line.strip()],
        signed=unit.name if unit else office.centre_name,
        at=event.at,
        event=event.pk,
        phone=event.data.get("phone") or (unit and unit.phone) or office.phone,
        greets=greets,
    )
