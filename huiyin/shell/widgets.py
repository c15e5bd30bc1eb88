"""Form controls drawn in Python: the templates of Django include two more for every option of a list.

A page with some lists of posts or categories spent most of its time there. The HTML is the same, sign by sign;
what is not listed here, and every widget with a template of its own, goes the usual way.
"""

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
OPTION = f"{FOLDER}select_option.html"


class QuickForms(DjangoTemplates):
    """The FORM_RENDERER of the house."""

    def render(self, template_name, context, request=None):
        quick = QUICK.get(template_name)
        drawn = quick(context["widget"]) if quick else None
        return super().render(template_name, context, request) if drawn is None else drawn


def _text(value) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attributes(widget: dict) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: dict) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    start = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"'
    return mark_safe(f"{start}{value}{_attributes(widget)}>")


def _select(widget: dict) -> SafeString | None:
    """None where an option brings a template of its own."""
    drawn = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            drawn.append(f'\n  <optgroup label="{_text(group)}">')
        for option in options:
            if option["template_name"] != OPTION:
                return None
            value, label = _text(option["value"]), _text(option["label"])
            drawn.append(f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n')
        if group:
            drawn.append("\n  </optgroup>")
    drawn.append("\n</select>")
    return mark_safe("".join(drawn))


INPUTS = ("text", "number", "email", "url", "hidden", "password", "date", "time", "datetime", "checkbox")
QUICK = {f"{FOLDER}{name}.html": _input for name in INPUTS} | {f"{FOLDER}select.html": _select}
