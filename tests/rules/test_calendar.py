"""The working calendar against the `holidays` package, official notices and hand-made cases."""

import json
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
import yaml

from huiyin.base.refusal import Refusal
from huiyin.rules import calendar_seed, clock
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.clock import local

from .shipped import SEEDS


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize("year", range(2016, 2027))
def test_every_day_agrees_with_holidays(calendar, year):
    table = holidays.China(years=range(year - 1, year + 2))
    for each in calendar.days(date(year, 1, 1), date(year, 12, 31)):
        assert calendar.is_workday(each) == table.is_working_day(each), each


def test_shipped_file_is_what_the_generator_writes():
    shipped = yaml.safe_load((SEEDS / "calendar.yaml").read_text())
    assert shipped == yaml.safe_load(yaml.safe_dump(calendar_seed.seed()))
    json.dumps(shipped["content"])


@pytest.mark.parametrize(
    "text, works, name",
    [
        ("2026-10-01", False, "国庆节"),
        ("2026-10-07", False, "国庆节调休"),
        ("2026-10-08", True, ""),
        ("2026-10-10", True, "国庆节调休上班"),
        ("2026-10-11", False, "周末"),
        ("2026-02-14", True, "春节调休上班"),
        ("2026-02-16", False, "除夕"),
        ("2020-01-31", False, "春节延长假期"),
        ("2020-02-03", True, ""),
        ("2019-05-03", False, "劳动节调休"),
    ],
)
def test_days_of_the_official_notices(calendar, text, works, name):
    assert (calendar.is_workday(day(text)), calendar.day_name(day(text))) == (works, name)


def test_unconfirmed_and_absent_years(calendar):
    assert calendar.is_confirmed(2026) and not calendar.is_confirmed(2027) and not calendar.is_confirmed(2040)
    assert calendar.unconfirmed_years(day("2025-12-31"), day("2028-01-01")) == (2027, 2028)
    assert "尚未公布" in calendar.source_of(2027)
    assert calendar.is_workday(day("2040-10-01")) and not calendar.is_workday(day("2040-10-06"))


def test_working_days_over_national_day(calendar):
    assert calendar.add_working_days(day("2026-09-30"), 1) == day("2026-10-08")
    assert calendar.add_working_days(day("2026-09-30"), 3) == day("2026-10-10")
    assert calendar.add_working_days(day("2026-10-10"), -3) == day("2026-09-30")
    assert calendar.working_days_between(day("2026-09-30"), day("2026-10-10")) == 3
    assert calendar.workday_from(day("2026-10-03")) == day("2026-10-08")


@pytest.mark.parametrize(
    "start, minutes, due",
    [
        ("2026-09-30 17:30", 60, "2026-10-08 08:30"),
        ("2026-09-30 11:30", 30, "2026-09-30 12:00"),
        ("2026-09-30 11:30", 31, "2026-09-30 14:01"),
        ("2026-09-30 12:30", 240, "2026-09-30 18:00"),
        ("2026-10-03 09:00", 480, "2026-10-08 18:00"),
        ("2026-10-08 08:00", -60, "2026-09-30 17:00"),
        ("2026-10-10 14:00", 0, "2026-10-10 14:00"),
    ],
)
def test_working_minutes(calendar, start, minutes, due):
    assert calendar.add_working_minutes(local(start), minutes) == local(due)
    assert calendar.working_minutes_between(local(start), local(due)) == minutes


def test_next_work_moment(calendar):
    for moment, wanted in [
        ("2026-09-30 07:10", "2026-09-30 08:00"),
        ("2026-09-30 12:00", "2026-09-30 14:00"),
        ("2026-09-30 15:15", "2026-09-30 15:15"),
        ("2026-09-30 18:00", "2026-10-08 08:00"),
    ]:
        assert calendar.next_work_moment(local(moment)) == local(wanted)


def test_spans_of_a_day(calendar):
    assert calendar.work_spans(day("2026-10-01")) == []
    morning, afternoon = calendar.work_spans(day("2026-10-10"))
    assert morning == (local("2026-10-10 08:00"), local("2026-10-10 12:00"))
    assert afternoon == (local("2026-10-10 14:00"), local("2026-10-10 18:00"))


def test_moments_of_other_zones_are_taken_to_local_time(calendar):
    utc = local("2026-09-30 17:30").astimezone(UTC)
    assert calendar.add_working_minutes(utc, 60) == local("2026-10-08 08:30")


@pytest.mark.parametrize(
    "content, words",
    [
        ({"years": {"去年": {}}}, "不是数字"),
        ({"years": {"2026": {"holidays": {"10月1日": "国庆节"}}}}, "不是日期"),
        ({"years": {"2026": {"holidays": {"2027-01-01": "元旦"}}}}, "请移到 2027 年"),
        (
            {"years": {"2026": {"holidays": {"2026-10-10": "x"}, "workdays": {"2026-10-10": "y"}}}},
            "请删去一处",
        ),
        ({"hours": [["14:00", "18:00"], ["08:00", "12:00"]]}, "从早到晚"),
        ({"hours": [["八点", "12:00"]]}, "看不懂"),
    ],
)
def test_bad_tables_are_refused_in_words(content, words):
    with pytest.raises(Refusal) as refusal:
        WorkCalendar(content)
    assert words in refusal.value.message and refusal.value.status == 400


def test_unquoted_hours_of_yaml_are_understood():
    content = yaml.safe_load("hours: [[08:30, 12:00], [14:30, 18:00]]")
    assert WorkCalendar(content).day_length == timedelta(hours=7)


def test_travel_nests_and_ends():
    with clock.travel("2026-01-02 10:00"):
        assert clock.now() == local("2026-01-02 10:00") and clock.today() == day("2026-01-02")
        with clock.travel(local("2020-02-03 09:00")):
            assert clock.today() == day("2020-02-03")
        assert clock.today() == day("2026-01-02")
    assert clock.now().utcoffset() == timedelta(hours=8)
    assert clock.now().year > 2020


def test_base_lets_the_clock_run_on():
    try:
        clock.set_base("2026-01-02 10:00")
        first = clock.now()
        assert timedelta(0) <= first - local("2026-01-02 10:00") < timedelta(minutes=1)
        assert clock.now() >= first
    finally:
        clock.set_base(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
