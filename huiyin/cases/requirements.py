"""What a procedure asks for before a move: named conditions over the record, looked up each time.

A procedure says `requires: {report: [plan_done]}`; the condition itself is code of the room that knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from huiyin.base.refusal import Refusal
from huiyin.cases import carried_over, procedures


@dataclass(frozen=True)
class Requirement:
    """`unmet(case)` gives '' when the record holds what is asked for, else what is missing, in words."""

    code: str
    name: str
    unmet: Callable
    always: frozenset = frozenset()


KNOWN: dict[str, Requirement] = {}


def add(code: str, name: str, unmet: Callable, *, always: tuple[str, ...] = ()) -> None:
    """Register a condition that procedures may ask for; called once, in AppConfig.ready.

    `always`: moves before which it is asked for of every kind, whatever the procedure says.
    """
    KNOWN[code] = Requirement(code, name, unmet, frozenset(always))


def unmet(case, verb: str) -> list[tuple[Requirement, str]]:
    """[(requirement, what is missing)] of `verb` for this matter now."""
    codes = [*procedures.of(case).get("requires", {}).get(verb, ())]
    codes += [code for code, row in KNOWN.items() if verb in row.always and code not in codes]
    found = [(KNOWN[code], KNOWN[code].unmet(case)) for code in codes]
    return [(row, reason) for row, reason in found if reason]


def refuse(case, verb: str, label: str) -> None:
    """Raise Refusal 409 that names everything `verb` still lacks; what was done elsewhere long ago was done."""
    lacking = [] if carried_over.is_carrying() else unmet(case, verb)
    if lacking:
        raise Refusal(
            f"还不能“{label}”：" + "；".join(reason for _, reason in lacking) + "。",
            missing=tuple(row.name for row, _ in lacking),
        )
