"""What is read of a matter for its person, once: moves that still count, the lead unit, the dates owed."""

import re
from datetime import date
from functools import cached_property

from huiyin.cases import deadlines
from huiyin.cases.states import Part, State
from huiyin.rules import clock

LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d[ -]?){9,18}[0-9Xx](?![0-9A-Za-z])")


def veiled(text: str) -> str:
    """The text with telephone and identity numbers of persons as stars; office numbers (0…) stay.

    A tracking page may be opened by whoever finds the slip.
    """

    def stars(match):
        found = match.group()
        return found if found.startswith("0") else f"{found[:3]}****{found[-4:]}"

    return LONG_NUMBER.sub(stars, text)


class History:
    """`case` and its record, read when asked for."""

    def __init__(self, case):
        self.case = case

    @cached_property
    def all_events(self) -> list:
        rows = self.case.events.select_related("assignment__organisation").order_by("seq")
        return list(rows)

    @cached_property
    def events(self) -> list:
        """Moves in their order, without those that were struck out."""
        voided = {row.voids_id for row in self.all_events if row.voids_id}
        return [row for row in self.all_events if row.pk not in voided]

    def last(self, *verbs, told=False):
        """The newest move of this round with one of these verbs, or None."""
        fits = [
            row
            for row in self.events
            if row.verb in verbs and row.round == self.case.round and (row.is_told or not told)
        ]
        return fits[-1] if fits else None

    @cached_property
    def readings(self) -> list:
        return deadlines.readings(self.case)

    def reading(self, duty: str):
        """How the matter's own clock for this duty stands, or None when it does not run."""
        fits = [
            reading
            for row, rule, reading in self.readings
            if rule.duty == duty and rule.subject == "case" and row.dropped_at is None
        ]
        return fits[0] if fits else None

    @property
    def answer_on(self) -> date | None:
        """The day by which the person was promised an answer; None while the clock stands still."""
        reading = self.reading("close")
        return reading.due_on if reading else None

    @property
    def owed(self):
        """How the clock of the answer stands while one is still owed; None when not, or while it stands still."""
        if not self.case.is_open or self.case.is_paused or self.case.state == State.ANSWERED:
            return None
        reading = self.reading("close")
        return reading if reading and not reading.is_met else None

    @property
    def days_late(self) -> int | None:
        """Whole days past the promised day; 0 on the day itself; None when it is not late."""
        reading = self.reading("close")
        if reading is None or not reading.is_late or reading.is_met or reading.is_paused:
            return None
        return (clock.today() - reading.due_on).days

    @cached_property
    def unit(self):
        """The unit that answers for it now, else the last one that did; None before it is sent to any."""
        if self.case.lead:
            return self.case.lead.organisation
        rows = [row.assignment for row in self.events if row.assignment and row.assignment.part == Part.LEAD]
        return rows[-1].organisation if rows else None

    @property
    def unit_name(self) -> str:
        return str(self.unit) if self.unit else self.case.office.centre_name
