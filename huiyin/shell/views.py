"""Choice of theme and size, and the living style guide."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.shell import cabinet, samples
from huiyin.shell.access import public, staff
from huiyin.shell.context import COOKIE_AGE, SIZES, THEMES


def _remember(request: HttpRequest, name: str, allowed: dict[str, str]) -> HttpResponse:
    """Sets the cookie and goes back to the page of this site one came from."""
    value = request.POST.get(name, "")
    if value not in allowed:
        raise Refusal(f"没有这个选项。可以选：{'、'.join(allowed.values())}。", status=400)
    goal = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(goal if safe else "/")
    response.set_cookie(
        name, value, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    return _remember(request, "theme", THEMES)


@public
@require_POST
def choose_size(request: HttpRequest) -> HttpResponse:
    return _remember(request, "size", SIZES)


@staff
@require_safe
def settings_page(request: HttpRequest) -> HttpResponse:
    """GET: the doors of 设置 that this post may open."""
    return render(request, "shell/settings.html", {"groups": cabinet.groups_for(request)})


def _for_builders(request: HttpRequest) -> None:
    """The guide is for those who build or run the house, not a page for residents."""
    if not (settings.DEBUG or settings.WORLD == "demo" or request.user.is_authenticated):
        raise Http404


@public
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    _for_builders(request)
    return render(request, "shell/styleguide.html", samples.desk())


@public
@require_GET
def styleguide_residents(request: HttpRequest) -> HttpResponse:
    _for_builders(request)
    return render(request, "shell/styleguide_residents.html", samples.residents())
