"""岗位: one post, and the administrator's moves on it. The holder may note an absence."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.orgs import handover, network, posts
from huiyin.orgs.forms import AbsenceForm, AppointForm, EndForm, SubstituteForm
from huiyin.orgs.models import Organisation
from huiyin.orgs.views import ADMIN
from huiyin.shell.access import staff


@staff
@require_safe
def post_page(request, pk):
    """GET: one post, its period, its B 角, and what would be handed over."""
    return render(request, "orgs/post.html", _page(request, _post(request, pk)))


def _post(request, pk):
    return get_object_or_404(network.posts_of(request.user).select_related("office"), pk=pk)


def _page(request, post, **forms) -> dict:
    is_admin = bool(request.user.roles & ADMIN)
    can = (is_admin or post.user_id == request.user.pk) and not (post.end_on and not post.is_current)
    context = {
        "rail_current": "network",
        "post": post,
        "may_change": is_admin and can,
        "may_absent": can,
        "opened": next(iter(forms), ""),
    }
    if can:
        away = {"away_from": post.away_from, "away_until": post.away_until}
        context["absence_form"] = forms.get("absence") or AbsenceForm(initial=away, prefix="absence")
    if is_admin and can:
        office = {"office": post.office, "leave_out": post.user_id}
        chosen = {"substitute": post.substitute_id}
        context |= {
            "owed": handover.owed(post),
            "end_form": forms.get("end") or EndForm(prefix="end", **office),
            "substitute_form": forms.get("substitute")
            or SubstituteForm(initial=chosen, prefix="substitute", **office),
        }
    return context


def _act(request, post, name, form, act, done):
    """Do `act` with what was typed, or show the page again with the reason and the typed data."""
    status = 400
    if form.is_valid():
        try:
            result = act(post, by=request.user, **form.cleaned_data)
            messages.success(request, done(result))
            return HttpResponseRedirect(reverse("desk_post", args=[post.pk]))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    post.refresh_from_db()
    return render(request, "orgs/post.html", _page(request, post, **{name: form}), status=status)


@staff(roles=ADMIN)
@require_POST
def post_end(request, pk):
    post = _post(request, pk)
    form = EndForm(request.POST, prefix="end", office=post.office, leave_out=post.user_id)
    heir = post.substitute.name if post.substitute else ""

    def done(moved):
        taker = (form.cleaned_data["to"] and form.cleaned_data["to"].name) or heir
        return f"岗位已结束，{moved} 件在办事项移交给 {taker}。" if moved else "岗位已结束，没有要移交的。"

    return _act(request, post, "end", form, handover.end_post, done)


@staff
@require_POST
def post_absence(request, pk):
    post = _post(request, pk)
    if not (request.user.roles & ADMIN or post.user_id == request.user.pk):
        raise Refusal("请假由本人或系统管理员登记。", status=403)
    form = AbsenceForm(request.POST, prefix="absence")
    return _act(request, post, "absence", form, posts.set_absence, _absence_words)


def _absence_words(post) -> str:
    if post.away_from is None:
        return "已销假。"
    stand_in = (
        f"这几天由 {post.substitute.name} 顶岗。" if post.substitute else "还没有 B 角，请管理员定一位。"
    )
    return f"请假已登记，{stand_in}"


@staff(roles=ADMIN)
@require_POST
def post_substitute(request, pk):
    post = _post(request, pk)
    form = SubstituteForm(request.POST, prefix="substitute", office=post.office, leave_out=post.user_id)
    return _act(request, post, "substitute", form, posts.set_substitute, lambda done: "B 角已定好。")


@staff(roles=ADMIN)
@require_safe
def post_form(request):
    """GET: the form of a new post; `unit` fills in the organisation."""
    unit = Organisation.objects.visible_to(request.user).filter(code=request.GET.get("unit", "")[:30]).first()
    initial = {"organisation": unit.pk, "area": unit.area_id} if unit else {}
    form = AppointForm(office=request.user.office, initial=initial)
    return render(request, "orgs/new_post.html", {"form": form, "unit": unit, "rail_current": "network"})


@staff(roles=ADMIN)
@require_POST
def post_create(request):
    form = AppointForm(request.POST, office=request.user.office)
    status = 400
    if form.is_valid():
        try:
            post = posts.appoint(by=request.user, **form.cleaned_data)
            messages.success(request, f"岗位已设好：{post.user.name}，{post}。")
            return HttpResponseRedirect(reverse("desk_org", args=[post.organisation.code]))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    return render(request, "orgs/new_post.html", {"form": form, "rail_current": "network"}, status=status)
