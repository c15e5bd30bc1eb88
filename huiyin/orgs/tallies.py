"""Numbers that rooms above know and the pages of organisations show: each with the list behind it."""

from collections.abc import Callable

# office(user) and unit(user, organisation) -> [(label, number, address of the list)], for what `user` may see.
OFFICE: list[Callable] = []
UNIT: list[Callable] = []


def of_office(user) -> list[tuple]:
    return [row for tally in OFFICE for row in tally(user)]


def of_unit(user, organisation) -> list[tuple]:
    return [row for tally in UNIT for row in tally(user, organisation)]
