"""Form fields of plans: the table of measures, and a responsible person written 姓名（单位）."""

from django import forms

from huiyin.areas.forms import day_field
from huiyin.base.refusal import Refusal
from huiyin.rectification import people
from huiyin.rectification.plans import MeasureIn

PARTS = ("what", "target", "standard", "who", "due_on")
STAGE = "stage"
LABELS = {
    STAGE: "阶段",
    "what": "措施",
    "target": "目标",
    "standard": "标准",
    "who": "责任人",
    "due_on": "完成时限",
}
MOST_ROWS = 12
SHOWN = 3
LIST = "who-may"  # id of the list of names, once a page


class MeasuresWidget(forms.Widget):
    """One group of inputs for each measure; rows left empty do not count. A program gives a list of objects."""

    template_name = "rectification/widgets/measures.html"
    names: tuple = ()
    parts = PARTS

    def value_from_datadict(self, data, files, name):
        if name in data:
            return data.get(name)
        rows = [
            {part: data.get(f"{name}-{at}-{part}", "").strip() for part in self.parts}
            for at in range(MOST_ROWS)
        ]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data, files, name):
        return False

    def get_context(self, name, value, attrs):
        rows = [dict(row) for row in value or [] if isinstance(row, dict)]
        shown = min(max(SHOWN, len(rows) + 1), MOST_ROWS)
        rows += [{} for _ in range(MOST_ROWS - len(rows))]
        rows = [{"at": at, "number": at + 1, **row} for at, row in enumerate(rows[:MOST_ROWS])]
        context = super().get_context(name, value, attrs)
        return context | {
            "name": name, "first": rows[:shown], "rest": rows[shown:], "names": self.names, "list": LIST, "labels": LABELS,
            "staged": STAGE in self.parts,
        }  # fmt: skip


class MeasuresField(forms.Field):
    """Cleans to a list of plans.MeasureIn; every measure needs all five."""

    widget = MeasuresWidget

    def __init__(self, *, stages: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.parts = (STAGE, *PARTS) if stages else PARTS
        self.widget.parts = self.parts

    def prepare(self, office):
        self.office = office
        self.widget.names = people.labels(office)

    def json_schema(self) -> dict:
        text = {"type": "string"}
        properties = {part: {**text, "title": LABELS[part]} for part in self.parts}
        properties["due_on"]["format"] = "date"
        item = {
            "type": "object",
            "properties": properties,
            "required": list(PARTS),
            "additionalProperties": False,
        }
        return {"type": "array", "items": item, "minItems": 1, "maxItems": MOST_ROWS}

    def clean(self, value):
        super().clean(value)
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise forms.ValidationError("措施要一条一条写。")
        if len(value) > MOST_ROWS:
            raise forms.ValidationError(f"一个方案最多 {MOST_ROWS} 条措施，再多请分成几件事。")
        wrong, found = [], []
        for number, row in enumerate(value, 1):
            try:
                found.append(self._row(number, row))
            except forms.ValidationError as error:
                wrong += error.messages
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def _row(self, number: int, row: dict) -> MeasureIn:
        given = {part: str(row.get(part) or "").strip() for part in self.parts}
        lacking = [LABELS[part] for part in self.parts if not given[part]]
        if lacking:
            raise forms.ValidationError(f"第 {number} 条缺：{'、'.join(lacking)}。")
        try:
            user, unit = people.found(self.office, given["who"])
            due_on = day_field("完成时限").clean(given["due_on"])
        except (Refusal, forms.ValidationError) as error:
            words = error.message if isinstance(error, Refusal) else "完成时限要写成 2026-11-30"
            raise forms.ValidationError(f"第 {number} 条：{words}") from error
        return MeasureIn(
            given["what"][:2000], given["target"][:200], given["standard"][:200], user, unit, due_on
        )


class WhoField(forms.CharField):
    """A responsible person; cleans to (user, unit), or None when left empty."""

    def __init__(self, **kwargs):
        super().__init__(max_length=80, **kwargs)
        self.widget.attrs |= {"list": LIST, "autocomplete": "off"}

    def prepare(self, office):
        self.office = office

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return people.found(self.office, text)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal
