"""热点说明: what many people speak of, and the office's word on it, written by one and reviewed by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import categories
from huiyin.publications import reviewing
from huiyin.publications.forms import NoteForm, ReasonForm
from huiyin.publications.models import PublicationState, TopicNote
from huiyin.publications.topics import hot
from huiyin.shell.access import staff

MOST = 60


@staff(roles=reviewing.DOORS)
@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """GET: what is hot now with its note or without, and the notes by state."""
    office = request.user.office
    rows = TopicNote.objects.visible_to(request.user).select_related("community", "written_by", "reviewed_by")
    rows = list(rows.defer("community__boundary").order_by("-written_at")[:MOST])
    table = categories.table(office)
    context = {
        "rail_current": "publications",
        "topics": hot(office),
        "rows": [(row, table.get(row.category, {}).get("name", "")) for row in rows],
        "may_write": bool(request.user.roles & reviewing.WRITERS),
    }
    return render(request, "publications/notes.html", context)


@staff(roles=reviewing.WRITERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    office = request.user.office
    if request.method == "GET":
        form = NoteForm(initial={"category": request.GET.get("category", "")}, office=office)
        return render(request, "publications/note.html", {"form": form, "rail_current": "publications"})
    form = NoteForm(request.POST, office=office)
    if not form.is_valid():
        return render(request, "publications/note.html", {"form": form}, status=400)
    row = reviewing.write_note(office, by=request.user, **form.cleaned_data)
    return _submit(request, row, form)


def _submit(request, row, form):
    if "submit" in request.POST:
        try:
            reviewing.submit(row, by=request.user)
        except Refusal as refusal:
            form.add_error("text", refusal.message)
            return draw(request, row, form, refusal=refusal)
    messages.success(request, "交审了，等另一位来看。" if "submit" in request.POST else "存好了。")
    return redirect("desk_topic_note", row.pk)


def row_of(request, pk) -> TopicNote:
    return get_object_or_404(
        TopicNote.objects.visible_to(request.user).select_related("office", "written_by"), pk=pk
    )


@staff(roles=reviewing.DOORS)
@require_safe
def note(request: HttpRequest, pk) -> HttpResponse:
    return draw(request, row_of(request, pk))


def draw(request, row, form=None, reason_form=None, refusal=None):
    held, is_open = request.user.roles, row.state in (PublicationState.DRAFT, PublicationState.SUBMITTED)
    initial = {"category": row.category, "community": row.community, "text": row.text}
    if row.community:
        initial["community"] = row.community.code
    context = {
        "rail_current": "publications",
        "row": row,
        "name": categories.path_name(row.office, row.category),
        "form": form or NoteForm(initial=initial, office=row.office),
        "reason_form": reason_form or ReasonForm(),
        "may_write": is_open and bool(held & reviewing.WRITERS),
        "may_review": row.state == PublicationState.SUBMITTED
        and bool(held & reviewing.REVIEWERS)
        and request.user.pk not in row.writers,
        "may_withdraw": row.state != PublicationState.WITHDRAWN,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 400 if (form or reason_form) else 200
    return render(request, "publications/note.html", context, status=status)


@staff(roles=reviewing.WRITERS)
@require_POST
def write(request: HttpRequest, pk) -> HttpResponse:
    row = row_of(request, pk)
    form = NoteForm(request.POST, office=row.office)
    if not form.is_valid():
        return draw(request, row, form)
    try:
        row = reviewing.rewrite(row, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        return draw(request, row, form, refusal=refusal)
    return _submit(request, row, form)


urlpatterns = [
    path("publications/notes/", notes, name="desk_topic_notes"),
    path("publications/notes/new/", new, name="desk_topic_note_new"),
    path("publications/notes/<uuid:pk>/", note, name="desk_topic_note"),
    path("publications/notes/<uuid:pk>/write/", write, name="desk_topic_note_write"),
]
