"""The residents' forms. Labels and errors as one would say them at the counter."""

from django import forms

from huiyin.areas.models import Area, AreaKind
from huiyin.cases.states import Contacted, Satisfied, Solved

TELL_BY = [
    ("phone", "打电话给我"),
    ("visit", "当面跟我说"),
    ("letter", "寄信给我"),
    ("web", "不用找我，我自己查（电话可以不留，凭查询码看进度）"),
]


class WhatForm(forms.Form):
    description = forms.CharField(
        label="照您平常说话写就行",
        help_text="什么事、多久了、想怎么解决。不会打字？点键盘上的话筒，说出来。",
        min_length=4,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "还没写是什么事，请写一两句。",
            "min_length": "请把事情说清楚，至少 4 个字。",
            "max_length": "太长了，请控制在 2 万字以内，其余拍照传上来。",
        },
    )


class WhereForm(forms.Form):
    place = forms.CharField(
        label="写个地方",
        help_text="门牌、小区、店名、旁边有什么都行。",
        required=False,
        max_length=120,
        error_messages={"max_length": "太长了，请控制在 120 字以内。"},
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    grid = forms.ChoiceField(
        label="知道是哪个网格，从这里选",
        required=False,
        error_messages={"invalid_choice": "没有这个网格，请从列表里选，或选“我不知道”。"},
    )

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grid"].choices = grid_choices(office)

    def clean(self):
        data = super().clean()
        for name in ("lon", "lat"):  # filled by script, not by the person: what is wrong there is left out
            if self._errors.pop(name, None):
                data[name] = None
        says_nothing = (
            not (data.get("place") or "").strip() and not data.get("grid") and data.get("lon") is None
        )
        if says_nothing and not self.errors:
            self.add_error("place", "请写个地方，好让我们找得到；写旁边有什么也行。")
        if (data.get("lon") is None) != (data.get("lat") is None):
            data["lon"] = data["lat"] = None
        return data


def grid_choices(office) -> list:
    """[('', 我不知道), (community, [(id, grid)…])…] for a plain select."""
    rows = Area.objects.valid().filter(office=office, kind=AreaKind.GRID).select_related("parent")
    groups: dict[str, list] = {}
    for row in rows.order_by("code").defer("boundary", "parent__boundary"):
        groups.setdefault(row.parent.name, []).append((str(row.pk), row.name))
    return [("", "我不知道"), *groups.items()]


class ReachForm(forms.Form):
    reply_by = forms.ChoiceField(
        label="怎么回您话？",
        choices=TELL_BY,
        initial="phone",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一种回话的办法。", "invalid_choice": "请从这几种里选一种。"},
    )
    phone = forms.CharField(
        label="您的电话",
        help_text="只给办这件事的人看。不告诉被反映的人。",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label="怎么称呼您",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = forms.CharField(
        label="您的住址",
        help_text="要我们寄信或上门，才用得着。",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        digits = [c for c in phone if c.isdigit()]
        if phone and (not 7 <= len(digits) <= 15 or set(phone) - set("0123456789+-—（）() ")):
            raise forms.ValidationError("这个电话号码看着不对，请再看一遍；不想留就空着。")
        return phone

    def clean(self):
        data = super().clean()
        way = data.get("reply_by")
        if "phone" not in self.errors and way == "phone" and not data.get("phone"):
            self.add_error("phone", "要打电话给您，请留个号码；不想留就选“不用找我，我自己查”。")
        if way == "letter" and not data.get("address"):
            self.add_error("address", "要寄信给您，请留地址。")
        if way == "visit" and not (data.get("address") or data.get("phone")):
            self.add_error("address", "要当面跟您说，请留住址或电话，好去找您。")
        return data


class RateForm(forms.Form):
    context_name = "rate_form"
    contacted = forms.ChoiceField(
        label="一、有人联系过您，或去现场看过吗？", choices=Contacted.choices, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(label="二、事情解决了吗？", choices=Solved.choices, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(label="三、您满意吗？", choices=Satisfied.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="还想说一句",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "tall", "rows": 3}),
        error_messages={"max_length": "太长了，请控制在 1000 字以内。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("contacted", "solved", "satisfied"):
            self.fields[name].error_messages["required"] = "这一问还没选，请点一个。"


class AgainForm(forms.Form):
    context_name = "again_form"
    reason = forms.CharField(
        label="哪里没好？",
        min_length=4,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "tall", "rows": 3}),
        error_messages={
            "required": "请写一句哪里没好，我们好接着办。",
            "min_length": "请写清楚一点，至少 4 个字。",
            "max_length": "太长了，请控制在 2000 字以内。",
        },
    )


class WithdrawForm(forms.Form):
    context_name = "withdraw_form"
    reason = forms.CharField(
        label="为什么不用办了",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"class": "tall", "rows": 3}),
    )
