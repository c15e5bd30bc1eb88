"""上级交办: register the paper with its limit and units, the list by level, the feedback report."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.form_fields import ModelChoice, ModelsChoice, day, line, words
from huiyin.cases.intake_form import name_the_missing
from huiyin.reception import directives, house_rules
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect, category_choices, grids, handling_units, moment
from huiyin.reception.views.frame import checked, fresh_key, link, page, take
from huiyin.reception.views.listing import keyset
from huiyin.rules import clock
from huiyin.shell.access import staff


class PaperForm(forms.Form):
    level = forms.ChoiceField(label="层级")
    system = line("交办单位", most=60)
    document = line("来文名称", most=120)
    outside_number = line("来文字号", required=False, most=60)
    received_on = day("收文日期")
    due_at = moment("交办时限", required=False)
    owed_to = line("向谁反馈", required=False, most=60, help_text="不写就是交办单位。")
    remark = words("领导批示", required=False)
    title = line("事由", most=100)
    description = words("交办内容", least=4)
    category = forms.ChoiceField(label="分类", required=False, widget=PlainSelect)
    area = ModelChoice(label="网格", required=False, empty_label="按地点自动找", widget=PlainSelect)
    place = line("在哪里", required=False, most=120)
    lead = ModelChoice(label="责任单位", required=False, empty_label="先登记，稍后派单", widget=PlainSelect)
    co = ModelsChoice(label="配合单位", required=False)
    task = words("任务要求", required=False)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["level"].choices = [("", "请选"), *house_rules.levels(office).items()]
        self.fields["category"].choices = category_choices(office)
        self.fields["area"].queryset = grids(office)
        self.fields["lead"].queryset = self.fields["co"].queryset = handling_units(office)

    def clean(self):
        given = super().clean()
        if given.get("lead") and given["lead"] in (given.get("co") or ()):
            self.add_error("co", "责任单位不用再选作配合单位。")
        if given.get("received_on") and given["received_on"] > clock.today():
            self.add_error("received_on", "收文日期不能在今天以后。")
        return given


@staff(roles=MAY["directives"])
@require_safe
def papers(request):
    """GET: matters from superiors by level, with their limits; ?level= and ?standing= narrow the list."""
    user, period = request.user, Period.read(request.GET, "year")
    level, standing = request.GET.get("level", ""), request.GET.get("standing", "")
    every = directives.rows(user).filter(**period.holds("case__registered_at"))
    rows = directives.narrowed(every, level=level, standing=standing)
    rows = rows.select_related("source", "case__area", "case__in_charge")
    found, more = keyset(request, rows.prefetch_related("case__assignments__organisation"), "received_on")
    names, now = house_rules.levels(user.office), clock.now()
    for row in found:
        row.level_name = names.get(row.level, row.level)
        units = row.case.live_assignments
        row.lead_unit = next((unit.organisation for unit in units if unit.is_lead), None)
        row.co_units = [unit.organisation for unit in units if not unit.is_lead]
        row.is_late = bool(
            row.source.due_at and row.source.due_at < now and not row.is_fed_back and row.case.is_open
        )
    context = {
        "period": period,
        "papers": found,
        "more": more,
        "levels": _level_chips(every, period, names, level),
        "standings": _standing_chips(every, period, level, standing),
        "may_register": may(user, "directives.register"),
    }
    return page(request, "directives.html", "directives", context)


def _level_chips(every, period, names: dict, current: str) -> list[tuple]:
    counts = dict(every.order_by().values_list("level").annotate(Count("pk")))
    rows = [
        ("", "全部", sum(counts.values())),
        *((code, name, counts.get(code, 0)) for code, name in names.items()),
    ]
    return [
        (name, number, link("reception_directives", period, level=code), code == current)
        for code, name, number in rows
    ]


def _standing_chips(every, period, level: str, current: str) -> list[tuple]:
    now = clock.now()
    sums = {code: Count("pk", filter=condition(now)) for code, (_, condition) in directives.STANDINGS.items()}
    counts = directives.narrowed(every, level=level).aggregate(**sums)
    return [
        (
            name,
            counts[code],
            link("reception_directives", period, level=level, standing=code),
            code == current,
        )
        for code, (name, _) in directives.STANDINGS.items()
    ]


@staff(roles=MAY["directives.register"])
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Register one paper with its files."""
    office, key = request.user.office, request.POST.get("key", "")[:60] or fresh_key()
    form, status = PaperForm(request.POST or None, office=office, initial={"received_on": clock.today()}), 200
    if request.method == "POST":
        try:
            files = request.FILES.getlist("files")
            case = directives.receive(office, checked(form), files, by=request.user, key=key)
            messages.success(request, f"{case.number} 登记了。")
            return redirect("desk_case", case.number)
        except Refusal as refusal:
            status = take(form, refusal)
    return page(request, "directive_new.html", "directives", {"form": form, "key": key}, status)


@staff(roles=MAY["directives"])
@require_safe
def report(request, pk):
    """GET: the feedback report on paper, from the record; what is missing stands on the screen only."""
    rows = directives.rows(request.user).select_related("source", "case__area", "case__office")
    found = directives.report_of(get_object_or_404(rows, pk=pk))
    level = house_rules.levels(request.user.office).get(found.directive.level, "")
    context = {"report": found, "case": found.case, "directive": found.directive, "level": level}
    context |= {"today": clock.today(), "office": request.user.office}
    return render(request, "reception/directive_report.html", context)


def beside_matter(case, user) -> dict | None:
    """The paper on the matter's page."""
    row = (
        directives.rows(user).filter(case=case).select_related("source").first()
        if case.kind == "directive"
        else None
    )
    if row is None or not may(user, "directives"):
        return None
    return {"directive": row, "level": house_rules.levels(case.office).get(row.level, "")}


urlpatterns = [
    path("reception/directives/", papers, name="reception_directives"),
    path("reception/directives/new/", new, name="reception_directive_new"),
    path("reception/directives/<uuid:pk>/report/", report, name="reception_directive_report"),
]
