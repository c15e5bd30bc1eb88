"""Moments of the demo world, told from today."""

from datetime import datetime, time, timedelta

from huiyin.reception import house_rules
from huiyin.rules import clock
from huiyin.rules.calendar import midnight


def moment_ago(days_ago: int, text: str):
    """That many days before today at this time, never later than now."""
    day = clock.today() - timedelta(days=days_ago)
    moment = midnight(day) + (datetime.combine(day, time.fromisoformat(text)) - datetime.combine(day, time()))
    return min(moment, clock.now() - timedelta(minutes=5))


def workday_ago(office, days_ago: int, text: str):
    """The same on the last working day not after it."""
    calendar = house_rules.calendar(office)
    while not calendar.is_workday(clock.today() - timedelta(days=days_ago)):
        days_ago += 1
    return moment_ago(days_ago, text)
