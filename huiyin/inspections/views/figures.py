"""指标: each figure with its parts, and the records of every part."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import performance
from huiyin.inspections import figures
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.views.acting import paged
from huiyin.rules import clock
from huiyin.shell.access import staff


def period_of(request) -> tuple:
    """(code, since, until) of the query string: the current month, quarter or year, or the last 30 days."""
    code = request.GET.get("period", "30")
    if code == "30":
        until = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return code, until - timedelta(days=30), until
    if code not in performance.PERIODS:
        raise Refusal("没有这个时段，请选近 30 天、本月、本季或本年。", status=400)
    return code, *performance.period(code)


PERIODS = {"30": "近 30 天", **performance.PERIODS}


@staff(roles=INSPECTORS)
@require_safe
def all_figures(request):
    """GET: the six figures of a period, over what the reader may see."""
    code, since, until = period_of(request)
    found = [figure.count() for figure in figures.figures(request.user, since, until)]
    context = {
        "figures": found,
        "period": code,
        "periods": PERIODS.items(),
        "since": since,
        "parts": figures.PARTS,
        "rail_current": "inspections",
    }
    return render(request, "inspections/figures.html", context)


@staff(roles=INSPECTORS)
@require_safe
def records(request, code, part):
    """GET: the matters behind one part of a figure."""
    if code not in figures.BUILDERS or part not in figures.PARTS:
        raise Http404("没有这个指标。")
    period, since, until = period_of(request)
    figure = figures.figure(code, request.user, since, until)
    rows, more = paged(figure.cases(part), request)
    context = {
        "figure": figure, "part": part, "part_name": figures.PARTS[part], "rows": rows, "more": more, "period": period,
        "period_name": PERIODS[period], "rail_current": "inspections",
    }  # fmt: skip
    return render(request, "inspections/records.html", context)


urlpatterns = [
    path("inspections/figures/", all_figures, name="desk_city_figures"),
    path("inspections/figures/<str:code>/<str:part>/", records, name="desk_city_records"),
]
