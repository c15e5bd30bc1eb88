"""规则: the list of rule sets, the history of one, one version, and its file."""

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.rulebook import difference, registry, writing
from huiyin.rulebook.doors import EDIT, READ
from huiyin.rulebook.models import RuleDraft
from huiyin.rules import clock
from huiyin.rules.models import RuleSet
from huiyin.shell.access import staff

PAGE = 30


def versions(user, name: str | None = None):
    """Activated versions that hold for the user's office: shipped ones and its own."""
    rows = RuleSet.objects.filter(Q(office=None) | Q(office_id=user.office_id), activated_at__isnull=False)
    drafts = RuleDraft.objects.filter(office_id=user.office_id).select_related("activated_by")
    rows = rows.select_related("office").prefetch_related(Prefetch("drafts", drafts.defer("text", "content")))
    return rows.filter(name=name) if name else rows


def known(name: str, user) -> registry.Entry:
    """The entry of a rule that exists here; 404 otherwise."""
    if name not in registry.names():
        raise Http404("没有这套规则。")
    return registry.entry(name)


def base(request, **more) -> dict:
    return {"rail_current": "settings", "may_edit": bool(request.user.roles & EDIT), **more}


@staff(roles=READ)
@require_safe
def rules(request):
    """GET: every rule set with the version in force, since when and from where, and what waits."""
    user = request.user
    waiting = {}
    for name in RuleDraft.objects.visible_to(user).waiting().values_list("name", flat=True)[:200]:
        waiting[name] = waiting.get(name, 0) + 1
    active, coming = {}, {}
    every = versions(user).select_related(None).prefetch_related(None).defer("content").order_by()
    for row in sorted(every, key=lambda row: (row.office_id is not None, row.valid_from, row.version)):
        (active if row.valid_from <= clock.today() else coming)[row.name] = row
    rows = [
        {
            "entry": registry.entry(name),
            "active": active.get(name),
            "coming": coming.get(name),
            "waiting": waiting.get(name, 0),
        }
        for name in registry.names()
    ]
    return render(request, "rulebook/rules.html", base(request, rows=rows))


@staff(roles=READ)
@require_safe
def rule(request, name):
    """GET: one rule: what is in force, what waits, every version there was."""
    found = known(name, request.user)
    rows = versions(request.user, name).defer("content").order_by("-valid_from", "-version")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    active = registry.active_of(name, request.user.office)
    drafts = RuleDraft.objects.visible_to(request.user).filter(name=name).defer("text", "content")
    context = base(
        request,
        entry=found,
        active=active,
        page=page,
        today=clock.today(),
        drafts=drafts.waiting().select_related("changed_by").order_by("-changed_at")[:20],
        newer=_newer_shipped(request.user, name, active),
    )
    return render(request, "rulebook/rule.html", context)


def _newer_shipped(user, name, active):
    """A shipped version that came after the office's own one was activated: worth a look, never taken by itself."""
    if active is None or active.office_id is None:
        return None
    rows = versions(user, name).filter(office=None, pk__gt=active.pk)  # ids are in the order of arrival
    return rows.defer("content").order_by("-version").first()


@staff(roles=READ)
@require_safe
def version(request, name, pk):
    """GET: what one version says, and what it changed."""
    found = known(name, request.user)
    row = get_object_or_404(versions(request.user, name), pk=pk)
    before = versions(request.user, name).filter(activated_at__lt=row.activated_at)
    before = (
        before.filter(Q(office=row.office_id) | Q(office=None)).order_by("-activated_at", "-version").first()
    )
    changes = []
    if before is not None:
        changes = difference.changes(before.content, row.content, found.labels, is_ordered=found.is_ordered)
    context = base(
        request,
        entry=found,
        version=row,
        before=before,
        changes=changes[: difference.MOST],
        more=max(0, len(changes) - difference.MOST),
        active=registry.active_of(name, request.user.office),
        text=writing.as_yaml(row),
    )
    return render(request, "rulebook/version.html", context)


@staff(roles=READ)
@require_safe
def download(request, name, pk):
    """GET: the version as a YAML file to edit and upload again."""
    known(name, request.user)
    row = get_object_or_404(versions(request.user, name), pk=pk)
    response = HttpResponse(writing.as_yaml(row), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{row.version}.yaml"'
    return response


urlpatterns = [
    path("rules/", rules, name="desk_rules"),
    path("rules/<slug:name>/", rule, name="desk_rule"),
    path("rules/<slug:name>/versions/<uuid:pk>/", version, name="desk_rule_version"),
    path("rules/<slug:name>/versions/<uuid:pk>/file/", download, name="desk_rule_file"),
]
