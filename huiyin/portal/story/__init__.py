"""A matter in the words of the person who raised it: where it stands, what happened, what was answered."""

from huiyin.portal.story.history import History
from huiyin.portal.story.letter import Letter, letter_of
from huiyin.portal.story.standing import Standing, standing_of
from huiyin.portal.story.trail import Entry, trail_of

__all__ = ["Entry", "History", "Letter", "Standing", "letter_of", "standing_of", "trail_of"]
