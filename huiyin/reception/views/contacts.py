"""领域联系人: who answers for each domain, the periods before, the list on paper, suggestions received."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases.form_fields import ModelChoice, day
from huiyin.cases.intake_form import name_the_missing, phone
from huiyin.orgs.models import Post, Role
from huiyin.reception import contacts, house_rules
from huiyin.reception.models import DomainContact
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect
from huiyin.reception.views.frame import checked, link, page, take
from huiyin.reception.views.listing import matters
from huiyin.rules import clock
from huiyin.shell.access import staff

ABLE = (Role.UNIT_HEAD, Role.HANDLER, Role.LEADER, Role.DEPUTY, Role.DIRECTOR, Role.CLERK, Role.STATION)
SHOWN = 60


class ContactForm(forms.Form):
    domain = forms.ChoiceField(label="领域")
    post = ModelChoice(label="联系岗位", widget=PlainSelect)
    phone = phone("办公电话")
    start_on = day("从哪天起")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        names = [(code, row["name"]) for code, row in house_rules.domains(office).items()]
        self.fields["domain"].choices = [("", "请选"), *names]
        self.fields["phone"].required = True
        posts = Post.objects.current().filter(office=office, role__in=ABLE)
        posts = posts.select_related("user", "organisation").defer("organisation__services")
        self.fields["post"].queryset = posts.order_by("organisation__code", "user__pinyin")
        self.fields["post"].label_from_instance = lambda row: (
            f"{row.organisation} {row.title}（{row.user.name}）"
        )


@staff(roles=MAY["contacts"])
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request):
    """GET: the list with suggestions of the period. POST: a new contact for one domain."""
    user, office, status = request.user, request.user.office, 200
    period = Period.read(request.GET, "year")
    may_set = may(user, "contacts.set")
    form = (
        ContactForm(request.POST or None, office=office, initial={"start_on": clock.today()})
        if may_set
        else None
    )
    if request.method == "POST":
        try:
            if not may_set:
                raise Refusal("联系人由中心来定。", status=403)
            given = checked(form)
            contacts.name_contact(office, given.pop("domain"), by=user, **given)
            messages.success(request, "定下来了。")
            return redirect("reception_contacts")
        except Refusal as refusal:
            if form is None:
                raise
            status = take(form, refusal)
    counts = contacts.counts(user, period)
    rows = contacts.listed(office)
    for row in rows:
        row["number"] = counts.get(row["code"], 0)
        row["url"] = link("reception_suggestions", period, domain=row["code"])
    past = DomainContact.objects.visible_to(user).filter(end_on__isnull=False)
    past = list(past.select_related("post__user", "post__organisation").order_by("-end_on")[:SHOWN])
    names = house_rules.domains(office)
    for row in past:
        row.domain_name = names.get(row.domain, {}).get("name", row.domain)
    rest = counts.get("", 0)
    context = {"period": period, "rows": rows, "past": past, "form": form, "rest": rest}
    context["rest_url"] = link("reception_suggestions", period, domain="-")
    return page(request, "contacts.html", "contacts", context, status)


@staff(roles=MAY["contacts"])
@require_safe
def paper(request):
    context = {
        "office": request.user.office,
        "rows": contacts.listed(request.user.office),
        "today": clock.today(),
    }
    return render(request, "reception/contacts_print.html", context)


@staff(roles=MAY["contacts"])
@require_safe
def suggestions(request):
    """GET: the suggestions behind one number."""
    user, period = request.user, Period.read(request.GET, "year")
    names = {code: row["name"] for code, row in house_rules.domains(user.office).items()}
    domain = request.GET.get("domain", "")
    if domain not in names and domain != "-":
        raise Refusal("没有这个领域，请从列表里选。", status=400)
    rows = contacts.suggestions(user, period)
    rows = rows.filter(house_rules.in_domain(user.office, "" if domain == "-" else domain))
    title = f"{period.name} · 收到的意见建议 · {names.get(domain, '没有归类')}"
    return matters(request, "contacts", title, rows, back=f"{reverse('reception_contacts')}?{period.query}")


urlpatterns = [
    path("reception/contacts/", listed, name="reception_contacts"),
    path("reception/contacts/print/", paper, name="reception_contacts_print"),
    path("reception/contacts/suggestions/", suggestions, name="reception_suggestions"),
]
