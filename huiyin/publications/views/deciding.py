"""What is decided over an answer or a note that was written: made public, sent back, taken down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from huiyin.base.refusal import Refusal
from huiyin.publications import reviewing
from huiyin.publications.forms import ReasonForm
from huiyin.publications.views import answers, notes
from huiyin.shell.access import staff

# part of the address → the room that finds and draws such a sheet, and the name of its page
SHEETS = {"answers": (answers, "desk_publication"), "notes": (notes, "desk_topic_note")}


@staff(roles=reviewing.REVIEWERS)
@require_POST
def publish(request: HttpRequest, pk, sheet: str) -> HttpResponse:
    room, page = SHEETS[sheet]
    try:
        reviewing.publish(room.row_of(request, pk), by=request.user)
    except Refusal as refusal:
        return room.draw(request, room.row_of(request, pk), refusal=refusal)
    messages.success(request, "公开了，居民现在看得到。")
    return redirect(page, pk)


@staff(roles=reviewing.REVIEWERS)
@require_POST
def send_back(request: HttpRequest, pk, sheet: str) -> HttpResponse:
    return _with_reason(request, pk, sheet, reviewing.send_back, "退回给写的人了。")


@staff(roles=reviewing.DOORS)
@require_POST
def withdraw(request: HttpRequest, pk, sheet: str) -> HttpResponse:
    return _with_reason(request, pk, sheet, reviewing.withdraw, "撤下了，居民看不到了。")


def _with_reason(request, pk, sheet: str, act, done: str) -> HttpResponse:
    (room, page), form = SHEETS[sheet], ReasonForm(request.POST)
    row = room.row_of(request, pk)
    if not form.is_valid():
        return room.draw(request, row, reason_form=form)
    try:
        act(row, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        return room.draw(request, room.row_of(request, pk), reason_form=form, refusal=refusal)
    messages.success(request, done)
    return redirect(page, pk)


urlpatterns = [
    path(f"publications/{sheet}/<uuid:pk>/{verb}/", view, {"sheet": sheet}, name=f"{page}_{name}")
    for sheet, (_, page) in SHEETS.items()
    for verb, view, name in (
        ("publish", publish, "publish"),
        ("send-back", send_back, "back"),
        ("withdraw", withdraw, "withdraw"),
    )
]
