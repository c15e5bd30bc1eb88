"""A day's papers, printed in one go: which ones, for what, one PDF with each on a fresh sheet."""

import io
from datetime import date, timedelta
from uuid import UUID

from django.http import FileResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.documents.models import IssuedDocument
from huiyin.documents.views.issued import PURPOSES, note_file, paper_for
from huiyin.papers import pdf
from huiyin.rules import clock
from huiyin.shell.access import staff

MOST = 40  # one file: about eight seconds of setting


def issued_on(user, on: date):
    """Papers of this day that still hold, in the order in which they were issued."""
    begin = clock.local(f"{on}T00:00")
    rows = IssuedDocument.objects.visible_to(user).live().filter(issued_at__gte=begin)
    rows = rows.filter(issued_at__lt=clock.local(f"{on + timedelta(days=1)}T00:00"))
    return rows.order_by("issued_at", "pk")


def asked_day(text: str, user) -> date:
    """The day asked for; without one, or with nonsense, the last day on which a paper was issued."""
    try:
        return min(date.fromisoformat(text), clock.today())
    except ValueError:
        last = (
            IssuedDocument.objects.visible_to(user).order_by("-issued_at").values_list("issued_at", flat=True)
        )
        newest = last.first()
        return clock.local(newest).date() if newest else clock.today()


@staff
@require_safe
def day_page(request):
    """GET: the papers of `on`, all ticked."""
    return show(request, asked_day(request.GET.get("on", ""), request.user))


def show(request, on: date, refusal=None):
    rows = issued_on(request.user, on).defer("content").select_related("case", "issued_by")
    found = list(rows.prefetch_related("steps")[: MOST + 1])
    ticked = set(request.POST.getlist("paper")) if refusal else {str(row.pk) for row in found}
    context = {
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < clock.today() else None,
        "today": clock.today(),
        "papers": [(row, str(row.pk) in ticked) for row in found[:MOST]],
        "more": len(found) > MOST,
        "most": MOST,
        "purposes": PURPOSES,
        "purpose": request.POST.get("purpose", ""),
        "refusal": refusal,
        "rail_current": "documents",
    }
    return render(request, "documents/day.html", context, status=refusal.status if refusal else 200)


@staff
@require_POST
@never_cache
def print_day(request):
    """POST `on`, `paper`…, `purpose`: one PDF; each paper is noted in the audit trail."""
    on = asked_day(request.POST.get("on", ""), request.user)
    purpose = request.POST.get("purpose", "")
    try:
        rows = list(chosen(request, on))
        if not rows:
            raise Refusal("没有选要打印的文书，请至少勾一份。", status=400)
        if purpose not in PURPOSES:
            raise Refusal("打印文书要选用途。", status=400, errors={"purpose": "请选一项"})
        made = [(row, *paper_for(row, request.user)) for row in rows]
        content = pdf.render_all([paper for _, paper, _ in made])
    except Refusal as refusal:
        return show(request, on, refusal)
    for row, _, whole in made:
        note_file(request, row, purpose=purpose, ending="pdf", whole=whole)
    name = f"文书 {on:%Y-%m-%d} 共{len(rows)}份.pdf"
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf"
    )


def chosen(request, on: date):
    keys = []
    for text in request.POST.getlist("paper")[:MOST]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return issued_on(request.user, on).filter(pk__in=keys).select_related("case__office")


urlpatterns = [
    path("documents/day/", day_page, name="desk_documents_day"),
    path("documents/day/print/", print_day, name="desk_documents_day_print"),
]
