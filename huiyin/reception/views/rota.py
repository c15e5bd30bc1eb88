"""排班: the week as a grid to fill in, publication, swaps."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.form_fields import ModelChoice, line
from huiyin.reception import house_rules, rota
from huiyin.reception.models import DayPart, ReceiverKind, RotaDay, RotaSwap
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect
from huiyin.reception.views.frame import checked, page, take
from huiyin.rules import clock
from huiyin.shell.access import staff

SHOWN = 60


class WeekForm(forms.Form):
    """For each day: who, as what, where; a second name means that the afternoon is someone else's."""

    def __init__(self, *args, office, monday: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.days = rota.days_of(monday)
        people = rota.receivers(office)
        names = [("", "没有人"), *[(str(row.pk), row.name) for row in people]]
        self.people = {str(row.pk): row for row in people}
        calendar = house_rules.calendar(office)
        self.notes = {day: calendar.day_name(day) for day in self.days}
        self.working = {day for day in self.days if calendar.is_workday(day)}
        for n, day in enumerate(self.days):
            said = rota.day_name(day)
            self.fields[f"leader_{n}"] = forms.ChoiceField(
                label=f"{said}接访人", choices=names, required=False
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=f"{said}身份",
                choices=ReceiverKind,
                required=False,
                initial=ReceiverKind.DEPUTY,
                widget=PlainSelect,
            )
            self.fields[f"second_{n}"] = forms.ChoiceField(
                label=f"{said}下午另排",
                choices=[("", "同上午"), *names[1:]],
                required=False,
                widget=PlainSelect,
            )
            self.fields[f"second_kind_{n}"] = forms.ChoiceField(
                label=f"{said}下午身份",
                choices=ReceiverKind,
                required=False,
                initial=ReceiverKind.DEPUTY,
                widget=PlainSelect,
            )
            self.fields[f"place_{n}"] = line(f"{said}地点", required=False, most=60)

    @property
    def rows(self) -> list[dict]:
        names = ("leader", "kind", "second", "second_kind", "place")
        return [
            {
                "on": day,
                "name": rota.day_name(day),
                "note": self.notes[day],
                "works": day in self.working,
                **{name: self[f"{name}_{n}"] for name in names},
            }
            for n, day in enumerate(self.days)
        ]

    def plans(self) -> list[rota.Plan]:
        given, found = self.cleaned_data, []
        for n, day in enumerate(self.days):
            first, second = given[f"leader_{n}"], given[f"second_{n}"]
            place = given[f"place_{n}"]
            if first:
                part = DayPart.MORNING if second else DayPart.WHOLE
                kind = given[f"kind_{n}"] or ReceiverKind.DEPUTY
                found.append(rota.Plan(day, part, self.people[first], kind, place))
            if second:
                kind = given[f"second_kind_{n}"] or ReceiverKind.DEPUTY
                found.append(rota.Plan(day, DayPart.AFTERNOON, self.people[second], kind, place))
        return found

    @staticmethod
    def initial_of(rows: list[RotaDay]) -> dict:
        found = {}
        for row in rows:
            n = row.on.weekday()
            name = "second" if row.part == DayPart.AFTERNOON else "leader"
            kind = "second_kind" if row.part == DayPart.AFTERNOON else "kind"
            found |= {f"{name}_{n}": str(row.leader_id), f"{kind}_{n}": row.kind, f"place_{n}": row.place}
        return found


class SwapForm(forms.Form):
    takes = ModelChoice(label="请谁来接", empty_label="请选")
    in_return = ModelChoice(label="换回哪天", required=False, empty_label="不换回，只请代一天")
    reason = line("缘由", most=200)

    def __init__(self, *args, day: RotaDay, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["takes"].queryset = rota.receivers(day.office).exclude(pk=day.leader_id)
        rows = RotaDay.objects.filter(office=day.office, on__gte=clock.today()).exclude(leader=day.leader)
        until = day.on + timedelta(days=21)
        self.fields["in_return"].queryset = rows.filter(on__lte=until).select_related("leader")
        self.fields["in_return"].label_from_instance = lambda row: (
            f"{rota.day_name(row.on)}{row.get_part_display()} {row.leader.name}"
        )


def _monday(request, text: str | None = None) -> date:
    text = text if text is not None else request.GET.get("week", "")
    try:
        return rota.monday_of(date.fromisoformat(text) if text else clock.today())
    except ValueError as error:
        raise Refusal("日期要写成 2026-11-23。", status=400) from error


@staff(roles=MAY["rota"])
@require_safe
def week(request):
    """GET ?week=any day of it: who receives when; planners get the grid until it is published."""
    return _week_page(request, _monday(request))


def _week_page(request, monday: date, form=None, status=200, missing=()):
    office, rows = request.user.office, rota.entries(request.user.office, monday)
    found = rota.week_of(office, monday)
    may_edit = may(request.user, "rota.plan") and not (found and found.published_at)
    if may_edit and form is None:
        form = WeekForm(office=office, monday=monday, initial=WeekForm.initial_of(rows))
    absent = rota.absences(office, rows)
    context = {
        "monday": monday,
        "week": found,
        "days": _days(office, monday, rows, absent),
        "gaps": rota.gap_words(rota.gaps(office, monday, rows)),
        "missing": missing,
        "absent": list(absent.values()),
        "form": form if may_edit else None,
        "may_publish": may(request.user, "rota.publish"),
        "may_swap": may(request.user, "rota.swap"),
        "today": clock.today(),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "waiting": RotaSwap.objects.filter(takes=request.user, agreed_at=None, declined_at=None).count(),
        "swaps": _swaps(office, monday),
    }
    return page(request, "rota.html", "rota", context, status)


def _days(office, monday, rows, absent) -> list[dict]:
    calendar = house_rules.calendar(office)
    for row in rows:
        row.absent = absent.get(row.pk, "")
    return [
        {
            "on": day,
            "name": rota.day_name(day),
            "note": calendar.day_name(day),
            "works": calendar.is_workday(day),
            "rows": [row for row in rows if row.on == day],
        }
        for day in rota.days_of(monday)
    ]


def _swaps(office, monday: date):
    rows = RotaSwap.objects.filter(office=office)
    last = monday + timedelta(days=6)
    rows = rows.filter(Q(day__on__range=(monday, last)) | Q(in_return__on__range=(monday, last)))
    return rows.select_related("day", "in_return", "gives", "takes", "asked_by").order_by("-asked_at")[:SHOWN]


@staff(roles=MAY["rota.plan"])
@require_POST
def save(request, monday):
    monday = _monday(request, monday)
    office = request.user.office
    form = WeekForm(request.POST, office=office, monday=monday)
    try:
        checked(form)
        rota.save_week(office, monday, form.plans(), by=request.user)
    except Refusal as refusal:
        return _week_page(request, monday, form, take(form, refusal))
    messages.success(request, "排班存下了。")
    return _back(monday)


@staff(roles=MAY["rota.plan"])
@require_POST
def copy(request, monday):
    monday = _monday(request, monday)
    rota.copy_from_last(request.user.office, monday, by=request.user)
    messages.success(request, "照上一周排好了，请核对后存下或公布。")
    return _back(monday)


@staff(roles=MAY["rota.publish"])
@require_POST
def publish(request, monday):
    monday = _monday(request, monday)
    try:
        rota.publish(request.user.office, monday, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return _week_page(request, monday, status=refusal.status, missing=refusal.missing)
    messages.success(request, "公布了。居民在网上和大厅都看得到；之后换人用“调班”。")
    return _back(monday)


def _back(monday: date):
    return redirect(f"{reverse('reception_rota')}?week={monday}")


@staff(roles=MAY["rota.swap"])
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request, pk):
    """Ask somebody to receive on this day."""
    rows = RotaDay.objects.visible_to(request.user).select_related("leader", "office", "week")
    day = get_object_or_404(rows, pk=pk)
    form, status = SwapForm(request.POST or None, day=day), 200
    if request.method == "POST":
        try:
            rota.ask_swap(day, by=request.user, **checked(form))
            messages.success(request, "已经告诉对方，等答应。")
            return _back(day.week.monday)
        except Refusal as refusal:
            status = take(form, refusal)
    context = {"day": day, "day_name": rota.day_name(day.on), "form": form}
    return page(request, "rota_swap.html", "rota", context, status)


@staff(roles=MAY["rota"])
@require_safe
def swaps(request):
    """GET: what I was asked, and the swaps of the office."""
    rows = RotaSwap.objects.visible_to(request.user)
    rows = rows.select_related("day", "in_return", "gives", "takes", "asked_by")
    context = {
        "mine": rows.filter(takes=request.user, agreed_at=None, declined_at=None).order_by("asked_at")[
            :SHOWN
        ],
        "swaps": rows.order_by("-asked_at")[:SHOWN],
    }
    return page(request, "rota_swaps.html", "rota", context)


@staff(roles=MAY["rota"])
@require_POST
def answer(request, pk):
    found = get_object_or_404(RotaSwap.objects.visible_to(request.user), pk=pk)
    done = rota.answer_swap(found, by=request.user, agree=request.POST.get("agree") == "yes")
    messages.success(request, "答应了，排班已经换好。" if done.agreed_at else "已经告诉对方您去不了。")
    return redirect("reception_swaps")


urlpatterns = [
    path("reception/rota/", week, name="reception_rota"),
    path("reception/rota/swaps/", swaps, name="reception_swaps"),
    path("reception/rota/swaps/<uuid:pk>/", answer, name="reception_swap_answer"),
    path("reception/rota/days/<uuid:pk>/swap/", swap, name="reception_swap"),
    path("reception/rota/<str:monday>/save/", save, name="reception_rota_save"),
    path("reception/rota/<str:monday>/copy/", copy, name="reception_rota_copy"),
    path("reception/rota/<str:monday>/publish/", publish, name="reception_rota_publish"),
]
