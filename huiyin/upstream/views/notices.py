"""一次性告知单 on paper, and papers and result beside a request's matter."""

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases import record, services
from huiyin.shell.access import staff
from huiyin.upstream import papers
from huiyin.upstream.models import PaperNotice, ServiceResult


@staff
@require_safe
def notice(request, pk):
    """GET: the slip that names everything still missing, once and in full."""
    rows = PaperNotice.objects.visible_to(request.user).select_related("case__office", "told_by")
    row = get_object_or_404(rows, pk=pk)
    party = papers.party_of(row.case)
    context = {
        "notice": row,
        "case": row.case,
        "item": services.table(row.case.office).get(row.service),
        "held": sorted(papers.held(row.case).values(), key=lambda paper: paper.taken_at),
        "person": party.masked_name if party else "",
    }
    return render(request, "upstream/notice.html", context)


def beside_matter(case, user) -> dict | None:
    """On a request's page: papers with the day they were handed in, what is missing, the slips, the result."""
    if case.kind != papers.REQUEST:
        return None
    wanted, held = papers.wanted(case), papers.held(case)
    notices = list(case.paper_notices.order_by("told_at")) if record.has(case, PaperNotice) else []
    results = list(case.service_results.order_by("round")) if record.has(case, ServiceResult) else []
    if not (wanted or held or notices or results):
        return None
    names = list(dict.fromkeys([*wanted, *(row.name for row in held.values() if row.case_id == case.pk)]))
    return {
        "papers": [
            (name, held.get(name)) for name in [*names, *(n for n in papers.missing(case) if n not in names)]
        ],
        "notices": notices,
        "results": results,
    }


urlpatterns = [path("upstream/notices/<uuid:pk>/", notice, name="upstream_notice")]
