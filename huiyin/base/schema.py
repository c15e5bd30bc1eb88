"""A Django form as JSON Schema, so that a program can fill it in as a person would."""

from django import forms

MOST_CHOICES = 500


def form_schema(form: forms.Form) -> dict:
    """JSON Schema (draft 2020-12) of the form's fields; choices are enums with their labels in x-labels."""
    properties, required = {}, []
    for name, field in form.fields.items():
        properties[name] = field_schema(field)
        if field.required:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def field_schema(field: forms.Field) -> dict:
    schema = {"title": str(field.label or ""), **_type(field)}
    if field.help_text:
        schema["description"] = str(field.help_text)
    if isinstance(field, forms.CharField):
        if field.min_length:
            schema["minLength"] = field.min_length if field.required else 0
        if field.max_length:
            schema["maxLength"] = field.max_length
    return schema


def _type(field: forms.Field) -> dict:
    if isinstance(field, forms.ModelMultipleChoiceField):
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


def _choices(field) -> dict:
    if isinstance(field, forms.ModelChoiceField):
        pairs = [(str(row.pk), field.label_from_instance(row)) for row in field.queryset[: MOST_CHOICES + 1]]
    else:
        pairs = [(str(value), str(label)) for value, label in field.choices if value != "" or not field.required]
    if len(pairs) > MOST_CHOICES:
        return {"type": "string"}
    return {"type": "string", "enum": [value for value, _ in pairs], "x-labels": dict(pairs)}
