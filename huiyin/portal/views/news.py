"""What is going on: what many people speak of and what was done, who receives on which day, who said thanks."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from huiyin.portal import office as offices
from huiyin.portal.kept import hot_topics
from huiyin.portal.reception import days_of_week, thanks
from huiyin.publications.record import rules
from huiyin.publications.topics import MOST
from huiyin.rules import clock
from huiyin.shell.access import public

WEEK = timedelta(days=7)


@public
@gzip_page
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    office = offices.current(request)
    context = {"office": office, "topics": hot_topics(office, MOST), "rules": rules(office)}
    return render(request, "portal/topics.html", context)


@public
@gzip_page
@require_safe
def meet(request: HttpRequest) -> HttpResponse:
    """Leaders' reception days of this week and the next, and the numbers of the stations."""
    office, today = offices.current(request), clock.today()
    context = {
        "office": office,
        "weeks": [("这一周", days_of_week(office, today)), ("下一周", days_of_week(office, today + WEEK))],
        "stations": offices.stations(office),
        "oversight": offices.oversight_phone(office),
        "today": today,
    }
    return render(request, "portal/meet.html", context)


@public
@gzip_page
@require_safe
def thanked(request: HttpRequest) -> HttpResponse:
    office = offices.current(request)
    rows, more = thanks(office, request.GET.get("after", "")[:60])
    return render(request, "portal/thanks.html", {"office": office, "rows": rows, "more": more})


urlpatterns = [
    path("topics/", topics, name="portal_topics"),
    path("meet/", meet, name="portal_meet"),
    path("thanks/", thanked, name="portal_thanks"),
]
