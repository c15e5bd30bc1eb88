"""法律咨询: sittings, bookings, what was asked and advised (legal posts and heads of the centre only), referral."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.accounts.models import User
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases.form_fields import ModelChoice, day, line, words
from huiyin.cases.intake_form import name_the_missing, phone
from huiyin.orgs.models import Post
from huiyin.reception import consulting, house_rules
from huiyin.reception.models import Consultation, ConsultationDay
from huiyin.reception.models.consultation import is_legal
from huiyin.reception.period import Period
from huiyin.reception.rights import EVERYBODY, may_book, may_consult
from huiyin.reception.views.frame import checked, fresh_key, page, take
from huiyin.reception.views.listing import keyset
from huiyin.rules import clock
from huiyin.shell.access import staff

SHOWN = 14


class SittingForm(forms.Form):
    on = day("哪天坐班")
    worker = ModelChoice(label="谁坐班")
    starts = forms.TimeField(label="几点开始", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="每位几分钟", min_value=10, max_value=120, initial=30)
    slots = forms.IntegerField(label="可约几位", min_value=1, max_value=20, initial=6)
    place = line("地点", most=60, initial="法律咨询站")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        unit = house_rules.content(office)["legal_unit"]
        posts = Post.objects.current().filter(office=office, organisation__code=unit)
        self.fields["worker"].queryset = User.objects.filter(pk__in=posts.values("user_id")).order_by(
            "pinyin"
        )


class BookingForm(forms.Form):
    slot = forms.TypedChoiceField(label="几点", coerce=int)
    topic = forms.ChoiceField(label="哪类事")
    person_name = line("姓名", required=False, most=40)
    person_phone = phone("电话")

    def __init__(self, *args, day: ConsultationDay, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        free = [row for row in consulting.slots(day) if not row["taken"]]
        given = self.data.get("slot", "") if self.is_bound else ""
        choices = [(row["number"], f"{row['at']:%H:%M}") for row in free]
        if given.isdigit() and int(given) not in dict(choices):
            choices.append((int(given), "已被约走"))
        self.fields["slot"].choices = choices
        self.fields["topic"].choices = [("", "请选"), *house_rules.topics(day.office).items()]


class AdviceForm(forms.Form):
    topic = forms.ChoiceField(label="哪类事")
    question = words("问什么", least=4)
    advice = words("建议", least=4)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["topic"].choices = list(house_rules.topics(office).items())


def _refuse_strangers(user, allowed):
    if not allowed(user):
        raise Refusal("法律咨询只有司法工作人员和中心负责人看得到；预约由中心来约。", status=403)


@staff(roles=EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def sittings(request):
    """GET: coming sittings with free slots, and for those who may read them the consultations. POST: a sitting."""
    user, status = request.user, 200
    _refuse_strangers(user, may_book)
    period = Period.read(request.GET, "month")
    may_sit = may_consult(user)
    form = (
        SittingForm(request.POST or None, office=user.office, initial={"on": clock.today()})
        if may_sit
        else None
    )
    if request.method == "POST":
        _refuse_strangers(user, may_consult)
        try:
            consulting.sit(user.office, checked(form), by=user)
            messages.success(request, "坐班排好了。")
            return redirect("reception_consulting")
        except Refusal as refusal:
            status = take(form, refusal)
    days = ConsultationDay.objects.visible_to(user).filter(on__gte=clock.today())
    days = list(
        days.select_related("worker").prefetch_related("consultations").order_by("on", "starts")[:SHOWN]
    )
    for row in days:
        row.all_slots = consulting.slots(row)
        row.free = sum(not slot["taken"] for slot in row.all_slots)
    rows = Consultation.objects.visible_to(user).filter(**period.holds_days("day__on"))
    found, more = keyset(request, rows.select_related("day__worker", "case"), "entered_at")
    topics = house_rules.topics(user.office)
    for row in found:
        row.topic_name = topics.get(row.topic, row.topic)
    figures = consulting.figures(user.office, period)
    context = {"period": period, "days": days, "consultations": found, "more": more, "form": form}
    context |= {"figures": figures, "may_read": may_sit}
    return page(request, "consulting.html", "consulting", context, status)


@staff(roles=EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request, pk):
    """One slot of a sitting for one person."""
    _refuse_strangers(request.user, may_book)
    rows = ConsultationDay.objects.visible_to(request.user).select_related("worker", "office")
    found = get_object_or_404(rows.prefetch_related("consultations"), pk=pk)
    key, status = request.POST.get("key", "")[:60] or fresh_key(), 200
    form = BookingForm(request.POST or None, day=found)
    if request.method == "POST":
        try:
            row, _ = consulting.book(found, checked(form), by=request.user, key=key)
            at = consulting.slots(found)[row.slot - 1]["at"]
            messages.success(
                request, f"约好了：{found.on:%m-%d} {at:%H:%M}，{found.worker.name}，{found.place}。"
            )
            return redirect("reception_consulting")
        except Refusal as refusal:
            status = take(form, refusal)
    return page(
        request, "consulting_book.html", "consulting", {"day": found, "form": form, "key": key}, status
    )


@staff(roles=EVERYBODY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request, pk):
    """GET: one consultation, noted in the audit trail once it holds advice. POST: what was asked and advised."""
    user, status = request.user, 200
    rows = Consultation.objects.visible_to(user).select_related("day__worker", "case", "office", "done_by")
    row = get_object_or_404(rows, pk=pk)
    form = AdviceForm(
        request.POST or None, office=user.office,
        initial={"topic": row.topic, "question": row.question, "advice": row.advice},
    )  # fmt: skip
    if request.method == "POST":
        try:
            consulting.advise(row, by=user, **checked(form))
            messages.success(request, "咨询记下了。")
            return redirect("reception_consultation", pk)
        except Refusal as refusal:
            status = take(form, refusal)
    elif row.done_at and request.method == "GET":
        record("看法律咨询", f"consultation:{row.pk}", by=user)
    context = {"row": row, "form": form, "is_legal": is_legal(user)}
    context["topic"] = house_rules.topics(user.office).get(row.topic, row.topic)
    context["at"] = consulting.slots(row.day)[row.slot - 1]["at"]
    return page(request, "consultation.html", "consulting", context, status)


@staff(roles=EVERYBODY)
@require_POST
def cancel(request, pk):
    row = get_object_or_404(Consultation.objects.visible_to(request.user), pk=pk)
    consulting.cancel(row, by=request.user)
    messages.info(request, "预约取消了，这个时段又可以约。")
    return redirect("reception_consulting")


@staff(roles=EVERYBODY)
@require_POST
def refer(request, pk):
    """One click: to legal aid or mediation."""
    row = get_object_or_404(Consultation.objects.visible_to(request.user), pk=pk)
    done = consulting.refer(row, request.POST.get("to", ""), by=request.user)
    messages.success(request, f"已转{done.get_referral_display()}，编号 {done.case.number}。")
    return redirect("reception_consultation", pk)


urlpatterns = [
    path("reception/consulting/", sittings, name="reception_consulting"),
    path("reception/consulting/days/<uuid:pk>/", book, name="reception_consulting_book"),
    path("reception/consulting/<uuid:pk>/", one, name="reception_consultation"),
    path("reception/consulting/<uuid:pk>/cancel/", cancel, name="reception_consultation_cancel"),
    path("reception/consulting/<uuid:pk>/refer/", refer, name="reception_consultation_refer"),
]
