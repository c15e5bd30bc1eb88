"""Finding one's grid by words, on the map or by where the phone is; the public notice of a grid (网格责任公示)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.forms import PointForm
from huiyin.areas.locate import grid_at
from huiyin.areas.maps import Patch, draw, short_name
from huiyin.areas.models import Area, AreaKind
from huiyin.grids import finding
from huiyin.grids.notice import notice_of
from huiyin.grids.posters import covered
from huiyin.portal import drafts
from huiyin.portal import office as offices
from huiyin.publications import finding as answered
from huiyin.shell.access import public

ANSWERS = 3


@public
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """GET: the map and the list; with `q` what fits – one grid at once as its notice."""
    office = offices.current(request)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    hits = finding.search(office, query) if query else []
    if len(hits) == 1 and hits[0].grid is not None:
        return _notice(request, hits[0].grid.code, query=query, hit=hits[0])
    context = _context(request, query) | {"hits": hits, "query": query}
    if query and hits:
        context["stations"] = {row.area_id: row for row in offices.stations(office)}
        for hit in hits:
            hit.station = context["stations"].get(hit.community.pk if hit.community else None)
    return render(request, "portal/grids.html", context | ({} if hits else _map_and_list(office, request)))


def _context(request, query="") -> dict:
    office = offices.current(request)
    return {"office": office, "query": query, "oversight": offices.oversight_phone(office)}


def _map_and_list(office, request) -> dict:
    """The map of one community (`c`), or of the whole subdistrict; below it the same as a list."""
    rows = Area.objects.valid().filter(office=office, kind__in=(AreaKind.COMMUNITY, AreaKind.GRID))
    rows = list(rows.order_by("code")[:1000])
    communities = [row for row in rows if row.kind == AreaKind.COMMUNITY]
    chosen = next((row for row in communities if row.code == request.GET.get("c")), None)
    grids = [
        row for row in rows if row.kind == AreaKind.GRID and (chosen is None or row.parent_id == chosen.pk)
    ]
    patches = [Patch(row.boundary, "grid", _label(row), row.name, _page(row)) for row in grids]
    shown = [chosen] if chosen else communities
    patches += [
        Patch(row.boundary, "outline", "" if chosen else row.name, row.name, size=40) for row in shown
    ]
    return {
        "communities": communities,
        "chosen": chosen,
        "map": draw(patches, title="各网格的位置，点一格看是谁在管", css="" if chosen else "whole"),
        "lists": [(home, [row for row in grids if row.parent_id == home.pk]) for home in shown],
    }


def _label(grid: Area) -> str:
    """What fits into a small cell: the number, 专 for a grid of its own."""
    return "专" if grid.is_exclusive else short_name(grid)


def _page(grid: Area) -> str:
    return reverse("portal_grid", args=[grid.code])


@public
@require_GET
def grid(request: HttpRequest, code: str) -> HttpResponse:
    return _notice(request, code)


def _grid(request, code: str) -> Area:
    rows = Area.objects.valid().grids().filter(office=offices.current(request), code=code)
    found = rows.select_related("parent", "office").first()
    if found is None:
        raise Http404("没有这个网格")
    return found


def _notice(request, code, query="", hit=None) -> HttpResponse:
    """The notice; `hit` puts a pin where the words led to."""
    found = _grid(request, code)
    notice = notice_of(found)
    context = _context(request, query) | {
        "notice": notice,
        "covered": covered(notice),
        "hit": hit,
        "map": _own_map(found, hit.spot if hit else None),
        "address": request.build_absolute_uri(notice.path),
        "answers": answered.page(notice.office, answered.Wanted(community=notice.community.code))[0][
            :ANSWERS
        ],
    }
    return render(request, "portal/grid.html", context)


def _own_map(grid: Area, spot) -> str:
    """This grid among its neighbours; each neighbour leads to its own notice."""
    if not grid.boundary:
        return ""
    beside = Area.objects.valid().grids().filter(parent_id=grid.parent_id).exclude(pk=grid.pk)
    rows = beside.exclude(boundary=None).order_by("code")[:200]
    patches = [Patch(row.boundary, "grid", _label(row), row.name, _page(row)) for row in rows]
    patches.append(Patch(grid.boundary, "here", _label(grid), grid.name, size=40))
    return draw(patches, title=f"{grid.name}在{grid.parent.name}的位置", point=spot)


@public
@never_cache
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """POST: where the phone is, used once for this answer and kept nowhere."""
    form = PointForm(request.POST)
    office = offices.current(request)
    found = grid_at(office, **form.cleaned_data) if form.is_valid() else None
    if found is not None:
        return redirect("portal_grid", found.code)
    context = (
        _context(request)
        | _map_and_list(office, request)
        | {"outside": form.is_valid(), "unknown": not form.is_valid()}
    )
    return render(request, "portal/grids.html", context, status=200 if form.is_valid() else 400)


@public
@never_cache
@require_POST
def raise_here(request: HttpRequest, code: str) -> HttpResponse:
    """POST: the three steps with this grid filled in; what was typed before stays."""
    found = _grid(request, code)
    draft = drafts.load(request) or drafts.begin(request)
    if draft.content.done:
        draft = drafts.begin(request)
    draft.content.where = {**draft.content.where, "grid": str(found.pk)}
    draft.save()
    return drafts.remember(redirect("portal_raise"), draft)


urlpatterns = [
    path("find/", find, name="portal_find"),
    path("find/here/", here, name="portal_find_here"),
    path("grids/<str:code>/", grid, name="portal_grid"),
    path("grids/<str:code>/raise/", raise_here, name="portal_grid_raise"),
]
