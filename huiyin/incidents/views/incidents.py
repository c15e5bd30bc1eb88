"""突发事件: the list, and the course of one incident from first report to summary."""

from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.offers import offers
from huiyin.incidents import reading
from huiyin.incidents.moves import DESK
from huiyin.shell.access import staff


@staff(roles=reading.READERS)
@require_safe
def incidents(request):
    """GET: incidents being dealt with, or those that are over (`view=ended`)."""
    view = request.GET.get("view") if request.GET.get("view") in reading.VIEWS else "open"
    rows, further = reading.page(request.user, view, request.GET.get("after", ""))
    context = {"rows": rows, "further": further, "view": view, "views": reading.VIEWS.items()}
    return render(request, "incidents/incidents.html", context)


@staff(roles=reading.READERS)
@require_safe
def incident(request, number):
    """GET: one incident, step by step; each step leads to the move that adds to it."""
    rows = Case.objects.visible_to(request.user).filter(number=number, kind=reading.KIND)
    case = rows.select_related("office", "area").first()
    if case is None:
        raise Http404("没有这件突发事件，或者您看不到它。")
    access.note_reading(case, request.user, request)
    allowed = {offer.verb for offer in offers(case, request.user)}
    may_strike = bool(request.user.roles & DESK) and case.is_open
    context = {"case": case, "allowed": allowed, "may_strike": may_strike, **reading.course(case)}
    return render(request, "incidents/incident.html", context)


urlpatterns = [
    path("incidents/", incidents, name="desk_incidents"),
    path("incidents/<str:number>/", incident, name="desk_incident"),
]
