"""Fields that several forms of the room share."""

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from huiyin.areas.models import Area
from huiyin.cases import categories
from huiyin.orgs.models import Organisation


class PlainSelect(forms.Select):
    """A select of many options, written at once: one template for each option would take longer than the page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(row) for row in self.format_value(value)}
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", given, _options(self.choices, chosen))


def _options(choices, chosen: set[str]):
    parts = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            inside = _options(label, chosen)
            parts.append(format_html('<optgroup label="{}">{}</optgroup>', value, inside))
        else:
            value = "" if value is None else str(value)
            mark = " selected" if value in chosen else ""
            parts.append(format_html('<option value="{}"{}>{}</option>', value, mark, label))
    return format_html_join("", "{}", ((part,) for part in parts))


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
