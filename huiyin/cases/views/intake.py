"""受理: one screen while the person speaks – drafts, look-ups, what stands beside, registering, the receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, drafts, intake_beside, procedures
from huiyin.cases.intake_form import FROM_OTHERS, MAY_REGISTER, IntakeForm
from huiyin.cases.models import Case
from huiyin.cases.models.case import GROUP_SIZE
from huiyin.cases.states import Channel
from huiyin.cases.workflow import CENTRE
from huiyin.shell.access import staff


@staff(roles=MAY_REGISTER)
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """A fresh draft with an address of its own, so that a reload or a new sign-in goes on with it."""
    query = request.GET.urlencode()
    return redirect(reverse("desk_intake_draft", args=[uuid7()]) + (f"?{query}" if query else ""))


@staff(roles=MAY_REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, draft) -> HttpResponse:
    done = drafts.registered(request.user, draft)
    if done is not None:
        return redirect("desk_receipt", done.number)
    if request.method == "POST":
        return _submit(request, draft)
    content = drafts.content_of(drafts.find(request.user, draft))
    first = {"channel": request.GET["channel"]} if request.GET.get("channel") in Channel.values else {}
    form = IntakeForm(user=request.user, initial={**first, **content})
    return _page(request, draft, form, content)


def _submit(request: HttpRequest, draft_id) -> HttpResponse:
    do, form, problem = request.POST.get("do", "register"), IntakeForm(request.POST, user=request.user), ""
    try:
        draft = drafts.keep(request.user, draft_id, request.POST, request.FILES.getlist("files"))
        if do == "keep":
            messages.success(request, "先放着了，草稿里随时接着填。")
            return redirect("desk_drafts")
        if do == "check":
            return redirect("desk_intake_draft", draft_id)
        case = form.submit(draft, do)
    except Refusal as refusal:
        for name, words in refusal.errors.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, words)
        problem, status = refusal.message, refusal.status
        return _page(request, draft_id, form, request.POST, problem, status)
    return redirect("desk_receipt", case.number)


def _page(request, draft_id, form, content, problem="", status=200) -> HttpResponse:
    saved = drafts.find(request.user, draft_id)
    size = str(content.get("group_size") or "1")
    context = {
        "form": form,
        "draft_id": draft_id,
        "draft": saved,
        "files": list(saved.attachments.filter(case=None)) if saved else [],
        "others": len(drafts.mine(request.user)) - bool(saved),
        "problem": problem,
        "is_group": size.isdigit() and int(size) >= GROUP_SIZE,
        "is_from_others": (content.get("channel") or form.initial.get("channel")) in FROM_OTHERS,
        "in_centre": bool(request.user.roles & CENTRE),
        "rail_current": "intake",
        **intake_beside.beside(request.user, content),
    }
    return render(request, "cases/intake.html", context, status=status)


@staff(roles=MAY_REGISTER)
@require_POST
def save_draft(request: HttpRequest, draft) -> HttpResponse:
    """What autosave sends. Refused once the draft has become a matter."""
    done = drafts.registered(request.user, draft)
    if done is not None:
        raise Refusal(f"已经登记为 {done.number}，不用再存。", status=409)
    drafts.keep(request.user, draft, request.POST)
    return JsonResponse({"url": reverse("desk_draft_save", args=[draft])})


@staff(roles=MAY_REGISTER)
@require_POST
def drop_draft(request: HttpRequest, draft) -> HttpResponse:
    found = drafts.find(request.user, draft)
    if found is not None:
        drafts.drop(found)
        messages.success(request, "草稿删掉了。")
    return redirect("desk_drafts")


@staff(roles=MAY_REGISTER)
@never_cache
@require_safe
def list_drafts(request: HttpRequest) -> HttpResponse:
    rows = drafts.mine(request.user)
    for row in rows:
        row.channel_name = Channel(row.channel).label if row.channel in Channel.values else ""
    return render(request, "cases/intake_drafts.html", {"drafts": rows, "rail_current": "intake"})


@staff(roles=MAY_REGISTER)
@never_cache
@require_safe
def look_beside(request: HttpRequest, draft) -> HttpResponse:
    """The side column anew after a save; the page's own lines (grid, unit) come along out of band."""
    content = drafts.content_of(drafts.find(request.user, draft))
    context = {**intake_beside.beside(request.user, content), "in_centre": bool(request.user.roles & CENTRE)}
    return render(request, "cases/intake_beside.html", {**context, "is_part": True})


@staff(roles=MAY_REGISTER)
@require_safe
def find_categories(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:60]
    return JsonResponse({"results": intake_beside.category_results(request.user.office, query)})


@staff(roles=MAY_REGISTER)
@require_safe
def find_places(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:60]
    return JsonResponse({"results": intake_beside.place_results(request.user.office, query)})


@staff
@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The slip to take home: number, code, square code, what happens next; one more for each representative."""
    rows = Case.objects.visible_to(request.user).filter(office=request.user.office)
    case = get_object_or_404(
        rows.select_related("office", "area", "received_by", "merged_into"), number=number
    )
    parties = list(case.parties.select_related("party").exclude(role="respondent").order_by("pk"))
    for row in parties:
        row.track_url = request.build_absolute_uri(f"/track/{row.tracking_code}/")
    running = [
        (rule, reading)
        for row, rule, reading in deadlines.readings(case)
        if not (row.met_at or row.dropped_at or rule.is_window or row.assignment_id or row.notice_id)
    ]
    context = {
        "case": case,
        "kind": procedures.kind_name(case),
        "main": next((row for row in parties if row.role == "raiser"), None),
        "others": [row for row in parties if row.role == "representative"],
        "track_url": request.build_absolute_uri(f"/track/{case.tracking_code}/"),
        "running": running,
        "may_register": bool(request.user.roles & MAY_REGISTER),
    }
    return render(request, "cases/receipt.html", context)


urlpatterns = [
    path("intake/", begin, name="desk_intake"),
    path("intake/drafts/", list_drafts, name="desk_drafts"),
    path("intake/<uuid:draft>/", intake, name="desk_intake_draft"),
    path("intake/<uuid:draft>/save/", save_draft, name="desk_draft_save"),
    path("intake/<uuid:draft>/drop/", drop_draft, name="desk_draft_drop"),
    path("intake/<uuid:draft>/beside/", look_beside, name="desk_intake_beside"),
    path("lookup/categories/", find_categories, name="desk_find_categories"),
    path("lookup/places/", find_places, name="desk_find_places"),
    path("cases/<str:number>/receipt/", receipt, name="desk_receipt"),
]
