"""督办台账: on time per unit, difficult matters settled, with the records behind each number."""

from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import performance
from huiyin.cases.filters import CaseFilter
from huiyin.shell.access import staff


@staff(roles=performance.READERS)
@require_safe
def supervision(request):
    """GET: the figures of this month, quarter or year for what the reader may see."""
    code = request.GET.get("period", "year")
    if code not in performance.PERIODS:
        raise Refusal("没有这个时段，请选本月、本季或本年。", status=400)
    since, until = performance.period(code)
    came, done, rows = performance.settled(request.user, since, until)
    context = {
        "period": code,
        "periods": performance.PERIODS.items(),
        "since": since,
        "units": performance.by_unit(request.user, since, until),
        "came": came,
        "done": done,
        "settled": rows,
        "counts": CaseFilter.counts(request.user, ["late", "unanswered", "escalated", "key"]),
        "owed": performance.owed(request.user),
    }
    return render(request, "cases/supervision.html", context)


urlpatterns = [path("supervision/", supervision, name="desk_supervision")]
