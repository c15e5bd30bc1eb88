"""接访日: who receives today, who came, what became of it; sums of any period; the sheet on paper."""

from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from huiyin.reception import house_rules, rota, sheet
from huiyin.reception.period import Period
from huiyin.reception.rights import EVERYBODY, MAY
from huiyin.reception.views.frame import first_door, link, page
from huiyin.reception.views.listing import matters
from huiyin.shell.access import staff

FIGURES = (
    ("batches", {}),
    ("persons", {}),
    ("group_batches", {"group": "1"}),
    ("group_persons", {"group": "1"}),
    ("closed", {"result": "closed"}),
    ("answered", {"result": "answered"}),
    ("open", {"result": "open"}),
    ("other", {"result": "other"}),
)


@staff(roles=EVERYBODY)
@require_safe
def room(request):
    """The rail's door: the first tab that this post may open."""
    return redirect(first_door(request.user))


@staff(roles=MAY["sheet"])
@require_safe
def day(request):
    """GET: the sheet of a day, or the sums of a longer period."""
    period = Period.read(request.GET, "day")
    return page(request, "sheet.html", "sheet", _sheet(request.user, period))


@staff(roles=MAY["sheet"])
@require_safe
def paper(request):
    period = Period.read(request.GET, "day")
    return render(request, "reception/sheet_print.html", _sheet(request.user, period))


def _sheet(user, period) -> dict:
    whole, lines = sheet.totals(user, period)
    is_day = period.first == period.last
    return {
        "office": user.office,
        "period": period,
        "is_day": is_day,
        "planned": rota.entries(user.office, rota.monday_of(period.first)) if is_day else [],
        "visits": sheet.lines_of(user, period) if is_day else [],
        "steps": house_rules.steps(user.office) if is_day else [],
        "whole": _figures(period, whole),
        "lines": [(line.leader, _figures(period, line)) for line in lines],
        "unseen": sheet.unseen(user, period),
    }


def _figures(period, line) -> list[tuple[int, str]]:
    """(number, address of its records) in the order of FIGURES."""
    leader = line.leader.username if line.leader else ""
    return [
        (getattr(line, name), link("reception_visits", period, leader=leader, **query))
        for name, query in FIGURES
    ]


@staff(roles=MAY["sheet"])
@require_safe
def visits(request):
    """GET: the visits behind one number of the sheet."""
    period = Period.read(request.GET, "day")
    result = request.GET.get("result", "")
    rows = sheet.narrowed(
        sheet.visits(request.user, period),
        leader=request.GET.get("leader", ""),
        group=bool(request.GET.get("group")),
        result=result,
    )
    words = [period.name, "集体访" if request.GET.get("group") else "来访"]
    words += [sheet.RESULTS[result][0]] if result in sheet.RESULTS else []
    back = f"{reverse('reception_sheet')}?{period.query}"
    return matters(request, "sheet", " · ".join(words), rows, back=back)


urlpatterns = [
    path("reception/", room, name="desk_reception"),
    path("reception/sheet/", day, name="reception_sheet"),
    path("reception/sheet/print/", paper, name="reception_sheet_print"),
    path("reception/visits/", visits, name="reception_visits"),
]
