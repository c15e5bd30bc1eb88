"""What the page frame needs on every page. All lazy: a page without the frame asks nothing."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from huiyin.accounts.models import Office
from huiyin.shell import rail, slots

THEMES = {"auto": "随系统", "light": "浅色", "dark": "深色"}
SIZES = {"normal": "标准字", "large": "大字版"}
COOKIE_AGE = 400 * 24 * 3600


class Frame:
    """The frame of one request."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def user(self):
        """The signed-in user or None; error pages may lack the middleware that sets it."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def office(self) -> Office | None:
        """The user's office; for visitors the only (first) one of this installation."""
        return (self.user and self.user.office) or Office.objects.order_by("code").first()

    @cached_property
    def posts(self) -> list:
        return list(self.user.current_posts) if self.user else []

    @cached_property
    def rail(self) -> rail.Rail:
        return rail.rail_for(self.request) if self.user else rail.Rail([], [])

    @property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else "auto"

    @property
    def size(self) -> str:
        chosen = self.request.COOKIES.get("size", "")
        return chosen if chosen in SIZES else "normal"

    @property
    def themes(self) -> list[tuple[str, str, bool]]:
        return [(code, label, code == self.theme) for code, label in THEMES.items()]

    @property
    def sizes(self) -> list[tuple[str, str, bool]]:
        return [(code, label, code == self.size) for code, label in SIZES.items()]

    @property
    def here(self) -> str:
        """Where a choice of theme or size returns to: this page when it was a plain GET."""
        return self.request.get_full_path() if self.request.method in ("GET", "HEAD") else "/"

    @property
    def base(self) -> str:
        """The frame that error pages take: the desk for its users, otherwise the residents' one."""
        on_desk = self.request.path.startswith("/desk/") and self.user
        return "shell/desk.html" if on_desk else "shell/portal.html"

    @property
    def is_demo(self) -> bool:
        return settings.WORLD == "demo"

    @cached_property
    def register_url(self):
        return slots.content("register_url", self.request)

    @cached_property
    def search_url(self):
        return slots.content("search_url", self.request)

    @cached_property
    def duty(self):
        return slots.content("duty", self.request)

    @cached_property
    def switcher(self):
        return slots.content("switcher", self.request)


def frame(request: HttpRequest) -> dict:
    """Context processor: `frame` in every template."""
    return {"frame": SimpleLazyObject(lambda: Frame(request))}
