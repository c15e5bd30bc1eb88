"""网格: every grid with its people, what it lacks and where its notice hangs; one grid; the roster."""

from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.areas.maps import grid_map
from huiyin.areas.models import Area
from huiyin.areas.profile_forms import DayForm
from huiyin.grids import access, postings, roster, rulings, staffing, standing
from huiyin.grids.forms import HangForm, SeenForm
from huiyin.rules import clock
from huiyin.shell.access import staff


@staff
@require_safe
def grids(request):
    """GET: grids by community; `?only=gaps` those that lack people."""
    office_id = request.user.office_id
    rows = staffing.standings(office_id)
    known = {row.grid.pk: row.people for row in rows}
    hung = postings.summary(office_id, [row.grid for row in rows], known)
    only = request.GET.get("only", "")
    shown = [row for row in rows if row.lacks] if only == "gaps" else rows
    by_community: dict = {}
    for row in shown:
        row.hanging = _hanging(hung, row.grid)
        by_community.setdefault(row.grid.parent, []).append(row)
    context = {
        "tab": "grids",
        "narrowed": only,
        "total": len(rows),
        "gaps": [row for row in rows if row.lacks],
        "communities": list(by_community.items()),
        "rules": list(rulings.staffing(office_id).values()),
        "hung": hung,
        "may_edit": access.may_edit(request.user),
    }
    return render(request, "grids/grids.html", context)


def _hanging(hung, grid) -> tuple[int, int]:
    """(notices that hang, of these outdated)"""
    old = sum(row.posting.grid_id == grid.pk for row in hung.outdated)
    return old + sum(row.posting.grid_id == grid.pk for row in hung.good), old


@staff(roles=access.EDITORS)
@require_safe
def gaps(request):
    """GET: 缺人的网格, what each lacks and the door to mend it."""
    context = {
        "tab": "grids",
        "rows": staffing.gaps(request.user.office_id),
        "rules": list(rulings.staffing(request.user.office_id).values()),
    }
    return render(request, "grids/gaps.html", context)


def find_grid(user, code: str) -> Area:
    """A grid of today of the user's own office, with its community and office; 404."""
    rows = Area.objects.visible_to(user).valid().grids().filter(code=code, office=user.office_id)
    grid = rows.select_related("parent", "office").defer("parent__boundary").first()
    if grid is None:
        raise Http404
    return grid


@staff
@require_safe
def grid(request, code):
    return grid_page(request, find_grid(request.user, code))


def grid_page(request, grid, status=200, **forms):
    context = standing.of_grid(grid) | {
        "tab": "grids",
        "map": grid_map(grid),
        "may_edit": access.may_edit(request.user),
        "hang_form": forms.get("hang") or HangForm(prefix="hang"),
        "on_form": forms.get("on") or SeenForm(),
        "refused": forms.get("posting"),
    }
    return render(request, "grids/grid.html", context, status=status)


@staff
@require_safe
def workforce(request):
    """GET: how many in each role, by community, on a day."""
    day = DayForm(request.GET if request.GET.get("on") else None)
    on = day.cleaned_data["on"] if day.is_bound and day.is_valid() else clock.today()
    counted = roster.roster(request.user, on=on)
    context = {
        "tab": "roster",
        "day": day,
        "on": on,
        "roster": counted,
        "table": _table(request.user, counted),
    }
    context["works"] = roster.WORK
    return render(request, "grids/roster.html", context, status=400 if day.errors else 200)


def _table(user, counted) -> list[tuple]:
    """[(kind, [(community, number)], number in all, [(number, address) of the year's work])]"""
    done = roster.work_of(user, [kind.code for kind, _, _ in counted.rows])
    return [
        (kind, [(area, counts.get(area.pk, 0)) for area in counted.communities], number, done[kind.code])
        for kind, counts, number in counted.rows
    ]


urlpatterns = [
    path("grids/", grids, name="desk_grids"),
    path("grids/gaps/", gaps, name="desk_grid_gaps"),
    path("grids/roster/", workforce, name="desk_grid_roster"),
    path("grids/of/<str:code>/", grid, name="desk_grid"),
]
