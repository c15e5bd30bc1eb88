"""A day in an address: /desk/inspections/nights/2026-11-22/."""

from datetime import date

from django.urls import register_converter


class NightConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat() if isinstance(value, date) else value


register_converter(NightConverter, "night")
