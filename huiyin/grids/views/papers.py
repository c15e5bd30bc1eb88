"""The notice on paper: posters as PDF, and a page to print from the browser."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from huiyin.areas.maps import grid_map
from huiyin.areas.models import Area, AreaKind
from huiyin.grids import posters
from huiyin.grids.notice import notice_of
from huiyin.grids.views.overview import find_grid
from huiyin.shell.access import staff


@staff
@require_safe
def poster(request, code):
    """GET: one grid as a PDF, `size` a3 (default) or a4."""
    return _pdf(request, [find_grid(request.user, code)], f"{code}")


@staff
@require_safe
def community(request, code):
    """GET: every grid of a community in one PDF."""
    areas = (
        Area.objects.visible_to(request.user)
        .valid()
        .filter(kind=AreaKind.COMMUNITY, office=request.user.office_id)
    )
    home = get_object_or_404(areas.defer("boundary"), code=code)
    grids = Area.objects.valid().grids().filter(parent=home).select_related("parent", "office")
    grids = grids.defer("boundary", "parent__boundary").order_by("code")
    return _pdf(request, list(grids[: posters.MOST + 1]), home.name)


def _pdf(request, grids, name):
    size = request.GET.get("size", "a3").lower()
    address = request.build_absolute_uri("/").rstrip("/")
    answer = HttpResponse(posters.render(grids, address=address, size=size), content_type="application/pdf")
    title = f"网格责任公示-{grids[0].name if len(grids) == 1 else name}-{size.upper()}.pdf"
    answer["Content-Disposition"] = content_disposition_header(False, title)
    return answer


@staff
@require_safe
def page(request, code):
    """GET: the notice laid out for the browser's own print."""
    grid = find_grid(request.user, code)
    notice = notice_of(grid)
    context = {
        "notice": notice,
        "map": grid_map(grid),
        "covered": posters.covered(notice),
        "address": request.build_absolute_uri(notice.path),
    }
    return render(request, "grids/notice_print.html", context)


urlpatterns = [
    path("grids/of/<str:code>/poster.pdf", poster, name="desk_grid_poster"),
    path("grids/of/<str:code>/print/", page, name="desk_grid_print"),
    path("grids/community/<str:code>/posters.pdf", community, name="desk_community_posters"),
]
