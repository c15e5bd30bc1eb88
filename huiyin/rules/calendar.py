"""Working calendar built from rule content: holidays, 调休 working days, office hours, and sums over them.

Any span costs O(log n): weekdays are counted in closed form, exceptions by bisection in a sorted list.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from huiyin.base.refusal import Refusal
from huiyin.rules.clock import TZ, local

DEFAULT_HOURS = (("08:00", "12:00"), ("14:00", "18:00"))
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_ZERO = timedelta(0)


def _weekdays_before(ordinal: int) -> int:
    """Mondays to Fridays among the ordinals 1..ordinal-1 (1 January of year 1 was a Monday)."""
    weeks, rest = divmod(ordinal - 1, 7)
    return 5 * weeks + min(rest, 5)


def _is_weekday(ordinal: int) -> bool:
    return (ordinal - 1) % 7 < 5


def _since_midnight(moment: datetime) -> timedelta:
    return timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


def midnight(day: date) -> datetime:
    """The first moment of the day, aware."""
    return datetime(day.year, day.month, day.day, tzinfo=TZ)


class WorkCalendar:
    """`content`: {hours: [["08:00", "12:00"], …], years: {"2026": {confirmed, source, holidays, workdays}}}.

    Years not in the table have weekends only and count as unconfirmed.
    """

    def __init__(self, content: dict):
        self._spans = _read_hours(content.get("hours") or DEFAULT_HOURS)
        self.day_length = sum((end - start for start, end in self._spans), _ZERO)
        self.closes = self._spans[-1][1]
        self._confirmed: set[int] = set()
        self._sources: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._off: set[int] = set()
        self._on: set[int] = set()
        for year, table in (content.get("years") or {}).items():
            self._read_year(year, table or {})
        changes = {o: -1 for o in self._off if _is_weekday(o)} | {
            o: 1 for o in self._on if not _is_weekday(o)
        }
        self._changed = sorted(changes)
        self._sums = [0]
        for ordinal in self._changed:
            self._sums.append(self._sums[-1] + changes[ordinal])
        self._least, self._most = min(self._sums), max(self._sums)

    def _read_year(self, year, table: dict):
        try:
            number = int(year)
        except (TypeError, ValueError):
            raise Refusal(f"工作日历：年份“{year}”不是数字，请写成四位年份，如 2026", status=400) from None
        if table.get("confirmed"):
            self._confirmed.add(number)
        self._sources[number] = str(table.get("source") or "")
        for field, found in (("holidays", self._off), ("workdays", self._on)):
            for text, name in (table.get(field) or {}).items():
                try:
                    day = text if isinstance(text, date) else date.fromisoformat(text)
                except (TypeError, ValueError):
                    raise Refusal(
                        f"工作日历：“{text}”不是日期，请写成 2026-10-01 的样子", status=400
                    ) from None
                if day.year != number:
                    raise Refusal(f"工作日历：{day} 写在了 {number} 年里，请移到 {day.year} 年", status=400)
                found.add(day.toordinal())
                self._names[day.toordinal()] = str(name or "")
        both = self._off & self._on
        if both:
            day = date.fromordinal(min(both))
            raise Refusal(f"工作日历：{day} 既写成放假又写成上班，请删去一处", status=400)

    # Days ---------------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        ordinal = day.toordinal()
        return ordinal in self._on or (_is_weekday(ordinal) and ordinal not in self._off)

    def is_confirmed(self, year: int) -> bool:
        """Whether the official arrangement of the year is in the table."""
        return year in self._confirmed

    def unconfirmed_years(self, first: date, last: date) -> tuple[int, ...]:
        return tuple(y for y in range(first.year, last.year + 1) if y not in self._confirmed)

    def source_of(self, year: int) -> str:
        return self._sources.get(year, "")

    def day_name(self, day: date) -> str:
        """The name in the table (国庆节, 国庆节调休上班), else 周末, else empty."""
        ordinal = day.toordinal()
        return self._names.get(ordinal) or ("" if self.is_workday(day) else "周末")

    def _before(self, ordinal: int) -> int:
        """Working days before the day of this ordinal, since year 1."""
        return _weekdays_before(ordinal) + self._sums[bisect_left(self._changed, ordinal)]

    def _nth(self, count: int) -> int:
        """Ordinal of the working day that has exactly `count` working days before it."""
        low = 7 * ((count - self._most) // 5)
        high = 7 * ((count - self._least) // 5 + 2)
        return bisect_left(range(high + 2), count + 1, lo=max(low, 1), key=self._before) - 1

    def workday_from(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_workday(day) else self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, if negative); the day itself never counts."""
        if count == 0:
            return day
        ordinal = day.toordinal()
        if count > 0:
            return date.fromordinal(self._nth(self._before(ordinal + 1) + count - 1))
        return date.fromordinal(self._nth(self._before(ordinal) + count))

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; negative when `last` lies before `first`."""
        return self._before(last.toordinal() + 1) - self._before(first.toordinal() + 1)

    # Hours --------------------------------------------------------------------------------------------

    def work_spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Office hours of the day as aware moments; empty when nobody works."""
        if not self.is_workday(day):
            return []
        start = midnight(day)
        return [(start + a, start + b) for a, b in self._spans]

    def _worked(self, moment: datetime) -> timedelta:
        """Working time from year 1 to the moment."""
        moment = local(moment)
        ordinal = moment.toordinal()
        total = self._before(ordinal) * self.day_length
        if self.is_workday(moment):
            into = _since_midnight(moment)
            for start, end in self._spans:
                if into <= start:
                    break
                total += min(into, end) - start
        return total

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b, to the microsecond; negative when b lies before a."""
        return self._worked(b) - self._worked(a)

    def working_minutes_between(self, a: datetime, b: datetime) -> float:
        return self.working_time_between(a, b) / _MINUTE

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest moment by which `amount` of working time has run since `start`.

        So an amount used up at noon is due at 12:00, not at 14:00; zero gives `start` itself. A negative
        amount goes back, to the latest such moment.
        """
        start = local(start)
        if not amount:
            return start
        target = self._worked(start) + amount
        days, rest = divmod(target, self.day_length)
        if amount > _ZERO and not rest:
            days, rest = days - 1, self.day_length
        moment = midnight(date.fromordinal(self._nth(days)))
        for begin, end in self._spans:
            length = end - begin
            if rest < length or (rest == length and amount > _ZERO):
                return moment + begin + rest
            rest -= length
        raise AssertionError("office hours do not add up to the length of a day")

    def add_working_minutes(self, start: datetime, minutes: float) -> datetime:
        return self.add_working_time(start, timedelta(minutes=minutes))

    def next_work_moment(self, moment: datetime) -> datetime:
        """The moment itself during office hours, else the beginning of the next ones."""
        moment = local(moment)
        for start, end in self.work_spans(moment.date()):
            if moment < end:
                return max(moment, start)
        return self.work_spans(self.add_working_days(moment.date(), 1))[0][0]

    def days(self, first: date, last: date) -> Iterator[date]:
        """Every day from first to last, both included (for printing a calendar page)."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield date.fromordinal(ordinal)


def _read_hours(rows) -> tuple[tuple[timedelta, timedelta], ...]:
    spans, last = [], _ZERO
    for row in rows:
        try:
            start, end = (_clock_time(text) for text in row)
        except (TypeError, ValueError):
            message = f"工作日历：办公时间“{row}”看不懂，请写成 08:00 到 12:00 这样的一对"
            raise Refusal(message, status=400) from None
        if start < last or end <= start:
            raise Refusal("工作日历：办公时间要从早到晚、互不重叠", status=400)
        spans.append((start, end))
        last = end
    return tuple(spans)


def _clock_time(text: str | int) -> timedelta:
    if isinstance(text, int):  # YAML reads an unquoted 14:00 as 840
        return timedelta(minutes=text)
    if text == "24:00":
        return _DAY
    at = time.fromisoformat(text)
    return timedelta(hours=at.hour, minutes=at.minute)
