"""纠纷排查: rounds by area, which areas are due, what a round found."""

from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.areas.models import Area, AreaKind
from huiyin.cases.models import Case
from huiyin.mediation import screening
from huiyin.mediation.forms import ScreeningEndForm, ScreeningForm, ScreeningFoundForm
from huiyin.mediation.models import Screening
from huiyin.mediation.views.acting import READERS, WORKERS, act, case_of
from huiyin.shell.access import staff

PAGE = 50


def _list(request, form=None, status=200):
    user = request.user
    rows = Screening.objects.filter(office=user.office).select_related("area")
    after = rows.filter(pk=request.GET.get("after")).first() if request.GET.get("after") else None
    rows = rows.filter(created_at__lt=after.created_at) if after else rows
    found = list(rows.order_by("-created_at", "-pk")[: PAGE + 1])
    areas = (
        Area.objects.visible_to(user)
        .valid()
        .filter(kind=AreaKind.COMMUNITY)
        .defer("boundary")
        .order_by("code")
    )
    context = {
        "rows": found[:PAGE],
        "more": found[PAGE - 1].pk if len(found) > PAGE else "",
        "due": screening.overdue_areas(user.office, list(areas[:500])),
        "form": form or ScreeningForm(office=user.office),
        "may": bool(user.roles & WORKERS),
        "opened": form is not None,
    }
    return render(request, "mediation/screenings.html", context, status=status)


@staff(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def screenings(request):
    """GET: the rounds. POST: a new one."""
    if request.method != "POST":
        return _list(request)
    form = ScreeningForm(request.POST, office=request.user.office)
    doing = lambda **given: screening.open_round(request.user.office, by=request.user, **given)  # noqa: E731
    return act(
        request,
        form,
        doing,
        "这一轮排查设好了。",
        reverse("desk_screenings"),
        lambda f, s: _list(request, f, s),
    )


def _page(request, row, status=200, **given):
    found = (
        Case.objects.visible_to(request.user)
        .filter(screenings=row)
        .select_related("area")
        .order_by("number")[:200]
    )
    context = {
        "screening": row,
        "found": list(found),
        "may": row.closed_at is None and bool(request.user.roles & WORKERS),
        "found_form": given.get("found") or ScreeningFoundForm(prefix="found"),
        "end_form": given.get("end") or ScreeningEndForm(prefix="end"),
    }
    return render(request, "mediation/screening.html", context, status=status)


def _screening(request, pk) -> Screening:
    return get_object_or_404(
        Screening.objects.filter(office=request.user.office).select_related("area"), pk=pk
    )


@staff(roles=READERS)
@require_safe
def screening_page(request, pk):
    """GET: one round."""
    return _page(request, _screening(request, pk))


@staff(roles=WORKERS)
@require_POST
def screening_found(request, pk):
    """POST: a matter that the round found."""
    row, form = _screening(request, pk), ScreeningFoundForm(request.POST, prefix="found")
    doing = lambda number: screening.found(row, case_of(request, number.strip()), by=request.user)  # noqa: E731
    goal = reverse("desk_screening", args=[pk])
    return act(request, form, doing, "记到这一轮里了。", goal, lambda f, s: _page(request, row, s, found=f))


@staff(roles=WORKERS)
@require_POST
def screening_end(request, pk):
    """POST: report the round."""
    row, form = _screening(request, pk), ScreeningEndForm(request.POST, prefix="end")
    doing = lambda **given: screening.close_round(row, **given)  # noqa: E731
    goal = reverse("desk_screening", args=[pk])
    return act(request, form, doing, "这一轮报结了。", goal, lambda f, s: _page(request, row, s, end=f))


urlpatterns = [
    path("screenings/", screenings, name="desk_screenings"),
    path("screenings/<uuid:pk>/", screening_page, name="desk_screening"),
    path("screenings/<uuid:pk>/found/", screening_found, name="desk_screening_found"),
    path("screenings/<uuid:pk>/end/", screening_end, name="desk_screening_end"),
]
