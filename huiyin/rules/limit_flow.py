"""How time runs for each unit: when a limit falls due, with pauses and extensions. No rules, no words.

Whole days (日, 工作日): the day of the trigger is not counted; a day counts if it is a day of the unit and
the clock is not stopped at its closing moment (24:00, or the end of office hours). So what was left on the
day of stopping is what is left on the day of going on. The limit falls due at the closing moment of the
last counted day; 24:00 is kept as the day's last microsecond, so that it prints as that day.
Flowing time (工作时, 小时, 分钟) is used up to the microsecond; time inside a pause does not run.
In both, a pause that begins when nothing is left changes nothing, and no limit falls due inside a pause.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from huiyin.rules.calendar import WorkCalendar, midnight
from huiyin.rules.clock import local

UNITS = {
    "calendar_days": "日",
    "working_days": "个工作日",
    "working_hours": "个工作时",
    "continuous_hours": "小时",
    "minutes": "分钟",
}
DAY_UNITS = ("calendar_days", "working_days")
WORK_UNITS = ("working_days", "working_hours")
TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_ZERO = timedelta(0)

Stop = tuple[datetime, datetime | None]


def length_of(unit: str, amount: float, calendar: WorkCalendar) -> timedelta:
    """The amount as time on the unit's own clock (a working day is one day's office hours)."""
    if unit == "calendar_days":
        return timedelta(days=amount)
    if unit == "working_days":
        return amount * calendar.day_length
    return timedelta(minutes=amount) if unit == "minutes" else timedelta(hours=amount)


def measure(unit: str, calendar: WorkCalendar, a: datetime, b: datetime) -> timedelta:
    """Time from a to b on the unit's clock: working time, or all time."""
    return calendar.working_time_between(a, b) if unit in WORK_UNITS else b - a


def running(unit: str, calendar: WorkCalendar, a: datetime, b: datetime, pauses: Iterable[Stop]) -> timedelta:
    """As `measure`, without the time inside the (merged) pauses."""
    total = measure(unit, calendar, a, b)
    for begin, end in pauses:
        begin, end = max(begin, a), min(end or b, b)
        if begin < end:
            total -= measure(unit, calendar, begin, end)
    return total


def merged(pauses: Iterable[Stop], since: datetime) -> list[Stop]:
    """Pauses in order, cut at `since`, touching ones joined, empty ones dropped. An open end is None."""
    joined: list[Stop] = []
    for begin, end in sorted(((max(p[0], since), p[1]) for p in pauses), key=lambda p: p[0]):
        if end is not None and end <= begin:
            continue
        if joined and (joined[-1][1] is None or begin <= joined[-1][1]):
            last = joined[-1][1]
            joined[-1] = (joined[-1][0], None if last is None or end is None else max(last, end))
        else:
            joined.append((begin, end))
    return joined


def flow_due(unit: str, calendar: WorkCalendar, due: datetime, pauses: list[Stop]) -> datetime | None:
    """`due` moved on by the merged pauses that begin before it; None while stopped."""
    for begin, end in pauses:
        if begin >= due:
            break
        if end is None:
            return None
        due = add(unit, calendar, due, measure(unit, calendar, begin, end))
    return due


def add(unit: str, calendar: WorkCalendar, moment: datetime, amount: timedelta) -> datetime:
    return calendar.add_working_time(moment, amount) if unit in WORK_UNITS else moment + amount


def days_due(
    unit: str, calendar: WorkCalendar, start: datetime, amount: int, pauses: list[Stop], roll: bool
) -> datetime | None:
    """Closing moment of the `amount`-th counted day; None while stopped."""
    working = unit == "working_days"
    trigger = local(start).date()
    day = _after(calendar, working, trigger, amount)
    for begin, end in pauses:
        first = max(_first_closing_after(calendar, working, begin), trigger + _DAY)
        if day < first:
            break
        if end is None:
            return None
        last = _last_closing_by(calendar, working, end)
        if last >= first:
            day = _after(calendar, working, day, _count(calendar, working, first, last))
    if roll and not working:
        rolled = _roll(calendar, day, pauses)
        if rolled is None:
            return None
        day = rolled
    return closing(calendar, unit, day)


def last_counted_day(calendar: WorkCalendar, start: datetime, amount: int, pauses: list[Stop]) -> date | None:
    """The last day of a calendar-day limit before it is moved off a day of rest."""
    due = days_due("calendar_days", calendar, start, amount, pauses, roll=False)
    return due and due.date()


def closing(calendar: WorkCalendar, unit: str, day: date) -> datetime:
    """The last moment of the day in which a day-limit can still be met."""
    return midnight(day) + (calendar.closes if unit == "working_days" else _DAY - TICK)


def _roll(calendar: WorkCalendar, day: date, pauses: list[Stop]) -> date | None:
    """The first working day from `day` whose end is not stopped (民法典第203条); None while stopped."""
    day = calendar.workday_from(day)
    for begin, end in pauses:
        if midnight(day) + _DAY <= begin:
            break
        if end is None:
            return None
        if midnight(day) + _DAY <= end:
            day = calendar.workday_from(local(end).date())
    return day


def _after(calendar: WorkCalendar, working: bool, day: date, count: int) -> date:
    return calendar.add_working_days(day, count) if working else day + timedelta(days=count)


def _count(calendar: WorkCalendar, working: bool, first: date, last: date) -> int:
    return calendar.working_days_between(first - _DAY, last) if working else (last - first).days + 1


def _first_closing_after(calendar: WorkCalendar, working: bool, moment: datetime) -> date:
    moment = local(moment)
    closed = working and _into(moment) >= calendar.closes
    return moment.date() + _DAY if closed else moment.date()


def _last_closing_by(calendar: WorkCalendar, working: bool, moment: datetime) -> date:
    moment = local(moment)
    closed = working and _into(moment) >= calendar.closes
    return moment.date() if closed else moment.date() - _DAY


def _into(moment: datetime) -> timedelta:
    return moment - datetime.combine(moment.date(), time(), moment.tzinfo)
