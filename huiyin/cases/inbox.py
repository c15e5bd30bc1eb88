"""A member of staff's messages: unread first, then read ones, in pages by keyset."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from huiyin.notices.models import Notice
from huiyin.rules import clock

PAGE = 30
COUNT_CAP = 100


@dataclass(frozen=True)
class Cursor:
    """After which message the page goes on: unread or read part, its moment and id."""

    part: str
    at: datetime
    pk: UUID

    def __str__(self):
        return f"{self.part}~{self.at.isoformat()}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for anything that is not one of ours."""
        try:
            part, at, pk = text.split("~")
            return cls(part, clock.local(at), UUID(pk)) if part in ("new", "old") else None
        except ValueError:
            return None


def page(user, cursor: Cursor | None = None, group: str = "") -> tuple[list[Notice], Cursor | None]:
    """(messages, cursor of the next page): the unread ones before the read ones, each the newest first."""
    found = []
    for part in ("new", "old"):
        if cursor and cursor.part == "old" and part == "new":
            continue
        rows = Notice.objects.filter(to=user, read_at__isnull=part == "new").order_by("-created_at", "-pk")
        rows = rows.filter(group=group) if group else rows
        if cursor and cursor.part == part:
            rows = rows.filter(Q(created_at__lt=cursor.at) | Q(created_at=cursor.at, pk__lt=cursor.pk))
        found += list(rows[: PAGE + 1 - len(found)])
        if len(found) > PAGE:
            break
    if len(found) <= PAGE:
        return found, None
    last = found[PAGE - 1]
    return found[:PAGE], Cursor("old" if last.read_at else "new", last.created_at, last.pk)


def unread_count(user) -> int:
    """How many are unread, at most 100: it is asked on every page."""
    return Notice.objects.unread_by(user)[:COUNT_CAP].count()


def tabs(user, names: dict[str, str]) -> list[tuple[str, str, int]]:
    """(group, its name, unread ones among the latest hundred) of the groups that have any."""
    rows = Notice.objects.unread_by(user).order_by("-created_at").values_list("group", flat=True)
    counts = Counter(rows[:COUNT_CAP])
    return [(code, name, counts[code]) for code, name in names.items() if counts[code]]


def pulse(user, since: datetime) -> tuple[int, list[str]]:
    """(unread, at most 100; texts of the alarms since that moment, at most 3): one query."""
    rows = Notice.objects.unread_by(user).order_by("-created_at")
    rows = list(rows.values_list("level", "created_at", "text")[:COUNT_CAP])
    return len(rows), [text for level, at, text in rows if level == "alarm" and at > since][:3]


def open_notice(user, pk) -> Notice | None:
    """The user's own message, marked as read."""
    row = Notice.objects.filter(to=user, pk=pk).first()
    if row is not None and row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    return row


def read_all(user, until: datetime) -> int:
    """Mark what was there at `until` as read; what came since stays unread."""
    return Notice.objects.unread_by(user).filter(created_at__lte=until).update(read_at=clock.now())
