"""Numbers of matters for the pages of organisations; each equals the list behind it for whoever looks."""

from urllib.parse import urlencode

from django.urls import reverse

from huiyin.cases.filters import CaseFilter

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
