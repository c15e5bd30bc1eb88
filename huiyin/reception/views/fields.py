"""Fields that several forms of the room share."""

from django import forms
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from huiyin.areas.models import Area
from huiyin.cases import categories
from huiyin.orgs.models import Organisation


class PlainSelect(forms.Select):
    """A select of many options, written at once: one template for each option would take longer than the page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(row) for row in self.format_value(value)}
        attributes = "".join(
            f" {key}" if given is True else f' {key}="{conditional_escape(given)}"'
            for key, given in self.build_attrs(self.attrs, {**(attrs or {}), "name": name}).items()
            if given is not None and given is not False
        )
        return mark_safe(f"<select{attributes}>{''.join(_options(self.choices, chosen))}</select>")  # noqa: S308


def _options(choices, chosen: set[str]):
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield f'<optgroup label="{conditional_escape(value)}">'
            yield from _options(label, chosen)
            yield "</optgroup>"
        else:
            value = "" if value is None else str(value)
            mark = " selected" if value in chosen else ""
            yield f'<option value="{conditional_escape(value)}"{mark}>{conditional_escape(label)}</option>'


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
