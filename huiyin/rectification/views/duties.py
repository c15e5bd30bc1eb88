"""一岗双责: every leader's two duties with what is open under each; decisions on accountability for few."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.accounts.models import User
from huiyin.areas.forms import day_field
from huiyin.areas.models import Area
from huiyin.base.addresses import address_of
from huiyin.cases.form_fields import ModelChoice, ModelsChoice, line, words
from huiyin.cases.intake_form import name_the_missing
from huiyin.cases.models import Case
from huiyin.cases.rows import prepared, rows_of
from huiyin.orgs.models import Organisation, Role
from huiyin.rectification import duties, rules
from huiyin.rectification.models import MAY_READ_DECISIONS, LeaderDuty
from huiyin.rectification.views.frame import DUTY_READERS, act, keyset, page
from huiyin.shell.access import staff

KEEPERS = frozenset({Role.DIRECTOR, Role.DEPUTY})
LEADING = (Role.DIRECTOR, Role.DEPUTY, Role.LEADER, Role.DUTY_LEADER)


class DutyForm(forms.Form):
    user = ModelChoice(label="领导")
    business = words("业务职责", least=4)
    safety = words("安全职责", least=4)
    petitions = words("信访职责", least=4)
    organisations = ModelsChoice(label="分管单位")
    areas = ModelsChoice(label="联系片区", required=False)
    start_on = day_field("起")
    source = line("依据")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        leaders = User.objects.filter(office=office, is_active=True, posts__role__in=LEADING).distinct()
        self.fields["user"].queryset = leaders.order_by("pinyin")
        units = Organisation.objects.handling().filter(office=office).defer("services").order_by("code")
        self.fields["organisations"].queryset = units
        areas = (
            Area.objects.filter(office=office, kind="community").valid().defer("boundary").order_by("code")
        )
        self.fields["areas"].queryset = areas


class DecisionForm(forms.Form):
    user = ModelChoice(label="对谁")
    number = line("由哪件事引起", required=False, most=30, help_text="事项编号，没有就空着。")
    what_for = words("为什么", least=6, help_text="该做没做的是什么。加密保存，只有少数人能看。")
    decision = forms.ChoiceField(label="决定")
    authority = line("决定机关", most=60)
    document = line("文号", most=60)
    decided_on = day_field("决定日")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.reader = user
        staff_ = User.objects.filter(office=user.office, is_active=True).exclude(pk=user.pk)
        self.fields["user"].queryset = staff_.order_by("pinyin")
        self.fields["decision"].choices = list(rules.content(user.office)["decisions"].items())

    def clean(self):
        given = super().clean()
        number = given.pop("number", "").strip()
        given["case"] = Case.objects.visible_to(self.reader).filter(number=number).first() if number else None
        if number and given["case"] is None:
            self.add_error("number", "没有这件事，或者您看不到它。")
        return given


@staff(roles=DUTY_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def leaders(request):
    """GET: leaders with their duties and what is open. POST: a duty from a day on."""
    may = bool(request.user.roles & KEEPERS)

    def again(form, status=200):
        context = {
            "rows": duties.standings(request.user), "kinds": [(code, name) for code, (name, _) in duties.KINDS.items()],
            "form": form if may else None, "opened": status != 200, "may_read": duties.may_read_all(request.user),
        }  # fmt: skip
        return page(request, "duties.html", "duties", context, status)

    form = (
        DutyForm(request.POST or None, office=request.user.office)
        if may or request.method == "POST"
        else None
    )
    if request.method != "POST":
        return again(form)
    if not may:
        return again(None, 403)
    doing = lambda **given: duties.enter(request.user.office, given, by=request.user)  # noqa: E731
    return act(request, form, doing, "记下了，从那天起算。", reverse("desk_duties"), again)


@staff(roles=DUTY_READERS)
@require_safe
def under(request, pk):
    """GET: the matters behind one number of a leader."""
    duty = get_object_or_404(LeaderDuty.objects.visible_to(request.user).select_related("user"), pk=pk)
    what = request.GET.get("what", "all")
    what = what if what in duties.KINDS else "all"
    found, more = keyset(request, prepared(duties.under(request.user, duty, what)), "registered_at")
    context = {"duty": duty, "rows": rows_of(found), "more": more, "what": duties.KINDS[what][0]}
    return page(request, "under.html", "duties", context)


@staff(roles=DUTY_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request):
    """GET: decisions that this user may read (read with a trace). POST: record one."""
    may = bool(request.user.roles & MAY_READ_DECISIONS)

    def again(form, status=200):
        rows = duties.decisions(request.user, address_of(request))
        context = {"rows": rows, "form": form if may else None, "opened": status != 200}
        return page(request, "decisions.html", "duties", context, status)

    form = DecisionForm(request.POST or None, user=request.user)
    if request.method != "POST":
        return again(form)
    if not may:
        return again(None, 403)
    doing = lambda **given: duties.decide(request.user.office, given, by=request.user)  # noqa: E731
    return act(request, form, doing, "记下了，只有少数人能看。", reverse("desk_decisions"), again)


urlpatterns = [
    path("rectification/duties/", leaders, name="desk_duties"),
    path("rectification/duties/<uuid:pk>/", under, name="desk_duty_under"),
    path("rectification/decisions/", decisions, name="desk_decisions"),
]
