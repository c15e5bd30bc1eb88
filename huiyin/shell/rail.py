"""The left rail. Rooms put their doors on it in AppConfig.ready; the frame shows those a user may open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from huiyin.rules import clock


def staff_only(user) -> bool:
    return user.is_authenticated


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
) -> None:
    """`count` must be cheap and capped: it runs on every page. The phone's bar has room for five.

    `pulse`: name of a JSON address that open pages ask for the number, see js/bell.js.
    """
    _items[name] = Item(name, label, icon, url_name, allowed, count, order, on_phone, at_foot, pulse)


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
