"""The left rail. Rooms put their doors on it in AppConfig.ready; the frame shows those a user may open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from huiyin.rules import clock


def staff_only(user) -> bool:
    return user.is_authenticated


# The headings under which the doors stand, in this order; the first group needs none.
GROUPS = {"day": "", "work": "办事", "public": "对外", "ground": "辖区"}


@dataclass(frozen=True)
class Item:
    name: str
    label: str
    icon: str
    url_name: str
    allowed: Callable[[object], bool]
    count: Callable[[HttpRequest], int] | None
    order: int
    on_phone: bool
    at_foot: bool
    pulse: str
    group: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def pulse_url(self) -> str:
        """Where open pages ask whether the number has changed, or ''."""
        return reverse(self.pulse) if self.pulse else ""


_items: dict[str, Item] = {}


def register(
    name: str,
    label: str,
    icon: str,
    url_name: str,
    *,
    allowed: Callable[[object], bool] = staff_only,
    count: Callable[[HttpRequest], int] | None = None,
    order: int = 100,
    on_phone: bool = True,
    at_foot: bool = False,
    pulse: str = "",
    group: str = "work",
) -> None:
    """`count` must be cheap and capped: it runs on every page. `group`: one of GROUPS.

    The phone's bar has room for four and 更多, which opens the others.
    `pulse`: name of a JSON address that open pages ask for the number, see js/bell.js.
    """
    if group not in GROUPS:
        raise LookupError(f"no group of doors is called {group}")
    _items[name] = Item(name, label, icon, url_name, allowed, count, order, on_phone, at_foot, pulse, group)


def items_for(request: HttpRequest) -> list[dict]:
    """Rail entries this request's user may open: item, number (None without a counter), is_current."""
    found = sorted((item for item in _items.values() if item.allowed(request.user)), key=lambda i: i.order)
    current = max(
        (i for i in found if request.path.startswith(i.url)), key=lambda i: len(i.url), default=None
    )
    now = clock.now().isoformat()
    return [
        {
            "item": item,
            "number": item.count(request) if item.count else None,
            "is_current": item is current,
            "now": now,
        }
        for item in found
    ]


@dataclass(frozen=True)
class Group:
    """Doors under one heading; `label` is '' where none is needed."""

    name: str
    label: str
    entries: list[dict]

    @property
    def folded(self) -> list[dict]:
        """Those that a phone keeps behind 更多."""
        return [entry for entry in self.entries if not entry["item"].on_phone]


@dataclass(frozen=True)
class Rail:
    groups: list[Group]
    foot: list[dict]

    @property
    def folded(self) -> list[Group]:
        """What a phone keeps behind 更多: groups with at least one such door, then what stands at the foot."""
        foot = [Group("foot", "其他", self.foot)] if self.foot else []
        return [group for group in [*self.groups, *foot] if group.folded]

    @property
    def is_current_folded(self) -> bool:
        return any(entry["is_current"] for group in self.folded for entry in group.folded)


def rail_for(request: HttpRequest) -> Rail:
    """The doors this request's user may open, by heading; groups without a door are left out."""
    found = items_for(request)
    standing = [entry for entry in found if not entry["item"].at_foot]
    groups = [
        Group(name, label, [entry for entry in standing if entry["item"].group == name])
        for name, label in GROUPS.items()
    ]
    return Rail([g for g in groups if g.entries], [entry for entry in found if entry["item"].at_foot])
