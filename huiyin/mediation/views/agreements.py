"""One agreement: what was promised, what was kept, the court's confirmation."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.mediation import agreeing
from huiyin.mediation.forms import ConfirmForm, FulfilForm
from huiyin.mediation.models import Agreement, Fulfilment, Obligation
from huiyin.mediation.views.acting import READERS, WORKERS, act
from huiyin.rules import clock
from huiyin.shell.access import staff


def visible(user):
    """Agreements of matters that the user may read."""
    return Agreement.objects.filter(office_id=user.office_id, case__in=Case.objects.visible_to(user))


def _page(request, agreement, status=200, **given):
    access.note_reading(agreement.case, request.user, request)
    today = clock.today()
    promises = list(
        agreement.obligations.prefetch_related("fulfilments").select_related("claim").order_by("due_on", "pk")
    )
    may = bool(request.user.roles & WORKERS)
    rows = []
    for promise in promises:
        row = {
            "promise": promise,
            "paid": agreeing.paid(promise),
            "standing": agreeing.standing_of(promise, today),
            "rows": agreeing.standing_rows(promise),
        }
        if may and row["standing"] != "kept":
            prefix = f"f{promise.pk.hex[-6:]}"
            row["form"] = given.get(prefix) or FulfilForm(
                prefix=prefix, initial={"kind": "act" if promise.amount is None else "cash"}
            )
        rows.append(row)
    context = {
        "agreement": agreement,
        "case": agreement.case,
        "rows": rows,
        "may": may,
        "confirm_form": given.get("confirm") or ConfirmForm(prefix="confirm"),
        "may_ask": may and not agreement.confirmation_asked_on and today <= agreement.confirm_by,
        "may_decide": may
        and agreement.confirmation_asked_on
        and not (agreement.confirmed_on or agreement.confirmation_refused),
    }
    return render(request, "mediation/agreement.html", context, status=status)


@staff(roles=READERS)
@require_safe
def agreement_page(request, pk):
    """GET: one agreement."""
    return _page(request, get_object_or_404(visible(request.user).select_related("case__office"), pk=pk))


@staff(roles=WORKERS)
@require_POST
def fulfil(request, pk):
    """POST: something was paid or done on one promise."""
    rows = Obligation.objects.filter(agreement__in=visible(request.user)).select_related(
        "agreement__case__office"
    )
    promise = get_object_or_404(rows, pk=pk)
    prefix = f"f{promise.pk.hex[-6:]}"
    form = FulfilForm(request.POST, prefix=prefix)
    again = lambda form, status: _page(request, promise.agreement, status, **{prefix: form})  # noqa: E731
    doing = lambda **given: agreeing.fulfil(promise, by=request.user, **given)  # noqa: E731
    return act(
        request, form, doing, "履行记下了。", reverse("desk_agreement", args=[promise.agreement_id]), again
    )


@staff(roles=WORKERS)
@require_POST
def take_back(request, pk):
    """POST: a wrong entry is taken back by its mirror."""
    rows = Fulfilment.objects.filter(obligation__agreement__in=visible(request.user))
    row = get_object_or_404(rows.select_related("obligation"), pk=pk)
    try:
        agreeing.take_back(row, by=request.user, reason=request.POST.get("reason", "")[:120])
        messages.success(request, "已冲销，原来那笔留着。")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("desk_agreement", args=[row.obligation.agreement_id]))


@staff(roles=WORKERS)
@require_POST
def confirm(request, pk, step):
    """POST: the parties asked the court (`ask`), or what it said (`decide`)."""
    agreement = get_object_or_404(visible(request.user).select_related("case__office"), pk=pk)
    if step not in ("ask", "decide"):
        raise Http404
    form = ConfirmForm(request.POST, prefix="confirm")

    def doing(on, refused):
        if step == "ask":
            return agreeing.ask_confirmation(agreement, by=request.user, on=on)
        return agreeing.decide_confirmation(agreement, by=request.user, on=on, refused=refused)

    again = lambda form, status: _page(request, agreement, status, confirm=form)  # noqa: E731
    return act(request, form, doing, "司法确认记下了。", reverse("desk_agreement", args=[pk]), again)


urlpatterns = [
    path("agreements/<uuid:pk>/", agreement_page, name="desk_agreement"),
    path("agreements/promises/<uuid:pk>/", fulfil, name="desk_fulfil"),
    path("agreements/rows/<uuid:pk>/back/", take_back, name="desk_fulfil_back"),
    path("agreements/<uuid:pk>/confirm/<str:step>/", confirm, name="desk_agreement_confirm"),
]
