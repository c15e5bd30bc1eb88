"""The front door: say, look up, find; and finding one's own grid and station."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from huiyin.portal import office as offices
from huiyin.portal import places
from huiyin.portal.week import last_week
from huiyin.shell.access import public


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    office = offices.current(request)
    context = {
        "office": office,
        "week": last_week(office),
        "stations": offices.stations(office),
        "oversight": offices.oversight_phone(office),
    }
    return render(request, "portal/home.html", context)


@public
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Which grid am I in, and whom do I ring?"""
    office = offices.current(request)
    query = request.GET.get("q", "").strip()[:60]
    hits = places.with_stations(office, places.search(office, query)) if query else []
    context = {
        "query": query,
        "groups": places.by_grid(hits),
        "office": office,
        "oversight": offices.oversight_phone(office),
    }
    if not hits:
        context["stations"] = offices.stations(office)
    return render(request, "portal/find.html", context)


urlpatterns = [
    path("", home, name="portal_home"),
    path("find/", find, name="portal_find"),
]
