"""How a matter stands: its limits, who owes what, the notices – now, or as it was on a past day."""

from dataclasses import dataclass, field

from huiyin.cases import deadlines, record
from huiyin.cases.models import Assignment, Deadline, SupervisionNotice
from huiyin.cases.states import AssignmentState
from huiyin.rules import clock
from huiyin.rules.limits import LimitRule, Reading, due_words


@dataclass
class Clock:
    """One limit, read."""

    deadline: Deadline
    rule: LimitRule
    reading: Reading
    case: object
    at: object

    @property
    def due(self) -> str:
        """今天 15:30, 12月25日."""
        on = self.at and clock.local(self.at).date()
        return due_words(self.reading.due_at or self.reading.due_if_resumed, self.rule.unit, on)

    @property
    def is_over(self) -> bool:
        return self.reading.is_met or self.reading.status == "off"

    @property
    def sentence(self) -> str:
        """Why it is due then."""
        return deadlines.explain(self.deadline, self.case, self.at)


@dataclass
class Unit:
    """A unit that handles or handled it, with its own limits."""

    assignment: Assignment
    clocks: list[Clock] = field(default_factory=list)

    @property
    def main(self) -> Clock | None:
        """The limit that runs now, else the one for reporting."""
        running = [row for row in self.clocks if not row.is_over]
        reports = [row for row in self.clocks if row.rule.duty == "report"]
        return next(iter(running or reports or self.clocks), None)

    @property
    def late(self) -> list[Clock]:
        """Other limits that were missed: a late part stays late."""
        return [row for row in self.clocks if row.reading.is_late and row is not self.main]

    @property
    def is_returned(self) -> bool:
        return self.assignment.state == AssignmentState.RETURNED


@dataclass
class Standing:
    limits: list[Clock]
    units: list[Unit]
    notices: list[tuple[SupervisionNotice, Clock | None]]


def standing_of(case, at=None) -> Standing:
    """Limits of the matter itself, of each unit and of each notice, running ones first."""
    clocks = [Clock(row, rule, reading, case, at) for row, rule, reading in deadlines.readings(case, at)]
    clocks = [row for row in clocks if row.reading.status != "off" or row.rule.is_window]
    units = [Unit(row) for row in case.live_assignments if at is None or row.sent_at <= at]
    for unit in units:
        unit.clocks = [row for row in clocks if row.deadline.assignment_id == unit.assignment.pk]
    by_notice = {row.deadline.notice_id: row for row in clocks}
    notices = [row for row in record.rows(case, "notices") if at is None or row.issued_at <= at]
    notices.sort(key=lambda row: row.issued_at, reverse=True)
    own = [row for row in clocks if not row.deadline.assignment_id and not row.deadline.notice_id]
    return Standing(own, units, [(row, by_notice.get(row.pk)) for row in notices])
