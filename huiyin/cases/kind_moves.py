"""Moves that only some kinds know, brought by the rooms above: one registration fills every table that a move needs.

A procedure opens such a move by naming its verb under `opens`; without that nobody is offered it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from huiyin.cases import deadlines, forms, offers, timeline, workflow
from huiyin.cases.move_form import MoveForm
from huiyin.cases.moving import ACTS
from huiyin.cases.workflow import Move


@dataclass(frozen=True)
class Subjects:
    """What a verb can be about besides the matter: rows with `case` and `office`, of a model of the room.

    `live(case)` those that a button may be shown for; `every(case)` a queryset of all, to look one up.
    """

    live: Callable
    every: Callable


def add(
    row: Move,
    *,
    form: type[MoveForm],
    act: Callable,
    condition: Callable | None = None,
    events: Iterable[str] = (),
    icon: str = "note",
    quiet: bool = False,
) -> None:
    """Register one move; called once, in AppConfig.ready.

    act        `act(case, *, by, subject=None, **cleaned_data)`; it runs `with move(case, verb, by, subject) as step:`
    condition  `(case, user, subject)` → '' or why not now, so that no dead button is shown
    events     events of the limit rules that this verb is on the matter's own clocks
    icon       beside its entry in the history; `step.data["notes"]` are short lines below its text there
    quiet      refused for now: not worth a line on the page
    """
    if row.verb in workflow.MOVES:
        raise ValueError(f"there is a move {row.verb} already")
    workflow.MOVES[row.verb] = row
    workflow.EVENT_LABELS[row.verb] = row.label
    forms.FORMS[row.verb] = form
    ACTS[row.verb] = act
    timeline.ICON_OF[row.verb] = icon
    if condition:
        offers.CONDITIONS[row.verb] = condition
    if events:
        deadlines.EVENTS[row.verb] = tuple(events)
    if quiet:
        offers.ONLY_WHEN_ALLOWED.add(row.verb)


def add_subjects(name: str, live: Callable, every: Callable) -> None:
    """Name what moves with `subject=name` are about."""
    offers.SUBJECTS[name] = Subjects(live, every)
