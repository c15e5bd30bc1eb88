"""议事和服务组织: the list as of a day; founding; and the moves on one body's page."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.orgs import bodies, body_list
from huiyin.orgs.body_forms import DissolveForm, FactsForm, FoundForm, MemberForm, TermForm, VenueForm
from huiyin.orgs.models import STANDING_BODIES, Membership, Organisation, Role, Venue
from huiyin.rules import clock
from huiyin.shell.access import staff

MAY_KEEP = frozenset(role.value for role in (Role.ADMIN, Role.DIRECTOR, Role.DEPUTY, Role.CLERK))
FACTS = tuple(FactsForm.base_fields)


@staff
@require_safe
def body_page_list(request):
    """GET: kinds with their numbers, and one page of bodies as of a day."""
    user = request.user
    chosen = body_list.BodyFilter.from_query(request.GET)
    rows, after = chosen.page(user)
    fields = {name: request.GET.get(name, "") for name in ("community", "q", "on") if request.GET.get(name)}
    kinds = [(kind, number, "?" + urlencode({**fields, "kind": kind})) for kind, number in chosen.kinds(user)]
    areas = Area.objects.visible_to(user).valid().filter(kind=AreaKind.COMMUNITY).order_by("code")
    context = {
        "chosen": chosen,
        "rows": rows,
        "kinds": kinds,
        "total": sum(number for _, number, _ in kinds),
        "all_url": "?" + urlencode(fields),
        "more": "?" + urlencode({**fields, "kind": chosen.kind, "after": after}) if after else "",
        "communities": list(areas.values_list("code", "name")[:500]),
        "may_keep": bool(user.roles & MAY_KEEP),
        "rail_current": "network",
    }
    return render(request, "orgs/bodies.html", context)


@staff(roles=MAY_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def body_found(request):
    """GET: the form of a new body, `kind` and `parent` filled in. POST: found it."""
    office, status = request.user.office, 200
    parent = _bodies(request).filter(code=request.GET.get("parent", "")[:30]).first()
    initial = {"kind": request.GET.get("kind", ""), "parent": parent, "area": parent and parent.area_id}
    form = FoundForm(request.POST or None, office=office, initial=initial)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                body = bodies.found(office, by=request.user, **form.cleaned_data)
                messages.success(request, f"{body.name}已设好，接着录成员。")
                return HttpResponseRedirect(reverse("desk_org", args=[body.code]) + "#members")
            except Refusal as refusal:
                form.add_error(None, refusal.message)
    return render(request, "orgs/found_body.html", {"form": form, "rail_current": "network"}, status=status)


def _bodies(request):
    return Organisation.objects.visible_to(request.user).filter(kind__in=STANDING_BODIES)


def _forms(body, data=None) -> dict:
    """Every form of a body's page, by the name of its move."""
    facts = {name: getattr(body, name) for name in FACTS}
    return {
        "member": MemberForm(data, office=body.office, prefix="member"),
        "facts": FactsForm(data, initial=facts, prefix="facts"),
        "venue": VenueForm(data, prefix="venue"),
        "dissolve": DissolveForm(data, prefix="dissolve"),
    }


def parts(request, body, **given) -> dict:
    """What the page of an organisation shows besides, when it is a standing body; {} otherwise."""
    if body.kind not in STANDING_BODIES:
        return {}
    may_keep = bool(request.user.roles & MAY_KEEP) and body.is_current
    context = {"is_body": True, "may_keep": may_keep, "opened": next(iter(given), ""), **body_list.one(body)}
    if may_keep:
        context["forms"] = {**_forms(body), **given}
    return context


def _act(request, body, name, form, act, done):
    """Do `act` with what was typed, or show the body's page again with the reason and the typed data."""
    from huiyin.orgs.views import show

    status = 400
    if form.is_valid():
        try:
            messages.success(request, done(act(**form.cleaned_data)))
            return HttpResponseRedirect(reverse("desk_org", args=[body.code]))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    body.refresh_from_db()
    return show(request, body, status=status, **{name: form})


# Each move on a body's page: what it does, and what is said when it is done.
MOVES = {
    "member": (bodies.enrol, lambda row: f"{row.who} 已列入名单。"),
    "facts": (bodies.revise, lambda row: "已改好，原来的写法留在审计记录里。"),
    "dissolve": (bodies.dissolve, lambda ended: f"已撤销，{ended} 人的任期同时结束。"),
    "venue": (bodies.open_venue, lambda row: f"“{row.name}”已启用。"),
}


@staff(roles=MAY_KEEP)
@require_POST
def body_change(request, code, move):
    """POST: a new member, corrected facts, the end of the body, a new place."""
    body = get_object_or_404(_bodies(request), code=code)
    act, done = MOVES[move]
    form = _forms(body, request.POST)[move]
    return _act(request, body, move, form, partial(act, body, by=request.user), done)


@staff(roles=MAY_KEEP)
@require_POST
def venue_close(request, pk):
    """POST: a place is used no more, from today."""
    venue = get_object_or_404(
        Venue.objects.filter(organisation__in=_bodies(request)).select_related("organisation"), pk=pk
    )
    bodies.close_venue(venue, by=request.user, on=clock.today())
    messages.success(request, f"“{venue.name}”已停用。")
    return HttpResponseRedirect(reverse("desk_org", args=[venue.organisation.code]))


@staff(roles=MAY_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def term_page(request, pk):
    """GET: one term with its end. POST: end it, or hand it to somebody else."""
    rows = Membership.objects.visible_to(request.user).select_related("organisation__office", "user", "unit")
    member, status = get_object_or_404(rows, pk=pk), 200
    form = TermForm(request.POST or None, office=member.office, leave_out=member.user_id)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                messages.success(request, _end_or_replace(request.user, member, **form.cleaned_data))
                return HttpResponseRedirect(reverse("desk_org", args=[member.organisation.code]))
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
    context = {"member": member, "form": form, "rail_current": "network"}
    return render(request, "orgs/term.html", context, status=status)


def _end_or_replace(by, member, *, on, user, name, basis) -> str:
    if user or name:
        heir = bodies.replace(member, by=by, on=on, user=user, name=name, basis=basis)
        return f"{member.who} 卸任，{heir.who} 接任。"
    bodies.end_term(member, by=by, on=on, basis=basis)
    return f"{member.who} 已卸任。"


urlpatterns = [
    path("bodies/", body_page_list, name="desk_bodies"),
    path("bodies/new/", body_found, name="desk_body_found"),
    path("bodies/terms/<uuid:pk>/", term_page, name="desk_term"),
    path("bodies/venues/<uuid:pk>/close/", venue_close, name="desk_venue_close"),
    path("bodies/<str:code>/member/", body_change, {"move": "member"}, name="desk_body_member"),
    path("bodies/<str:code>/facts/", body_change, {"move": "facts"}, name="desk_body_facts"),
    path("bodies/<str:code>/dissolve/", body_change, {"move": "dissolve"}, name="desk_body_dissolve"),
    path("bodies/<str:code>/venue/", body_change, {"move": "venue"}, name="desk_body_venue"),
]
