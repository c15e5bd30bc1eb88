"""办事指南: what the office does for people, who may ask, what to bring, where, how long."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from huiyin.cases import services
from huiyin.orgs.models import Organisation
from huiyin.portal import office as offices
from huiyin.shell.access import public

MOST_FOUND = 30


@public
@gzip_page
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """All items by group; with ?q= those that fit in Chinese, pinyin or initials."""
    office = offices.current(request)
    query = request.GET.get("q", "").strip()[:40]
    context = {
        "office": office,
        "query": query,
        "found": services.find(office, query, MOST_FOUND) if query else [],
        "groups": [] if query else services.groups(office),
    }
    return render(request, "portal/guide.html", context)


@public
@gzip_page
@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One item, fit to be printed and taken along."""
    office = offices.current(request)
    item = services.table(office).get(code)
    if item is None:
        raise Http404("办事指南里没有这一项")
    unit = Organisation.objects.current().filter(office=office, code=item.unit).first()
    same = [row for row in services.table(office).values() if row.group == item.group and row.code != code]
    context = {"office": office, "item": item, "unit": unit, "same": same[:6]}
    return render(request, "portal/service.html", context)


urlpatterns = [
    path("guide/", guide, name="portal_guide"),
    path("guide/<str:code>/", service, name="portal_service"),
]
