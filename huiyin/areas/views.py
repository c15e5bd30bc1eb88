"""片区: the tree with its map, one area, the grid of a point; the administrator's changes."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.areas import beside, changing, tree
from huiyin.areas.forms import CloseForm, PointForm, RenameForm, RenewForm
from huiyin.areas.locate import grid_at
from huiyin.areas.maps import Patch, draw, grid_map, overlaps, short_name
from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.shell.access import staff

ADMIN = {"admin"}
PAGE = 50
MOST = 300


@staff
@require_safe
def area_tree(request):
    """GET: the whole tree; with `q` a list of what fits, with `lon` and `lat` the grid of the point."""
    context = {"q": request.GET.get("q", "").strip()[:60], "old": request.GET.get("old") == "1"}
    asked = "lon" in request.GET or "lat" in request.GET
    context["point"] = form = PointForm(request.GET if asked else None)
    if context["q"]:
        return render(request, "areas/found.html", context | _found(request, **context))
    if asked and form.is_valid():
        context |= _at(request.user.office, **form.cleaned_data)
    above, rows = tree.communities(request.user)
    grids = [grid for row in rows for grid in row.rows]
    context |= {
        "above": above,
        "rows": rows,
        "grids": grids,
        "lacking": [grid for grid in grids if grid.lacks],
        "short": [grid for grid in grids if grid.short],
        "overlaps": overlaps([grid.area for grid in grids]),
        "map": _whole_map(rows),
    }
    return render(request, "areas/tree.html", context, status=400 if asked and not form.is_valid() else 200)


def _found(request, q: str, old: bool, **_) -> dict:
    """One page of areas that fit `q`, in the order of their codes; closed ones only when asked for."""
    rows = Area.objects.visible_to(request.user).matching(q)
    rows = (rows if old else rows.valid()).defer("boundary", "parent__boundary").select_related("parent")
    if request.GET.get("after"):
        rows = rows.filter(_later(request.GET["after"]))
    found = list(rows.order_by("code", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    fields = {"q": q, "old": "1" if old else "", "after": f"{last.code}~{last.pk}" if last else ""}
    return {"found": found[:PAGE], "more": "?" + urlencode(fields) if last else ""}


def _later(cursor: str) -> Q:
    code, _, pk = cursor.partition("~")
    try:
        return Q(code__gt=code) | Q(code=code, pk__gt=UUID(pk))
    except ValueError as error:
        raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error


def _at(office, lon: float, lat: float) -> dict:
    grid = grid_at(office, lon, lat)
    return {"asked": True, "grid": grid, "grid_map": grid_map(grid, lon, lat) if grid else ""}


def _whole_map(rows) -> str:
    """Grids with their numbers, coloured where people lack, under the heavy lines of the communities."""
    patches = [_grid_patch(grid) for row in rows for grid in row.rows]
    patches += [Patch(row.area.boundary, "outline", row.area.name, size=34) for row in rows]
    return draw(patches, title="社区和网格的范围", css="whole")


def _grid_patch(row) -> Patch:
    look = "alarm" if row.lacks else "special" if row.area.is_exclusive else "grid"
    title = row.area.name + (f"：{row.lacks}" if row.lacks else "")
    label = short_name(row.area) + ("!" if row.lacks else "")
    return Patch(row.area.boundary, look, label, title, reverse("desk_area", args=[row.area.code]))


@staff
@require_safe
def area_page(request, code):
    """GET: one area; `since` opens one of its former versions."""
    area = tree.find(request.user, code, request.GET.get("since", ""))
    return render(request, "areas/area.html", _page(request, area))


def _page(request, area, **forms) -> dict:
    own, *rows = tree.rows_of([area, *area.children.valid().order_by("code")[:MOST]])
    context = {
        "area": area,
        "above": tree.upwards(area),
        "rows": rows,
        "row": own,
        "facts": area.facts.order_by("name", "-on")[:60],
        "posts": area.posts.current()
        .select_related("user", "organisation", "substitute")
        .order_by("role", "pk")[:60],
        "units": area.organisations.current().order_by("kind", "code")[:100],
        "map": _own_map(area, rows),
        "parts": beside.parts(area, request.user),
        "may_change": bool(request.user.roles & ADMIN) and area.office_id == request.user.office_id,
    }
    made = {"rename": RenameForm, "close": CloseForm, "renew": RenewForm}
    for name, form in made.items():
        context[f"{name}_form"] = forms.get(name) or form(initial={"name": area.name}, prefix=name)
    context["opened"] = next(iter(forms), "")
    return context


def _own_map(area, rows) -> str:
    """The area with what lies in it; a building in its grid."""
    if area.kind == AreaKind.BUILDING:
        return grid_map(area)
    look = "house" if area.kind == AreaKind.GRID else "grid"
    inner = []
    for row in rows:
        label = "" if look == "house" else short_name(row.area)
        url = reverse("desk_area", args=[row.area.code])
        inner.append(Patch(row.area.boundary, look, label, row.area.name, url, 26))
    ground = Patch(area.boundary, "here", "" if inner else short_name(area), area.name, size=34)
    return draw([ground, *inner], title=f"{area.name}的范围")


def _change(request, code, name, form_class, act, done):
    """One change of the administrator's: refused or unclear, the page comes back with what was typed."""
    area = tree.find(request.user, code, request.GET.get("since", ""))
    if area.office_id != request.user.office_id:
        raise Refusal("市、区一级由上级维护，这里不能改。", status=403)
    form = form_class(request.POST, prefix=name)
    status = 400
    if form.is_valid():
        try:
            area = act(area, by=request.user, **form.cleaned_data)
            messages.success(request, done.format(area.name))
            return HttpResponseRedirect(reverse("desk_area", args=[area.code]))
        except Refusal as refusal:
            missing = f"（{'、'.join(refusal.missing)}）" if refusal.missing else ""
            form.add_error(None, refusal.message + missing)
            status = refusal.status
    return render(request, "areas/area.html", _page(request, area, **{name: form}), status=status)


@staff(roles=ADMIN)
@require_POST
def area_rename(request, code):
    return _change(
        request, code, "rename", RenameForm, changing.rename, "名称已改为“{}”，改前改后都记在审计里。"
    )


@staff(roles=ADMIN)
@require_POST
def area_close(request, code):
    return _change(
        request, code, "close", CloseForm, changing.close, "{} 的停用日已经记下，以前的记录照样能看。"
    )


@staff(roles=ADMIN)
@require_POST
def area_renew(request, code):
    return _change(request, code, "renew", RenewForm, changing.renew, "{} 已换成新的一版，原来那版在沿革里。")
