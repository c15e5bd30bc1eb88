"""The front door: say, look up, find, and what is going on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from huiyin.portal import office as offices
from huiyin.portal.kept import hot_topics
from huiyin.portal.reception import coming_days, thanks
from huiyin.portal.usual import usual_services
from huiyin.portal.week import last_week
from huiyin.publications import finding
from huiyin.rules import clock
from huiyin.shell.access import public

SHOWN_ANSWERS, SHOWN_TOPICS = 4, 3


@public
@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    office = offices.current(request)
    context = {
        "office": office,
        "week": last_week(office),
        "answers": finding.page(office, finding.Wanted(), SHOWN_ANSWERS)[0],
        "topics": hot_topics(office, SHOWN_TOPICS),
        "days": coming_days(office),
        "today": clock.today(),
        "usual": usual_services(office),
        "thanked": thanks(office, most=1)[0],
        "stations": offices.stations(office),
        "oversight": offices.oversight_phone(office),
    }
    return render(request, "portal/home.html", context)


@public
@gzip_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a visitor, who reads it, and what is never published."""
    office = offices.current(request)
    context = {"office": office, "oversight": offices.oversight_phone(office)}
    return render(request, "portal/privacy.html", context)


urlpatterns = [
    path("", home, name="portal_home"),
    path("privacy/", privacy, name="portal_privacy"),
]
