"""服务网络: the network, one organisation, the found ones."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.areas.models import Area, AreaKind
from huiyin.orgs import body_views, network, tallies
from huiyin.orgs.models import STANDING_BODIES, Organisation, OrganisationKind, Role
from huiyin.shell.access import staff

ADMIN = {Role.ADMIN.value}
TIERS = [
    OrganisationKind.CENTRE,
    OrganisationKind.STATION,
    OrganisationKind.SERVICE_POINT,
    OrganisationKind.VOLUNTEER_TEAM,
]


@staff
@require_safe
def network_page(request):
    """GET: the four tiers and the departments; with any filter a list of what fits."""
    chosen = network.NetworkFilter.from_query(request.GET)
    context = {"chosen": chosen, "choices": _choices(request.user, chosen)}
    if chosen.is_narrow:
        return render(request, "orgs/found.html", context | _found(request, chosen))
    user = request.user
    units = network.units_with_posts(user, OrganisationKind.CENTRE, OrganisationKind.DEPARTMENT)
    types = network.case_types(user.office)
    for unit in units:
        unit.case_types = types[unit.code]
    counts = network.tiers(user)
    context |= {
        "centres": [unit for unit in units if unit.kind == OrganisationKind.CENTRE],
        "departments": [unit for unit in units if unit.kind == OrganisationKind.DEPARTMENT],
        "tiers": [(kind, kind.label, *counts.get(kind, (0, 0))) for kind in TIERS],
        "others": [
            (kind, kind.label, counts[kind][0])
            for kind in OrganisationKind
            if kind in counts and kind not in TIERS and kind not in STANDING_BODIES
        ],
        "bodies": sum(counts[kind][0] for kind in STANDING_BODIES if kind in counts),
        "stations": network.stations(user),
        "tallies": tallies.of_office(user),
    }
    return render(request, "orgs/network.html", context)


def _found(request, chosen) -> dict:
    rows, after = chosen.page(request.user)
    fields = {name: getattr(chosen, name) for name in ("kind", "community", "service", "q")}
    per = chosen.per_community(request.user)
    return {
        "rows": rows,
        "more": "?" + urlencode({**fields, "after": after}) if after else "",
        "total": sum(number for _, number in per),
        "per": [
            (area, number, "?" + urlencode({**fields, "community": area.code}) if area else "")
            for area, number in per
        ],
    }


def _choices(user, chosen) -> list[tuple]:
    """(field, label, options) of the filter's lists."""
    areas = Area.objects.visible_to(user).valid().filter(kind=AreaKind.COMMUNITY).order_by("code")
    lists = (
        ("kind", "类别", OrganisationKind.choices),
        ("community", "社区", areas.values_list("code", "name")[:500]),
        ("service", "服务", [(name, name) for name in network.services(user)]),
    )
    return [(name, label, list(pairs), getattr(chosen, name)) for name, label, pairs in lists]


@staff
@require_safe
def organisation_page(request, code):
    """GET: one organisation, also one that is no more."""
    rows = Organisation.objects.visible_to(request.user).select_related("parent", "area__parent")
    unit = rows.filter(code=code).first()
    if unit is None:
        raise Http404
    return show(request, unit)


def show(request, unit, status: int = 200, **given):
    """The page of `unit`; `given` are forms that came back with errors, by the name of their move."""
    posts = list(
        network.posts_of(request.user).filter(organisation=unit).order_by("-start_on", "pk")[: network.MOST]
    )
    below = unit.children.current().select_related("area").defer("area__boundary").order_by("kind", "code")
    context = {
        "unit": unit,
        "posts": [post for post in posts if not post.end_on or post.is_current],
        "ended": [post for post in posts if post.end_on and not post.is_current],
        "below": list(below[: network.MOST]),
        "tallies": tallies.of_unit(request.user, unit),
        "case_types": network.case_types(request.user.office)[unit.code],
        "duties": network.duties(request.user.office, unit.code),
        "may_change": bool(request.user.roles & ADMIN),
        **body_views.parts(request, unit, **given),
        "terms": network.terms_of(unit),
    }
    return render(request, "orgs/organisation.html", context, status=status)
