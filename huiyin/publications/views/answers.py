"""公开: what may be told, what is being written, what waits for review, what everybody reads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.publications import reviewing
from huiyin.publications.forms import AnswerForm, ReasonForm
from huiyin.publications.masking import cut, doubts
from huiyin.publications.models import PublicationState, PublishedAnswer
from huiyin.publications.record import proposals, sketch_of
from huiyin.rules import clock
from huiyin.shell.access import staff

PAGE = 30
TABS = [
    ("proposals", "可以公开的"),
    ("draft", "草稿"),
    ("submitted", "待审"),
    ("published", "已公开"),
    ("withdrawn", "已撤下"),
]


@staff(roles=reviewing.DOORS)
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """GET: one tab. Each shows at most a page; the rest by its cursor."""
    tab = request.GET.get("tab") or ("proposals" if request.user.roles & reviewing.WRITERS else "submitted")
    if tab not in dict(TABS):
        raise Refusal("没有这一栏，请从上面的几栏里选。", status=400)
    after = request.GET.get("after", "")[:60]
    context = {"tabs": TABS, "tab": tab, "may_write": bool(request.user.roles & reviewing.WRITERS)}
    if tab == "proposals":
        solved = request.GET.get("all") != "1"
        rows = proposals(request.user, request.user.office, only_solved=solved)
        context |= {"solved": solved} | _page(rows, "closed_at", after)
    else:
        rows = PublishedAnswer.objects.visible_to(request.user).filter(state=tab)
        rows = rows.select_related("case", "community", "written_by", "reviewed_by", "withdrawn_by")
        rows = rows.defer("words", "community__boundary", "case__words", "said", "answer")
        context |= _page(rows.order_by("-written_at", "-pk"), "written_at", after)
    return render(request, "publications/answers.html", context)


def _page(rows, column: str, after: str) -> dict:
    """One page by the moment of its last row; two rows of one moment are not parted for long."""
    if after:
        try:
            rows = rows.filter(**{f"{column}__lt": clock.local(after)})
        except ValueError as error:
            raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error
    found = list(rows[: PAGE + 1])
    more = getattr(found[PAGE - 1], column).isoformat() if len(found) > PAGE else ""
    return {"rows": found[:PAGE], "more": more}


@staff(roles=reviewing.WRITERS)
@require_POST
def propose(request: HttpRequest, number: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number, office=request.user.office)
    row = reviewing.draft(case, by=request.user)
    return redirect("desk_publication", row.pk)


def row_of(request, pk) -> PublishedAnswer:
    rows = PublishedAnswer.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("case__area", "community", "written_by", "reviewed_by", "office"), pk=pk
    )


@staff(roles=reviewing.DOORS)
@require_safe
def answer(request: HttpRequest, pk) -> HttpResponse:
    return draw(request, row_of(request, pk))


def draw(request, row, form=None, reason_form=None, refusal=None) -> HttpResponse:
    """The record with its identities marked, beside what would be told."""
    held = request.user.roles
    initial = {name: getattr(row, name) for name in reviewing.TEXTS}
    is_open = row.state in (PublicationState.DRAFT, PublicationState.SUBMITTED)
    texts = [(label, cut(text, doubts(text))) for label, text in _shown(row)]
    context = {
        "rail_current": "publications",
        "row": row,
        "sketch": sketch_of(row.case) if is_open and row.round == row.case.round else None,
        "texts": texts,
        "doubts": any(piece for _, parts in texts for _, piece in parts),
        "form": form or AnswerForm(initial=initial),
        "reason_form": reason_form or ReasonForm(),
        "may_write": is_open and bool(held & reviewing.WRITERS),
        "may_review": row.state == PublicationState.SUBMITTED
        and bool(held & reviewing.REVIEWERS)
        and request.user.pk not in row.writers,
        "is_own": request.user.pk in row.writers,
        "may_withdraw": row.state != PublicationState.WITHDRAWN,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 400 if (form or reason_form) else 200
    return render(request, "publications/answer.html", context, status=status)


def _shown(row):
    return [
        ("事由", row.title),
        ("居民说了什么", row.said),
        ("办了什么", row.done),
        ("怎么答复的", row.answer),
    ]


@staff(roles=reviewing.WRITERS)
@require_POST
def write(request: HttpRequest, pk) -> HttpResponse:
    """Keep the words, and hand them in for review when that button was pressed."""
    row, form = row_of(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return draw(request, row, form)
    try:
        row = reviewing.rewrite(row, by=request.user, **form.cleaned_data)
        if "submit" in request.POST:
            reviewing.submit(row, by=request.user)
    except Refusal as refusal:
        for name, text in (refusal.errors or {}).items():
            form.add_error(name, text)
        return draw(request, row_of(request, pk), form, refusal=refusal)
    messages.success(request, "交审了，等另一位来看。" if "submit" in request.POST else "存好了。")
    return redirect("desk_publication", pk)


urlpatterns = [
    path("publications/", answers, name="desk_publications"),
    path("publications/propose/<str:number>/", propose, name="desk_publication_propose"),
    path("publications/answers/<uuid:pk>/", answer, name="desk_publication"),
    path("publications/answers/<uuid:pk>/write/", write, name="desk_publication_write"),
]
