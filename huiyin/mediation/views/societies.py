"""会案: the ledger of one credit society – members, claims, netting, settlement, totals and what does not fit."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.mediation import agreeing, credit
from huiyin.mediation.forms import (
    ClaimForm,
    GroupForm,
    MemberForm,
    NetForm,
    SettleForm,
    SocietyForm,
    StatedForm,
)
from huiyin.mediation.models import Claim, CreditSociety
from huiyin.mediation.views.acting import READERS, WORKERS, act, case_of
from huiyin.rules import clock
from huiyin.shell.access import staff

FORMS = {
    "member": MemberForm,
    "claim": ClaimForm,
    "net": NetForm,
    "settle": SettleForm,
    "stated": StatedForm,
    "group": GroupForm,
}
WITHOUT_SOCIETY = {"member", "stated", "group"}


def visible(user):
    """Societies of matters that the user may read."""
    return CreditSociety.objects.filter(office_id=user.office_id, case__in=Case.objects.visible_to(user))


def _society(request, pk) -> CreditSociety:
    return get_object_or_404(visible(request.user).select_related("case__office"), pk=pk)


def _form(society, name: str, data=None):
    kind = FORMS[name]
    return kind(data, prefix=name) if name in WITHOUT_SOCIETY else kind(data, prefix=name, society=society)


def _page(request, society, status=200, **given):
    access.note_reading(society.case, request.user, request)
    book = credit.ledger(society)
    members = list(society.members.select_related("party").order_by("number"))
    for row in members:
        row.balance = book.balances.get(row.pk, 0)
    may = society.case.is_open and bool(request.user.roles & WORKERS)
    context = {
        "society": society,
        "case": society.case,
        "book": book,
        "lines": list(book.claims.values()),
        "totals": [(label, book.totals[name]) for name, label in credit.TOTALS.items()],
        "members": members,
        "agreements": list(society.agreements.order_by("agreed_on")),
        "may": may,
        "opened": next(iter(given), ""),
        "forms": {**{name: _form(society, name) for name in FORMS}, **given} if may else {},
    }
    return render(request, "mediation/society.html", context, status=status)


@staff(roles=READERS)
@require_safe
def society_page(request, pk):
    """GET: the ledger."""
    return _page(request, _society(request, pk))


@staff(roles=WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, number):
    """GET: the form. POST: the matter is a credit society's."""
    case = case_of(request, number)
    form = SocietyForm(request.POST or None)

    def again(form, status=200):
        return render(request, "mediation/begin_society.html", {"case": case, "form": form}, status=status)

    if request.method != "POST":
        return again(form)
    doing = lambda **given: credit.register_society(case, by=request.user, **given)  # noqa: E731
    return act(
        request, form, doing, "会案登记好了，接着录会员和债权。", reverse("desk_case", args=[number]), again
    )


@staff(roles=WORKERS)
@require_POST
def change(request, pk, what):
    """POST: a member, a claim, a netting, a settlement, a stated total, the clearing group."""
    if what not in FORMS:
        raise Http404
    society = _society(request, pk)
    form = _form(society, what, request.POST)
    again = lambda form, status: _page(request, society, status, **{what: form})  # noqa: E731
    doing = lambda **given: DOING[what](society, request.user, **given)  # noqa: E731
    return act(request, form, doing, "记下了。", reverse("desk_society", args=[pk]), again)


def _net(society, by, claims, amount, on, paper):
    credit.net(society, by=by, claims=in_a_ring(list(claims)), amount=amount, on=on, paper=paper)


def in_a_ring(rows: list[Claim]) -> list[Claim]:
    """The chosen claims in the order of the ring, debtor to creditor. Refused when they do not form one."""
    left, ring = list(rows[1:]), rows[:1]
    while left:
        following = next((row for row in left if row.creditor_id == ring[-1].debtor_id), None)
        if following is None:
            raise Refusal(
                "选的几笔连不成一圈：要甲欠乙、乙欠丙、丙欠甲。", status=400, errors={"claims": "连不上"}
            )
        ring.append(following)
        left.remove(following)
    return ring


def _settle(society, by, claim, amount, agreed_on, due_on, content):
    left = credit.ledger(society).claims[claim.pk].left
    if amount > left:
        raise Refusal(f"这一笔只剩 {left} 元没有着落。", status=400, errors={"amount": "多了"})
    promise = agreeing.Promise(f"{claim.debtor} 还 {claim.creditor}", due_on, amount, claim)
    agreeing.agree(
        society.case,
        by=by,
        form="written",
        content=content,
        agreed_on=agreed_on,
        promises=[promise],
        society=society,
    )


def _member(society, by, name, phone, id_number, address, role, shares):
    person = {"name": name, "phone": phone, "id_number": id_number, "address": address}
    credit.join(society, person=person, role=role, shares=shares)


DOING = {
    "member": _member,
    "claim": lambda society, by, **given: credit.claim(society, **given),
    "net": _net,
    "settle": _settle,
    "stated": lambda society, by, **given: credit.state_total(society, by=by, **given),
    "group": lambda society, by, **given: credit.found_group(society, by=by, **given),
}


@staff(roles=WORKERS)
@require_POST
def confirm_claim(request, pk):
    """POST: both sides agree to the claim, or with `disputed` they do not."""
    rows = Claim.objects.filter(society__in=visible(request.user)).select_related("society")
    row = get_object_or_404(rows, pk=pk)
    credit.confirm(row, on=clock.today(), disputed=bool(request.POST.get("disputed")))
    messages.success(request, f"第 {row.number} 笔记下了。")
    return HttpResponseRedirect(reverse("desk_society", args=[row.society_id]))


urlpatterns = [
    path("societies/begin/<str:number>/", begin, name="desk_society_begin"),
    path("societies/<uuid:pk>/", society_page, name="desk_society"),
    path("societies/<uuid:pk>/<str:what>/", change, name="desk_society_change"),
    path("societies/claims/<uuid:pk>/confirm/", confirm_claim, name="desk_claim_confirm"),
]
