"""Particulars (要素) of a kind: fields that a procedure declares as data, asked for at the move it names.

A procedure says, per kind:
fields:
  - {code: grade, name: 隐患等级, type: choice, choices: [{minor: 一般}, {major: 重大}], at: accept, required: true}
Values stand on the matter (`Case.particulars`, code → value); each change stands in the event of its move.
No personal data: these values are shown to whoever reads the matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms

from huiyin.base.refusal import Refusal
from huiyin.cases import carried_over, procedures

PREFIX = "of_"  # of the form fields, so that a particular never hides an input of the verb itself
TYPES = {
    "text": "一行字", "words": "一段话", "choice": "选一个", "choices": "选几个", "yes_no": "是或否",
    "date": "日期", "number": "整数", "money": "金额（元）",
}  # fmt: skip
REGISTER = "register"
TAKEN_ON = ("accept", "answer_at_once")
MOST_WORDS = 4000


@dataclass(frozen=True)
class Source:
    """Where the choices of a field come from that names a list (`choices_from`) instead of writing one out.

    `choices(office)` → {code: name}; `field(office, choices=…, label=…, …)` the form field that asks for one.
    """

    choices: Callable
    field: Callable


SOURCES: dict[str, Source] = {}  # filled by the rooms that keep the lists


def resolved(rows: list[dict], office) -> list[dict]:
    """`rows` with the choices of their lists filled in."""
    return [
        row | {"choices": SOURCES[row["choices_from"]].choices(office), "office": office}
        if "choices_from" in row
        else row
        for row in rows
    ]


def fields_of(case, verb: str = "") -> list[dict]:
    """The particulars that `verb` asks for; all of the kind without a verb.

    What registration should have brought and did not (a resident's form does not ask) is asked for on taking it on.
    """
    procedure = procedures.of(case)
    found = asked_at(procedure, verb)
    if verb in TAKEN_ON:
        rows = asked_at(procedure, REGISTER)
        asked_again = [row for row in rows if row.get("required") or row.get("ask_again")]
        found = [row for row in asked_again if not case.particulars.get(row["code"])] + found
    return resolved(found, case.office_id)


def asked_at(procedure: dict, verb: str = "") -> list[dict]:
    rows = procedure.get("fields", [])
    return [row for row in rows if row["at"] == verb] if verb else rows


def choices_of(row: dict) -> list[tuple[str, str]]:
    """(code, name) in the order of the procedure: `choices: [{minor: 一般}, {major: 重大}]`.

    A list, because the database keeps no order among the keys of one mapping.
    """
    given = row["choices"]
    rows = [given] if isinstance(given, dict) else given
    return [pair for one in rows for pair in one.items()]


def form_fields(rows: list[dict], held: dict | None = None) -> dict[str, forms.Field]:
    """Form fields by name, with what is held already as initial value."""
    held = held or {}
    return {PREFIX + row["code"]: _field(row, held.get(row["code"])) for row in rows}


def _field(row: dict, value) -> forms.Field:
    given = {
        "label": row["name"],
        "required": bool(row.get("required")),
        "help_text": row.get("help", ""),
        "initial": value,
    }
    kind = row["type"]
    if kind == "choice":
        choices = choices_of(row)
        if "choices_from" in row:
            return SOURCES[row["choices_from"]].field(row["office"], choices=choices, **given)
        return forms.ChoiceField(choices=[("", "请选"), *choices], **given)
    if kind == "choices":
        return forms.MultipleChoiceField(
            choices=choices_of(row), widget=forms.CheckboxSelectMultiple, **given
        )
    if kind == "yes_no":
        given["initial"] = "" if value is None else "yes" if value else "no"
        return forms.TypedChoiceField(
            choices=[("", "请选"), ("yes", "是"), ("no", "否")],
            coerce=lambda word: word == "yes",
            empty_value=None,
            **given,
        )
    if kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)
    if kind == "number":
        return forms.IntegerField(min_value=row.get("least", 0), max_value=row.get("most", 10**9), **given)
    if kind == "money":
        return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, **given)
    if kind == "words":
        return forms.CharField(max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}), **given)
    return forms.CharField(max_length=200, **given)


def clean(rows: list[dict], values: dict) -> dict:
    """`values` (code → what was given) checked and in the shape that is stored.

    Raises Refusal 400 with errors by form field name for unknown codes and values that do not fit.
    """
    known = {row["code"]: row for row in rows}
    errors = {PREFIX + code: "这类事项没有这一项" for code in values if code not in known}
    found = {}
    for code, value in values.items():
        if code not in known or value in (None, "", []):
            continue
        row = known[code]
        given = ("yes" if value else "no") if row["type"] == "yes_no" and isinstance(value, bool) else value
        try:
            found[code] = stored(_field(row | {"required": False}, None).clean(given))
        except forms.ValidationError as error:
            errors[PREFIX + code] = f"“{row['name']}”：{'；'.join(error.messages)}"
    if errors:
        raise Refusal(
            "有几处要改：" + "；".join(errors.values()) + "。您填的都还在。", status=400, errors=errors
        )
    return found


def stored(value):
    """As it stands in JSON: dates as 'YYYY-MM-DD', money as a string with two places."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.strip() if isinstance(value, str) else value


def take(cleaned: dict) -> dict:
    """Move the particulars out of a form's cleaned_data; empty ones are left out."""
    names = [name for name in cleaned if name.startswith(PREFIX)]
    given = {name.removeprefix(PREFIX): cleaned.pop(name) for name in names}
    return {code: stored(value) for code, value in given.items() if value not in (None, "", [])}


def apply(case, step) -> None:
    """What came with this move goes onto the matter and into its event; refused when something asked for is missing."""
    rows = fields_of(case, step.verb)
    if step.particulars:
        given = clean(fields_of(case), step.particulars)
        changed = {code: value for code, value in given.items() if case.particulars.get(code) != value}
        case.particulars = case.particulars | given
        if changed:
            step.data["particulars"] = changed
    missing = {
        PREFIX + row["code"]: f"请填{row['name']}"
        for row in rows
        if row.get("required") and case.particulars.get(row["code"]) in (None, "", [])
    }
    if missing and not carried_over.is_carrying():  # a former register did not ask for it
        names = "、".join(row["name"] for row in rows if PREFIX + row["code"] in missing)
        raise Refusal(f"这一步要填清楚：{names}。", status=400, errors=missing)


def shown(case, values: dict | None = None) -> list[tuple[str, str]]:
    """[(name, value in words)] of what is known, in the order of the procedure; of `values` when given."""
    held = case.particulars if values is None else values
    rows = [row for row in fields_of(case) if held.get(row["code"]) not in (None, "", [])]
    return [(row["name"], in_words(row, held[row["code"]])) for row in rows]


def in_words(row: dict, value) -> str:
    kind = row["type"]
    if kind == "choice":
        return dict(choices_of(row)).get(value, str(value))
    if kind == "choices":
        return "、".join(dict(choices_of(row)).get(code, code) for code in value)
    if kind == "yes_no":
        return "是" if value else "否"
    return f"{Decimal(value):,.2f} 元" if kind == "money" else str(value)
