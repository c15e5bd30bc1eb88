"""A paper before it is issued: looked at, filled up, issued or handed to a leader; and the leader's side of it."""

import json

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.views.matter import visible
from huiyin.documents import issuing
from huiyin.documents.facts import Facts
from huiyin.documents.kinds import KINDS
from huiyin.documents.models import Submission
from huiyin.documents.offers import address
from huiyin.documents.sheet import shown
from huiyin.papers import content, fonts
from huiyin.shell.access import staff


def site_of(request) -> str:
    return request.build_absolute_uri("/")


def form_of(case, kind, data=None):
    """The kind's own questions, filled from the record; with `data` as typed."""
    return kind.form(data, facts=Facts(case))


def initial_of(form) -> dict:
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


@staff
@require_safe
def draft_page(request, number, kind, key=None):
    """GET: the paper as it would go out now."""
    case = visible(request.user, number)
    return show(request, case, issuing.known(kind), str(key or ""))


@staff
@require_POST
def issue(request, number, kind, key=None):
    """POST: `do` = preview (look again), submit (hand to a leader) or issue. A refusal keeps what was typed."""
    case, found, subject = visible(request.user, number), issuing.known(kind), str(key or "")
    form = form_of(case, found, request.POST)
    try:
        if not form.is_valid():
            raise Refusal("有几处要改，改好再来；您填的都还在。", status=400)
        if request.POST.get("do") == "preview":
            return show(request, case, found, subject, form)
        if request.POST.get("do") == "submit":
            row = issuing.submit(case, kind, by=request.user, extra=form.cleaned_data, site=site_of(request))
            messages.success(request, f"{found.label}已送领导签发，签了会告诉您。")
            return redirect("desk_submission", row.pk)
        made = issuing.issue(
            case, kind, subject, by=request.user, extra=form.cleaned_data, site=site_of(request)
        )
    except Refusal as refusal:
        return show(request, case, found, subject, form, refusal)
    messages.success(request, f"{found.label}已出：{made.number}。")
    return redirect("desk_document", made.pk)


def show(request, case, kind, key, form=None, refusal=None):
    """The draft with its form. Identity is masked: a draft is for looking at the words."""
    access.note_reading(case, request.user, request)
    there = issuing.existing(case, kind.code, key)
    if there and refusal is None:
        return redirect("desk_document", there.pk)
    form = form or form_of(case, kind)
    extra = getattr(form, "cleaned_data", None) or initial_of(form)
    made = issuing.draft(case, kind.code, key, extra=extra, site=site_of(request))
    may = issuing.post_for(case, request.user, kind.roles) is not None
    signs = issuing.post_for(case, request.user, kind.signers) is not None
    needs = issuing.needs_signature(case, kind.code)
    context = {
        "case": case,
        "kind": kind,
        "form": form,
        "refusal": refusal,
        "sheet": shown(content.without_identity(made.paper)),
        "missing": made.missing,
        "names_person": made.names_person,
        "layout": layout_of(case, kind.code, Facts(case).rules),
        "may_issue": may and (signs or not needs),
        "may_submit": may and needs,
        "action": address(case, kind.code, key) + "issue/",
        "no_type": fonts.without_type(content.plain_text(made.paper)),
        "rail_current": "documents",
    }
    return render(request, "documents/draft.html", context, status=refusal.status if refusal else 200)


def layout_of(case, code: str, rules) -> dict:
    """{layout, title, source_kind}: by which standard and law this kind is made, and what is only an example.

    `rules` is the version the paper is made by; {} when an old one does not say.
    """
    labels, layouts = rules.content.get("labels", {}), rules.content.get("layouts", {})
    label = labels.get(code, {})
    if label.get("source_kind") == "法定" and not Facts(case).is_petition:
        label = labels.get("other", {})
    layout = layouts.get(rules.content["kinds"].get(code, {}).get("layout"))
    return {"layout": layout, **label} if layout and label else {}


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request, pk):
    """GET: what waits for a signature. POST: `do` = sign or back (with words)."""
    row = get_object_or_404(Submission.objects.visible_to(request.user).select_related("case__office"), pk=pk)
    refusal, words = None, request.POST.get("words", "")
    if request.method == "POST":
        try:
            row = issuing.sign(row, by=request.user, words=words, approve=request.POST.get("do") == "sign")
            if row.document_id:
                messages.success(request, f"已签发：{row.document.number}。")
                return redirect("desk_document", row.document_id)
            messages.success(request, "已退回，会告诉送签的人。")
            return redirect("desk_submission", row.pk)
        except Refusal as refused:
            refusal = refused
    case, kind = visible(request.user, row.case.number), KINDS[row.kind]
    access.note_reading(case, request.user, request)
    made = None
    if row.decided_at is None and row.round == case.round:
        made = issuing.draft(case, row.kind, extra=json.loads(row.fields), site=row.site)
    context = {
        "submission": row,
        "case": case,
        "kind": kind,
        "sheet": shown(content.without_identity(made.paper)) if made else None,
        "missing": made.missing if made else (),
        "layout": layout_of(case, row.kind, row.document.rules if row.document_id else Facts(case).rules),
        "may_sign": row.decided_at is None
        and row.asked_by_id != request.user.pk
        and issuing.post_for(case, request.user, kind.signers) is not None,
        "refusal": refusal,
        "words": words,
        "rail_current": "documents",
    }
    return render(request, "documents/submission.html", context, status=refusal.status if refusal else 200)


urlpatterns = [
    path("cases/<str:number>/papers/<slug:kind>/", draft_page, name="desk_document_draft"),
    path("cases/<str:number>/papers/<slug:kind>/issue/", issue, name="desk_document_issue"),
    path("cases/<str:number>/papers/<slug:kind>/<uuid:key>/", draft_page, name="desk_document_draft"),
    path("cases/<str:number>/papers/<slug:kind>/<uuid:key>/issue/", issue, name="desk_document_issue"),
    path("documents/submissions/<uuid:pk>/", submission, name="desk_submission"),
]
