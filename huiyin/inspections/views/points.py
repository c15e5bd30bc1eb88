"""The list of points: by kind and area, one more, one taken off."""

from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.inspections import nights, points
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.forms import OffForm, PointForm
from huiyin.inspections.models import CheckPoint, PointKind
from huiyin.inspections.views.acting import act
from huiyin.shell.access import staff

MOST = 300


def _list(request, form=None, status=200, **given):
    rows = CheckPoint.objects.visible_to(request.user).select_related("area", "unit")
    kind, off = request.GET.get("kind", ""), request.GET.get("off") == "1"
    rows = rows.exclude(until_on=None) if off else rows.live()
    if kind in PointKind.values:
        rows = rows.filter(kind=kind)
    context = {
        "rows": list(rows.defer("area__boundary").order_by("number")[:MOST]),
        "kinds": PointKind.choices,
        "kind": kind,
        "off": off,
        "form": form or PointForm(user=request.user),
        "off_form": given.get("off_form") or OffForm(user=request.user, prefix="off"),
        "opened": form is not None,
        "taken_off": given.get("taken_off"),
        "may": bool(request.user.roles & nights.PLANNERS),
        "rail_current": "inspections",
    }
    return render(request, "inspections/points.html", context, status=status)


@staff(roles=INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_points(request):
    """GET: the points that stand, or (`off`) those taken off. POST: one more."""
    if request.method != "POST":
        return _list(request)
    return _add(request)


@staff(roles=nights.PLANNERS)
def _add(request):
    form = PointForm(request.POST, user=request.user)
    doing = lambda **given: points.add(request.user.office, by=request.user, **given)  # noqa: E731
    return act(
        request, form, doing, "点位列入清单了。", reverse("desk_points"), lambda f, s: _list(request, f, s)
    )


@staff(roles=nights.PLANNERS)
@require_POST
def take_off(request, pk):
    """POST: off the list, with the reason."""
    point = get_object_or_404(CheckPoint.objects.visible_to(request.user), pk=pk)
    form = OffForm(request.POST, user=request.user, prefix="off")
    doing = lambda why: points.take_off(point, by=request.user, why=why)  # noqa: E731
    again = lambda f, s: _list(request, None, s, off_form=f, taken_off=point)  # noqa: E731
    return act(request, form, doing, f"“{point}”移出清单了。", reverse("desk_points"), again)


urlpatterns = [
    path("inspections/points/", list_points, name="desk_points"),
    path("inspections/points/<uuid:pk>/off/", take_off, name="desk_point_off"),
]
