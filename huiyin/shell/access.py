"""Who may open a view. Every view carries one of these; an architecture test finds those that do not.

Access to a record is `visible_to(user)` in the view; this is access to the door.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from huiyin.base.refusal import Refusal

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Anyone, without an account."""
    view.access = "public"
    return view


def signed_in(view: View) -> View:
    """Anyone with an account, whatever the post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        return view(request, *args, **kwargs) if request.user.is_authenticated else _ask_to_sign_in(request)

    guarded.access = "signed_in"
    return guarded


def staff(view: View | None = None, *, roles: set[str] | frozenset[str] = frozenset()) -> View:
    """Holders of a post in force; with `roles`, of a post with one of these role codes."""

    def guard(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            held = request.user.roles
            if not held:
                raise Refusal("您现在没有在任的岗位，不能进工作台。请找管理员安排岗位。", status=403)
            if roles and not held & set(roles):
                raise Refusal(
                    "您的岗位不能用这一页。需要办这件事，请找管理员或换有权的岗位登录。", status=403
                )
            return inner(request, *args, **kwargs)

        guarded.access = "staff:" + ",".join(sorted(roles)) if roles else "staff"
        return guarded

    return guard(view) if view else guard


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; for htmx a full redirect, so that no sign-in form lands inside a page."""
    response = redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
    if request.headers.get("HX-Request"):
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = response.url
        return moved
    return response
