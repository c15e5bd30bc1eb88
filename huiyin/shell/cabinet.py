"""设置: one page of doors that rooms put up in AppConfig.ready; each shows those a user may open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

GROUPS = ("开办", "规则", "消息", "其他")


@dataclass(frozen=True)
class Door:
    """`state` says in a few words how things stand behind the door ("缺 3 项"), or is None."""

    name: str
    group: str
    label: str
    about: str
    url_name: str
    roles: frozenset[str]
    state: Callable[[HttpRequest], str] | None
    order: int

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_doors: dict[str, Door] = {}


def register(
    name: str,
    label: str,
    about: str,
    url_name: str,
    *,
    group: str = "其他",
    roles: frozenset[str] | set[str] = frozenset({"admin"}),
    state: Callable[[HttpRequest], str] | None = None,
    order: int = 100,
) -> None:
    """Put up a door. `state` runs on the settings page only and must be bounded."""
    if group not in GROUPS:
        raise LookupError(f"设置里没有“{group}”这一组，只有：{'、'.join(GROUPS)}")
    _doors[name] = Door(name, group, label, about, url_name, frozenset(roles), state, order)


def may_open(user) -> bool:
    """Is there any door for this user?"""
    held = getattr(user, "roles", frozenset())
    return any(door.roles & held for door in _doors.values())


def groups_for(request: HttpRequest) -> list[tuple[str, list[dict]]]:
    """[(group, [{door, state}])] of the doors this request's user may open."""
    held = request.user.roles
    mine = sorted((door for door in _doors.values() if door.roles & held), key=lambda door: door.order)
    rows = [{"door": door, "state": door.state(request) if door.state else ""} for door in mine]
    found = [(group, [row for row in rows if row["door"].group == group]) for group in GROUPS]
    return [(group, rows) for group, rows in found if rows]
