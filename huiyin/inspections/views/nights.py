"""A night from plan to zero: the round, each point entered once, the counter, the morning's acceptance."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Attachment, Case
from huiyin.cases.workflow import CHECKERS
from huiyin.inspections import filing, nights
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.forms import AcceptForm, FindForm, FineForm, NightForm
from huiyin.inspections.models import NightCheck, NightRound
from huiyin.inspections.views.acting import Pictures, act, paged
from huiyin.rules import clock
from huiyin.shell.access import staff

MOST = 300


def _list(request, form=None, status=200):
    rows, more = paged(
        NightRound.objects.visible_to(request.user).select_related("leader", "unit"), request, size=20
    )
    shown = [{"night": row, "count": nights.counter(row), "silent": nights.silent(row)} for row in rows]
    shown.sort(key=lambda row: row["night"].on, reverse=True)
    context = {
        "rows": shown, "more": more, "form": form or NightForm(user=request.user), "opened": form is not None,
        "may": bool(request.user.roles & nights.PLANNERS), "rail_current": "inspections",
    }  # fmt: skip
    return render(request, "inspections/nights.html", context, status=status)


@staff(roles=INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_nights(request):
    """GET: the nights, with what was found and who did not look. POST: plan one."""
    return _plan(request) if request.method == "POST" else _list(request)


@staff(roles=nights.PLANNERS)
def _plan(request):
    form = NightForm(request.POST, user=request.user)
    doing = lambda **given: nights.plan(request.user.office, by=request.user, **given)  # noqa: E731
    goal = lambda night: reverse("desk_night", args=[night.on])  # noqa: E731
    return act(request, form, doing, "安排好了，各家都收到了消息。", goal, lambda f, s: _list(request, f, s))


def day_of(text: str) -> date:
    """The day of an address like nights/2026-11-22/; 404 for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404("没有这一夜。") from error


def night_of(request, on: str) -> NightRound:
    return get_object_or_404(
        NightRound.objects.visible_to(request.user).select_related("leader", "unit"), on=day_of(on)
    )


@staff(roles=INSPECTORS)
@require_safe
def night_page(request, on):
    """GET: the round of one night; `unit` = only what this unit looks at."""
    night = night_of(request, on)
    own = {post.organisation_id for post in request.user.current_posts}
    checks = night.checks.select_related("point__area", "point__unit", "unit", "case", "checked_by").defer(
        "point__area__boundary"
    )
    wanted = request.GET.get("unit", "")
    if len(wanted) == 36:
        checks = checks.filter(unit_id=wanted)
    rows = list(checks.order_by("point__number")[:MOST])
    readable = set(
        Case.objects.visible_to(request.user)
        .filter(pk__in=[r.case_id for r in rows if r.case_id])
        .values_list("pk", flat=True)
    )
    open_still = clock.now() <= night.accept_by
    for row in rows:
        row.may = open_still and not row.result and nights.may_check(row, request.user)
        row.is_readable = row.case_id in readable
    rows.sort(key=lambda row: (bool(row.result), row.unit_id not in own, not row.may, row.point.number))
    context = {
        "night": night, "rows": rows, "units": nights.by_unit(night), "count": nights.counter(night), "unit": wanted,
        "silent": nights.silent(night), "fine": FineForm(user=request.user), "open_still": open_still,
        "rail_current": "inspections",
    }  # fmt: skip
    return render(request, "inspections/night.html", context)


def _check(request, on, pk) -> NightCheck:
    rows = NightCheck.objects.visible_to(request.user).filter(round__on=day_of(on))
    return get_object_or_404(
        rows.select_related("round", "point__area", "point__unit", "unit").defer("point__area__boundary"),
        pk=pk,
    )


@staff(roles=INSPECTORS)
@require_POST
def check_fine(request, on, pk):
    """POST: looked, nothing wrong."""
    check, form = _check(request, on, pk), FineForm(request.POST, user=request.user)
    goal = f"{reverse('desk_night', args=[on])}?unit={check.unit_id}"

    def again(form, status):
        raise Refusal("；".join(error for errors in form.errors.values() for error in errors), status=status)

    doing = lambda note: nights.check_off(check, by=request.user, note=note)  # noqa: E731
    return act(request, form, doing, f"“{check.point}”没有问题，记下了。", goal, again)


def _find_page(request, check, form, pictures, status=200):
    context = {
        "check": check, "form": form, "kept": pictures.kept, "other": nights.same_tonight(check),
        "night": check.round, "rail_current": "inspections",
    }  # fmt: skip
    return render(request, "inspections/find.html", context, status=status)


@staff(roles=INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def check_found(request, on, pk):
    """GET: what is wrong? POST: a matter, sent at once."""
    check, pictures = _check(request, on, pk), Pictures(request, "photos")
    if request.method != "POST":
        return _find_page(request, check, FindForm(user=request.user), pictures)
    form = FindForm(request.POST, user=request.user)
    try:
        pictures.take()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _find_page(request, check, form, pictures, 400)
    doing = lambda **given: nights.find(check, by=request.user, photos=pictures["photos"], **given)  # noqa: E731
    goal = f"{reverse('desk_night', args=[on])}?unit={check.unit_id}"
    return act(
        request,
        form,
        doing,
        "已经交办，连夜整改。",
        goal,
        lambda f, s: _find_page(request, check, f, pictures, s),
    )


@staff(roles=INSPECTORS)
@require_safe
def zero(request, on):
    """GET: how many are left, down to zero; asks again by itself."""
    night = night_of(request, on)
    left = nights.remaining(night, request.user).select_related("area").defer("area__boundary", "words")
    context = {
        "night": night, "count": nights.counter(night), "left": list(left.order_by("due_at", "pk")[:MOST]),
        "silent": nights.silent(night), "now": clock.now(), "rail_current": "inspections",
    }  # fmt: skip
    return render(
        request, "inspections/parts/counter.html" if request.htmx else "inspections/zero.html", context
    )


@staff(roles=INSPECTORS)
@require_safe
def circular(request, on):
    """GET: the night on paper: which units looked, what was found, how far each find is. Units, never persons."""
    night = night_of(request, on)
    found = nights.findings(night, request.user).select_related("area").defer("area__boundary", "words")
    units = nights.by_unit(night)
    context = {
        "night": night, "count": nights.counter(night), "units": units, "now": clock.now(),
        "checks": sum(row["points"] for row in units), "done": sum(row["done"] for row in units),
        "cases": list(found.prefetch_related("assignments__organisation").order_by("area__code", "number")[:MOST]),
    }  # fmt: skip
    return render(request, "inspections/night_print.html", context)


def _morning(request, night, form=None, status=200, wrong=None):
    rows = (
        nights.findings(night, request.user)
        .filter(state="reported")
        .select_related("area")
        .defer("area__boundary", "words")
    )
    cases = list(rows.order_by("area__code", "number")[:50])
    photos = (
        Attachment.objects.filter(case__in=cases, content_type__startswith="image/")
        .select_related("event")
        .order_by("uploaded_at")
    )
    filed = {case.pk: filing.filing_of(case) for case in cases}
    for case in cases:
        case.pictures = [row for row in photos if row.case_id == case.pk]
        case.filing = filed[case.pk]
        case.form = (
            form if wrong == case.pk else AcceptForm(user=request.user, auto_id=f"id_%s_{case.number}")
        )
    context = {
        "night": night, "cases": cases, "count": nights.counter(night), "wrong": wrong, "rail_current": "inspections",
        "may": bool(request.user.roles & CHECKERS),
    }  # fmt: skip
    return render(request, "inspections/morning.html", context, status=status)


@staff(roles=INSPECTORS)
@require_safe
def morning(request, on):
    """GET: what was mended in the night and waits to be accepted by somebody else."""
    return _morning(request, night_of(request, on))


@staff(roles=INSPECTORS)
@require_POST
def judge(request, on, number):
    """POST: accepted with a picture, or back with what is still wrong."""
    night = night_of(request, on)
    case = nights.findings(night, request.user).filter(number=number).first()
    if case is None:
        raise Http404("这一夜没有这件，或者您看不到它。")
    form, pictures = (
        AcceptForm(request.POST, user=request.user, auto_id=f"id_%s_{number}"),
        Pictures(request, "photos"),
    )
    again = lambda f, s: _morning(request, night, f, s, case.pk)  # noqa: E731
    try:
        pictures.take()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return again(form, 400)
    goal = reverse("desk_night_morning", args=[on])
    if request.POST.get("verdict") == "back":
        return act(
            request,
            form,
            lambda text: case.do("redo", by=request.user, text=text),
            f"{number} 退回重改。",
            goal,
            again,
        )
    doing = lambda text: nights.accept(case, by=request.user, text=text, photos=pictures["photos"])  # noqa: E731
    return act(request, form, doing, f"{number} 验收合格。", goal, again)


urlpatterns = [
    path("inspections/nights/", list_nights, name="desk_nights"),
    path("inspections/nights/<str:on>/", night_page, name="desk_night"),
    path("inspections/nights/<str:on>/zero/", zero, name="desk_night_zero"),
    path("inspections/nights/<str:on>/print/", circular, name="desk_night_print"),
    path("inspections/nights/<str:on>/morning/", morning, name="desk_night_morning"),
    path("inspections/nights/<str:on>/morning/<str:number>/", judge, name="desk_night_judge"),
    path("inspections/nights/<str:on>/checks/<uuid:pk>/fine/", check_fine, name="desk_check_fine"),
    path("inspections/nights/<str:on>/checks/<uuid:pk>/found/", check_found, name="desk_check_found"),
]
