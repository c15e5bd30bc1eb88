"""今日: what I owe by when, what came back, what waits for my decision, each with its next step."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases import beside, early_signs
from huiyin.cases.filters import CaseFilter
from huiyin.cases.models import Assignment, Case, Extension, SupervisionNotice
from huiyin.cases.rows import grouped, prepared, rows_of
from huiyin.cases.states import OPEN, AssignmentState, State
from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.notices.models import Notice
from huiyin.orgs.models import Role
from huiyin.rules import clock
from huiyin.shell.access import staff

SHOWN = 30
NEXT_STEP = {
    State.RECEIVED: ("受理", "accept"),
    State.ACCEPTED: ("派单", "dispatch"),
    State.DISPATCHED: ("催签收", ""),
    State.IN_HAND: ("看进展", ""),
    State.REPORTED: ("核实", "verify"),
    State.VERIFIED: ("答复居民", "answer"),
    State.ANSWERED: ("办结", "close"),
}
HOURS = ((8, 12, 2.0), (14, 18, 54.0))  # office hours and where each half of the ruler begins, in per cent
PER_HOUR = 11.0


@staff
@require_safe
def today(request):
    """GET: my day."""
    user, now = request.user, clock.now()
    mine = _mine(user)
    cases = list(prepared(Case.objects.visible_to(user).filter(mine).order_by("due_at", "id"))[:SHOWN])
    rows = rows_of(cases, now)
    for row in rows:
        row.step, row.verb = _next_step(row.case, user)
    context = {
        "now": now,
        "groups": grouped(rows),
        "total": CaseFilter(view="mine").count(user) if not user.roles & CENTRE else len(rows),
        "due_today": sum(row.group in ("late", "today") for row in rows),
        "urgent": next((row for row in rows if row.group in ("late", "today")), None),
        "points": _points(rows),
        "elapsed": _place(now),
        "returned": _returned(user),
        "decisions": _decisions(user),
        "notices": Notice.objects.unread_by(user).order_by("-created_at")[:5],
        "reviews": _reviews(user, now),
        "supervised": _supervised(user),
        "signs": early_signs.due_of(user),
        "parts": beside.TODAY.parts(user),
    }
    return render(request, "cases/today.html", context)


def _mine(user) -> Q:
    """The unit sees what it owes; the centre sees what waits for a step of the centre."""
    units = [post.organisation_id for post in user.current_posts]
    owed = Assignment.objects.filter(
        case_id=OuterRef("pk"),
        organisation_id__in=units,
        state__in=[AssignmentState.SENT, AssignmentState.ACCEPTED],
    )
    mine = Q(state__in=OPEN) & Exists(owed)
    if user.roles & CENTRE:
        mine |= Q(state__in=[State.RECEIVED, State.ACCEPTED, State.VERIFIED, State.ANSWERED], paused_at=None)
    if user.roles & {Role.SUPERVISOR, Role.GRID_WORKER, Role.STATION}:
        mine |= Q(state=State.REPORTED)
    if Role.SUPERVISOR in user.roles or user.roles & CHIEF:
        mine |= Q(state__in=OPEN, is_key=True) | Q(state__in=OPEN, due_at__lt=clock.now(), paused_at=None)
    return mine


def _next_step(case, user) -> tuple[str, str]:
    owed = [row for row in case.shown_assignments if row.state == AssignmentState.SENT]
    units = {post.organisation_id for post in user.current_posts}
    if any(row.organisation_id in units for row in owed):
        return "签收", "take"
    if case.is_paused:
        return "看一眼", ""
    return NEXT_STEP.get(case.state, ("看一眼", ""))


def _place(moment) -> float:
    """Where a moment of today stands on the ruler, in per cent."""
    hour = clock.local(moment).hour + clock.local(moment).minute / 60
    (start, noon, left), (after, end, right) = HOURS
    if hour <= noon:
        return left + max(hour - start, 0) * PER_HOUR
    return right + min(max(hour - after, 0), end - after) * PER_HOUR


def _points(rows) -> list[dict]:
    """Due moments of today with the name of the limit, apart enough to be read."""
    points, last = [], -20.0
    for row in rows:
        if row.group != "today":
            continue
        at = _place(row.case.due_at)
        points.append({"x": f"{at:.1f}%", "name": row.limit_name if at - last > 6 else ""})
        last = at if at - last > 6 else last
    return points


def _returned(user):
    rows = Assignment.objects.filter(state=AssignmentState.RETURNED, case__state__in=OPEN)
    visible = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"))
    return rows.filter(Exists(visible)).select_related("case", "organisation").order_by("-returned_at")[:5]


def _decisions(user):
    if not user.roles & CHIEF:
        return []
    visible = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"))
    rows = Extension.objects.filter(Exists(visible), decided_at=None).exclude(asked_by=user)
    return rows.select_related("case", "deadline", "asked_by").order_by("asked_at")[:5]


def _reviews(user, now):
    """Paused matters to look at again and look-backs that are due within a day."""
    soon = clock.local(now).date() + timedelta(days=1)
    rows = Case.objects.visible_to(user).filter(
        Q(paused_at__isnull=False, pauses__until_at=None, pauses__review_on__lte=soon)
        | Q(look_back_on__lte=soon)
    )
    return rows.order_by("id")[:5]


def _supervised(user):
    units = [post.organisation_id for post in user.current_posts]
    rows = SupervisionNotice.objects.filter(organisation_id__in=units, answered_at=None, case__state__in=OPEN)
    return rows.select_related("case").order_by("due_at")[:5]


urlpatterns = [path("", today, name="desk_today")]
