"""While matters of a former register are carried over, nobody is told of each step and no rule sends them on.

What happened elsewhere long ago is no news; whoever brings the matters in says once how many came.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_carrying: ContextVar[bool] = ContextVar("huiyin_carrying_over", default=False)


@contextmanager
def carrying():
    """The moves inside are those of a former register, for this thread or task only."""
    token = _carrying.set(True)
    try:
        yield
    finally:
        _carrying.reset(token)


def is_carrying() -> bool:
    return _carrying.get()
