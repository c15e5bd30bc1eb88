"""谁管哪里: the table of responsibilities with filters and print; one responsibility; officials and what they cover."""

from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.areas.models import Area
from huiyin.grids import access, coverage, duties, rulings, tallies
from huiyin.grids.forms import DutyForm, EndForm, HandOverForm, SubstituteForm, area_choices, role_choices
from huiyin.grids.models import Responsibility, RoadSection
from huiyin.grids.views.acting import act
from huiyin.shell.access import staff


@staff
@require_safe
def duty_table(request):
    """GET: who covers what on a day; `print=1` the whole filter on paper."""
    chosen = coverage.CoverFilter.from_query(request.GET)
    on_paper = request.GET.get("print") == "1"
    lines, after = chosen.page(request.user, coverage.MOST if on_paper else coverage.PAGE)
    fields = {
        name: getattr(chosen, name) for name in ("q", "area", "kind", "group", "on") if getattr(chosen, name)
    }
    context = {
        "tab": "duties",
        "chosen": chosen,
        "lines": lines,
        "more": "?" + urlencode({**fields, "after": after}) if after else "",
        "print_url": "?" + urlencode({**fields, "print": "1"}),
        "choices": None if on_paper else _choices(request.user, chosen),
        "groups": rulings.groups(request.user.office_id),
        "may_edit": access.may_edit(request.user),
        "is_narrow": any(fields.get(name) for name in ("q", "area", "kind", "group")),
    }
    return render(request, "grids/duties_print.html" if on_paper else "grids/duties.html", context)


def _choices(user, chosen) -> dict:
    codes = dict(
        Area.objects.valid()
        .filter(office_id=user.office_id)
        .exclude(kind="building")
        .values_list("pk", "code")
    )
    areas = [
        (home, [(codes[UUID(pk)], name) for pk, name in rows if UUID(pk) in codes])
        for home, rows in area_choices(user.office_id)
    ]
    return {"areas": areas, "roles": role_choices(user.office_id, entered=False)}


@staff
@require_safe
def officials(request):
    """GET: per responsible official what they cover and what stands open there."""
    context = {
        "tab": "officials",
        "officials": coverage.officials(request.user),
        "labels": tallies.AREAS,
    }
    return render(request, "grids/officials.html", context)


@staff(roles=access.EDITORS)
@require_http_methods(["GET", "POST"])
def duty_new(request):
    """A new responsibility; `area`, `section`, `role` fill in the form."""
    office = request.user.office
    area = Area.objects.visible_to(request.user).valid().filter(code=request.GET.get("area", "")[:20]).first()
    section = (
        RoadSection.objects.visible_to(request.user).filter(pk=_uuid(request.GET.get("section"))).first()
    )
    if request.method == "GET":
        initial = {"area": area and str(area.pk), "section": section and str(section.pk)}
        initial["role"] = request.GET.get("role", "")
        return _duty_form(request, DutyForm(office=office, preset=area, initial=initial))
    form = DutyForm(request.POST, office=office, preset=area)
    return act(
        request,
        form,
        lambda: duties.assign(office, by=request.user, **form.cleaned_data),
        lambda row: f"定好了：{row.target}，{row.who}。",
        lambda row: reverse("desk_duty", args=[row.pk]),
        lambda form, status: _duty_form(request, form, status),
    )


def _duty_form(request, form, status=200):
    kinds = rulings.kinds(request.user.office_id).values()
    hints = [(kind, rulings.level_words(kind)) for kind in kinds]
    return render(
        request, "grids/duty_new.html", {"tab": "duties", "form": form, "hints": hints}, status=status
    )


def _uuid(text):
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _duty(request, pk) -> Responsibility:
    rows = Responsibility.objects.visible_to(request.user).select_related(
        "user", "organisation", "substitute", "office", "area__parent", "section__community"
    )
    return get_object_or_404(rows.defer("area__boundary", "area__parent__boundary", "section__shape"), pk=pk)


@staff
@require_safe
def duty(request, pk):
    return _duty_page(request, _duty(request, pk))


def _duty_page(request, row, status=200, **forms):
    office, may_edit = request.user.office, access.may_edit(request.user) and row.end_on is None
    before = Responsibility.objects.visible_to(request.user).filter(
        role=row.role, area=row.area, section=row.section, compound=row.compound
    )
    context = {
        "tab": "duties",
        "row": row,
        "kind": rulings.kinds(office).get(row.role),
        "history": before.select_related("user", "organisation").order_by("-start_on", "-pk")[:50],
        "may_edit": may_edit,
        "opened": next(iter(forms), ""),
    }
    if may_edit:
        context |= {
            "over_form": forms.get("over") or HandOverForm(prefix="over", office=office),
            "end_form": forms.get("end") or EndForm(prefix="end"),
            "substitute_form": forms.get("substitute")
            or SubstituteForm(prefix="substitute", office=office, initial={"substitute": row.substitute_id}),
        }
    return render(request, "grids/duty.html", context, status=status)


def _change(request, pk, name, form_class, do, done, **more):
    row = _duty(request, pk)
    form = form_class(request.POST, prefix=name, **more)
    return act(
        request,
        form,
        lambda: do(row, by=request.user, **form.cleaned_data),
        done,
        lambda result: reverse("desk_duty", args=[result.pk]),
        lambda form, status: _duty_page(request, _duty(request, pk), status, **{name: form}),
    )


@staff(roles=access.EDITORS)
@require_POST
def duty_over(request, pk):
    office = request.user.office
    return _change(
        request, pk, "over", HandOverForm, duties.hand_over,
        lambda row: f"从 {row.start_on} 起换成 {row.who}，原来的时段留在下面。", office=office,
    )  # fmt: skip


@staff(roles=access.EDITORS)
@require_POST
def duty_end(request, pk):
    return _change(
        request, pk, "end", EndForm, duties.end, lambda row: f"{row.who} 到 {row.end_on} 为止，时段留着。"
    )


@staff(roles=access.EDITORS)
@require_POST
def duty_substitute(request, pk):
    return _change(
        request, pk, "substitute", SubstituteForm, duties.set_substitute, lambda row: "B 角已定好。",
        office=request.user.office,
    )  # fmt: skip


urlpatterns = [
    path("grids/duties/", duty_table, name="desk_duties"),
    path("grids/officials/", officials, name="desk_officials"),
    path("grids/duties/new/", duty_new, name="desk_duty_new"),
    path("grids/duties/<uuid:pk>/", duty, name="desk_duty"),
    path("grids/duties/<uuid:pk>/over/", duty_over, name="desk_duty_over"),
    path("grids/duties/<uuid:pk>/end/", duty_end, name="desk_duty_end"),
    path("grids/duties/<uuid:pk>/substitute/", duty_substitute, name="desk_duty_substitute"),
]
