"""Properties of limits over ten years of calendar, and loops over days and minutes as oracle."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.rules.clock import TZ
from huiyin.rules.limits import Extension, Facts, Pause, due_at, explain, read_rule, state, was_late

from .shipped import CALENDAR as cal

fast = settings(max_examples=80, deadline=None)
DAY_UNITS = ("calendar_days", "working_days")
UNITS = (*DAY_UNITS, "working_hours", "continuous_hours", "minutes")
FIRST = datetime(2016, 1, 4, tzinfo=TZ)


def make(unit, amount, roll=False):
    return read_rule(
        {
            "code": "T", "name": "办结", "starts_with": "accepted", "met_by": "closed", "source_kind": "示例",
            "source": "测试", "amount": amount, "unit": unit, "roll_to_workday": roll,
        }
    )  # fmt: skip


rules = st.builds(make, st.sampled_from(UNITS), st.integers(1, 40), st.booleans())
starts = st.integers(0, 10 * 365 * 24 * 60).map(lambda m: FIRST + timedelta(minutes=m))
# Minutes, with office hours and midnight hit often enough.
gaps = st.one_of(st.integers(0, 30 * 1440), st.integers(0, 720).map(lambda h: h * 60))


@st.composite
def situations(draw, most=3):
    """(start, pauses) – pauses may overlap, touch, be empty, or lie before the start."""
    start = draw(starts)
    if draw(st.booleans()):
        start = start.replace(hour=draw(st.sampled_from([0, 8, 12, 14, 18])), minute=0)
    pauses = []
    for _ in range(draw(st.integers(0, most))):
        begin = start + timedelta(minutes=draw(gaps) - 1440)
        pauses.append(Pause(begin, begin + timedelta(minutes=draw(gaps) % 14400)))
    return start, pauses


@fast
@given(rules, situations(), st.data())
def test_a_pause_never_makes_it_due_earlier_nor_due_inside(rule, situation, data):
    start, pauses = situation
    due = due_at(rule, start, cal, pauses)
    begin = start + timedelta(minutes=data.draw(gaps))
    more = Pause(begin, begin + timedelta(minutes=data.draw(gaps)))
    later = due_at(rule, start, cal, [*pauses, more])
    assert due_at(rule, start, cal) <= due <= later
    assert not more.from_at < later < more.until
    assert due_at(rule, start, cal, [*pauses, Pause(begin, begin)]) == due
    still_open = due_at(rule, start, cal, [*pauses, Pause(begin, None)])
    assert still_open is None if begin < due else still_open == due


@fast
@given(rules, situations(most=1), st.data())
def test_splitting_and_reordering_pauses_changes_nothing(rule, situation, data):
    start, pauses = situation
    begin = start + timedelta(minutes=data.draw(gaps))
    end = begin + timedelta(minutes=data.draw(gaps))
    middle = begin + (end - begin) * data.draw(st.floats(0, 1))
    whole = due_at(rule, start, cal, [*pauses, Pause(begin, end)])
    assert due_at(rule, start, cal, [Pause(middle, end), *pauses, Pause(begin, middle)]) == whole


@fast
@given(rules, situations(), st.integers(0, 30), st.integers(0, 30 * 1440))
def test_longer_or_later_is_due_later(rule, situation, more, gap):
    start, pauses = situation
    due = due_at(rule, start, cal, pauses)
    assert due_at(rule, start, cal, pauses, [Extension(more, rule.unit, start)]) >= due
    assert due_at(rule, start + timedelta(minutes=gap), cal, pauses) >= due
    assert due > start


@fast
@given(rules, situations(), st.integers(1, 20), st.integers(1, 20))
def test_two_extensions_are_one(rule, situation, a, b):
    start, pauses = situation
    both = [Extension(a, rule.unit, start), Extension(b, rule.unit, start)]
    once = [Extension(a + b, rule.unit, start)]
    assert due_at(rule, start, cal, pauses, both) == due_at(rule, start, cal, pauses, once)


def stopped(pauses, closing):
    return any(p.from_at < closing <= p.until for p in pauses)


def day_loop(rule, start, pauses):
    """The definition, day by day."""
    working = rule.unit == "working_days"

    def closing(day: date):
        midnight = datetime(day.year, day.month, day.day, tzinfo=TZ)
        return midnight + timedelta(hours=18 if working else 24)

    day, left = start.date(), rule.amount
    while left:
        day += timedelta(days=1)
        left -= (cal.is_workday(day) or not working) and not stopped(pauses, closing(day))
    while rule.roll_to_workday and (not cal.is_workday(day) or stopped(pauses, closing(day))):
        day += timedelta(days=1)
    return closing(day) - timedelta(microseconds=0 if working else 1)


@fast
@given(st.builds(make, st.sampled_from(DAY_UNITS), st.integers(1, 25), st.booleans()), situations())
def test_days_equal_a_day_loop(rule, situation):
    start, pauses = situation
    assert due_at(rule, start, cal, pauses) == day_loop(rule, start, pauses)


def minute_loop(unit, minutes, start, pauses):
    at, left = start, minutes
    while left:
        works = cal.is_workday(at.date()) and (8 <= at.hour < 12 or 14 <= at.hour < 18)
        runs = works or not unit.startswith("working")
        left -= runs and not any(p.from_at <= at < p.until for p in pauses)
        at += timedelta(minutes=1)
    return at


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(UNITS[2:]), st.integers(1, 9), situations(most=2))
def test_flowing_time_equals_a_minute_loop(unit, amount, situation):
    start, pauses = situation
    pauses = [Pause(p.from_at, min(p.until, p.from_at + timedelta(days=2))) for p in pauses]
    minutes = amount if unit == "minutes" else amount * 60
    assert due_at(make(unit, amount), start, cal, pauses) == minute_loop(unit, minutes, start, pauses)


@st.composite
def histories(draw):
    """A rule with all its facts, and two moments: one asked about, one at which later facts begin."""
    rule = draw(rules)
    start, pauses = draw(situations())
    at = start + timedelta(minutes=draw(gaps))
    later = at + timedelta(minutes=draw(gaps) + 1)
    extensions = tuple(
        Extension(draw(st.integers(1, 9)), rule.unit, start + timedelta(minutes=draw(gaps)))
        for _ in range(draw(st.integers(0, 2)))
    )
    met_at = draw(st.sampled_from([None, start + timedelta(minutes=draw(gaps))]))
    return rule, Facts(start, tuple(pauses), extensions, met_at), at, later


@fast
@given(histories())
def test_a_past_moment_reads_the_same_whatever_came_later(history):
    rule, facts, at, later = history
    then = facts.known_at(at)
    more = Facts(
        then.start,
        (*(Pause(p.from_at, p.until or later, p.reason) for p in then.pauses), Pause(later, None)),
        (*then.extensions, Extension(5, rule.unit, later)),
        then.met_at or later,
        dropped_at=later,
    )
    reading = state(rule, then, cal, at)
    assert state(rule, facts, cal, at) == state(rule, more, cal, at) == reading
    assert explain(rule, facts, cal, at) == explain(rule, more, cal, at) == explain(rule, then, cal, at)


@fast
@given(histories())
def test_a_reading_agrees_with_itself(history):
    rule, facts, at, later = history
    reading = state(rule, facts, cal, at)
    assert sum([reading.is_late, reading.is_soon, reading.is_paused]) <= 1
    assert reading.elapsed_share >= 0 and reading.left >= timedelta(0) and reading.late_by >= timedelta(0)
    if reading.is_late:
        assert reading.elapsed_share >= 1 and reading.left == timedelta(0) and reading.text[0] in "超迟刚"
        assert was_late(rule, facts, cal, at) and was_late(rule, facts, cal, later)
    elif not reading.is_paused:
        assert reading.elapsed_share <= 1 and reading.text[0] in "剩按"
    else:
        assert reading.due_at is None and reading.due_if_resumed >= at
    unchanged = not any(e.approved_at > at for e in facts.extensions)
    # A pause over one closing moment gives a whole day back, so only flowing time never runs backwards.
    if unchanged and rule.unit not in DAY_UNITS:
        assert state(rule, facts, cal, later).elapsed_share >= reading.elapsed_share - 1e-9
