"""Issued papers: the register, one paper, its files, its delivery, its end."""

import io
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.audit.models import record
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.workflow import CHIEF
from huiyin.documents import issuing
from huiyin.documents.kinds import KINDS
from huiyin.documents.models import DeliveryWay, DocumentAct, IssuedDocument
from huiyin.documents.sheet import shown
from huiyin.documents.views.drafts import layout_of
from huiyin.papers import content, fonts, pdf
from huiyin.papers.blocks import RED, Paragraph
from huiyin.rules import clock
from huiyin.shell.access import staff

PAGE = 50
PURPOSES = ("送达本人", "本人核对后归档", "交承办单位", "归档", "核对内容")


def word_file(paper) -> bytes:
    """The paper as .docx."""
    from huiyin.papers import docx  # brings a large library: read when the first file is made

    return docx.render(paper)


FORMATS = {
    "docx": (word_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf.render, "application/pdf"),
}
STATES = {"": "全部", "open": "没送达", "delivered": "已送达", "voided": "已作废"}


def in_state(rows, state: str):
    if state == "open":
        return rows.to_deliver()
    if state in (DocumentAct.DELIVERED, DocumentAct.VOIDED):
        return rows.filter(steps__what=state)
    return rows


@staff
@require_safe
def register(request):
    """The register of issued papers (发文登记), the newest first, in pages by keyset."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state, kind = (state if state in STATES else ""), (kind if kind in KINDS else "")
    rows = IssuedDocument.objects.visible_to(request.user)
    after = _after(rows, request.GET.get("after", ""))
    rows = in_state(rows, state).defer("content").select_related("case", "issued_by")
    if kind:
        rows = rows.filter(kind=kind)
    if after:
        rows = rows.filter(Q(issued_at__lt=after.issued_at) | Q(issued_at=after.issued_at, pk__lt=after.pk))
    page = list(rows.prefetch_related("steps").order_by("-issued_at", "-pk")[: PAGE + 1])
    context = {
        "documents": page[:PAGE],
        "more": page[PAGE - 1].pk if len(page) > PAGE else "",
        "state": state,
        "states": STATES.items(),
        "kind": kind,
        "kinds": [(code, row.label) for code, row in KINDS.items()],
        "kept": urlencode({name: value for name, value in (("state", state), ("kind", kind)) if value}),
        "rail_current": "documents",
    }
    return render(request, "documents/register.html", context)


def _after(rows, text: str):
    """The row after which the page goes on; None for anything that is not one of ours."""
    try:
        return rows.filter(pk=UUID(text)).only("issued_at").first()
    except ValueError:
        return None


def found(request, pk) -> IssuedDocument:
    rows = IssuedDocument.objects.visible_to(request.user)
    rows = rows.select_related("case__office", "case__area", "issued_by", "approved_by", "rules")
    return get_object_or_404(rows.prefetch_related("steps__by"), pk=pk)


@staff
@require_safe
def document(request, pk):
    """GET: the paper as it went out, names masked; what may be done with it now."""
    return show(request, found(request, pk))


def show(request, row, refusal=None):
    case, user = row.case, request.user
    access.note_reading(case, user, request)
    context = {
        "document": row,
        "case": case,
        "kind": KINDS[row.kind],
        "sheet": shown(content.without_identity(row.paper)),
        "layout": layout_of(case, row.kind, row.rules),
        "purposes": PURPOSES,
        "purpose": request.POST.get("purpose") or KINDS[row.kind].purpose,
        "is_full": row.names_person and access.may_contact(case, user),
        "may_deliver": row.is_for_delivery
        and row.delivered is None
        and row.voided is None
        and issuing.post_for(case, user, issuing.DELIVERERS) is not None,
        "may_void": row.voided is None and may_void(row, user),
        "ways": DeliveryWay.choices,
        "today": clock.today(),
        "typed": request.POST,
        "refusal": refusal,
        "note": fonts.substitution_note(),
        "no_type": fonts.without_type(content.plain_text(row.paper)),
        "rail_current": "documents",
    }
    return render(request, "documents/document.html", context, status=refusal.status if refusal else 200)


def may_void(row, user) -> bool:
    roles = CHIEF if row.approved_by_id else issuing.VOIDERS
    return issuing.post_for(row.case, user, roles) is not None


@staff
@require_POST
@never_cache
def file(request, pk):
    """POST with a purpose: noted in the audit trail, then the file. Who need not know gets it without identity."""
    row = found(request, pk)
    try:
        making, kind = FORMATS[request.POST.get("format", "")]
        purpose = request.POST.get("purpose", "")
        if purpose not in PURPOSES:
            raise Refusal("下载文书要选用途。", status=400, errors={"purpose": "请选一项"})
    except KeyError:
        return show(request, row, Refusal("请选 Word 或 PDF。", status=400))
    except Refusal as refusal:
        return show(request, row, refusal)
    paper, whole = paper_for(row, request.user)
    ending = request.POST["format"]
    note_file(request, row, purpose=purpose, ending=ending, whole=whole)
    masked = "（隐去身份）" if row.names_person and not whole else ""
    name = f"{KINDS[row.kind].label} {row.number}{masked}.{ending}"
    return FileResponse(io.BytesIO(making(paper)), as_attachment=True, filename=name, content_type=kind)


def paper_for(row, user):
    """(the paper as this user may take it, whether it carries identities)"""
    whole = row.names_person and access.may_contact(row.case, user)
    return (stamped(row) if whole else content.without_identity(stamped(row))), whole


def note_file(request, row, *, purpose: str, ending: str, whole: bool):
    """Every paper that leaves the house as a file is in the audit trail, also one of many."""
    record(
        "document_file", f"document:{row.number}", by=request.user, address=address_of(request),
        purpose=purpose, format=ending, identity=whole, case=row.case.number, document=str(row.pk),
    )  # fmt: skip


def stamped(row):
    """The paper as it was issued; a voided one says so in red above everything else."""
    if row.voided is None:
        return row.paper
    words = f"已作废（{row.voided.words}）"
    mark = Paragraph(words, indent=0, align="center", face="heiti", color=RED)
    return replace(row.paper, blocks=(mark, *row.paper.blocks))


@staff
@require_POST
def deliver(request, pk):
    """POST: it was handed over on this day in this way."""
    row = found(request, pk)
    try:
        try:
            on = date.fromisoformat(request.POST.get("on", ""))
        except ValueError as error:
            raise Refusal("请填送达日期。", status=400, errors={"on": "请填日期"}) from error
        way, words = request.POST.get("way", ""), request.POST.get("words", "")
        issuing.deliver(row, by=request.user, on=on, way=way, words=words)
    except Refusal as refusal:
        return show(request, found(request, pk), refusal)
    messages.success(request, "送达已记下。")
    return redirect("desk_document", row.pk)


@staff
@require_POST
def void(request, pk):
    """POST with a reason: the paper no longer holds; another may be issued."""
    row = found(request, pk)
    try:
        issuing.void(row, by=request.user, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        return show(request, found(request, pk), refusal)
    messages.success(request, f"{row.number} 已作废，文号不再用。")
    return redirect("desk_document", row.pk)


urlpatterns = [
    path("documents/", register, name="desk_documents"),
    path("documents/<uuid:pk>/", document, name="desk_document"),
    path("documents/<uuid:pk>/file/", file, name="desk_document_file"),
    path("documents/<uuid:pk>/deliver/", deliver, name="desk_document_deliver"),
    path("documents/<uuid:pk>/void/", void, name="desk_document_void"),
]
