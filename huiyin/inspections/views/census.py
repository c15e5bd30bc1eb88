"""问题普查: set one up, its standards, who is sent where, totals that open their records, its end."""

from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.inspections import census
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.forms import CensusForm, CloseForm, SendDownForm, StandardForm
from huiyin.inspections.models import Census
from huiyin.inspections.views.acting import act, paged
from huiyin.shell.access import staff

MOST = 300


def census_of(request, pk) -> Census:
    return get_object_or_404(Census.objects.visible_to(request.user), pk=pk)


def _list(request, form=None, status=200):
    rows, more = paged(Census.objects.visible_to(request.user), request, size=20)
    context = {
        "rows": [(row, row.problems.count()) for row in rows], "more": more, "form": form or CensusForm(user=request.user),
        "opened": form is not None, "may": bool(request.user.roles & census.KEEPERS), "rail_current": "inspections",
    }  # fmt: skip
    return render(request, "inspections/censuses.html", context, status=status)


@staff(roles=INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def censuses(request):
    """GET: all of them. POST: a new one."""
    return _open(request) if request.method == "POST" else _list(request)


@staff(roles=census.KEEPERS)
def _open(request):
    form = CensusForm(request.POST, user=request.user)
    doing = lambda **given: census.open_census(request.user.office, by=request.user, **given)  # noqa: E731
    goal = lambda row: reverse("desk_census", args=[row.pk])  # noqa: E731
    return act(request, form, doing, "设好了，接着写标准、派干部。", goal, lambda f, s: _list(request, f, s))


def _page(request, row, status=200, opened="", **given):
    user = request.user
    context = {
        "census": row, "totals": census.totals(row, user), "opened": opened, "may_record": census.may_record(row, user),
        "may_keep": bool(user.roles & census.KEEPERS) and row.closed_at is None,
        "standards": list(row.standards.select_related("unit").order_by("number")[:MOST]),
        "officials": list(row.officials.select_related("area", "user").defer("area__boundary").order_by("area__code", "user__pinyin")[:MOST]),
        "mine": census.areas_of(row, user), "rail_current": "inspections",
        "standard_form": given.get("standard") or StandardForm(user=user, prefix="standard"),
        "down_form": given.get("down") or SendDownForm(user=user, prefix="down"),
        "close_form": given.get("close") or CloseForm(user=user, prefix="close"),
    }  # fmt: skip
    return render(request, "inspections/census.html", context, status=status)


@staff(roles=INSPECTORS)
@require_safe
def census_page(request, pk):
    """GET: where it stands: totals by unit, grid and standard."""
    return _page(request, census_of(request, pk))


ACTS = {
    "standard": (StandardForm, lambda row, by, given: census.add_standard(row, **given), "标准写上了。"),
    "down": (SendDownForm, lambda row, by, given: census.send_down(row, **given), "派下去了。"),
    "close": (CloseForm, lambda row, by, given: census.close_census(row, by=by, **given), "这次普查结束了。"),
}


@staff(roles=census.KEEPERS)
@require_POST
def census_change(request, pk, what):
    """POST: one more standard, officials for an area, or the end."""
    row = census_of(request, pk)
    make, does, said = ACTS[what]
    form = make(request.POST, user=request.user, prefix=what)
    doing = lambda **given: does(row, request.user, given)  # noqa: E731
    again = lambda f, s: _page(request, row, s, what, **{what: f})  # noqa: E731
    return act(request, form, doing, said, reverse("desk_census", args=[pk]), again)


urlpatterns = [
    path("inspections/censuses/", censuses, name="desk_censuses"),
    path("inspections/censuses/<uuid:pk>/", census_page, name="desk_census"),
    *(
        path(
            f"inspections/censuses/<uuid:pk>/{what}/",
            census_change,
            {"what": what},
            name=f"desk_census_{what}",
        )
        for what in ACTS
    ),
]
