"""What others said and what became of it: answered matters that passed review, without identities."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from huiyin.areas.models import Area, AreaKind
from huiyin.cases import categories
from huiyin.portal import office as offices
from huiyin.portal.kept import hourly
from huiyin.publications import finding
from huiyin.publications.models import PublishedAnswer
from huiyin.shell.access import public


@public
@gzip_page
@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """A page of them by words, kind and community; the next by its cursor."""
    office = offices.current(request)
    wanted = finding.Wanted.read(request.GET)
    rows, more = finding.page(office, wanted)
    communities = Area.objects.valid().filter(office=office, kind=AreaKind.COMMUNITY).order_by("code")
    table = categories.table(office)
    context = {
        "office": office,
        "wanted": wanted,
        "rows": rows,
        "more": more,
        "figures": hourly(office, "figures", lambda: finding.figures(office)),
        "communities": list(communities.values_list("code", "name")),
        "tops": [(code, row["name"]) for code, row in table.items() if len(code) == 2],
        "chosen": table.get(wanted.category, {}).get("name", ""),
    }
    return render(request, "portal/answered.html", context)


@public
@gzip_page
@require_safe
def answer(request: HttpRequest, pk) -> HttpResponse:
    """One of them, whole; gone as soon as it is withdrawn or the matter is opened again."""
    office = offices.current(request)
    rows = PublishedAnswer.objects.public(office).select_related("community").defer("words")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404("这一条没有公开，或者已经撤下")
    context = {
        "office": office,
        "row": row,
        "path": categories.table(office).get(row.category, {}).get("path", []),
    }
    return render(request, "portal/answer.html", context)


urlpatterns = [
    path("answered/", answered, name="portal_answered"),
    path("answered/<uuid:pk>/", answer, name="portal_answer"),
]
