"""协同: whistles in figures, champions, reports upward, responsibility by territory."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cooperation import figures, reading, territory
from huiyin.cooperation.models import Champion
from huiyin.orgs.models import Organisation
from huiyin.rules import clock
from huiyin.shell.access import staff

TABS = [
    ("whistles", "吹哨报到", "desk_whistles"), ("champions", "包靠", "desk_champions"),
    ("upwards", "向上呈报", "desk_upwards"), ("territory", "属地责任", "desk_territory"),
]  # fmt: skip


def base(tab: str, **more) -> dict:
    return {"tabs": TABS, "tab": tab, "rail_current": "cooperation", "today": clock.today(), **more}


@staff(roles=reading.READERS)
@require_safe
def whistles(request):
    """GET: figures by unit of a period (`from`, `to`), and the calls behind one number (`show`, `unit`)."""
    first, last = figures.period(request.GET.get("from", ""), request.GET.get("to", ""))
    show = request.GET.get("show", "")
    show = show if show in figures.VIEWS else "never"
    units = Organisation.objects.visible_to(request.user).defer("services")
    unit = get_object_or_404(units, code=request.GET["unit"]) if request.GET.get("unit") else None
    rows = figures.by_unit(request.user, first, last)
    found, after = figures.page(request.user, first, last, show, unit, request.GET.get("after", ""))
    span = {"from": first, "to": last}
    here = {**span, "show": show, **({"unit": unit.code} if unit else {})}
    context = base(
        "whistles", first=first, last=last, rows=rows, total=figures.total(rows), calls=found, show=show, unit=unit,
        views=figures.VIEWS, span=urlencode(span), now=clock.now(),
        more="?" + urlencode({**here, "after": after}) if after else "",
    )  # fmt: skip
    return render(request, "cooperation/whistles.html", context)


@staff(roles=reading.READERS)
@require_safe
def champions(request):
    """GET: who stands behind which matter and how far it is; `view=ended` for those that are over."""
    is_open = request.GET.get("view") != "ended"
    context = base(
        "champions", people=reading.champions(request.user, is_open), is_open=is_open, most=reading.MOST,
        counts=reading.champion_counts(request.user), outcomes=dict(Champion._meta.get_field("outcome").choices),
    )  # fmt: skip
    return render(request, "cooperation/champions.html", context)


@staff(roles=reading.READERS)
@require_safe
def upwards(request):
    """GET: what was reported upward and is waited for; `view` late or answered."""
    view = request.GET.get("view", "open")
    view = view if view in ("open", "late", "answered") else "open"
    context = base("upwards", rows=reading.upwards(request.user, view), view=view, most=reading.MOST)
    return render(request, "cooperation/upwards.html", context)


@staff(roles=reading.READERS)
@require_safe
def by_territory(request):
    """GET: open matters by community and by linked leader; `on` a day: who was in office then."""
    day, _ = figures.period(request.GET.get("on", ""), request.GET.get("on", ""))
    day = day if request.GET.get("on") else clock.today()
    rows, cut = territory.by_community(request.user, day)
    context = base(
        "territory", rows=rows, leaders=territory.by_leader(rows), cut=cut, most=territory.MOST, day=day
    )
    return render(request, "cooperation/territory.html", context)


urlpatterns = [
    path("cooperation/", whistles, name="desk_whistles"),
    path("cooperation/champions/", champions, name="desk_champions"),
    path("cooperation/upward/", upwards, name="desk_upwards"),
    path("cooperation/territory/", by_territory, name="desk_territory"),
]
