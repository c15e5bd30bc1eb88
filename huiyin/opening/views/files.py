"""One step: template, upload, the result of the check, the marked copy, the import."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.opening import importing, steps, tasks
from huiyin.opening.forms import FileForm
from huiyin.opening.models import Import
from huiyin.opening.views.overview import ADMIN, RAIL
from huiyin.sheets.template import XLSX
from huiyin.shell.access import staff

KINDS = {"xlsx": XLSX, "geojson": "application/geo+json"}


def _step(name: str):
    try:
        return steps.get(name)
    except KeyError:
        raise Http404 from None


def _file(raw: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(raw, content_type=KINDS.get(name.rpartition(".")[2], "application/octet-stream"))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


@staff(roles=ADMIN)
@require_safe
def step_page(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the template, what is there now, and where to hand in the filled file."""
    return render(request, "opening/step.html", _page(request, _step(name)))


def _page(request: HttpRequest, step, **given) -> dict:
    office = request.user.office
    names = list(steps.BY_NAME)
    at = names.index(step.name)
    context = {
        "step": step,
        "rail_current": RAIL,
        "sheet": step.sheet(office),
        "standing": step.standing(office),
        "can_fill": step.name != "backlog",
        "file_form": FileForm(step=step),
        "more_form": step.form(office=office) if step.form else None,
        "waiting": Import.objects.visible_to(request.user)
        .waiting()
        .filter(step=step.name)
        .order_by("-checked_at")
        .first(),
        "next": steps.get(names[at + 1]) if at + 1 < len(names) else None,
        "number": at + 2,  # the subdistrict itself is the first
    }
    return context | given


@staff(roles=ADMIN)
@require_safe
def template(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the empty template."""
    raw, title = _step(name).template(request.user.office)
    return _file(raw, f"模板-{title}")


@staff(roles=ADMIN)
@never_cache
@require_safe
def filled(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the template with what is there now, to be corrected and handed in again."""
    if name == "backlog":
        raise Http404
    raw, title = _step(name).template(request.user.office, filled=True)
    return _file(raw, f"现有-{title}")


@staff(roles=ADMIN)
@require_POST
def check(request: HttpRequest, name: str) -> HttpResponse:
    """POST a file: it is checked and kept; nothing is imported yet."""
    step, office = _step(name), request.user.office
    form = FileForm(request.POST, request.FILES, step=step)
    more = step.form(request.POST, office=office) if step.form else None
    refused, status = "", 400
    if form.is_valid() & (more is None or more.is_valid()):
        try:
            options = (
                {key: getattr(value, "pk", value) for key, value in more.cleaned_data.items()} if more else {}
            )
            options = {key: str(value) for key, value in options.items()}
            row = importing.check(step, form.cleaned_data["file"], office, by=request.user, options=options)
            return HttpResponseRedirect(reverse("opening_file", args=[row.pk]))
        except Refusal as refusal:
            refused, status = refusal.message, refusal.status
    given = {"file_form": form, "more_form": more, "refused": refused}
    return render(request, "opening/step.html", _page(request, step, **given), status=status)


def _row(request: HttpRequest, pk) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user).select_related("office", "by"), pk=pk)


@staff(roles=ADMIN)
@never_cache
@require_safe
def file_page(request: HttpRequest, pk) -> HttpResponse:
    """GET: what is wrong with the file, or what importing it will do or has done."""
    row = _row(request, pk)
    step = _step(row.step)
    context = {
        "rail_current": RAIL,
        "row": row,
        "step": step,
        "shown": importing.SHOWN,
        "result": importing.result(row),
    }
    return render(request, "opening/file.html", context)


@staff(roles=ADMIN)
@never_cache
@require_safe
def marked(request: HttpRequest, pk) -> HttpResponse:
    """GET: the uploaded file with its problems coloured and listed."""
    raw, name = importing.marked(_row(request, pk))
    return _file(raw, name)


@staff(roles=ADMIN)
@require_POST
def run(request: HttpRequest, pk) -> HttpResponse:
    """POST: import it, everything or nothing; a long list is handed to a job, a halted one goes on."""
    row = tasks.begin(_row(request, pk), by=request.user)
    if row.imported_at:
        said = f"{row.file_name} 导入好了：新增 {row.fresh}，更新 {row.changed}，不变 {row.same}。"
        messages.success(request, said)
    return HttpResponseRedirect(reverse("opening_file", args=[row.pk]))


@staff(roles=ADMIN)
@require_POST
def drop(request: HttpRequest, pk) -> HttpResponse:
    """POST: this file is not to be imported; it is forgotten."""
    row = _row(request, pk)
    if row.imported_at is None and not row.is_running:
        record("放弃导入", f"import:{row.pk}", by=request.user, 文件=row.file_name, 已转入=row.done)
        row.delete()
    return HttpResponseRedirect(reverse("opening_step", args=[row.step]))


urlpatterns = [
    path("opening/files/<uuid:pk>/", file_page, name="opening_file"),
    path("opening/files/<uuid:pk>/marked/", marked, name="opening_marked"),
    path("opening/files/<uuid:pk>/import/", run, name="opening_import"),
    path("opening/files/<uuid:pk>/drop/", drop, name="opening_drop"),
    path("opening/<str:name>/", step_page, name="opening_step"),
    path("opening/<str:name>/template/", template, name="opening_template"),
    path("opening/<str:name>/now/", filled, name="opening_filled"),
    path("opening/<str:name>/check/", check, name="opening_check"),
]
