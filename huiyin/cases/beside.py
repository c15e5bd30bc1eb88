"""Places on the desk's pages that rooms above fill: the matter's page, its history, its preview and 今日.

A part is (template, context for this matter or user); the page draws what comes back, in order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Place:
    """`parts(…)` asks every filler; one that answers None draws nothing."""

    fillers: list[tuple[int, str, Callable[..., dict | None]]] = field(default_factory=list)

    def fill(self, template: str, filler: Callable[..., dict | None], *, order: int = 100) -> None:
        """Called once, in AppConfig.ready."""
        self.fillers.append((order, template, filler))
        self.fillers.sort(key=lambda row: row[0])

    def parts(self, *given) -> list[tuple[str, dict]]:
        """[(template, context)] of what there is to draw."""
        found = [(template, filler(*given)) for _, template, filler in self.fillers]
        return [(template, context) for template, context in found if context is not None]


MATTER = Place()  # filler(case, user): sections at the foot of the right column of a matter's page
TODAY = Place()  # filler(user): sections of 今日's side column


@dataclass(frozen=True)
class StoryRow:
    """Something another room did in a matter, as it stands in its 经过; it is looked at under `url`."""

    at: datetime
    icon: str
    heading: str
    who: str = ""
    document: str = ""
    url: str = ""
    words: str = ""
    kind: str = "plain"


STORY: list[Callable[..., list[StoryRow]]] = []  # fn(case, user) → rows of the matter's history


def story_rows(case, user) -> list[StoryRow]:
    return [row for rows in STORY for row in rows(case, user)]
