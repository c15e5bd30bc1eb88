"""A matter in the words of the person who raised it: where it stands, what happened, what was answered."""

from huiyin.cases.story.history import History, veiled
from huiyin.cases.story.telling import Telling

__all__ = ["History", "Telling", "veiled"]
