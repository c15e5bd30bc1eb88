"""The moves of one person on one matter, arranged: one main button, near ones, the rest folded, keys."""

from dataclasses import dataclass, field

from django.urls import reverse

from huiyin.cases.forms import FORMS
from huiyin.cases.offers import Offer, offers

# Letters of the desk's keyboard; N, J, K belong to the frame, I and G to the composer.
KEYS = {
    "accept": "a", "answer": "a", "dispatch": "d", "designate": "d", "add_unit": "d", "take": "t", "report": "b",
    "contact": "c", "verify": "v", "redo": "b", "close": "e", "supervise": "s", "check_progress": "p",
    "answer_notice": "y", "ask_extension": "l", "decide_extension": "o", "pause": "z", "resume": "z",
    "escalate": "u", "return_work": "q", "recall": "m", "sign_off": "w", "rate": "r", "reopen": "h",
    "look_back": "o", "follow_up": "f", "urge": "u", "merge": "m", "decline": "q", "overrule": "q", "sign_letter": "y", "mark_key": "x",
}  # fmt: skip
COMPOSED = ("record", "tell")
NEAR = 6


@dataclass
class Row:
    """One offer with its address and letter."""

    offer: Offer
    key: str = ""

    @property
    def url(self) -> str:
        return address("desk_move", self.offer)

    @property
    def form_url(self) -> str:
        return address("desk_move_form", self.offer)

    @property
    def has_fields(self) -> bool:
        return bool(FORMS[self.offer.verb].base_fields)


@dataclass
class Panel:
    main: Row | None = None
    near: list[Row] = field(default_factory=list)
    more: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    record: Row | None = None
    tell: Row | None = None

    @property
    def others(self) -> int:
        return len(self.near) + len(self.more)


def address(name: str, offer: Offer) -> str:
    parts = [offer.case.number, offer.verb]
    return reverse(name, args=[*parts, offer.subject.pk] if offer.subject is not None else parts)


def panel_of(case, user) -> Panel:
    """What `user` may do with `case` now, and what is near but not yet possible."""
    panel, taken, open_rows = Panel(), set(), []
    for offer in offers(case, user, with_refused=True):
        row = Row(offer)
        if not offer.is_allowed:
            panel.refused.append(row)
        elif offer.verb in COMPOSED:
            setattr(panel, offer.verb, row)
        else:
            key = KEYS.get(offer.verb, "")
            row.key = "" if key in taken else key
            taken.add(key)
            open_rows.append(row)
    panel.main, rest = (open_rows[0] if open_rows else None), open_rows[1:]
    panel.near, panel.more = rest[:NEAR], rest[NEAR:]
    return panel
