"""Places in the frame that rooms above fill: the frame draws them and knows nothing of who fills them.

register_url   address of the 登记 button, or "" when this user may not register
search_url     address of the search form (GET, parameter q)
duty           {"text", "name", "waiting"} of today's reception, or None
switcher       name of a template drawn in the account menu (the demo world's post switcher), or ""
landing        address where this user goes after signing in instead of the desk, or ""
unready        {"empty": nobody can sign in yet} while the house is not set up, else None
"""

from collections.abc import Callable

from django.http import HttpRequest

NAMES = ("register_url", "search_url", "duty", "switcher", "landing", "unready")
_fillers: dict[str, Callable[[HttpRequest], object]] = {}


def fill(name: str, filler: Callable[[HttpRequest], object]) -> None:
    """Called once, in AppConfig.ready."""
    if name not in NAMES:
        raise LookupError(f"页框没有叫 {name} 的位置，只有：{'、'.join(NAMES)}")
    _fillers[name] = filler


def content(name: str, request: HttpRequest) -> object:
    """What the room put there for this request; None when nobody fills the place."""
    filler = _fillers.get(name)
    return filler(request) if filler else None
