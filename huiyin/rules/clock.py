"""The one clock of the product: Asia/Shanghai, and able to travel so that a year can be replayed."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("huiyin_frozen_moment", default=None)
_shift = timedelta(0)


def local(moment: datetime | str) -> datetime:
    """The moment in Asia/Shanghai. Text is ISO 8601; a moment without zone is taken as local time."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.replace(tzinfo=TZ) if moment.tzinfo is None else moment.astimezone(TZ)


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return _frozen.get() or datetime.now(TZ) + _shift


def today() -> date:
    return now().date()


@contextmanager
def travel(to: datetime | str):
    """Hold the clock at `to` inside the block, for this thread or task only. Blocks nest."""
    token = _frozen.set(local(to))
    try:
        yield
    finally:
        _frozen.reset(token)


def set_base(to: datetime | str | None):
    """Let the whole process run on from `to` (None: the real time again). For demo servers and journeys."""
    global _shift
    _shift = timedelta(0) if to is None else local(to) - datetime.now(TZ)
