"""Forms of the set-up: the first administrator, the subdistrict, a password of one's own, a file."""

import re

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from huiyin.accounts.models import User

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}")
CODE = re.compile(r"\d{9}")
PASSWORD_HELP = "至少 10 个字符，不能全是数字，不要用常见的密码。"


def _text(label: str, most: int, required: str, **rest) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, error_messages={"required": required}, **rest)


def _secret(label: str, required: str, **rest) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, strip=False, error_messages={"required": required},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), **rest,
    )  # fmt: skip


class OwnPasswordForm(forms.Form):
    new = _secret("密码", "请填密码。", help_text=PASSWORD_HELP)
    again = _secret("再填一遍", "请把密码再填一遍。")

    def __init__(self, *args, user: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        given = super().clean()
        new, again = given.get("new"), given.get("again")
        if new and again and new != again:
            self.add_error("again", "两遍不一样，请重新填。")
        elif new:
            user = self.user or User(username=given.get("username", ""), name=given.get("name", ""))
            try:
                password_validation.validate_password(new, user)
            except ValidationError as error:
                self.add_error("new", error)
        return given


class AdministratorForm(OwnPasswordForm):
    name = _text(
        "姓名", 40, "请填姓名。", widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    username = _text(
        "登录名", 60, "请填登录名。", help_text="字母、数字和 - _ .，用姓名拼音最好记，比如 zhang.san",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    field_order = ["name", "username", "new", "again"]

    def clean_username(self):
        username = self.cleaned_data["username"].strip()
        if not LOGIN.fullmatch(username):
            raise ValidationError("登录名至少 3 位，只用字母、数字和 - _ .，不带空格和汉字。")
        return username


class OfficeForm(forms.Form):
    """What is said about the subdistrict; printed on papers and shown to residents."""

    name = _text("街道全称", 60, "请填全称。", help_text="印在公文上，比如 某某街道办事处")
    short_name = _text("简称", 20, "请填简称。", help_text="比如 某某街道")
    code = _text(
        "区划代码",
        9,
        "请填区划代码。",
        help_text="9 位数字：区 6 位加街道 3 位",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    document_mark = _text("发文代字", 10, "请填发文代字。", help_text="督办通知等的字号用，比如 某街")
    centre_name = _text(
        "中心名称", 60, "请填中心名称。", help_text="受理事项的机构，比如 某某街道社会服务联动中心"
    )
    phone = _text("值守电话", 30, "请填电话。", help_text="居民打得通的号码，印在回执上")
    address = _text("地址", 100, "请填地址。")
    hours = _text("接待时间", 60, "请填接待时间。", help_text="比如 工作日 8:30—12:00，14:00—17:30")

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if not CODE.fullmatch(code):
            raise ValidationError("区划代码是 9 位数字，比如 990101009。")
        return code

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        if not re.fullmatch(r"[0-9+][0-9 +()（）-]{3,28}", phone):
            raise ValidationError("只写一个号码，比如 0000-600 0119。")
        return phone


class FoundingForm(OfficeForm):
    city = _text("所在市", 60, "请填所在的市。", help_text="比如 某某市")
    district = _text("所在区县", 60, "请填所在的区县。", help_text="比如 某某区")
    field_order = ["name", "short_name", "city", "district", "code"]


class FileForm(forms.Form):
    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        ending = ".geojson,.json" if step.kind == "geojson" else ".xlsx"
        self.fields["file"] = forms.FileField(
            label="填好的文件", help_text=f"{ending.replace(',', ' 或 ')}，不超过 {step.most_bytes // 1024 // 1024} MB",
            widget=forms.FileInput(attrs={"accept": ending}), max_length=200,
            error_messages={
                "required": "请先选文件。", "empty": "文件是空的，请重新选。", "missing": "请先选文件。",
                "invalid": "请选一个文件。", "max_length": "文件名太长，请改短。",
            },
        )  # fmt: skip
