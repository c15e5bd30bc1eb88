"""What the rooms above know about their rules: its name in Chinese, how to check it, how to try it out.

A room registers in AppConfig.ready; the rulebook itself knows nothing but RuleSet.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from huiyin.rulebook import shapes
from huiyin.rulebook.reading import Problem
from huiyin.rules.models import RuleSet


@dataclass(frozen=True)
class Trial:
    """How a draft is tried on the past.

    run(content, active, office, by, many) → JSON: {"counted", "changed", …}; must be bounded by `many`.
    shown(result, user) → context of `template`, which draws the result for this reader.
    `sizes` are the numbers of past matters offered.
    """

    run: Callable[..., dict]
    template: str
    shown: Callable[[dict, object], dict]
    sizes: tuple[int, ...] = (200, 500, 1000, 2000)


@dataclass(frozen=True)
class Entry:
    """One rule by name. `labels` are Chinese words for keys, for the difference; `help` says its shape in brief."""

    name: str
    title: str
    about: str = ""
    check: Callable[[object, object], Iterable[Problem]] | None = None
    trial: Trial | None = None
    help: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    is_ordered: bool = False
    order: int = 100


_entries: dict[str, Entry] = {}


def register(
    name: str,
    title: str,
    *,
    check: Callable[[object, object], Iterable[Problem]] | None = None,
    trial: Trial | None = None,
    about: str = "",
    help: str = "",
    labels: dict[str, str] | None = None,
    is_ordered: bool = False,
    order: int = 100,
) -> None:
    """Called once for each rule, in AppConfig.ready. `check(content, office)` yields problems and warnings."""
    _entries[name] = Entry(name, title, about, check, trial, help, labels or {}, is_ordered, order)


def entry(name: str) -> Entry:
    """The entry of this rule; of one that nobody registered a plain one, checked against its active version."""
    return _entries.get(name) or Entry(name, name, about="按现行这一版的样子检查", order=900)


def names() -> list[str]:
    """Rules that somebody registered or that have a version, in the order of the list."""
    stored = RuleSet.objects.order_by().values_list("name", flat=True).distinct()
    return sorted({*_entries, *stored}, key=lambda name: (entry(name).order, entry(name).title))


def problems(name: str, content, office) -> Iterator[Problem]:
    """What is wrong with `content` as a rule called `name` in this office; warnings too."""
    found = entry(name)
    if found.check is not None:
        yield from found.check(content, office)
        return
    active = active_of(name, office)
    if active is None:
        yield Problem("这套规则没有现行的一版可以对照，也没有登记检查办法，不能启用")
        return
    yield from shapes.like(active.content).check(content)


def active_of(name: str, office) -> RuleSet | None:
    """The version in force today for this office, or None."""
    try:
        return RuleSet.objects.current(name, office)
    except RuleSet.DoesNotExist:
        return None
