"""A verb's form and the verb itself. The form opens inside the matter's page; without script it is a page."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import attachments, moving
from huiyin.cases.form_fields import Attachments, ToldField
from huiyin.cases.models import Attachment
from huiyin.cases.neighbours import Neighbours
from huiyin.cases.offers import Offer, offer_for
from huiyin.cases.panel import address
from huiyin.cases.views.matter import visible
from huiyin.shell.access import staff

MOST_FILES = 10


@staff
@require_safe
def move_form(request, number, verb, subject=None):
    """GET: what the verb asks for. Refused when it cannot be done now."""
    case = visible(request.user, number)
    offer = offer_for(case, request.user, verb, subject)
    moving.check(case, offer.move, request.user, offer.subject)
    return show(request, offer, offer.form())


@staff
@require_POST
def move(request, number, verb, subject=None):
    """POST: do it. A refusal comes back as the form with everything that was typed."""
    case = visible(request.user, number)
    offer = offer_for(case, request.user, verb, subject)
    data, kept = request.POST.copy(), []
    try:
        moving.check(case, offer.move, request.user, offer.subject)
        kept = take_files(request, case, data)
        offer.form(data).perform()
    except Refusal as refusal:
        return show(request, offer, offer.form(data), refusal, files_of(data, request.user) or kept)
    case.refresh_from_db()
    messages.success(request, f"“{offer.move.label}”已经记下，现在是“{case.shown_state_label}”。")
    return back(request, case)


def take_files(request, case, data: QueryDict) -> list:
    """Store what came with the form; its ids join those that were kept from an earlier try."""
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        raise Refusal(
            f"一次最多传 {MOST_FILES} 个文件，其余的请分次传。", status=400, errors={"attachments": "太多了"}
        )
    rows = []
    for upload in files:
        try:
            rows.append(attachments.store(upload, case.office, by=request.user))
        except Refusal as refusal:
            refusal.errors = {"attachments": refusal.message}
            raise
        data.appendlist("attachments", str(rows[-1].pk))
    return rows


def files_of(data: QueryDict, user) -> list:
    """Uploads of this user that wait for the form to be sent once more."""
    ids = [value for value in data.getlist("attachments") if len(value) == 36]
    try:
        return list(Attachment.objects.filter(pk__in=ids, case=None, uploaded_by=user))
    except (ValueError, TypeError):
        return []


def show(request, offer: Offer, form, refusal: Refusal | None = None, kept=()) -> HttpResponse:
    """The form, alone for htmx or as a page; with a refusal its status, its words and what was typed."""
    for name, text in (refusal.errors if refusal else {}).items():
        if name in form.fields and not form.errors.get(name):
            form.add_error(name, text)
    advice_template = getattr(form, "advice_template", "")
    if advice_template and not form.is_bound:
        form.suggest()
    if not form.is_bound and request.htmx and not form.initial.get("lead"):
        first = next((field for field in form.fields.values() if not isinstance(field, Attachments)), None)
        if first:
            first.widget.attrs["autofocus"] = True
    told = [name for name, field in form.fields.items() if isinstance(field, ToldField)]
    origin = request.POST.get("from", request.GET.get("from"))
    context = {
        "case": offer.case,
        "offer": offer,
        "form": form,
        "refusal": refusal,
        "kept": kept,
        "told": told,
        "advice_template": advice_template,
        "advice": form.advice() if advice_template else None,
        "action": address("desk_move", offer),
        "beside": Neighbours(origin),
        "origin": origin,
        "rail_current": "cases",
    }
    page = "cases/parts/move_form.html" if request.htmx else "cases/move.html"
    return render(request, page, context, status=refusal.status if refusal else 200)


def back(request, case) -> HttpResponse:
    """To the matter's page; htmx is told to go there, so that everything on it is new."""
    goal = reverse("desk_case", args=[case.number]) + Neighbours(request.POST.get("from")).tail
    if not request.htmx:
        return HttpResponseRedirect(goal)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = goal
    return response


urlpatterns = [
    path("cases/<str:number>/<slug:verb>/form/", move_form, name="desk_move_form"),
    path("cases/<str:number>/<slug:verb>/form/<uuid:subject>/", move_form, name="desk_move_form"),
    path("cases/<str:number>/<slug:verb>/", move, name="desk_move"),
    path("cases/<str:number>/<slug:verb>/<uuid:subject>/", move, name="desk_move"),
]
