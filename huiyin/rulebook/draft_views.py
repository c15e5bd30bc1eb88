"""A rule's draft: written or uploaded, compared, tried on the past, activated or dropped. Administrators only."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.rulebook import difference, drafts, reading, registry, writing
from huiyin.rulebook.doors import EDIT, READ
from huiyin.rulebook.models import RuleDraft
from huiyin.rulebook.views import base, known, versions
from huiyin.rules import clock
from huiyin.shell.access import staff

MOST_BYTES = 2_000_000


def draft_of(user, pk) -> RuleDraft:
    rows = RuleDraft.objects.visible_to(user).select_related("rule_set", "created_by", "changed_by", "office")
    return get_object_or_404(rows, pk=pk)


@staff(roles=EDIT)
@require_safe
def write(request, name):
    """GET: the version in force (or `from`, or a draft) in a box to edit, and a place for a file."""
    known(name, request.user)
    rows = versions(request.user, name)
    source = request.GET.get("from")
    row = (
        get_object_or_404(rows, pk=source)
        if _is_id(source)
        else registry.active_of(name, request.user.office)
    )
    return _written(request, name, writing.as_yaml(row) if row else "")


@staff(roles=EDIT)
@require_POST
def keep(request, name):
    """POST: check what was written or uploaded; a faulty text comes back with its problems marked."""
    known(name, request.user)
    return _keep(request, name, None)


@staff(roles=EDIT)
@require_safe
def rewrite(request, pk):
    """GET: the draft's text in the box."""
    draft = draft_of(request.user, pk)
    return _written(request, draft.name, draft.text, draft)


@staff(roles=EDIT)
@require_POST
def keep_again(request, pk):
    """POST: another text for the same draft."""
    draft = draft_of(request.user, pk)
    return _keep(request, draft.name, draft)


def _keep(request, name, draft):
    text = request.POST.get("text", "")
    try:
        text = _uploaded(request) or text
        draft = drafts.save(request.user.office, name, text, by=request.user, draft=draft)
    except reading.Unreadable as trouble:
        return _written(request, name, text, draft, trouble.problems, status=400)
    except Refusal as refusal:
        return _written(request, name, text, draft, [reading.Problem(refusal.message)], status=refusal.status)
    messages.success(request, "草稿已经存好，什么都还没有变。看一遍差异，再启用。")
    return HttpResponseRedirect(reverse("desk_rule_draft", args=[draft.pk]))


def _uploaded(request) -> str:
    """The text of the uploaded file, or ''."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    if file.size > MOST_BYTES:
        raise Refusal("文件太大，规则文件不超过 2 MB。", status=400)
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            "文件不是 UTF-8 文本，请另存为 UTF-8 再传；Excel、Word 文件不行。", status=400
        ) from error


def _written(request, name, text, draft=None, problems=(), status=200) -> HttpResponse:
    context = base(
        request,
        entry=registry.entry(name),
        draft=draft,
        text=text,
        rows=_numbered(text, problems),
        problems=list(problems)[:50],
        error_count=sum(not problem.is_warning for problem in problems),
    )
    return render(request, "rulebook/write.html", context, status=status)


def _numbered(text: str, problems) -> list[tuple[int, str, str]]:
    """(line number, line, what is wrong there) around each problem: the piece of the text to look at."""
    at: dict[int, list[str]] = {}
    for problem in problems:
        if problem.line:
            at.setdefault(problem.line, []).append(problem.message)
    lines = text.split("\n")
    near = sorted({n for line in list(at)[:10] for n in range(line - 2, line + 3) if 0 < n <= len(lines)})
    return [(number, lines[number - 1], "；".join(at.get(number, ()))) for number in near]


@staff(roles=READ)
@require_safe
def draft_page(request, pk):
    """GET: the draft beside the version in force: differences, trial, and what is left to do."""
    return _page(request, draft_of(request.user, pk))


def _page(request, draft, *, errors=None, refusal=None, status=200) -> HttpResponse:
    entry = registry.entry(draft.name)
    active = registry.active_of(draft.name, draft.office)
    old = active.content if active else {}
    changes = difference.changes(old, draft.content, entry.labels, is_ordered=entry.is_ordered)
    _, found = drafts.examine(draft.name, draft.text, draft.office) if draft.is_waiting else (None, [])
    trial = draft.trials.select_related("by", "against").order_by("-at").first()
    context = base(
        request,
        entry=entry,
        draft=draft,
        active=active,
        changes=changes[: difference.MOST],
        more=max(0, len(changes) - difference.MOST),
        lines=difference.lines(old, draft.content),
        problems=found,
        trial=trial,
        tried=bool(
            trial and trial.digest == draft.digest and trial.against_id == (active.pk if active else None)
        ),
        trial_parts=entry.trial.shown(trial.result, request.user) if trial and entry.trial else None,
        valid_from=request.POST.get("valid_from") or _first_day(draft),
        source=request.POST.get("source", draft.source),
        errors=errors or {},
        refusal=refusal,
        today=clock.today(),
    )
    return render(request, "rulebook/draft.html", context, status=status)


def _first_day(draft) -> str:
    """The day written in the draft, unless it is past: then today."""
    return max(draft.valid_from or clock.today(), clock.today()).isoformat()


@staff(roles=EDIT)
@require_POST
def try_out(request, pk):
    """POST: run the draft over past matters; the result stays with the draft."""
    draft = draft_of(request.user, pk)
    try:
        many = int(request.POST.get("many") or 0)
        drafts.try_out(draft, many, by=request.user)
    except ValueError:
        return _page(request, draft, refusal=Refusal("试算件数要从列表里选。", status=400), status=400)
    except Refusal as refusal:
        return _page(request, draft, refusal=refusal, status=refusal.status)
    return HttpResponseRedirect(reverse("desk_rule_draft", args=[draft.pk]) + "#trial")


@staff(roles=EDIT)
@require_POST
def activate(request, pk):
    """POST: the draft becomes a version, from a day on."""
    draft = draft_of(request.user, pk)
    try:
        try:
            valid_from = date.fromisoformat(request.POST.get("valid_from", ""))
        except ValueError as error:
            raise Refusal(
                "生效日要写成 2026-12-01 的样子。", status=400, errors={"valid_from": "请填日期"}
            ) from error
        fresh = drafts.activate(
            draft, by=request.user, valid_from=valid_from, source=request.POST.get("source", ""),
            against=request.POST.get("against"), address=address_of(request),
        )  # fmt: skip
    except Refusal as refusal:
        draft.refresh_from_db()
        return _page(request, draft, errors=refusal.errors, refusal=refusal, status=refusal.status)
    when = "现在起" if fresh.valid_from <= clock.today() else f"{fresh.valid_from} 起"
    messages.success(request, f"第 {fresh.version} 版{when}生效。")
    return HttpResponseRedirect(reverse("desk_rule", args=[draft.name]))


@staff(roles=EDIT)
@require_POST
def drop(request, pk):
    """POST: give the draft up."""
    draft = draft_of(request.user, pk)
    drafts.drop(draft, by=request.user, address=address_of(request))
    messages.success(request, "这份草稿放弃了，现行的规则没有变。")
    return HttpResponseRedirect(reverse("desk_rule", args=[draft.name]))


@staff(roles=READ)
@require_safe
def download(request, pk):
    """GET: the draft's text as a file."""
    draft = draft_of(request.user, pk)
    response = HttpResponse(draft.text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{draft.name}-draft.yaml"'
    return response


def _is_id(text) -> bool:
    return bool(text) and len(text) == 36


urlpatterns = [
    path("rules/<slug:name>/write/", write, name="desk_rule_write"),
    path("rules/<slug:name>/keep/", keep, name="desk_rule_keep"),
    path("rule-drafts/<uuid:pk>/", draft_page, name="desk_rule_draft"),
    path("rule-drafts/<uuid:pk>/file/", download, name="desk_rule_draft_file"),
    path("rule-drafts/<uuid:pk>/write/", rewrite, name="desk_rule_rewrite"),
    path("rule-drafts/<uuid:pk>/keep/", keep_again, name="desk_rule_keep_again"),
    path("rule-drafts/<uuid:pk>/trial/", try_out, name="desk_rule_trial"),
    path("rule-drafts/<uuid:pk>/activate/", activate, name="desk_rule_activate"),
    path("rule-drafts/<uuid:pk>/drop/", drop, name="desk_rule_drop"),
]
