"""Reads stories/*.yaml: a matter each, with a script of steps that say when, what and by whom.

A step is one pair. Key: `WHEN VERB [WHO] [ACT]`; value: the text, or a mapping of the verb's inputs, or nothing.
WHEN counts from the step before: 20m, 3h, 2d, 4w (working days), 2d@14:30, 1w@09:00; it slides to the next
working time unless it ends in `!`. WHO: a unit's code (its A 角), @username, @grid (the grid's worker),
resident; without it the desk of the channel. `ago` is the age in days (130), working days (3w) or minutes
(40m); `%Y` in a document number is the year of the step. A story goes as far as today.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import yaml

from huiyin.cases.workflow import MOVES
from huiyin.rules.clock import TZ

STORIES = Path(__file__).parent / "stories"
WHEN = re.compile(r"^(\d+)([mhdw])(?:@(\d\d:\d\d))?(!?)$")
ACTS_AFTER = "record"


@dataclass
class Step:
    when: str
    verb: str
    who: str
    act: str
    value: object


@dataclass
class Story:
    key: str
    data: dict
    steps: list[Step] = field(default_factory=list)


def read_stories() -> list[Story]:
    """All stories of the folder, in the order of the files."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for path in sorted(STORIES.glob("*.yaml")):
        for data in yaml.load(path.read_text(), Loader=loader):
            steps = [read_step(data["key"], *next(iter(row.items()))) for row in data.pop("steps")]
            found.append(Story(data["key"], data, steps))
    return found


def read_step(story: str, key: str, value) -> Step:
    words = key.split()
    when, verb, *rest = words
    if not WHEN.match(when) or verb not in MOVES:
        raise ValueError(f"{story}: cannot read step {key!r}")
    act = rest.pop() if verb == ACTS_AFTER else ""
    return Step(when, verb, rest[0] if rest else "", act, value)


class Timetable:
    """Turns the relative times of a story into moments, for the day on which the demo year ends."""

    def __init__(self, calendar, today: date):
        self.calendar, self.today = calendar, today

    def moments(self, story: Story, now: datetime) -> list[datetime]:
        """When it came in and when each step happens; a step later than `now` is still to come."""
        at = self.start(story, now)
        found = [at]
        for step in story.steps:
            at = self.later(at, step.when)
            found.append(at)
        return found

    def start(self, story: Story, now: datetime) -> datetime:
        ago, at = str(story.data["ago"]), story.data.get("at")
        if ago.endswith("m"):
            return now - timedelta(minutes=int(ago[:-1]))
        if ago.endswith("w"):
            day = self.back(int(ago[:-1]))
        else:
            day = self.today - timedelta(days=int(ago))
            if story.data["channel"] in ("visit", "letter", "directive", "hotline", "patrol"):
                day = self.calendar.workday_from(day)
        return datetime.combine(day, time.fromisoformat(at), TZ)

    def back(self, count: int) -> date:
        """The day `count` working days before today; 0 is the last working day up to today."""
        last = self.calendar.add_working_days(self.today + timedelta(days=1), -1)
        return self.calendar.add_working_days(last, -count)

    def later(self, at: datetime, when: str) -> datetime:
        amount, unit, clock_time, as_is = WHEN.match(when).groups()
        amount = int(amount)
        if unit == "m":
            moment = at + timedelta(minutes=amount)
        elif unit == "h":
            moment = at + timedelta(hours=amount)
        elif unit == "d":
            moment = at + timedelta(days=amount)
        else:
            day = self.calendar.add_working_days(at.date(), amount) if amount else at.date()
            moment = datetime.combine(day, at.time(), TZ)
        if clock_time:
            moment = datetime.combine(moment.date(), time.fromisoformat(clock_time), TZ)
        if moment < at:
            moment = at + timedelta(minutes=1)
        return moment if as_is else self.calendar.next_work_moment(moment)

    def moment(self, text: str, at: datetime) -> datetime:
        """'today@18:00', '3w', '-2w@12:00', '20d': a limit set by hand, from `at` or from today."""
        day, _, clock_time = str(text).partition("@")
        clock_time = time.fromisoformat(clock_time or "18:00")
        if day == "today":
            day = self.today
        elif day[0] in "+-":
            amount = int(day[1:-1])
            if day[-1] == "w":
                day = (
                    self.calendar.add_working_days(self.today, amount) if day[0] == "+" else self.back(amount)
                )
            else:
                day = self.today + timedelta(days=amount if day[0] == "+" else -amount)
        elif day[-1] == "w":
            day = self.calendar.add_working_days(at.date(), int(day[:-1]))
        else:
            day = at.date() + timedelta(days=int(day[:-1]))
        return datetime.combine(day, clock_time, TZ)
