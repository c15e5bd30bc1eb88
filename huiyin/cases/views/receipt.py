"""The slip to take home: number, code, square code, what happens next; one more for each representative."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huiyin.cases import access, deadlines, procedures
from huiyin.cases.intake_form import MAY_REGISTER
from huiyin.cases.joining import JOINED
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.states import Channel, Reply
from huiyin.cases.wording import shorten
from huiyin.shell.access import staff


@dataclass
class Slip:
    """One person's paper: their code, and of a matter that somebody else raised only what they said themselves."""

    code: str
    url: str
    party: CaseParty | None
    title: str
    at: datetime
    channel: str
    receiver: str
    reply: str

    @property
    def is_late_comer(self) -> bool:
        return self.party is not None and self.party.role == JOINED


@staff
@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the slips of the matter's person and representatives; `party`: the one of this person alone."""
    rows = Case.objects.visible_to(request.user).filter(office=request.user.office)
    rows = rows.select_related("office", "area", "received_by", "merged_into")
    case = get_object_or_404(rows, number=number)
    access.note_reading(case, request.user, request)
    context = {
        "case": case,
        "kind": procedures.kind_name(case),
        "slips": _slips(request, case, request.GET.get("party", "")),
        "running": _running(case),
        "may_register": bool(request.user.roles & MAY_REGISTER),
    }
    return render(request, "cases/receipt.html", context)


def _slips(request, case, only: str) -> list[Slip]:
    parties = list(case.parties.select_related("party").exclude(role="respondent").order_by("pk"))
    if only:
        chosen = [row for row in parties if str(row.pk) == only]
    else:
        chosen = sorted((row for row in parties if row.role != JOINED), key=lambda row: row.role != "raiser")
        chosen = chosen or [None]
    return [_slip(request, case, row) for row in chosen]


def _slip(request, case, row: CaseParty | None) -> Slip:
    code = row.tracking_code if row else case.tracking_code
    url = request.build_absolute_uri(f"/track/{code}/")
    receiver = case.received_by
    slip = Slip(
        code=code,
        url=url,
        party=row,
        title=case.title,
        at=case.registered_at,
        channel=case.get_channel_display(),
        receiver=(receiver.title or receiver.name) if receiver else "",
        reply=Reply((row and row.reply_by) or case.reply_by).label,
    )
    if slip.is_late_comer:
        event = case.events.filter(verb="urge", data__voice=str(row.pk)).select_related("by").first()
        slip.title, slip.at, slip.receiver = shorten(event.text), event.at, event.by_title
        slip.channel = Channel(event.data["channel"]).label if event.data.get("channel") else ""
    return slip


def _running(case) -> list:
    return [
        (rule, reading)
        for row, rule, reading in deadlines.readings(case)
        if not (row.met_at or row.dropped_at or rule.is_window or row.assignment_id or row.notice_id)
    ]


urlpatterns = [path("cases/<str:number>/receipt/", receipt, name="desk_receipt")]
