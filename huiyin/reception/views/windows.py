"""Windows of the hall: which there are, what each does, which post sits there in which period."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases import services
from huiyin.cases.form_fields import ModelChoice, day, line
from huiyin.cases.intake_form import name_the_missing
from huiyin.orgs.models import Post, Role
from huiyin.reception.models import Window, WindowDuty
from huiyin.reception.rights import MAY
from huiyin.reception.views.fields import PlainSelect, handling_units
from huiyin.reception.views.frame import checked, page, take
from huiyin.rules import clock
from huiyin.shell.access import staff

SEATED = (Role.HANDLER, Role.UNIT_HEAD, Role.CLERK, Role.STATION)


class WindowForm(forms.Form):
    number = forms.IntegerField(label="窗口号", min_value=1, max_value=99)
    name = line("窗口", most=40)
    organisation = ModelChoice(label="哪个单位的", widget=PlainSelect)
    groups = forms.MultipleChoiceField(label="办哪几类", widget=forms.CheckboxSelectMultiple)
    opened_on = day("从哪天起")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["organisation"].queryset = handling_units(office)
        self.fields["groups"].choices = [(code, name) for code, name, _ in services.groups(office)]


class DutyForm(forms.Form):
    window = ModelChoice(label="窗口")
    post = ModelChoice(label="谁来值守", widget=PlainSelect)
    start_on = day("从哪天起")
    end_on = day("到哪天为止", required=False)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["window"].queryset = Window.objects.current().filter(office=office).order_by("number")
        posts = Post.objects.current().filter(office=office, role__in=SEATED)
        posts = posts.select_related("user", "organisation").defer("organisation__services")
        self.fields["post"].queryset = posts.order_by("organisation__code", "user__pinyin")
        self.fields["post"].label_from_instance = lambda row: (
            f"{row.organisation} {row.user.name}（{row.title}）"
        )

    def clean(self):
        given = super().clean()
        if given.get("end_on") and given.get("start_on") and given["end_on"] <= given["start_on"]:
            self.add_error("end_on", "止日要晚于起日；止日当天起就不在了。")
        return given


def _page(request, opened="", form=None, status=200):
    office = request.user.office
    first = {"opened_on": clock.today(), "start_on": clock.today()}
    duties = WindowDuty.objects.visible_to(request.user).select_related(
        "window", "post__user", "post__organisation"
    )
    names = {code: name for code, name, _ in services.groups(office)}
    windows = list(
        Window.objects.visible_to(request.user).select_related("organisation").order_by("closed_on", "number")
    )
    for row in windows:
        row.group_names = [names.get(code, code) for code in row.groups]
    context = {
        "windows": windows,
        "duties": duties.order_by("window__number", "-start_on")[:100],
        "window_form": form if opened == "window" else WindowForm(office=office, initial=first),
        "duty_form": form if opened == "duty" else DutyForm(office=office, initial=first),
        "today": clock.today(),
    }
    return page(request, "hall_windows.html", "hall", context, status)


@staff(roles=MAY["hall.arrange"])
@require_http_methods(["GET", "HEAD", "POST"])
def windows(request):
    """GET: windows and who sits there. POST: a new window."""
    if request.method != "POST":
        return _page(request)
    form = WindowForm(request.POST, office=request.user.office)
    try:
        given = checked(form)
        with transaction.atomic():
            made = Window.objects.create(office=request.user.office, **given)
            record("设窗口", f"window:{made.pk}", by=request.user, number=made.number)
    except Refusal as refusal:
        return _page(request, "window", form, take(form, refusal))
    except IntegrityError:
        form.add_error("number", "这个号已经有窗口在用，请换一个号。")
        return _page(request, "window", form, 409)
    messages.success(request, f"{made}设好了，请再定谁来值守。")
    return redirect("reception_windows")


@staff(roles=MAY["hall.arrange"])
@require_POST
def duty(request):
    form = DutyForm(request.POST, office=request.user.office)
    try:
        given = checked(form)
        with transaction.atomic():
            made, _ = WindowDuty.objects.get_or_create(office=request.user.office, **given)
            record("排窗口值守", f"window:{made.window_id}", by=request.user, post=str(made.post_id))
    except Refusal as refusal:
        return _page(request, "duty", form, take(form, refusal))
    messages.success(request, "值守排好了。")
    return redirect("reception_windows")


@staff(roles=MAY["hall.arrange"])
@require_POST
def close(request, pk):
    """From today on the window is not used any more."""
    found = get_object_or_404(Window.objects.visible_to(request.user), pk=pk)
    with transaction.atomic():
        Window.objects.filter(pk=found.pk, closed_on=None).update(closed_on=clock.today())
        record("停用窗口", f"window:{found.pk}", by=request.user, number=found.number)
    messages.success(request, f"{found}停用了。")
    return redirect("reception_windows")


urlpatterns = [
    path("reception/hall/windows/", windows, name="reception_windows"),
    path("reception/hall/windows/duties/", duty, name="reception_window_duty"),
    path("reception/hall/windows/<uuid:pk>/close/", close, name="reception_window_close"),
]
