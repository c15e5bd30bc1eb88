"""A Django form as JSON Schema, so that a program can fill it in as a person would."""

import re

from django import forms

MOST_CHOICES = 500


def form_schema(form: forms.Form) -> dict:
    """JSON Schema (draft 2020-12) of the form's fields; choices are enums with their labels in x-labels."""
    properties, required = {}, []
    for name, field in form.fields.items():
        properties[name] = field_schema(field)
        default = form.get_initial_for_field(field, name)
        if isinstance(default, (str, int)) and default != "":
            properties[name]["default"] = default
        if field.required:
            required.append(name)
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {**schema, **getattr(form, "conditions", dict)()}


def field_schema(field: forms.Field) -> dict:
    schema = {"title": str(field.label or ""), **_type(field)}
    if field.help_text:
        schema["description"] = str(field.help_text)
    if field.required and schema["type"] == "array":
        schema["minItems"] = 1
    if isinstance(field, forms.CharField):
        schema |= _words(field)
    return schema


def _words(field: forms.CharField) -> dict:
    """Length between the outer blanks, and the words that may not be in it."""
    least = max(field.min_length or 0, int(field.required))
    inner = r"\S" if least < 2 else rf"\S[\s\S]{{{least - 2},}}\S"
    schema = {}
    if field.required and least:
        schema |= {"minLength": least, "pattern": inner}
    elif least:
        schema |= {"pattern": rf"^\s*$|{inner}"}
    if field.max_length:
        schema["maxLength"] = field.max_length
    if getattr(field, "office_words", ()):
        schema["not"] = {"pattern": "|".join(map(re.escape, field.office_words))}
    return schema


def field_type(field: forms.Field) -> str:
    """The JSON type of a field, without looking up its choices."""
    if hasattr(field, "json_schema"):
        return field.json_schema()["type"]
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)):
        return "array"
    if isinstance(field, forms.ChoiceField):
        return "string"
    return _type(field)["type"] if not isinstance(field, forms.ModelChoiceField) else "string"


def _type(field: forms.Field) -> dict:
    if hasattr(field, "json_schema"):  # fields of rooms that say themselves what they take
        return field.json_schema()
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)):
        return {"type": "array", "items": _choices(field), "uniqueItems": True}
    if isinstance(field, (forms.ModelChoiceField, forms.ChoiceField)):
        return _choices(field)
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.IntegerField):
        limits = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": "integer", **{key: value for key, value in limits.items() if value is not None}}
    if isinstance(field, forms.FloatField):
        return {"type": "number"}
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if type(field).__name__ == "Attachments":
        return {"type": "array", "items": {"type": "string", "format": "uuid"}}
    return {"type": "string"}


def _flat(choices):
    """Choices without their groups."""
    for value, label in choices:
        yield from label if isinstance(label, (list, tuple)) else [(value, label)]


def _choices(field) -> dict:
    if isinstance(field, forms.ModelChoiceField):
        pairs = [(str(row.pk), field.label_from_instance(row)) for row in field.queryset[: MOST_CHOICES + 1]]
    else:
        pairs = [
            (str(value), str(label))
            for value, label in _flat(field.choices)
            if value != "" or not field.required
        ]
    if len(pairs) > MOST_CHOICES:
        return {"type": "string"}
    return {"type": "string", "enum": [value for value, _ in pairs], "x-labels": dict(pairs)}
