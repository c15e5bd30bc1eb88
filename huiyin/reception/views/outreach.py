"""走访诉求: a visit with what it brought, and the sums by domain with the matters behind each number."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.forms import formset_factory
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import procedures
from huiyin.cases.form_fields import ModelChoice, day, line, words
from huiyin.cases.intake_form import name_the_missing, phone
from huiyin.cases.models import Case
from huiyin.reception import house_rules, outreach, tallies
from huiyin.reception.models import OutreachVisit
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect, category_choices, grids
from huiyin.reception.views.frame import checked, fresh_key, link, page, take
from huiyin.reception.views.listing import keyset, matters
from huiyin.rules import clock
from huiyin.shell.access import staff

MOST_BROUGHT = 6
SORTS = {"opinions": "意见建议", "demands": "诉求", "disputes": "纠纷"}


class VisitForm(forms.Form):
    on = day("哪天走访")
    visitors = line("走访人", most=120)
    role = forms.ChoiceField(label="以什么身份", required=False, widget=PlainSelect)
    area = ModelChoice(label="网格", widget=PlainSelect)
    place = line("门牌", required=False, most=120)
    person_name = line("住户", required=False, most=40)
    person_phone = phone("电话")
    note = words("走访情况", required=False)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["area"].queryset = grids(office)
        self.fields["role"].choices = [("", "不是网格力量"), *tallies.visitor_roles(office).items()]


class BroughtForm(forms.Form):
    description = words("说了什么", required=False, least=4)
    kind = forms.ChoiceField(label="意见还是诉求", required=False, widget=PlainSelect)
    category = forms.ChoiceField(label="分类", required=False, widget=PlainSelect)
    wants = line("要什么", required=False, most=500)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        names = procedures.kinds(office)
        self.fields["kind"].choices = [(code, names[code]) for code in outreach.KINDS if code in names]
        self.fields["category"].choices = category_choices(office)

    def clean(self):
        given = super().clean()
        if (given.get("category") or given.get("wants")) and not given.get("description"):
            self.add_error("description", "请写上说了什么；没有这一条就都空着。")
        return given


BroughtForms = formset_factory(BroughtForm, extra=MOST_BROUGHT, max_num=MOST_BROUGHT, validate_max=True)


@staff(roles=MAY["outreach"])
@require_safe
def sums(request):
    """GET: by domain what visits brought and what became of it, and the visits themselves."""
    user, period = request.user, Period.read(request.GET, "month")
    rows = OutreachVisit.objects.visible_to(user).filter(**period.holds_days("on"))
    role, roles = request.GET.get("role", ""), tallies.visitor_roles(user.office)
    if role in roles:
        rows = rows.filter(role=role)
    rows = rows.select_related("area", "entered_by").annotate(brought=Count("demands"))
    found, more = keyset(request, rows, "on")
    lines = [_linked(period, line) for line in outreach.table(user, period)]
    whole = {name: sum(row[name] for row in lines) for name in ("opinions", "demands", *outreach.STANDINGS)}
    context = {
        "period": period,
        "role_name": roles.get(role, ""),
        "lines": lines,
        "whole": _linked(period, {"code": None, "name": "合计", **whole}),
        "standings": [name for name, _ in outreach.STANDINGS.values()],
        "visits": found,
        "more": more,
        "may_enter": may(user, "outreach.enter"),
    }
    return page(request, "outreach.html", "outreach", context)


def _linked(period, line: dict) -> dict:
    """The row with (number, address) of each figure."""
    domain = {} if line["code"] is None else {"domain": line["code"] or "-"}
    queries = {"opinions": {"sort": "opinions"}, "demands": {"sort": "demands"}}
    queries |= {name: {"standing": name} for name in outreach.STANDINGS}
    figures = [
        (line[name], link("reception_brought", period, **domain, **query)) for name, query in queries.items()
    ]
    return {**line, "figures": figures}


@staff(roles=MAY["outreach"])
@require_safe
def brought(request):
    """GET: the matters behind one number."""
    user, period = request.user, Period.read(request.GET, "month")
    domain, standing = request.GET.get("domain", ""), request.GET.get("standing", "")
    sort = request.GET.get("sort", "")
    names = {code: row["name"] for code, row in house_rules.domains(user.office).items()}
    if domain and domain != "-" and domain not in names:
        raise Refusal("没有这个领域，请从列表里选。", status=400)
    code = None if not domain else "" if domain == "-" else domain
    role, roles = request.GET.get("role", ""), tallies.visitor_roles(user.office)
    rows = outreach.narrowed(
        user, outreach.brought_in(user, period), domain=code, sort=sort, standing=standing,
        role=role if role in roles else "",
    )  # fmt: skip
    title = [period.name, "走访带回"] + ([names.get(domain, "没有归类")] if domain else [])
    title += [SORTS[sort]] if sort in SORTS else []
    title += [roles[role]] if role in roles else []
    title += [outreach.STANDINGS[standing][0]] if standing in outreach.STANDINGS else []
    back = f"{reverse('reception_outreach')}?{period.query}"
    return matters(request, "outreach", " · ".join(title), rows, back=back)


@staff(roles=MAY["outreach.enter"])
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """One visit, and up to six opinions or demands from it."""
    user, key = request.user, request.POST.get("key", "")[:60] or fresh_key()
    first = {"on": clock.today(), "visitors": user.name}
    form = VisitForm(request.POST or None, office=user.office, initial=first)
    parts = BroughtForms(request.POST or None, form_kwargs={"office": user.office}, prefix="brought")
    status = 200
    if request.method == "POST":
        try:
            if not parts.is_valid():
                form.is_valid()
                raise Refusal("带回的事里有几处要改，改好再交；您填的都还在。", status=400)
            rows = [outreach.Brought(**row) for row in parts.cleaned_data if row.get("description")]
            visit, _ = outreach.note_visit(user.office, checked(form), rows, by=user, key=key)
            messages.success(request, f"走访记下了，带回 {len(rows)} 件事。")
            return redirect("reception_visit", visit.pk)
        except Refusal as refusal:
            status = take(form, refusal)
    context = {"form": form, "parts": parts, "key": key}
    return page(request, "outreach_new.html", "outreach", context, status)


@staff(roles=MAY["outreach"])
@require_safe
def visit(request, pk):
    rows = OutreachVisit.objects.visible_to(request.user).select_related("area", "entered_by")
    found = get_object_or_404(rows, pk=pk)
    cases = Case.objects.visible_to(request.user).filter(outreach__visit=found)
    cases = list(cases.select_related("in_charge").order_by("pk"))
    names = house_rules.domains(request.user.office)
    for case in cases:
        code = house_rules.domain_of(request.user.office, case.category)
        case.domain_name = names[code]["name"] if code else "没有归类"
    context = {"visit": found, "cases": cases, "unseen": found.demands.count() - len(cases)}
    return page(request, "outreach_visit.html", "outreach", context)


urlpatterns = [
    path("reception/outreach/", sums, name="reception_outreach"),
    path("reception/outreach/brought/", brought, name="reception_brought"),
    path("reception/outreach/new/", new, name="reception_outreach_new"),
    path("reception/outreach/<uuid:pk>/", visit, name="reception_visit"),
]
