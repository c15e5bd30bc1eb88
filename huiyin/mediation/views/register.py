"""调解台账: the register, one mediation, its beginning."""

from datetime import date
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.cases import access
from huiyin.mediation import agreeing, mediating, reading
from huiyin.mediation.forms import AgreeForm, CloseForm, OpenForm, PassUpForm, SittingForm
from huiyin.mediation.models import Mediation, MediationLevel, MediationOutcome
from huiyin.mediation.rules import HIGHEST
from huiyin.mediation.views.acting import READERS, WORKERS, act, case_of
from huiyin.rules import clock
from huiyin.shell.access import staff


@staff(roles=READERS)
@require_safe
def register(request):
    """GET: mediations by view and level, with this year's figures by level."""
    view = request.GET.get("view", "open")
    view = view if view in reading.VIEWS else "open"
    asked = request.GET.get("level", "")
    level = int(asked) if asked in {str(value) for value in MediationLevel.values} else None
    rows, after = reading.page(request.user, view, level, request.GET.get("after", "")[:60])
    today = clock.today()
    context = {
        "rows": rows,
        "view": view,
        "views": reading.VIEWS.items(),
        "level": level,
        "figures": reading.figures(request.user, date(today.year, 1, 1), today),
        "today": today,
        "more": "?" + urlencode({"view": view, "level": asked, "after": after}) if after else "",
    }
    return render(request, "mediation/register.html", context)


@staff(roles=WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, number):
    """GET: the form to begin mediation of a matter. POST: begin."""
    case = case_of(request, number)
    form = OpenForm(request.POST or None, office=case.office)

    def again(form, status=200):
        return render(request, "mediation/begin.html", {"case": case, "form": form}, status=status)

    if request.method != "POST":
        return again(form)
    doing = lambda **given: mediating.open_mediation(case, by=request.user, **given)  # noqa: E731
    return act(request, form, doing, "调解开始了。", reverse("desk_case", args=[number]), again)


def _visible(request, pk) -> Mediation:
    rows = Mediation.objects.visible_to(request.user).select_related(
        "case__office", "organisation", "opened_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request, mediation, status=200, **given):
    access.note_reading(mediation.case, request.user, request)
    is_open = mediation.outcome == MediationOutcome.OPEN
    may = is_open and bool(request.user.roles & WORKERS)
    context = {
        "mediation": mediation,
        "case": mediation.case,
        "sessions": list(mediation.sessions.select_related("recorded_by").order_by("held_at", "pk")),
        "agreements": list(mediation.agreements.all()),
        "may": may,
        "opened": next(iter(given), ""),
        "is_late": is_open and mediation.due_on < clock.today(),
    }
    if may:
        context["forms"] = {
            "sit": SittingForm(prefix="sit"),
            "agree": AgreeForm(prefix="agree"),
            "close": CloseForm(prefix="close"),
            **given,
        }
        if mediation.level < HIGHEST:
            up = {"office": mediation.office, "level": mediation.level + 1, "prefix": "up"}
            context["forms"] = {"up": PassUpForm(**up), **context["forms"]}
    return render(request, "mediation/mediation.html", context, status=status)


@staff(roles=READERS)
@require_safe
def mediation_page(request, pk):
    """GET: one mediation with its sittings."""
    return _page(request, _visible(request, pk))


def _do(request, pk, name, form, doing, said, goal=None):
    mediation = _visible(request, pk)
    goal = goal or reverse("desk_mediation", args=[pk])
    again = lambda form, status: _page(request, mediation, status, **{name: form})  # noqa: E731
    return act(request, form, lambda **given: doing(mediation, **given), said, goal, again)


@staff(roles=WORKERS)
@require_POST
def sit(request, pk):
    """POST: record a sitting."""
    doing = lambda row, **given: mediating.hold(row, by=request.user, **given)  # noqa: E731
    return _do(request, pk, "sit", SittingForm(request.POST, prefix="sit"), doing, "笔录记下了。")


@staff(roles=WORKERS)
@require_POST
def close(request, pk):
    """POST: not agreed, or given up."""
    doing = lambda row, **given: mediating.close(row, by=request.user, **given)  # noqa: E731
    return _do(request, pk, "close", CloseForm(request.POST, prefix="close"), doing, "结果记下了。")


@staff(roles=WORKERS)
@require_POST
def pass_up(request, pk):
    """POST: to the next level."""
    mediation = _visible(request, pk)
    form = PassUpForm(request.POST, office=mediation.office, level=mediation.level + 1, prefix="up")
    doing = lambda row, **given: mediating.pass_up(row, by=request.user, **given)  # noqa: E731
    return _do(
        request, pk, "up", form, doing, "已转上一级。", reverse("desk_case", args=[mediation.case.number])
    )


@staff(roles=WORKERS)
@require_POST
def agree(request, pk):
    """POST: an agreement, which ends the mediation."""
    form = AgreeForm(request.POST, prefix="agree")

    def doing(row, **given):
        words = {key: given[key] for key in ("form", "content", "agreed_on")}
        agreeing.agree(row.case, by=request.user, promises=form.as_promises(), mediation=row, **words)

    return _do(request, pk, "agree", form, doing, "协议记下了，接着看履行。")


urlpatterns = [
    path("mediation/", register, name="desk_mediations"),
    path("mediation/begin/<str:number>/", begin, name="desk_mediation_begin"),
    path("mediation/<uuid:pk>/", mediation_page, name="desk_mediation"),
    path("mediation/<uuid:pk>/sit/", sit, name="desk_mediation_sit"),
    path("mediation/<uuid:pk>/close/", close, name="desk_mediation_close"),
    path("mediation/<uuid:pk>/up/", pass_up, name="desk_mediation_up"),
    path("mediation/<uuid:pk>/agree/", agree, name="desk_mediation_agree"),
]
