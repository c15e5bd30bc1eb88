"""Counts that may be an hour old: reckoned once in an hour and process, never about a single person."""

from collections.abc import Callable

from django.core.cache import cache

from huiyin.publications.topics import counted, hot
from huiyin.rules import clock

HOUR = 3600


def hot_topics(office, most: int) -> list:
    """The hot topics as counted in this hour, with what was done about them as of now."""
    return hot(office, most, hourly(office, "topics", lambda: counted(office)))


def hourly(office, name: str, reckon: Callable):
    """What `reckon()` gave in this hour of the product's clock."""
    key = f"portal:{name}:{office.pk}:{clock.now():%Y%m%d%H}"
    return cache.get_or_set(key, reckon, HOUR)
