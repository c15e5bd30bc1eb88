"""Counts that may be an hour old: reckoned once in an hour and process, never about a single person."""

from collections.abc import Callable

from django.core.cache import cache

from huiyin.rules import clock

HOUR = 3600


def hourly(office, name: str, reckon: Callable):
    """What `reckon()` gave in this hour of the product's clock."""
    key = f"portal:{name}:{office.pk}:{clock.now():%Y%m%d%H}"
    return cache.get_or_set(key, reckon, HOUR)
