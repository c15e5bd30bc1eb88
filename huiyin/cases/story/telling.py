"""Everything that the person may see of their matter, put together once for the page and the API."""

from functools import cached_property

from huiyin.cases.states import State
from huiyin.cases.story.history import History, veiled
from huiyin.cases.story.letter import Letter, answer_of, letter_of
from huiyin.cases.story.standing import Standing, standing_of
from huiyin.cases.story.trail import Entry, trail_of
from huiyin.cases.wording import shorten

MOST_MERGES = 5


class Telling:
    """`case` in words for the person; of the matter it was merged into the answer and the way, not its person."""

    @classmethod
    def of(cls, found) -> "Telling":
        """For the holder of one tracking code (`tracking.Found`)."""
        return cls(found.case, found.voice, is_late_comer=found.is_late_comer)

    def __init__(self, case, voice: str = "", *, is_late_comer: bool = False):
        """`voice`: whose page ('' the first person's); a late comer joined the matter of somebody else."""
        self.case, self.voice, self.is_late_comer = case, voice, is_late_comer
        self.goal = _goal(case)
        self.is_joined = self.goal is not case
        self.history = History(case)
        self.goal_history = History(self.goal) if self.is_joined else self.history

    @property
    def title(self) -> str:
        """What the matter is about; for a late comer in their own words, for they do not know the first person's."""
        own = next(
            (
                row
                for row in self.history.events
                if row.verb == "urge" and row.data.get("voice") == self.voice
            ),
            None,
        )
        return veiled(shorten(own.text) if self.is_late_comer and own and own.text else self.case.title)

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.history)

    @cached_property
    def goal_standing(self) -> Standing | None:
        """Where the matter stands that this one was merged into."""
        return standing_of(self.goal_history) if self.is_joined else None

    @property
    def words(self) -> str:
        """The first sentences of the page in one line."""
        joined = f"那一件现在：{self.goal_standing.words}" if self.is_joined else ""
        return self.standing.words + joined

    @cached_property
    def letter(self) -> Letter | None:
        return letter_of(self.goal_history)

    @property
    def answer(self):
        """The move with the answer now in force, or None."""
        return answer_of(self.goal_history)

    def trail(self, *, without=None) -> list[Entry]:
        """Newest first; `without`: the move whose words stand elsewhere already."""
        return trail_of(self.history, shown=without, of_other=self.is_late_comer, voice=self.voice)

    def goal_trail(self, *, without=None) -> list[Entry]:
        return trail_of(self.goal_history, shown=without, of_other=True) if self.is_joined else []


def _goal(case):
    """The matter whose answer counts: this one, or the one it was merged into."""
    for _ in range(MOST_MERGES):
        if case.state != State.MERGED or case.merged_into is None:
            break
        case = case.merged_into
    return case
