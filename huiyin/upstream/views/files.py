"""导入 and 回复上级: files in, with the result of every row; files out, the same at every download."""

import json

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.workflow import CENTRE
from huiyin.sheets import template
from huiyin.shell.access import staff
from huiyin.upstream import importing, order_sheet, profile, replying, tasks
from huiyin.upstream.models import ImportBatch, ImportResult, ReplyBatch
from huiyin.upstream.views.frame import PAGE, fresh_key, keyset, page, table_file


class FileForm(forms.Form):
    file = forms.FileField(
        label="上级导出的表（.xlsx）", error_messages={"required": "请先选文件。", "empty": "文件是空的。"}
    )


@staff(roles=CENTRE)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request):
    """GET: earlier files. POST: one more; its first rows go in at once, the rest by a job."""
    form, status, key = FileForm(request.POST or None, request.FILES or None), 200, fresh_key(request)
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise Refusal("请先选文件。", status=400)
            batch = importing.upload(request.user.office, form.cleaned_data["file"], by=request.user, key=key)
            tasks.begin(batch, by=request.user)
            return HttpResponseRedirect(reverse("upstream_import", args=[batch.pk]))
        except Refusal as refusal:
            status = refusal.status
            if not form.errors:
                form.add_error("file", refusal.message)
    rows = ImportBatch.objects.visible_to(request.user).select_related("by").defer("content")
    found, more = keyset(request, rows)
    counts = _counts([row.pk for row in found])
    context = {
        "form": form, "key": key, "more": more, "profile": profile.rules(request.user.office),
        "batches": [(row, counts.get(row.pk, [])) for row in found],
        "columns": [row["heading"] for row in profile.content(request.user.office)["columns"]],
    }  # fmt: skip
    return page(request, "imports.html", "imports", context, status)


def _counts(ids: list) -> dict:
    """batch → [(name of the result, how many, code)] in the order of the results."""
    rows = (
        ImportBatch.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "lines__result")
        .annotate(Count("lines"))
    )
    found: dict = {}
    for pk, result, count in rows:
        if result:
            found.setdefault(pk, {})[result] = count
    return {
        pk: [(row.label, counts[row], row.value) for row in ImportResult if row in counts]
        for pk, counts in found.items()
    }


@staff(roles=CENTRE)
@require_safe
def import_template(request):
    """GET: an empty table with the columns of the office's profile."""
    return table_file(
        template.write(order_sheet.sheet_of(profile.content(request.user.office))), "上级工单模板.xlsx"
    )


def _batch(request, pk) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(request.user).select_related("office", "rules", "by")
    return get_object_or_404(rows, pk=pk)


@staff(roles=CENTRE)
@require_safe
def import_page(request, pk):
    """GET: what became of every row, in the order of the file; ?result= narrows."""
    batch, result = _batch(request, pk), request.GET.get("result", "")
    rows = batch.lines.select_related("case").defer("values").order_by("row")
    rows = rows.filter(result=result) if result in ImportResult.values else rows
    after = request.GET.get("row", "")
    rows = rows.filter(row__gt=int(after)) if after.isdigit() and len(after) < 7 else rows
    found = list(rows[: PAGE + 1])
    counts = _counts([batch.pk]).get(batch.pk, [])
    context = {
        "batch": batch, "lines": found[:PAGE], "counts": counts, "result": result,
        "next_row": found[PAGE - 1].row if len(found) > PAGE else "",
        "left": next((count for _, count, code in counts if code == ImportResult.WAITING), 0),
        "has_faults": any(code in (ImportResult.REFUSED, ImportResult.PARTLY) for _, _, code in counts),
    }  # fmt: skip
    return page(request, "import.html", "imports", context)


@staff(roles=CENTRE)
@require_POST
def import_on(request, pk):
    """Go on with the rows that still wait; safe at any time."""
    left = tasks.begin(_batch(request, pk), by=request.user)
    messages.success(request, f"还有 {left} 行在后台导入。" if left else "导完了。")
    return HttpResponseRedirect(reverse("upstream_import", args=[pk]))


@staff(roles=CENTRE)
@never_cache
@require_safe
def import_marked(request, pk):
    """GET: the file with what is wrong beside its rows."""
    batch = _batch(request, pk)
    return table_file(
        importing.marked_copy(batch), f"{batch.file_name.rpartition('.')[0] or '上级工单'}-标出问题.xlsx"
    )


@staff(roles=CENTRE)
@require_safe
def replies(request):
    """GET: what waits to be told upward, and the batches that were."""
    waiting = replying.waiting(request.user).select_related("case__area").order_by("case__answered_at", "pk")
    found, more = keyset(
        request,
        ReplyBatch.objects.visible_to(request.user).select_related("by").annotate(count=Count("lines")),
    )
    rows = list(waiting[: replying.MOST + 1])
    context = {
        "waiting": rows[:PAGE], "count": len(rows), "most": replying.MOST, "batches": found, "more": more,
        "key": fresh_key(request),
    }  # fmt: skip
    return page(request, "replies.html", "replies", context)


@staff(roles=CENTRE)
@require_POST
def reply_make(request):
    """Make one file of what waits."""
    batch = replying.make(request.user.office, by=request.user, key=fresh_key(request))
    messages.success(request, f"{batch.number} 生成了，这些工单记为已回复。")
    return HttpResponseRedirect(reverse("upstream_reply", args=[batch.pk]))


def _reply(request, pk) -> ReplyBatch:
    return get_object_or_404(ReplyBatch.objects.visible_to(request.user).select_related("by"), pk=pk)


@staff(roles=CENTRE)
@require_safe
def reply_page(request, pk):
    """GET: the rows of one batch as they were told upward."""
    batch = _reply(request, pk)
    lines = batch.lines.select_related("order__case").order_by("row")
    rows = [(line, json.loads(line.values)) for line in lines]
    return page(request, "reply.html", "replies", {"batch": batch, "rows": rows})


@staff(roles=CENTRE)
@never_cache
@require_safe
def reply_file(request, pk):
    """GET: the .xlsx, the same every time."""
    batch = _reply(request, pk)
    return table_file(replying.file_of(batch), f"{batch.system}回复-{batch.number}.xlsx")


urlpatterns = [
    path("upstream/imports/", imports, name="upstream_imports"),
    path("upstream/imports/template/", import_template, name="upstream_template"),
    path("upstream/imports/<uuid:pk>/", import_page, name="upstream_import"),
    path("upstream/imports/<uuid:pk>/on/", import_on, name="upstream_import_on"),
    path("upstream/imports/<uuid:pk>/marked/", import_marked, name="upstream_import_marked"),
    path("upstream/replies/", replies, name="upstream_replies"),
    path("upstream/replies/make/", reply_make, name="upstream_reply_make"),
    path("upstream/replies/<uuid:pk>/", reply_page, name="upstream_reply"),
    path("upstream/replies/<uuid:pk>/file/", reply_file, name="upstream_reply_file"),
]
