"""群众感谢: pennants, letters and calls; for a matter, a unit or a service."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import attachments, record, services
from huiyin.cases.form_fields import ModelChoice, day, line, words
from huiyin.cases.intake_form import name_the_missing
from huiyin.cases.models import Case
from huiyin.orgs.models import Organisation
from huiyin.reception import thanks
from huiyin.reception.models import Thanks, ThanksKind
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect
from huiyin.reception.views.frame import checked, fresh_key, link, page, take
from huiyin.reception.views.listing import keyset
from huiyin.rules import clock
from huiyin.shell.access import staff


class ThanksForm(forms.Form):
    kind = forms.ChoiceField(label="形式", choices=ThanksKind, widget=forms.RadioSelect)
    on = day("哪天收到")
    sender = line("谁送的", required=False, most=60)
    is_public = forms.BooleanField(label="本人同意写出姓名或单位", required=False)
    text = words("写了什么、谢什么", least=4)
    number = line("哪一件事（编号）", required=False, most=30)
    organisation = ModelChoice(label="谢哪个单位", required=False, empty_label="不专指", widget=PlainSelect)
    service = forms.ChoiceField(label="谢哪项服务", required=False, widget=PlainSelect)
    photo = forms.FileField(label="照片", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        name_the_missing(self)
        units = Organisation.objects.current().filter(office=user.office)
        self.fields["organisation"].queryset = units.defer("services").order_by("kind", "code")
        self.fields["service"].choices = [("", "不专指"), *services.choices(user.office)]

    def clean(self):
        given = super().clean()
        number = given.pop("number", "").strip()
        given["case"] = Case.objects.visible_to(self.user).filter(number=number).first() if number else None
        if number and given["case"] is None:
            self.add_error("number", "没有这个编号，或者您看不到它。")
        return given


@staff(roles=MAY["thanks"])
@require_safe
def listed(request):
    """GET: thanks of a period, with the numbers by kind."""
    user, period = request.user, Period.read(request.GET, "year")
    kind = request.GET.get("kind", "")
    counts = thanks.counts(user, period)
    rows = thanks.visible(user).filter(**period.holds_days("on"))
    rows = rows.filter(kind=kind) if kind in ThanksKind.values else rows
    rows = rows.select_related("case", "organisation", "photo", "received_by").defer("organisation__services")
    found, more = keyset(request, rows, "on")
    table = services.table(user.office)
    readable = set(
        Case.objects.visible_to(user)
        .filter(pk__in=[row.case_id for row in found])
        .values_list("pk", flat=True)
    )
    for row in found:
        row.service_name = table[row.service].name if row.service in table else ""
        row.may_open_case = row.case_id in readable
    chips = [
        ("", "全部", sum(counts.values())),
        *((k, name, counts.get(k, 0)) for k, name in ThanksKind.choices),
    ]
    context = {
        "period": period,
        "thanks": found,
        "more": more,
        "chips": [
            (name, n, link("reception_thanks", period, kind=code), code == kind) for code, name, n in chips
        ],
        "may_enter": may(user, "thanks.enter"),
    }
    return page(request, "thanks.html", "thanks", context)


@staff(roles=MAY["thanks.enter"])
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """GET ?number= fills in the matter it is for."""
    user, key = request.user, request.POST.get("key", "")[:60] or fresh_key()
    first = {"on": clock.today(), "kind": ThanksKind.LETTER, "number": request.GET.get("number", "")[:30]}
    form = ThanksForm(request.POST or None, request.FILES or None, user=user, initial=first)
    status = 200
    if request.method == "POST":
        try:
            given = dict(checked(form))
            photo = given.pop("photo", None)
            thanks.receive(user.office, given, photo, by=user, key=key)
            messages.success(request, "记下了，算一次正面反馈。")
            return redirect("reception_thanks")
        except Refusal as refusal:
            status = take(form, refusal)
    return page(request, "thanks_new.html", "thanks", {"form": form, "key": key}, status)


@staff(roles=MAY["thanks"])
@require_safe
def photo(request, pk):
    """GET: the picture of one record; `small` for lists."""
    found = get_object_or_404(thanks.visible(request.user).select_related("photo"), pk=pk)
    if found.photo is None:
        raise Http404("没有照片。")
    place = attachments.small_of(found.photo) if "small" in request.GET else attachments.file_of(found.photo)
    try:
        content = place.open("rb")
    except FileNotFoundError as error:
        raise Http404("照片的登记还在，文件本身找不到了，请找管理员。") from error
    response = FileResponse(content, content_type=found.photo.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def beside_matter(case, user) -> dict | None:
    """Thanks for the matter, and the way to write one down."""
    may_enter = may(user, "thanks.enter")
    rows = thanks.of_case(case) if record.has(case, Thanks) else []
    if not rows and not (may_enter and case.answered_at):
        return None
    return {"thanks": rows, "may_enter_thanks": may_enter}


urlpatterns = [
    path("reception/thanks/", listed, name="reception_thanks"),
    path("reception/thanks/new/", new, name="reception_thanks_new"),
    path("reception/thanks/<uuid:pk>/photo/", photo, name="reception_thanks_photo"),
]
