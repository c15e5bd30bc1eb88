"""The period of lists and sums, as every room reads it."""

from huiyin.rules.period import DAY, KINDS, Period

__all__ = ["DAY", "KINDS", "Period"]
