"""受理: one screen while the person speaks – drafts, look-ups, what stands beside, registering, the receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases import drafts, intake_acts, intake_beside
from huiyin.cases.intake_form import FROM_OTHERS, MAY_REGISTER, IntakeForm
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
    if request.method == "POST":
        draft = drafts.resolve(request.user, draft, request.POST)
    done = drafts.outcome(request.user, draft)
    if done is not None:
        return redirect(intake_acts.address_of(done))
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
        done = intake_acts.act(form, draft, do)
    except Refusal as refusal:
        for name, words in refusal.errors.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, words)
        problem, status = refusal.message, refusal.status
        return _page(request, draft_id, form, request.POST, problem, status)
    if getattr(done, "held_up", ""):
        messages.warning(request, f"已经登记，编号 {done.number}。受理还差一步：{done.held_up}")
    return redirect(intake_acts.address_of(done))


def _page(request, draft_id, form, content, problem="", status=200) -> HttpResponse:
    saved = drafts.find(request.user, draft_id)
    size = str(content.get("group_size") or "1")
    kind = content.get("kind", "")
    context = {
        "form": form,
        "draft_id": draft_id,
        "draft": saved,
        "files": list(saved.attachments.filter(case=None)) if saved else [],
        "seen": saved.saved_at.isoformat() if saved else "",
        "others": drafts.count(request.user) - bool(saved),
        "problem": problem,
        "is_group": size.isdigit() and int(size) >= GROUP_SIZE,
        "is_from_others": (content.get("channel") or form.initial.get("channel")) in FROM_OTHERS,
        "is_watched": kind in form.watched,
        "answers": bool(content.get("answer")),
        "in_centre": bool(request.user.roles & CENTRE),
        "rail_current": "intake",
        **intake_beside.beside(request.user, content),
    }
    return render(request, "cases/intake.html", context, status=status)


@staff(roles=MAY_REGISTER)
@require_POST
def save_draft(request: HttpRequest, draft) -> HttpResponse:
    """What autosave sends. Refused once the draft has become a matter; a second window gets a draft of its own."""
    draft = drafts.resolve(request.user, draft, request.POST)
    if drafts.outcome(request.user, draft) is not None:
        raise Refusal("这份草稿已经登记了，不用再存。", status=409)
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
    return render(
        request,
        "cases/intake_drafts.html",
        {"drafts": rows, "rail_current": "intake", **drafts.rules(request.user.office)},
    )


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


urlpatterns = [
    path("intake/", begin, name="desk_intake"),
    path("intake/drafts/", list_drafts, name="desk_drafts"),
    path("intake/<uuid:draft>/", intake, name="desk_intake_draft"),
    path("intake/<uuid:draft>/save/", save_draft, name="desk_draft_save"),
    path("intake/<uuid:draft>/drop/", drop_draft, name="desk_draft_drop"),
    path("intake/<uuid:draft>/beside/", look_beside, name="desk_intake_beside"),
    path("lookup/categories/", find_categories, name="desk_find_categories"),
    path("lookup/places/", find_places, name="desk_find_places"),
]
