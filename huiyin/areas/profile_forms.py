"""Forms of the area profile: several values of one day from one source, usual ones and free ones."""

from decimal import Decimal

from django import forms

from huiyin.areas.forms import day_field
from huiyin.areas.profile import Known
from huiyin.rules import clock

FREE = 3
WRONG = "请写数字，比如 1.85。"


def _number(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal(0), max_digits=16, decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": WRONG, "min_value": "不能是负数。", "max_decimal_places": "最多四位小数。",
                        "max_digits": "数太大了。", "max_whole_digits": "数太大了。"},
    )  # fmt: skip


class FactsForm(forms.Form):
    """`rows` are the usual attributes, `free` some lines with a name and unit of one's own; empty ones are left out."""

    on = day_field("截至", "数据截至的那一天，不是录入的这一天")
    source = forms.CharField(
        label="来源", max_length=100, help_text="哪份年报、普查、台账",
        error_messages={"required": "请写来源，比如“2025 年统计年报”。"},
    )  # fmt: skip

    def __init__(self, *args, known: list[Known], **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        for number, row in enumerate(known):
            self.fields[f"v{number}"] = _number(f"{row.name}（{row.unit}）")
        for number in range(FREE):
            self.fields[f"n{number}"] = forms.CharField(label="指标", required=False, max_length=40)
            self.fields[f"x{number}"] = _number("数值")
            self.fields[f"u{number}"] = forms.CharField(label="单位", required=False, max_length=12)

    @property
    def rows(self):
        return [(row, self[f"v{number}"]) for number, row in enumerate(self.known)]

    @property
    def free(self):
        return [(self[f"n{number}"], self[f"x{number}"], self[f"u{number}"]) for number in range(FREE)]

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError("截至日还没到，请填数据截至的那一天。")
        return day

    def clean(self):
        data = super().clean()
        for number in range(FREE):
            name, value = (data.get(f"{part}{number}") for part in ("n", "x"))
            if name and value is None and f"x{number}" not in self.errors:
                self.add_error(f"x{number}", "写了指标，还没写数。")
            if value is not None and not name:
                self.add_error(f"n{number}", "请写这个数是什么。")
            if value is not None and not data.get(f"u{number}"):
                self.add_error(f"u{number}", "请写单位。")
        return data

    @property
    def values(self) -> list[tuple]:
        """[(name, unit, value)] of the filled lines."""
        data = self.cleaned_data
        found = [
            (row.name, row.unit, data[f"v{number}"])
            for number, row in enumerate(self.known)
            if data.get(f"v{number}") is not None
        ]
        return found + [
            (data[f"n{number}"].strip(), data[f"u{number}"].strip(), data[f"x{number}"])
            for number in range(FREE)
            if data.get(f"x{number}") is not None
        ]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="为什么撤下", max_length=200, error_messages={"required": "请写为什么撤下，记入审计。"}
    )


class DayForm(forms.Form):
    on = day_field("按哪一天", required=False)
