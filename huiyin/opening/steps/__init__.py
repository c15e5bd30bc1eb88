"""The steps of the set-up, in the order in which one builds on the other."""

from huiyin.opening.steps.areas import Areas
from huiyin.opening.steps.backlog import Backlog
from huiyin.opening.steps.base import Step
from huiyin.opening.steps.boundaries import Boundaries
from huiyin.opening.steps.lists import Categories, Duties
from huiyin.opening.steps.members import Members, Venues
from huiyin.opening.steps.organisations import Organisations
from huiyin.opening.steps.people import People

ORDER = (Areas, Boundaries, Organisations, People, Members, Venues, Duties, Categories, Backlog)
BY_NAME = {step.name: step for step in ORDER}


def get(name: str) -> Step:
    """A fresh step: while checking it remembers what it found. KeyError when there is none of that name."""
    return BY_NAME[name]()
