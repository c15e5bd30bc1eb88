"""Saying what is the matter: three steps, each its own page, then one look over it and hand in."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases import allowance, intake, services
from huiyin.cases.states import Channel
from huiyin.portal import drafts, places
from huiyin.portal import office as offices
from huiyin.portal.forms import ReachForm, WhatForm, WhereForm
from huiyin.portal.uploads import MOST_PHOTOS, change
from huiyin.portal.views.photos import shown
from huiyin.publications.reviewing import object_to
from huiyin.reception.service_use import set_item
from huiyin.shell.access import public

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
        return _what_page(request, draft, WhatForm(initial=_begun(request, draft)))
    form = WhatForm(request.POST)
    draft.content.what = {"description": request.POST.get("description", "")[:20001]}
    _take_from_link(request, draft)
    problems = change(request, draft)
    draft.save()
    stays = problems or "remove" in request.POST or "add" in request.POST
    if form.is_valid() and not stays:
        return drafts.remember(redirect("portal_raise_where"), draft)
    if stays and not problems:
        form = WhatForm(initial=draft.content.what)
    return drafts.remember(_what_page(request, draft, form, problems), draft)


def _begun(request, draft) -> dict:
    """The first words, where one came from an item of the guide."""
    item = _service(request, draft)
    return draft.content.what or ({"description": f"我想办：{item.name}。"} if item else {})


def _service(request, draft):
    """The item of the service catalogue this matter is about, by the link or as kept; None for none."""
    asked = request.POST.get("service") or request.GET.get("service") or draft.content.service
    return services.table(offices.current(request)).get(asked) if asked else None


def _grid(request) -> Area | None:
    """The grid whose notice one came from (?grid=CODE)."""
    code = (request.POST.get("from_grid") or request.GET.get("grid", ""))[:20]
    rows = Area.objects.valid().filter(office=offices.current(request), kind=AreaKind.GRID, code=code)
    return rows.select_related("parent").defer("boundary", "parent__boundary").first() if code else None


def _take_from_link(request, draft):
    """What the link of a grid's notice or of the guide brought along; a place said before stays."""
    item, grid = _service(request, draft), _grid(request)
    draft.content.service = item.code if item and "no_service" not in request.POST else ""
    if grid:
        draft.content.where = {**draft.content.where, "grid": str(grid.pk)}


def _what_page(request, draft, form, problems=()):
    wrong = max((problem.status for problem in problems), default=0)
    wrong = wrong or (400 if form.is_bound and not form.is_valid() else 200)
    context = {
        "form": form,
        "photos": draft.photos,
        "problems": problems,
        "most": MOST_PHOTOS,
        "step": 1,
        "service": _service(request, draft),
        "grid": _grid(request),
    }
    return render(request, "portal/raise_what.html", context, status=wrong)


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
    if "take" in request.POST:
        _take_place(draft, office, request.POST["take"])
    if "look" in request.POST or "take" in request.POST:
        return _where_page(request, draft, WhereForm(initial=draft.content.where, office=office), look=True)
    if form.is_valid():
        return redirect("portal_raise_reach")
    return _where_page(request, draft, form, status=400)


def _take_place(draft, office, pk: str):
    """One of the places that were offered: its name and its grid."""
    hit = places.by_id(office, pk)
    if hit:
        grid = str(hit.grid.pk) if hit.grid else ""
        draft.content.where = {"place": hit.area.name, "grid": grid, "lon": "", "lat": ""}
        draft.save()


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
@require_GET
def find_places(request: HttpRequest) -> JsonResponse:
    """GET ?q= → {"results": [{value: the grid or "", label, path}]}, for the place field while one types."""
    hits = places.search(offices.current(request), request.GET.get("q", "")[:60], 8)
    rows = [
        {
            "value": str(hit.grid.pk) if hit.grid else "",
            "label": hit.area.name,
            "path": " ".join(
                area.name for area in (hit.community, hit.grid) if area and area.pk != hit.area.pk
            ),
        }
        for hit in hits
    ]
    return JsonResponse({"results": rows})


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
            case = _hand_in(request, draft)
    except Refusal as refusal:
        return _check_page(request, draft, refusal)
    draft.finish(case.tracking_code)
    return redirect("portal_receipt", case.tracking_code)


@transaction.atomic
def _hand_in(request, draft):
    """Register it, with the wish not to be told in public and the item of the guide, where there are."""
    case = intake.register(offices.current(request), _words(request, draft), key=draft.key)
    if draft.content.reach.get("keep_private"):
        object_to(case)
    if draft.content.service:
        set_item(case, draft.content.service, by=None)
    return case


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
        "service": _service(request, draft),
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
    given = {name: data[name] for name in ("name", "phone", "email", "address")}
    grid = Area.objects.get(pk=data["grid"]) if data["grid"] else None
    item = services.table(offices.current(request)).get(draft.content.service)
    return intake.Words(
        description=data["description"],
        kind="service_request" if item else KIND,
        category=item.category if item else "",
        channel=Channel.WEB,
        area=grid,
        place=data["place"],
        lon=data["lon"],
        lat=data["lat"],
        persons=[intake.Person(**given)] if any(given.values()) else [],
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
    path("raise/places/", find_places, name="portal_raise_places"),
    path("raise/check/", check, name="portal_raise_check"),
    path("raise/photos/<uuid:pk>/", photo, name="portal_raise_photo"),
]
