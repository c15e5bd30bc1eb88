"""Forms of the area pages: find by point, correct a name, close, renew."""

from django import forms

from huiyin.rules import clock

DAY = {"invalid": "日期要写成 2026-11-22。", "required": "请填日期。"}
WHY = {"required": "请写依据，比如哪份文件、哪次会。"}


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    """A date with the browser's own picker, today at first."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    initial = clock.today if required else None
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        initial=initial,
        widget=widget,
        error_messages=DAY,
    )


def _degree(label: str, least: float, most: float) -> forms.FloatField:
    wrong = f"{label}是 {least:g} 到 {most:g} 之间的数，比如 {118.05 if most > 90 else 27.03}。"
    return forms.FloatField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": f"请填{label}。",
            "invalid": wrong,
            "min_value": wrong,
            "max_value": wrong,
        },
    )


class PointForm(forms.Form):
    """WGS 84 degrees."""

    lon = _degree("经度", -180, 180)
    lat = _degree("纬度", -90, 90)


class _Named(forms.Form):
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填名称。"})


class _Reasoned(forms.Form):
    reason = forms.CharField(
        label="依据", max_length=200, error_messages=WHY, help_text="文件、会议或勘误说明，记入审计"
    )


class RenameForm(_Reasoned, _Named):
    field_order = ["name", "reason"]


class CloseForm(_Reasoned):
    on = day_field("停用日", "从这天起不再列出，以前的记录照样能看")
    field_order = ["on", "reason"]


class RenewForm(_Reasoned, _Named):
    on = day_field("新的一版从哪天起", "代码不变；这天以前仍按原来的一版")
    field_order = ["on", "name", "reason"]
