"""Properties of sums of working time over ten years of calendar, 调休 included, and a day-loop oracle."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.rules.clock import TZ

from .shipped import CALENDAR as cal

fast = settings(max_examples=150, deadline=None)
days = st.dates(date(2016, 1, 2), date(2027, 12, 30))
moments = st.datetimes(datetime(2016, 1, 2), datetime(2027, 12, 30)).map(lambda m: m.replace(tzinfo=TZ))
minutes = st.integers(0, 480 * 60)


@fast
@given(moments, minutes, minutes)
def test_adding_in_two_steps_is_adding_once(start, a, b):
    assert cal.add_working_minutes(cal.add_working_minutes(start, a), b) == cal.add_working_minutes(
        start, a + b
    )


@fast
@given(moments, minutes)
def test_between_undoes_adding(start, a):
    due = cal.add_working_minutes(start, a)
    assert cal.working_minutes_between(start, due) == a
    assert cal.working_time_between(start, cal.add_working_minutes(start, -a)) == timedelta(minutes=-a)


@fast
@given(moments, moments)
def test_adding_undoes_between(a, b):
    a, b = min(a, b), max(a, b)
    reached = cal.add_working_time(a, cal.working_time_between(a, b))
    assert reached <= b and cal.working_time_between(reached, b) == timedelta(0)


@fast
@given(moments, st.timedeltas(timedelta(0), timedelta(days=90)), minutes, minutes)
def test_later_starts_and_longer_amounts_end_later(start, gap, a, b):
    due = cal.add_working_minutes(start, a)
    assert due >= start
    assert cal.add_working_minutes(start + gap, a) >= due
    if b > a:
        assert cal.add_working_minutes(start, b) > due


@fast
@given(moments, minutes)
def test_due_moments_lie_in_office_hours(start, a):
    due = cal.add_working_minutes(start, a)
    if a:
        assert any(begin < due <= end for begin, end in cal.work_spans(due.date()))


@fast
@given(days, st.integers(-400, 400), st.integers(0, 400))
def test_working_days_add_up(day, n, more):
    reached = cal.add_working_days(day, n)
    assert n == 0 or cal.is_workday(reached)
    if n > 0:
        assert cal.working_days_between(day, reached) == n
        assert cal.add_working_days(reached, more) == cal.add_working_days(day, n + more)
    if n < 0:
        assert cal.working_days_between(reached, day) == -n - 1 + cal.is_workday(day)


def naive_add_days(day: date, n: int) -> date:
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= cal.is_workday(day)
    return day


@fast
@given(days, st.integers(-60, 60))
def test_working_days_equal_a_day_loop(day, n):
    assert cal.add_working_days(day, n) == naive_add_days(day, n)


@fast
@given(days, st.integers(0, 120))
def test_counting_equals_a_day_loop(day, gap):
    last = day + timedelta(days=gap)
    counted = sum(cal.is_workday(day + timedelta(days=i)) for i in range(1, gap + 1))
    assert cal.working_days_between(day, last) == counted


def works(minute: datetime) -> bool:
    return cal.is_workday(minute.date()) and (8 <= minute.hour < 12 or 14 <= minute.hour < 18)


@settings(max_examples=40, deadline=None)
@given(moments, st.integers(1, 700))
def test_working_minutes_equal_a_minute_loop(start, amount):
    at = start = start.replace(second=0, microsecond=0)
    left = amount
    while left:
        left -= works(at)
        at += timedelta(minutes=1)
    assert cal.add_working_minutes(start, amount) == at
