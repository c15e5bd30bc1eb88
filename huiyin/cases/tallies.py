"""Numbers of matters for the pages of organisations; each equals the list behind it for whoever looks."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from huiyin.cases.filters import CaseFilter
from huiyin.grids.tallies import Tally

SHOWN = {"open": "在办", "late": "超期", "ended": "已结束"}


def of_office(user) -> list[tuple]:
    counts = CaseFilter.counts(user, tuple(SHOWN))
    return [(label, counts[view], f"{reverse('desk_list')}?view={view}") for view, label in SHOWN.items()]


def of_unit(user, unit) -> list[tuple]:
    found = []
    for view in ("open", "late"):
        address = reverse("desk_list") + "?" + urlencode({"view": view, "unit": unit.code})
        found.append((SHOWN[view], CaseFilter(view=view, unit=unit.code).count(user), address))
    return found


def of_areas() -> list[Tally]:
    """Open and late matters in areas and what lies in them, for the report on responsible officials."""
    return [_of_areas(view, is_alarm=view == "late") for view in ("open", "late")]


def _of_areas(view: str, is_alarm: bool) -> Tally:
    def counts(user, areas) -> dict:
        wanted = {area.pk for area in areas}
        rows = CaseFilter(view=view).queryset(user).order_by().values_list("area_id", "area__ancestors")
        found = dict.fromkeys(wanted, 0)
        for area, above, number in rows.annotate(Count("pk")):
            for pk in wanted.intersection([area, *above]):
                found[pk] += number
        return found

    def url(area) -> str:
        return reverse("desk_list") + "?" + urlencode({"view": view, "area": area.code})

    return Tally(SHOWN[view], counts, url, is_alarm)
