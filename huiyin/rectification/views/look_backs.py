"""回头看: rounds that are due, what was found, the relapse rate by kind with the records behind it."""

from datetime import timedelta

from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases import procedures
from huiyin.rectification import look_backs
from huiyin.rectification.models import RoundResult
from huiyin.rectification.screening import period
from huiyin.rectification.views.frame import READERS, keyset, page
from huiyin.rules import clock
from huiyin.shell.access import staff

SOON = timedelta(days=7)
YEAR = timedelta(days=365)


@staff(roles=READERS)
@require_safe
def rounds(request):
    """GET: due rounds and rates; with ?kind= or ?result= the rounds behind a number."""
    data = (
        request.GET
        if request.GET.get("since")
        else {**request.GET.dict(), "since": str(clock.today() - YEAR)}
    )
    first, last = period(data)
    kind, result = request.GET.get("kind", "")[:30], request.GET.get("result", "")
    names = procedures.kinds(request.user.office)
    due, more_due = keyset(
        request, look_backs.due(request.user, clock.today() + SOON), "due_on", falling=False
    )
    context = {"due": due, "more_due": more_due, "first": first, "last": last, "kind": kind, "names": names}
    context["rates"] = look_backs.rates(request.user, first, last)
    if kind or result:
        rows = look_backs.done_in(request.user, first, last)
        rows = rows.filter(kind=kind) if kind in names else rows
        rows = rows.filter(result=result) if result in RoundResult.values else rows
        context["behind"], context["more"] = keyset(
            request, rows.select_related("case", "done_by"), "done_at"
        )
        context |= {
            "due": [],
            "more_due": "",
            "title": f"{names.get(kind, '各种类')}：{RoundResult(result).label if result in RoundResult.values else '看过的'}",
        }
    for row in [*context["due"], *context.get("behind", ())]:
        row.kind_name = names.get(row.kind, row.kind)
    return page(request, "look_backs.html", "look_backs", context)


urlpatterns = [path("rectification/look-backs/", rounds, name="desk_look_backs")]
