"""信访工作年度报告: the page, the matters behind each figure, the paper."""

import io
from urllib.parse import urlencode

from django.http import FileResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.documents.views.issued import FORMATS
from huiyin.orgs.models import Role
from huiyin.petitions import report
from huiyin.petitions.report_paper import paper_of
from huiyin.rules import clock
from huiyin.shell.access import staff

READERS = CENTRE | CHIEF | {Role.SUPERVISOR}
SIZE = 50


def _report(request) -> report.Report:
    first, last = report.period(request.GET.get("since", "")[:10], request.GET.get("until", "")[:10])
    return report.Report(request.user, first, last)


def _failed(request, refusal):
    context = {
        "refusal": refusal,
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
    }
    return render(request, "petitions/report.html", {**context, "years": _years()}, status=refusal.status)


def _years() -> list[int]:
    return [clock.today().year - number for number in range(3)]


@staff(roles=READERS)
@require_safe
def page(request):
    """GET: the report of a period, every number a link."""
    try:
        made = _report(request)
    except Refusal as refusal:
        return _failed(request, refusal)
    since, until = str(made.first), str(made.last)
    context = {
        "report": made, "sections": [row for row in made.sections() if row.rows], "since": since, "until": until,
        "asked": urlencode({"since": since, "until": until}), "years": _years(), "rail_current": "petitions",
    }  # fmt: skip
    return render(request, "petitions/report.html", context)


@staff(roles=READERS)
@require_safe
def records(request, code):
    """GET: the matters behind one figure, fifty a page."""
    try:
        made = _report(request)
        number = request.GET.get("page", "1")
        number = max(1, min(int(number), report.MOST // SIZE)) if number.isdecimal() else 1
        label, rows, count = report.records(made, code, number, SIZE)
    except Refusal as refusal:
        return _failed(request, refusal)
    asked = {"since": str(made.first), "until": str(made.last)}
    context = {
        "label": label, "rows": rows, "count": count, "since": made.first, "until": made.last, "rail_current": "petitions",
        "asked": urlencode(asked), "number": number,
        "more": "?" + urlencode({**asked, "page": number + 1}) if count > number * SIZE else "",
    }  # fmt: skip
    return render(request, "petitions/report_records.html", context)


@staff(roles=READERS)
@require_safe
@never_cache
def file(request, ending):
    """GET: the report as .docx or PDF; only counts, no person."""
    try:
        made = _report(request)
    except Refusal as refusal:
        return _failed(request, refusal)
    making, kind = FORMATS[ending]
    name = f"信访工作报告 {made.first}—{made.last}.{ending}"
    return FileResponse(
        io.BytesIO(making(paper_of(made))), as_attachment=True, filename=name, content_type=kind
    )


urlpatterns = [
    path("petitions/report/", page, name="desk_petition_report"),
    path("petitions/report/<slug:code>/", records, name="desk_petition_records"),
    path("petitions/report.docx", file, {"ending": "docx"}, name="desk_petition_report_docx"),
    path("petitions/report.pdf", file, {"ending": "pdf"}, name="desk_petition_report_pdf"),
]
