"""举报: register with the informant kept apart, numbers without content, the identity for its keepers."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.cases.form_fields import ModelChoice, line, words
from huiyin.cases.intake_form import name_the_missing, phone
from huiyin.cases.models import Case
from huiyin.cases.states import Channel
from huiyin.cases.views.files import purpose_of
from huiyin.cases.views.matter import PURPOSES
from huiyin.reception import tipoffs
from huiyin.reception.models import Informant
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect, category_choices, grids
from huiyin.reception.views.frame import checked, fresh_key, page, take
from huiyin.reception.views.listing import keyset
from huiyin.shell.access import staff

CHANNELS = (Channel.CALL, Channel.VISIT, Channel.LETTER, Channel.HOTLINE)


class TipOffForm(forms.Form):
    channel = forms.ChoiceField(
        label="从哪里来", choices=[(row.value, row.label) for row in CHANNELS], widget=forms.RadioSelect
    )
    title = line("事由", most=60, help_text="不要写举报人是谁。")
    description = words("举报什么", least=4, help_text="只写事情，不写能认出举报人的话。")
    category = forms.ChoiceField(label="分类", required=False, widget=PlainSelect)
    area = ModelChoice(label="网格", required=False, empty_label="按地点自动找", widget=PlainSelect)
    place = line("在哪里", required=False, most=120)
    person_name = line("举报人", required=False, most=40)
    person_phone = phone("举报人电话")
    address = line("举报人住址", required=False, most=100)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["category"].choices = category_choices(office)
        self.fields["area"].queryset = grids(office)

    def clean(self):
        """The informant's own words must not give them away to those who handle it."""
        given = super().clean()
        said = f"{given.get('title', '')}{given.get('description', '')}{given.get('place', '')}"
        for field in ("person_name", "person_phone", "address"):
            if given.get(field) and given[field] in said:
                self.add_error("description", "正文里出现了举报人的姓名、电话或住址，请去掉再登记。")
        return given


@staff(roles=MAY["tipoffs"])
@require_safe
def listed(request):
    """GET: the numbers of the period for everybody here; the matters only for those named in them."""
    period = Period.read(request.GET, "month")
    rows = tipoffs.rows(request.user, period).select_related("in_charge")
    found, more = keyset(request, rows, "registered_at")
    context = {
        "period": period,
        "counts": tipoffs.counts(request.user, period),
        "cases": found,
        "more": more,
    }
    return page(request, "tipoffs.html", "tipoffs", context)


@staff(roles=MAY["tipoffs.register"])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    office, key = request.user.office, request.POST.get("key", "")[:60] or fresh_key()
    form = TipOffForm(request.POST or None, office=office, initial={"channel": Channel.CALL})
    status = 200
    if request.method == "POST":
        try:
            case = tipoffs.take(office, checked(form), by=request.user, key=key)
            messages.success(
                request, f"{case.number} 登记了，限知。查询码 {case.tracking_code}，请告诉举报人。"
            )
            return redirect("desk_receipt", case.number)
        except Refusal as refusal:
            status = take(form, refusal)
    return page(request, "tipoff_new.html", "tipoffs", {"form": form, "key": key}, status)


@staff(roles=MAY["tipoffs"])
@require_POST
@never_cache
def reveal(request, number):
    """POST with a purpose: noted in the audit trail, then the informant, to a keeper."""
    rows = Case.objects.visible_to(request.user).filter(kind=tipoffs.KIND)
    case = get_object_or_404(rows.select_related("office"), number=number)
    purpose = purpose_of(request.POST)
    found = tipoffs.reveal(case, by=request.user, purpose=purpose, address=address_of(request))
    return page(
        request, "tipoff_reveal.html", "tipoffs", {"case": case, "informant": found, "purpose": purpose}
    )


def beside_matter(case, user) -> dict | None:
    """On a tip-off's page: that the informant is kept apart; the keepers' way to the identity."""
    if case.kind != tipoffs.KIND:
        return None
    there = Informant.objects.filter(office_id=case.office_id, case=case).exists()
    handlers = {row.handler_id for row in case.live_assignments} | {case.in_charge_id}
    keeps = may(user, "tipoffs.reveal") and user.pk not in handlers
    return {"has_informant": there, "may_reveal_informant": keeps and there, "reveal_purposes": PURPOSES}


urlpatterns = [
    path("reception/tipoffs/", listed, name="reception_tipoffs"),
    path("reception/tipoffs/new/", new, name="reception_tipoff_new"),
    path("reception/tipoffs/<str:number>/informant/", reveal, name="reception_informant"),
]
