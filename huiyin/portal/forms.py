"""The residents' forms. Labels and errors as one would say them at the counter."""

import re

from django import forms

from huiyin.areas.models import Area, AreaKind
from huiyin.cases.states import Contacted, Satisfied, Solved

TELL_BY = [
    ("phone", "打电话给我"),
    ("sms", "发短信给我"),
    ("email", "发邮件给我"),
    ("visit", "当面跟我说"),
    ("letter", "寄信给我"),
    ("web", "不用找我，我自己查（什么都可以不留，凭查询码看进度）"),
]
MOBILE = re.compile(r"(?:\+?86)?1\d{10}")


def said(label: str, *, most: int, rows: int = 3, empty: str = "", **rest) -> forms.CharField:
    """A box for what one wants to say; with `empty`, the words for nothing written, it has to be filled in."""
    errors = {"max_length": f"太长了，请控制在 {most} 字以内。", "min_length": "请写清楚一点，至少 4 个字。"}
    return forms.CharField(
        label=label, required=bool(empty), min_length=4 if empty else None, max_length=most,
        widget=forms.Textarea(attrs={"class": "tall", "rows": rows}),
        error_messages={**errors, **({"required": empty} if empty else {})}, **rest,
    )  # fmt: skip


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
    email = forms.EmailField(
        label="您的电子邮箱",
        help_text="只用来回这一件事。",
        required=False,
        max_length=120,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
        error_messages={"invalid": "这个邮箱看着不对，请再看一遍，像 name@example.com。"},
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

    keep_private = forms.BooleanField(
        label="办完以后不要登出来，去掉姓名、电话、门牌也不要",
        help_text="办好的事，有一部分会去掉这些写给大家看，另一个人看过才登。",
        required=False,
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
        phone, address = data.get("phone"), data.get("address")
        if "phone" not in self.errors and way in ("phone", "sms") and not phone:
            doing = "打电话给您" if way == "phone" else "发短信给您"
            self.add_error("phone", f"要{doing}，请留个号码；不想留就选“不用找我，我自己查”。")
        elif way == "sms" and phone and not MOBILE.fullmatch(re.sub(r"[^\d+]", "", phone)):
            self.add_error("phone", "短信只能发到手机，请留手机号；没有手机就选“打电话给我”。")
        if "email" not in self.errors and way == "email" and not data.get("email"):
            self.add_error("email", "要发邮件给您，请留邮箱；不想留就选“不用找我，我自己查”。")
        if way == "letter" and not address:
            self.add_error("address", "要寄信给您，请留地址。")
        if way == "visit" and not (address or phone):
            self.add_error("address", "要当面跟您说，请留住址或电话，好去找您。")
        return data


class RateForm(forms.Form):
    context_name = "rate_form"
    contacted = forms.ChoiceField(
        label="一、有人联系过您，或去现场看过吗？", choices=Contacted.choices, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(label="二、事情解决了吗？", choices=Solved.choices, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(label="三、您满意吗？", choices=Satisfied.choices, widget=forms.RadioSelect)
    words = said("还想说一句", most=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("contacted", "solved", "satisfied"):
            self.fields[name].error_messages["required"] = "这一问还没选，请点一个。"


class AgainForm(forms.Form):
    context_name = "again_form"
    reason = said("哪里没好？", most=2000, empty="请写一句哪里没好，我们好接着办。")


class UrgeForm(forms.Form):
    context_name = "urge_form"
    text = said("现在怎么样了", most=500, rows=2)


class WithdrawForm(forms.Form):
    context_name = "withdraw_form"
    reason = said("为什么不用办了", most=500)


class ReviewForm(forms.Form):
    context_name = "review_form"
    text = said("哪里不同意、请求什么", most=2000, empty="请写清楚哪里不同意。")


class AddForm(forms.Form):
    """More about one's own matter: words, and photos that the page takes in by itself."""

    context_name = "add_form"
    text = said("要补充什么", most=5000, rows=4, empty="请写一句要补充什么；只传照片也要写一句照的是什么。")


class ThankForm(forms.Form):
    context_name = "thank_form"
    text = said("想说的话", most=1000, empty="请写一句。")
    sender = forms.CharField(label="怎么称呼您", required=False, max_length=40)
    is_public = forms.BooleanField(label="可以登在“居民的感谢”里，写上上面的称呼", required=False)
