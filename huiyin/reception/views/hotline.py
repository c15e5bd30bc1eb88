"""热线: the log of calls, one form for a call, what became of the open ones, response times."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.form_fields import ModelChoice, line, words
from huiyin.cases.intake_form import name_the_missing, phone
from huiyin.reception import hotline, house_rules
from huiyin.reception.models import CallOutcome, HotlineCall
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect, category_choices, grids, moment
from huiyin.reception.views.frame import checked, fresh_key, link, page, take
from huiyin.reception.views.listing import keyset
from huiyin.rules import clock
from huiyin.shell.access import staff

SHOWN_OPEN = 20


class OutcomeForm(forms.Form):
    """What became of the call: answered at once with the words said, or a matter with what is needed for it."""

    outcome = forms.ChoiceField(label="结果", widget=forms.RadioSelect, choices=CallOutcome.choices)
    answer = words("怎么答的", required=False, help_text="当场答复的，写一句答了什么。", least=4)
    description = words(
        "居民说了什么", required=False, help_text="转为事项的，照原话写；不写就用事由。", least=4
    )
    category = forms.ChoiceField(label="是什么事", required=False, widget=PlainSelect)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["category"].choices = category_choices(office)


class CallForm(OutcomeForm):
    rang_at = moment("响铃")
    answered_at = moment("接起")
    subject = line("事由", most=100)
    person_name = line("来电人", required=False, most=40)
    person_phone = phone("电话")
    place = line("在哪里", required=False, most=120)
    area = ModelChoice(label="网格", required=False, empty_label="按地点自动找", widget=PlainSelect)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, office=office, **kwargs)
        self.fields["outcome"].required = False
        self.fields["outcome"].choices = [*CallOutcome.choices, ("", "还没结果，回头再写")]
        self.fields["area"].queryset = grids(office)


@staff(roles=MAY["hotline"])
@require_safe
def calls(request):
    """GET: calls of a period with their figures; ?shift= and ?outcome= narrow the list."""
    user, period = request.user, Period.read(request.GET, "month")
    shift, outcome = request.GET.get("shift", ""), request.GET.get("outcome", "")
    rows = hotline.narrowed(hotline.calls(user, period), user.office, shift=shift, outcome=outcome)
    found, more = keyset(request, rows.select_related("case", "area", "entered_by"), "rang_at")
    names = house_rules.shifts(user.office)
    for row in found:
        row.shift = names[house_rules.shift_of(user.office, row.rang_at)]
    figures = hotline.figures(user, period)
    context = {
        "period": period,
        "calls": found,
        "more": more,
        "figures": figures,
        "boxes": _boxes(period, figures),
        "shifts": _chips(period, "shift", names, shift, outcome=outcome),
        "outcomes": _chips(
            period, "outcome", {**dict(CallOutcome.choices), "open": "没写结果"}, outcome, shift=shift
        ),
        "answer_seconds": house_rules.content(user.office)["answer_seconds"],
        "may_log": may(user, "hotline.log"),
    }
    return page(request, "hotline.html", "hotline", context)


def _boxes(period, figures: dict) -> list[tuple[str, int, str]]:
    """(label, number, address of the calls behind it)."""
    night = figures["night_code"]
    rows = (
        ("来电", figures["calls"], {}),
        ("当场答复", figures["answered"], {"outcome": "answered"}),
        ("转为事项", figures["dispatched"], {"outcome": "dispatched"}),
        ("没写结果", figures["open"], {"outcome": "open"}),
        ("夜班来电", figures["at_night"], {"shift": night}),
    )
    return [(label, number, link("reception_hotline", period, **query)) for label, number, query in rows]


def _chips(period, name: str, names: dict, current: str, **others) -> list[tuple[str, str, bool]]:
    rows = [("", "全部"), *names.items()]
    return [
        (label, link("reception_hotline", period, **{name: code, **others}), code == current)
        for code, label in rows
    ]


@staff(roles=MAY["hotline.log"])
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Log a call; with a result it is through, without one it stays on the list of open calls."""
    office, now = request.user.office, clock.now().replace(microsecond=0)
    if request.method != "POST":
        form = CallForm(office=office, initial={"rang_at": now, "answered_at": now})
        return _form(request, form, fresh_key())
    form, key = CallForm(request.POST, office=office), request.POST.get("key", "")[:60] or fresh_key()
    try:
        call, _ = hotline.log(office, checked(form), by=request.user, key=key)
    except Refusal as refusal:
        return _form(request, form, key, take(form, refusal))
    said = f"，已转为事项 {call.case.number}" if call.case else ""
    messages.success(request, f"{call.number} 记下了{said}。")
    return redirect("reception_call", call.pk)


def _form(request, form, key, status=200):
    return page(request, "hotline_new.html", "hotline", {"form": form, "key": key}, status)


@staff(roles=MAY["hotline"])
@require_http_methods(["GET", "HEAD", "POST"])
def call(request, pk):
    """GET: one call. POST: what became of it."""
    user = request.user
    rows = HotlineCall.objects.visible_to(user).select_related("case", "area", "entered_by", "office")
    found = get_object_or_404(rows, pk=pk)
    form, status = OutcomeForm(request.POST or None, office=user.office), 200
    if request.method == "POST":
        try:
            if not may(user, "hotline.log"):
                raise Refusal("来电结果由中心的人来写。", status=403)
            hotline.settle(found, checked(form), by=user)
            messages.success(request, "结果写上了。")
            return redirect("reception_call", pk)
        except Refusal as refusal:
            status = take(form, refusal)
    shift = house_rules.shifts(user.office)[house_rules.shift_of(user.office, found.rang_at)]
    context = {"call": found, "form": form, "shift": shift, "may_log": may(user, "hotline.log")}
    return page(request, "hotline_call.html", "hotline", context, status)


def reminder(user) -> dict | None:
    """A part of 今日 for those who log: calls that still lack a result."""
    number = hotline.waiting(user) if may(user, "hotline.log") else 0
    if not number:
        return None
    query = f"{reverse('reception_hotline')}?period=year&outcome=open"
    return {"hotline_open": number, "hotline_url": query}


urlpatterns = [
    path("reception/hotline/", calls, name="reception_hotline"),
    path("reception/hotline/new/", new, name="reception_hotline_new"),
    path("reception/hotline/<uuid:pk>/", call, name="reception_call"),
]
