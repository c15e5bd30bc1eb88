"""Fields that several forms of the room share."""

from django import forms

from huiyin.areas.models import Area
from huiyin.cases import categories
from huiyin.orgs.models import Organisation


def moment(label: str, **rest) -> forms.DateTimeField:
    """A moment to the second."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
    formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(label=label, widget=widget, input_formats=formats, **rest)


def category_choices(office) -> list[tuple]:
    """Leaves of the category tree below their first level."""
    groups: dict[str, list] = {}
    for row in categories.table(office).values():
        if row["is_leaf"]:
            groups.setdefault(row["path"][0], []).append((row["code"], " › ".join(row["path"][1:])))
    return [("", "还不清楚"), *groups.items()]


def grids(office):
    return Area.objects.valid().grids().filter(office=office).defer("boundary").order_by("code")


def handling_units(office):
    """Units that a matter can be sent to."""
    return Organisation.objects.handling().filter(office=office).defer("services").order_by("kind", "code")
