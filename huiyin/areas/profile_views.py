"""辖区基本情况 of one area: values as of a day, their history, the opening paragraph, adding and withdrawing."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.areas import profile, tree
from huiyin.areas.profile_forms import DayForm, FactsForm, WithdrawForm
from huiyin.base.refusal import Refusal
from huiyin.rules import clock
from huiyin.shell.access import staff

# Roles by their codes: posts stand above this room.
EDITORS = {"admin", "clerk", "deputy", "director"}


@staff
@require_safe
def profile_page(request, code):
    """GET: the attributes as they were known on `on` (default today), each with its history."""
    area = tree.find(request.user, code)
    day = DayForm(request.GET if request.GET.get("on") else None)
    if day.is_bound and not day.is_valid():
        return render(request, "areas/profile.html", _page(request, area, day), status=400)
    return render(request, "areas/profile.html", _page(request, area, day))


def _page(request, area, day=None, form=None, withdraw=None) -> dict:
    day = day or DayForm()
    on = (day.cleaned_data["on"] if day.is_bound and day.is_valid() else None) or clock.today()
    may_change = bool(request.user.roles & EDITORS) and area.office_id == request.user.office_id
    return {
        "rail_current": "areas",
        "area": area,
        "above": tree.upwards(area),
        "day": day,
        "on": on,
        "attributes": profile.attributes(area, on),
        "opening": profile.opening_paragraph(area, on),
        "may_change": may_change,
        "form": form or (FactsForm(known=profile.known(area)) if may_change else None),
        "withdraw": withdraw or WithdrawForm(),
    }


def _own(request, code):
    area = tree.find(request.user, code)
    if area.office_id != request.user.office_id:
        raise Refusal("市、区一级由上级维护，这里不能改。", status=403)
    return area


@staff(roles=EDITORS)
@require_POST
def profile_add(request, code):
    """Several values at once; what is wrong comes back beside its field with everything that was typed."""
    area = _own(request, code)
    form = FactsForm(request.POST, known=profile.known(area))
    status = 400
    if form.is_valid():
        data = form.cleaned_data
        try:
            done = profile.add(
                area, by=request.user, on=data["on"], source=data["source"], values=form.values
            )
            messages.success(
                request, f"登记了 {done} 项，截至 {data['on']}。" if done else "这些数已经登记过，没有变化。"
            )
            return HttpResponseRedirect(reverse("desk_area_profile", args=[area.code]))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    return render(request, "areas/profile.html", _page(request, area, form=form), status=status)


@staff(roles=EDITORS)
@require_POST
def profile_withdraw(request, code, pk):
    area = _own(request, code)
    fact = get_object_or_404(area.facts.select_related("area__office"), pk=pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "areas/profile.html",
            _page(request, area, withdraw=form) | {"opened": fact.pk},
            status=400,
        )
    profile.withdraw(fact, by=request.user, **form.cleaned_data)
    messages.success(request, f"{fact.name}（{fact.on}）已经撤下，原来的数记在审计里。")
    return HttpResponseRedirect(reverse("desk_area_profile", args=[area.code]))
