"""公示: where notices hang, which are outdated, which grids never had one; hanging, renewing, taking down."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.areas.models import Area, AreaKind
from huiyin.grids import access, photos, postings
from huiyin.grids.forms import HangForm, SeenForm
from huiyin.grids.models import NoticePosting
from huiyin.grids.views.acting import act
from huiyin.grids.views.overview import find_grid, grid_page
from huiyin.shell.access import staff

SHOWN = 300


@staff
@require_safe
def notice_list(request):
    """GET: outdated notices with what changed, grids without one, then all that hang."""
    summary = postings.summary(request.user.office_id)
    areas = Area.objects.visible_to(request.user).valid().filter(kind=AreaKind.COMMUNITY).defer("boundary")
    context = {
        "tab": "notices",
        "summary": summary,
        "good": summary.good[:SHOWN],
        "outdated": summary.outdated[:SHOWN],
        "communities": list(areas.order_by("code")[:300]),
        "may_edit": access.may_edit(request.user),
        "on_form": SeenForm(),
    }
    return render(request, "grids/notices.html", context)


@staff(roles=access.EDITORS)
@require_POST
def notice_hang(request, code):
    grid = find_grid(request.user, code)
    form = HangForm(request.POST, request.FILES, prefix="hang")
    return act(
        request,
        form,
        lambda: postings.hang(grid, by=request.user, **form.cleaned_data),
        lambda row: f"记下了：{row.place}，{row.posted_on} 挂上。",
        lambda row: reverse("desk_grid", args=[grid.code]),
        lambda form, status: grid_page(request, grid, status, hang=form),
    )


def _change(request, pk, do, done):
    rows = NoticePosting.objects.visible_to(request.user).select_related("grid")
    posting = get_object_or_404(rows, pk=pk)
    form = SeenForm(request.POST, request.FILES)
    code = posting.grid.code
    return act(
        request,
        form,
        lambda: do(posting, by=request.user, **form.cleaned_data),
        done,
        lambda row: reverse(
            "desk_grid_notices" if request.POST.get("back") == "list" else "desk_grid",
            args=None if request.POST.get("back") == "list" else [code],
        ),
        lambda form, status: grid_page(
            request, find_grid(request.user, code), status, on=form, posting=posting.pk
        ),
    )


@staff(roles=access.EDITORS)
@require_POST
def notice_renew(request, pk):
    return _change(request, pk, postings.renew, lambda row: f"{row.place} 的公示 {row.renewed_on} 换了新的。")


@staff(roles=access.EDITORS)
@require_POST
def notice_remove(request, pk):
    return _change(
        request, pk, postings.take_down, lambda row: f"{row.place} 的公示 {row.removed_on} 取下了。"
    )


@staff
@require_safe
def notice_photo(request, pk):
    """GET: how the notice hangs; `small` = a picture for lists."""
    posting = get_object_or_404(NoticePosting.objects.visible_to(request.user).exclude(photo=""), pk=pk)
    try:
        content = photos.place_of(posting, small="small" in request.GET).open("rb")
    except FileNotFoundError as error:
        raise Http404("登记还在，照片本身找不到了，请重新照一张。") from error
    response = FileResponse(content, content_type=photos.type_of(posting))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


urlpatterns = [
    path("grids/notices/<uuid:pk>/photo/", notice_photo, name="desk_notice_photo"),
    path("grids/notices/", notice_list, name="desk_grid_notices"),
    path("grids/of/<str:code>/hang/", notice_hang, name="desk_notice_hang"),
    path("grids/notices/<uuid:pk>/renew/", notice_renew, name="desk_notice_renew"),
    path("grids/notices/<uuid:pk>/remove/", notice_remove, name="desk_notice_remove"),
]
