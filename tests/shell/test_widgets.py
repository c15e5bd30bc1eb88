"""Form controls drawn in Python are those of Django's templates, sign by sign."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from huiyin.shell.widgets import QUICK, QuickForms

CHOICES = [
    ("", "---"),
    ("a", "<甲>"),
    (3, 'B "&" C'),
    ("组", [("x", mark_safe("<b>x</b>")), ("y", "'y'")]),
    (None, 5),
]
ODD = {
    "class": 'in "x"',
    "required": True,
    "disabled": False,
    "data-n": 7,
    "title": mark_safe("a&amp;b"),
    "max": "<",
}


class OwnOption(forms.Select):
    option_template_name = "django/forms/widgets/input_option.html"


WIDGETS = [
    (forms.TextInput(ODD), ["", None, "<\"&'>", mark_safe("&lt;"), 12, 1234567.5]),
    (forms.NumberInput(), [None, 5, 2.5]),
    (forms.EmailInput(), ["a@b"]),
    (forms.URLInput(), ["http://x/?a=1&b=2"]),
    (forms.HiddenInput(ODD), ["x", None]),
    (forms.PasswordInput(), ["secret"]),
    (forms.DateInput({"type": "date"}), [date(2026, 11, 22), "2026-11-22", None]),
    (forms.TimeInput(), ["08:30", None]),
    (forms.DateTimeInput(), [None, "2026-11-22 08:30"]),
    (forms.CheckboxInput(ODD), [True, False, "yes", None]),
    (forms.Select(ODD, CHOICES), ["a", None, 3, "x", ""]),
    (forms.SelectMultiple({}, CHOICES), [["a", "y"], [], None]),
    (forms.NullBooleanSelect(), [True, None]),
    (OwnOption({}, CHOICES), ["a"]),
]


@pytest.mark.parametrize(("widget", "values"), WIDGETS, ids=[type(row[0]).__name__ for row in WIDGETS])
def test_the_same_html_as_django(widget, values):
    for value in values:
        drawn = [
            widget.render("n<ame", value, {"id": "id_1"}, kind()) for kind in (QuickForms, DjangoTemplates)
        ]
        assert drawn[0] == drawn[1], value
        assert hasattr(drawn[0], "__html__")


def test_the_house_uses_it():
    assert isinstance(forms.Form().renderer, QuickForms)
    assert forms.Select().template_name in QUICK and forms.TextInput().template_name in QUICK
