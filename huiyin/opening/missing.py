"""What is still missing: every line of the check-list is a query over the facts. Rooms add lines of their own.

`register(name, title, find, …)` in AppConfig.ready; `find(office)` returns a Gap or None and must be bounded.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

MOST = 20


@dataclass
class Gap:
    """What lacks: how many, the first of them by name, and how to mend it."""

    number: int
    names: list[str] = field(default_factory=list)
    todo: str = ""

    @property
    def more(self) -> int:
        return max(0, self.number - len(self.names))


@dataclass(frozen=True)
class Line:
    name: str
    title: str
    find: Callable[[object], Gap | None]
    url: Callable[[], str]
    must: bool
    order: int
    after: str = ""


_lines: dict[str, Line] = {}


def register(
    name: str,
    title: str,
    find: Callable[[object], Gap | None],
    *,
    url_name: str,
    args: tuple = (),
    must: bool = False,
    order: int = 100,
    after: str = "",
) -> None:
    """`title` says what should be so ("每个网格有网格员"); `must`: without it no matter can be handled.

    `after`: the line that says there is anything of which it could be so; while that one lacks, this one waits.
    """
    _lines[name] = Line(name, title, find, lambda: reverse(url_name, args=args), must, order, after)


def gap(rows, named: Callable[[object], str] = str, todo: str = "") -> Gap | None:
    """A Gap of the rows of a queryset or list, the first MOST by name; None when there is none."""
    if isinstance(rows, list):
        number, first = len(rows), rows[:MOST]
    else:
        first = list(rows[:MOST])
        number = rows.count() if len(first) == MOST else len(first)
    return Gap(number, [named(row) for row in first], todo) if number else None


def look(office) -> list[dict]:
    """Every line with its gap or None, and `waits`: nothing to look at yet. Those that must be there first."""
    lines = sorted(_lines.values(), key=lambda line: (line.order, line.name))
    rows = [{"line": line, "gap": line.find(office), "url": line.url()} for line in lines]
    lacking = {row["line"].name for row in rows if row["gap"]}
    return [row | {"waits": row["gap"] is None and row["line"].after in lacking} for row in rows]


def lacking(office) -> tuple[int, int]:
    """(lines that lack something, how many of them must be there)"""
    rows = [row["line"].must for row in look(office) if row["gap"]]
    return len(rows), sum(rows)
