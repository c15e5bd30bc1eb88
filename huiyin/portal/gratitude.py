"""Thanks that a resident writes on the page of their own matter, kept where pennants and letters are kept."""

from huiyin.base.refusal import Refusal
from huiyin.cases.states import State
from huiyin.reception.models import Thanks, ThanksKind
from huiyin.reception.thanks import receive
from huiyin.rules import clock

ANSWERED = (State.ANSWERED, State.CLOSED)


def given(found) -> Thanks | None:
    """What the holder of this code gave already, or None."""
    if found.case.state not in ANSWERED:
        return None
    return Thanks.objects.filter(office_id=found.case.office_id, form_key=_key(found)).first()


def may_thank(found) -> bool:
    """Once the office has answered."""
    return found.case.state in ANSWERED


def give_thanks(found, *, text: str, sender: str, is_public: bool) -> Thanks:
    """Kept once for each code, as received by whoever signed the answer."""
    case, by = found.case, _who_answered(found.case)
    if by is None:
        raise Refusal("这件事还没有答复，等答复了再写。")
    words = {
        "kind": ThanksKind.LETTER,
        "sender": sender.strip(),
        "is_public": is_public,
        "on": clock.today(),
        "text": text.strip(),
        "case": case,
        "organisation": case.lead.organisation if case.lead else None,
    }
    row, _ = receive(case.office, words, None, by=by, key=_key(found))
    return row


def _who_answered(case):
    event = case.events.filter(verb__in=("answer", "answer_at_once")).order_by("-seq").first()
    return event and event.by


def _key(found) -> str:
    return f"portal:{found.code}"
