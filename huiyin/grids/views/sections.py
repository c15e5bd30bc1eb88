"""路段: the list with monthly averages; one section with its checks; marking out, checking, giving up."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.areas.models import Area, AreaKind
from huiyin.grids import access, rulings, sections
from huiyin.grids.drawing import section_map
from huiyin.grids.forms import CheckForm, OnForm, SectionForm
from huiyin.grids.models import RoadSection
from huiyin.grids.views.acting import act
from huiyin.shell.access import staff

CHECKS = 60


@staff
@require_safe
def section_list(request):
    """GET: sections of today, by community if asked, with who keeps them and the averages of four months."""
    areas = Area.objects.visible_to(request.user).valid().filter(kind=AreaKind.COMMUNITY).defer("boundary")
    communities = list(areas.order_by("code"))
    chosen = next((area for area in communities if area.code == request.GET.get("area")), None)
    if request.GET.get("area") and chosen is None:
        raise Http404
    months = sections.months_back(4)
    rows = sections.rows(request.user, chosen)
    context = {
        "tab": "sections",
        "communities": communities,
        "chosen": chosen,
        "rows": [(row, [row.months.get(month) for month in months]) for row in rows],
        "months": months,
        "pass_mark": rulings.checks(request.user.office_id).content["pass"],
        "may_edit": access.may_edit(request.user),
    }
    return render(request, "grids/sections.html", context)


def _section(request, pk) -> RoadSection:
    rows = RoadSection.objects.visible_to(request.user).select_related("community", "office")
    return get_object_or_404(rows, pk=pk)


@staff
@require_safe
def section(request, pk):
    return _page(request, _section(request, pk))


def _page(request, section, status=200, form=None, on_form=None):
    rule = rulings.checks(request.user.office_id)
    months = sections.averages([section.pk]).get(section.pk, {})
    kinds = rulings.kinds(section.office_id)
    duties = list(
        section.responsibilities.select_related("user", "organisation").order_by("-start_on", "-pk")[:50]
    )
    for row in duties:
        row.kind = kinds.get(row.role)
    checks = list(section.checks.select_related("checked_by", "rule").order_by("-on", "-pk")[:CHECKS])
    for row in checks:
        row.lost = [
            f"{one['name']} −{one['points'] - row.points.get(one['code'], 0)}"
            for one in row.rule.content["criteria"]
            if row.points.get(one["code"], 0) < one["points"]
        ]
    context = {
        "tab": "sections",
        "section": section,
        "map": section_map(section),
        "duties": duties,
        "checks": checks,
        "months": [(month, months.get(month)) for month in sections.months_back()],
        "pass_mark": rule.content["pass"],
        "rule": rule,
        "may_edit": access.may_edit(request.user),
        "may_check": access.may_check(request.user) and section.valid_until is None,
        "form": form or CheckForm(rule=rule),
        "on_form": on_form or OnForm(prefix="end"),
        "opened": "end" if on_form else "",
    }
    return render(request, "grids/section.html", context, status=status)


@staff(roles=access.EDITORS)
@require_http_methods(["GET", "POST"])
def section_new(request):
    office = request.user.office
    form = SectionForm(request.POST if request.method == "POST" else None, office=office)

    def draw(form, status):
        return render(request, "grids/section_new.html", {"tab": "sections", "form": form}, status=status)

    if request.method == "GET":
        return draw(form, 200)
    return act(
        request,
        form,
        lambda: sections.mark_out(office, by=request.user, **form.cleaned_data),
        lambda row: f"路段“{row}”已经划定。接着定谁负责。",
        lambda row: reverse("desk_section", args=[row.pk]),
        draw,
    )


@staff(roles=access.CHECKERS)
@require_POST
def section_check(request, pk):
    found = _section(request, pk)
    form = CheckForm(request.POST, rule=rulings.checks(found.office_id))
    return act(
        request,
        form,
        lambda: sections.check(
            found, by=request.user, on=form.cleaned_data["on"], points=form.points,
            note=form.cleaned_data["note"], key=form.cleaned_data["key"],
        ),
        lambda row: f"{row.on} 的检查记下了：{row.score} 分。",
        lambda row: reverse("desk_section", args=[pk]),
        lambda form, status: _page(request, found, status, form=form),
    )  # fmt: skip


@staff(roles=access.EDITORS)
@require_POST
def section_end(request, pk):
    found = _section(request, pk)
    form = OnForm(request.POST, prefix="end")
    return act(
        request,
        form,
        lambda: sections.give_up(found, by=request.user, **form.cleaned_data),
        lambda row: f"{row} 到 {row.valid_until} 停用，检查记录照样能看。",
        lambda row: reverse("desk_section", args=[row.pk]),
        lambda form, status: _page(request, found, status, on_form=form),
    )


urlpatterns = [
    path("grids/sections/", section_list, name="desk_sections"),
    path("grids/sections/new/", section_new, name="desk_section_new"),
    path("grids/sections/<uuid:pk>/", section, name="desk_section"),
    path("grids/sections/<uuid:pk>/check/", section_check, name="desk_section_check"),
    path("grids/sections/<uuid:pk>/end/", section_end, name="desk_section_end"),
]
