"""隐患排查: what was screened, with nothing found too; what nobody looked at; key places."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.areas.forms import day_field
from huiyin.areas.models import Area
from huiyin.base.ids import uuid7
from huiyin.cases.form_fields import ModelChoice, line, words
from huiyin.cases.intake_form import name_the_missing
from huiyin.cases.models import Case
from huiyin.orgs.models import Organisation
from huiyin.rectification import people, rules, screening
from huiyin.rectification.fields import WhoField
from huiyin.rectification.models import HazardScreening, KeyPlace, ScreeningSide
from huiyin.rectification.views.frame import READERS, SCREENERS, WRITERS, act, chips, keyset, page
from huiyin.rules import clock
from huiyin.shell.access import staff

MOST_BLIND = 30


class ScreeningForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, max_length=50)
    on = day_field("日期")
    side = forms.ChoiceField(label="谁查的", choices=ScreeningSide)
    place = ModelChoice(label="场所、单位", required=False, empty_label="不是重点场所，按片区记")
    area = ModelChoice(label="片区", required=False, empty_label="选了场所就不用选")
    organisation = ModelChoice(label="排查单位")
    inspectors = line("排查人", most=120)
    looked_at = words("查了什么", help_text="看了哪些地方、哪些设备。没查出隐患也要记。")
    finds = words(
        "查出的隐患", required=False, help_text="一行一处，写清在哪里、是什么；每一处立成一件事。没有就空着。"
    )
    fixed_count = forms.IntegerField(
        label="当场就改好、不用立的几处", required=False, min_value=0, max_value=99
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        office = user.office
        self.fields["place"].queryset = KeyPlace.objects.visible_to(user).current().order_by("name")
        grids = Area.objects.visible_to(user).valid().filter(office=office, kind__in=["community", "grid"])
        self.fields["area"].queryset = grids.defer("boundary").order_by("code")
        units = Organisation.objects.handling().filter(office=office).defer("services").order_by("code")
        self.fields["organisation"].queryset = units
        post = next(iter(user.current_posts), None)
        self.initial = {
            "key": str(uuid7()), "inspectors": user.name, "organisation": post and post.organisation_id, "side": "government",
            **self.initial,
        }  # fmt: skip


class PlaceForm(forms.Form):
    name = line("场所、单位", most=60)
    kind = forms.ChoiceField(label="类别")
    area = ModelChoice(label="网格")
    address = line("地址", most=100, required=False)
    who = WhoField(label="包保人", help_text="写成“姓名（单位）”。")
    every_days = forms.IntegerField(
        label="几天查一次", required=False, min_value=1, max_value=365, help_text="不填按类别。"
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        office = user.office
        kinds = rules.content(office)["screening"]["kinds"]
        self.fields["kind"].choices = [
            (code, f"{row['name']}（{row['days']} 天）") for code, row in kinds.items()
        ]
        self.fields["area"].queryset = (
            Area.objects.visible_to(user).valid().grids().defer("boundary").order_by("code")
        )
        self.fields["who"].prepare(office)
        self.names = people.labels(office)


def _new_place(office):
    def doing(name, kind, area, address, who, every_days):
        return KeyPlace.objects.get_or_create(
            office=office, name=name.strip(), valid_from=clock.today(),
            defaults={"kind": kind, "area": area, "address": address, "user": who[0], "every_days": every_days},
        )  # fmt: skip

    return doing


@staff(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def screenings(request):
    """GET: screenings of a period, sums, blind spots. POST: one more screening."""
    if request.method != "POST":
        return _list(request)
    form = ScreeningForm(request.POST, user=request.user)

    def doing(key, **given):
        return screening.record(request.user.office, given, by=request.user, key=key)

    goal = lambda row: reverse("desk_hazard_screening", args=[row.pk])  # noqa: E731
    return act(request, form, doing, "排查记下了。", goal, lambda f, s: _list(request, f, s))


def _list(request, form=None, status=200):
    user = request.user
    first, last = screening.period(request.GET)
    view = request.GET.get("view", "")
    rows = HazardScreening.objects.visible_to(user).filter(on__gte=first, on__lte=last)
    rows = {
        "zero": rows.filter(found_count=0),
        "found": rows.filter(found_count__gt=0),
        "own": rows.filter(side="own"),
    }.get(view, rows)
    rows = _narrow(rows, request.GET)
    found, more = keyset(
        request, rows.select_related("area", "place", "organisation").defer("area__boundary"), "on"
    )
    places, areas = screening.places(user), screening.areas(user)
    context = {
        "rows": found, "more": more, "first": first, "last": last, "sums": screening.sums(user, first, last),
        "blind_places": [row for row in places if row.is_blind][:MOST_BLIND],
        "blind_areas": [row for row in areas if row.is_blind][:MOST_BLIND],
        "places": len(places), "areas": len(areas),
        "form": form or ScreeningForm(user=user, initial={"place": request.GET.get("place")}),
        "opened": form is not None or bool(request.GET.get("place")), "may": bool(user.roles & SCREENERS),
        "views": chips("desk_hazard_screenings", [("", "全部"), ("zero", "没查出的"), ("found", "查出隐患的"), ("own", "单位自查")], view, "view",
                       since=str(first), until=str(last)),
    }  # fmt: skip
    return page(request, "screenings.html", "screenings", context, status)


def _narrow(rows, data):
    if data.get("area"):
        code = data["area"][:30]
        rows = rows.filter(Q(area__code=code) | Q(area__parent__code=code))
    return rows.filter(organisation__code=data["unit"][:30]) if data.get("unit") else rows


@staff(roles=READERS)
@require_safe
def screening_page(request, pk):
    """GET: one screening with the hazards it found."""
    rows = HazardScreening.objects.visible_to(request.user).select_related(
        "area", "place", "organisation", "recorded_by"
    )
    row = get_object_or_404(rows, pk=pk)
    found = Case.objects.visible_to(request.user).filter(hazard_screenings=row).order_by("number")
    return page(request, "screening.html", "screenings", {"row": row, "found": list(found[:20])})


@staff(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def places(request):
    """GET: key places and how they are covered. POST: one more place."""
    may = bool(request.user.roles & WRITERS)

    def again(form, status=200):
        context = {
            "spots": screening.places(request.user)[:200], "form": form, "may": may, "opened": status != 200,
            "soon": clock.today() + timedelta(days=rules.content(request.user.office)["screening"]["soon_days"]),
        }  # fmt: skip
        return page(request, "places.html", "screenings", context, status)

    form = PlaceForm(request.POST or None, user=request.user)
    if request.method != "POST":
        return again(form)
    if not may:
        return again(form, 403)
    return act(
        request, form, _new_place(request.user.office), "列入重点场所了。", reverse("desk_key_places"), again
    )


urlpatterns = [
    path("rectification/screenings/", screenings, name="desk_hazard_screenings"),
    path("rectification/screenings/<uuid:pk>/", screening_page, name="desk_hazard_screening"),
    path("rectification/places/", places, name="desk_key_places"),
]
