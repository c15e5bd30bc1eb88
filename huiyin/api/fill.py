"""A JSON body as the data of a move's form: types are checked here, meaning by the form itself."""

from django import forms

from huiyin.base.refusal import Refusal
from huiyin.base.schema import field_type

_YES_NO = {True: "yes", False: "no"}
_NAMES = {"string": "文字", "integer": "整数", "number": "数字", "boolean": "true 或 false", "array": "列表"}


def form_data(form: forms.Form, body: dict) -> dict:
    """`body` ready for `form`. Raises Refusal 400 for unknown fields and wrong types; null counts as left out."""
    errors = {name: "没有这个字段" for name in body if name not in form.fields}
    data = {}
    for name, value in body.items():
        if name in errors or value is None:
            continue
        field = form.fields[name]
        if isinstance(value, bool) and _is_yes_no(field):
            value = _YES_NO[value]
        wanted = field_type(field)
        if hasattr(field, "json_schema") and isinstance(value, list) or _fits(value, wanted):
            data[name] = value
        else:
            errors[name] = f"要是{_NAMES[wanted]}"
    if errors:
        shown = "；".join(f"“{name[:40]}”{wrong}" for name, wrong in errors.items())[:400]
        raise Refusal(f"有几处要改：{shown}。", status=400, errors=errors)
    return data


def _is_yes_no(field) -> bool:
    """The schema names yes and no; a program may say true and false as well."""
    return isinstance(field, forms.ChoiceField) and {str(value) for value, _ in field.choices} == {
        "yes",
        "no",
    }


def _fits(value, wanted: str) -> bool:
    if wanted == "array":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}[wanted]
    return isinstance(value, kinds) and (wanted == "boolean" or not isinstance(value, bool))
