"""The room's first page, and the words of one class for the select one types into."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases.models import Case
from huiyin.inspections import class_field, filing, nights, standards
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.models import Census, CheckPoint, NightRound, OverdueAppeal
from huiyin.shell.access import staff


@staff(roles=INSPECTORS)
@require_safe
def home(request):
    """GET: tonight, what waits for acceptance, the censuses that are open, appeals to decide."""
    user = request.user
    night = (
        NightRound.objects.visible_to(user)
        .filter(on__gte=nights.tonight())
        .order_by("on")
        .select_related("leader", "unit")
        .first()
    )
    last = NightRound.objects.visible_to(user).filter(on__lt=nights.tonight()).order_by("-on").first()
    spots = Case.objects.visible_to(user).filter(
        kind=filing.KIND, state="reported", assignments__state="reported", events__verb="fix_on_spot"
    )
    context = {
        "night": night,
        "count": nights.counter(night) if night else None,
        "last": last,
        "last_count": nights.counter(last) if last else None,
        "points": CheckPoint.objects.visible_to(user).live().count(),
        "censuses": Census.objects.visible_to(user).filter(closed_at=None).order_by("-from_on")[:5],
        "appeals": OverdueAppeal.objects.visible_to(user)
        .filter(decided_at=None)
        .select_related("case", "organisation")
        .order_by("asked_at")[:20],
        "spots": list(spots.distinct().order_by("registered_at")[:20]),
        "may_plan": bool(user.roles & nights.PLANNERS),
    }
    return render(request, "inspections/home.html", context)


@staff
@require_safe
def city_class(request):
    """GET: the conditions of the class that was taken, to be shown below the select."""
    code = request.GET.get(request.GET.get("name", "")[:60], "")
    row = standards.table(request.user.office_id).get(code)
    return HttpResponse(class_field.told(row) if row else "")


urlpatterns = [
    path("inspections/", home, name="desk_inspections"),
    path("inspections/class/", city_class, name="desk_city_class"),
]
