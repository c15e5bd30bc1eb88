"""信访台账: reviews, objections and hearings; what became of suggestions. Pages of fifty by keyset."""

from uuid import UUID

from django.db.models import F, Q
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.petitions.models import Adoption, AdoptionResult, JurisdictionObjection, Review
from huiyin.petitions.parts import READERS
from huiyin.rules import clock
from huiyin.shell.access import staff

PAGE = 50
VIEWS = {"open": "复查复核在办", "all": "复查复核全部", "objections": "管辖异议"}
SUGGESTION_VIEWS = {"owed": "要落实的", "late": "该做完了", "done": "落实了", **dict(AdoptionResult.choices)}


def _after(rows, text: str, *names: str):
    """The row after which the page goes on; None for anything that is not one of ours."""
    try:
        return rows.filter(pk=UUID(text)).only(*names).first()
    except ValueError:
        return None


def _cut(rows) -> tuple[list, str]:
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _reviews(user, view: str, after: str):
    rows = Review.objects.visible_to(user).select_related("case").prefetch_related("hearings")
    if view == "open":
        last = _after(rows, after, "due_on")
        rows = rows.open().order_by("due_on", "pk")
        if last:
            rows = rows.filter(Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, pk__gt=last.pk))
        return _cut(rows)
    last = _after(rows, after, "requested_on")
    rows = rows.order_by("-requested_on", "-pk")
    if last:
        rows = rows.filter(
            Q(requested_on__lt=last.requested_on) | Q(requested_on=last.requested_on, pk__lt=last.pk)
        )
    return _cut(rows)


def _objections(user, after: str):
    rows = JurisdictionObjection.objects.visible_to(user).select_related("case", "source")
    last = _after(rows, after, "raised_at")
    if last:
        rows = rows.filter(Q(raised_at__lt=last.raised_at) | Q(raised_at=last.raised_at, pk__lt=last.pk))
    return _cut(rows.order_by("-raised_at", "-pk"))


@staff(roles=READERS)
@require_safe
def petitions(request):
    """GET: reviews and re-reviews with their days, or objections to what was passed on."""
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    after = request.GET.get("after", "")[:40]
    is_objections = view == "objections"
    rows, more = _objections(request.user, after) if is_objections else _reviews(request.user, view, after)
    context = {
        "rows": rows, "more": f"?view={view}&after={more}" if more else "", "view": view, "views": VIEWS.items(),
        "is_objections": is_objections, "today": clock.today(),
    }  # fmt: skip
    return render(request, "petitions/ledger.html", context)


@staff(roles=READERS)
@require_safe
def suggestions(request):
    """GET: suggestions by what was decided, those that are still owed first by their day."""
    view = request.GET.get("view", "owed")
    view = view if view in SUGGESTION_VIEWS else "owed"
    rows = Adoption.objects.visible_to(request.user).select_related("case", "organisation")
    last = _after(rows, request.GET.get("after", "")[:40], "due_on", "decided_at")
    today = clock.today()
    if view in ("owed", "late"):
        rows = rows.filter(done_on=None, due_on__isnull=False).order_by("due_on", "pk")
        rows = rows.filter(due_on__lt=today) if view == "late" else rows
        if last and last.due_on:
            rows = rows.filter(Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, pk__gt=last.pk))
    else:
        rows = rows.exclude(done_on=None) if view == "done" else rows.filter(result=view)
        rows = rows.order_by(F("decided_at").desc(), "-pk")
        if last:
            rows = rows.filter(
                Q(decided_at__lt=last.decided_at) | Q(decided_at=last.decided_at, pk__lt=last.pk)
            )
    found, more = _cut(rows)
    context = {
        "rows": found, "more": f"?view={view}&after={more}" if more else "", "view": view,
        "views": SUGGESTION_VIEWS.items(), "today": today, "rail_current": "petitions",
    }  # fmt: skip
    return render(request, "petitions/suggestions.html", context)


urlpatterns = [
    path("petitions/", petitions, name="desk_petitions"),
    path("petitions/suggestions/", suggestions, name="desk_suggestions"),
]
