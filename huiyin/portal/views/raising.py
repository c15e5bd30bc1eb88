"""Saying what is the matter: three steps, each its own page, then one look over it and hand in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.cases import allowance, attachments, intake
from huiyin.cases.states import Channel
from huiyin.portal import drafts, places
from huiyin.portal import office as offices
from huiyin.portal.forms import ReachForm, WhatForm, WhereForm
from huiyin.portal.views.photos import shown
from huiyin.shell.access import public

MOST_PHOTOS = 6
KIND = "city_problem"  # residents choose no kind; the clerk's category sets it on acceptance


@public
@never_cache
@require_http_methods(["GET", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """Step one. With JavaScript off a photo is taken away or added by the same form."""
    draft = drafts.load(request) or drafts.begin(request)
    if draft.content.done:
        draft = drafts.begin(request)
    if request.method == "GET":
        return _what_page(request, draft, WhatForm(initial=draft.content.what))
    form = WhatForm(request.POST)
    draft.content.what = {"description": request.POST.get("description", "")[:20001]}
    problems = _change_photos(request, draft)
    draft.save()
    stays = problems or "remove" in request.POST or "add" in request.POST
    if form.is_valid() and not stays:
        return drafts.remember(redirect("portal_raise_where"), draft)
    if stays and not problems:
        form = WhatForm(initial=draft.content.what)
    return drafts.remember(_what_page(request, draft, form, problems), draft)


def _what_page(request, draft, form, problems=()):
    wrong = max((problem.status for problem in problems), default=0)
    wrong = wrong or (400 if form.is_bound and not form.is_valid() else 200)
    context = {"form": form, "photos": draft.photos, "problems": problems, "most": MOST_PHOTOS, "step": 1}
    return render(request, "portal/raise_what.html", context, status=wrong)


def _change_photos(request, draft) -> list[Refusal]:
    """Take in new photos and drop the one asked for; returns what could not be taken and why."""
    problems, kept = [], draft.content.photos
    gone = request.POST.get("remove", "")
    for photo in draft.photos:
        if str(photo.pk) == gone and photo.case_id is None:
            attachments.discard(photo)
            kept.remove(gone)
    for upload in request.FILES.getlist("photos"):
        if len(kept) >= MOST_PHOTOS:
            words = f"最多 {MOST_PHOTOS} 张，“{upload.name}”没有收。要换就先去掉一张。"
            problems.append(Refusal(words, status=400))
            continue
        try:
            with allowance.counted(request, allowance.UPLOAD):
                row = attachments.store(upload, offices.current(request), from_person=True)
            kept.append(str(row.pk))
        except Refusal as refusal:
            problems.append(refusal)
    return problems


@public
@never_cache
@require_http_methods(["GET", "POST"])
def where(request: HttpRequest) -> HttpResponse:
    """Step two: a place in words; the grid follows from it, or from the list, or from where the phone is."""
    draft = _draft_or_none(request)
    if draft is None:
        return redirect("portal_raise")
    office = offices.current(request)
    if request.method == "GET":
        return _where_page(request, draft, WhereForm(initial=draft.content.where, office=office))
    form = WhereForm(request.POST, office=office)
    draft.content.where = {name: request.POST.get(name, "")[:200] for name in ("place", "grid", "lon", "lat")}
    draft.save()
    if "back" in request.POST:
        return redirect("portal_raise")
    if "look" in request.POST:
        return _where_page(request, draft, WhereForm(initial=draft.content.where, office=office), look=True)
    if form.is_valid():
        return redirect("portal_raise_reach")
    return _where_page(request, draft, form, status=400)


def _where_page(request, draft, form, *, look=False, status=200):
    office, said = offices.current(request), draft.content.where
    grid = places.grid_of(office, said)
    context = {
        "form": form,
        "step": 2,
        "look": look,
        "grid": grid,
        "likely": places.search(office, said.get("place", ""), 6) if look and grid is None else [],
    }
    return render(request, "portal/raise_where.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest) -> HttpResponse:
    """Step three: how the person wants to be told. Everything here may stay empty."""
    draft = _draft_or_none(request)
    if draft is None:
        return redirect("portal_raise")
    if request.method == "GET":
        return render(
            request,
            "portal/raise_reach.html",
            {"form": ReachForm(initial=draft.content.reach or None), "step": 3},
        )
    form = ReachForm(request.POST)
    draft.content.reach = {name: request.POST.get(name, "")[:200] for name in form.fields}
    draft.save()
    if "back" in request.POST:
        return redirect("portal_raise_where")
    if form.is_valid():
        return redirect("portal_raise_check")
    return render(request, "portal/raise_reach.html", {"form": form, "step": 3}, status=400)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """One look over it, then it is handed in. A second press leads to the same receipt."""
    draft = drafts.load(request)
    if draft is None:
        return redirect("portal_raise")
    if draft.content.done:
        return redirect("portal_receipt", draft.content.done)
    for name, form in _forms(request, draft):
        if not form.is_valid():
            return redirect(name)
    if request.method == "GET":
        return _check_page(request, draft)
    try:
        with allowance.counted(request, allowance.RAISE):
            case = intake.register(offices.current(request), _words(request, draft), key=draft.key)
    except Refusal as refusal:
        return _check_page(request, draft, refusal)
    draft.finish(case.tracking_code)
    return redirect("portal_receipt", case.tracking_code)


def _forms(request, draft):
    said = draft.content
    yield "portal_raise", WhatForm(said.what)
    yield "portal_raise_where", WhereForm(said.where, office=offices.current(request))
    yield "portal_raise_reach", ReachForm(said.reach)


def _check_page(request, draft, refusal=None):
    said = draft.content
    context = {
        "said": said,
        "photos": draft.photos,
        "grid": places.grid_of(offices.current(request), said.where),
        "way": dict(ReachForm().fields["reply_by"].choices)[said.reach["reply_by"]],
        "refusal": refusal,
        "step": 4,
    }
    return render(request, "portal/raise_check.html", context, status=refusal.status if refusal else 200)


def _words(request, draft) -> intake.Words:
    data = {}
    for _, form in _forms(request, draft):
        form.is_valid()
        data |= form.cleaned_data
    person = intake.Person(name=data["name"], phone=data["phone"], address=data["address"])
    grid = Area.objects.get(pk=data["grid"]) if data["grid"] else None
    return intake.Words(
        description=data["description"],
        kind=KIND,
        channel=Channel.WEB,
        area=grid,
        place=data["place"],
        lon=data["lon"],
        lat=data["lat"],
        persons=[person] if person.name or person.phone or person.address else [],
        reply_by=data["reply_by"],
        attachments=[row for row in draft.photos if row.case_id is None],
    )


def _draft_or_none(request):
    """The draft that is being written, when step one was done."""
    draft = drafts.load(request)
    return draft if draft and not draft.content.done and draft.content.what else None


@public
@require_GET
def photo(request: HttpRequest, pk) -> HttpResponse:
    """A photo of the own draft, for the one who is writing it."""
    draft = drafts.load(request)
    row = next((row for row in draft.photos if row.pk == pk), None) if draft else None
    if row is None:
        raise Http404("没有这张照片")
    return shown(row)


urlpatterns = [
    path("raise/", what, name="portal_raise"),
    path("raise/where/", where, name="portal_raise_where"),
    path("raise/reach/", reach, name="portal_raise_reach"),
    path("raise/check/", check, name="portal_raise_check"),
    path("raise/photos/<uuid:pk>/", photo, name="portal_raise_photo"),
]
