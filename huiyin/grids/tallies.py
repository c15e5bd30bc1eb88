"""Numbers that rooms above know about areas: what stands open there, what was found on visits."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """`counts(user, areas)` → {area id: number of that area and what lies in it}, for what `user` may see;
    `url(area)` → the list behind the number, or ""."""

    label: str
    counts: Callable[[object, list], dict]
    url: Callable[[object], str] = lambda area: ""
    is_alarm: bool = False


AREAS: list[Tally] = []


def of_areas(user, areas: list) -> dict:
    """area id → [(tally, number, address)], in the order in which rooms put them up."""
    numbers = [(tally, tally.counts(user, areas)) for tally in AREAS]
    return {
        area.pk: [(tally, counts.get(area.pk, 0), tally.url(area)) for tally, counts in numbers]
        for area in areas
    }
