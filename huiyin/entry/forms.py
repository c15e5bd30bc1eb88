"""Forms of the entrance."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from huiyin.accounts.models import User


class SignInForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=60,
        error_messages={"required": "请填登录名。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        error_messages={"required": "请填密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        error_messages={"required": "请填现在用的密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        help_text="至少 10 个字符，不能全是数字，不要用常见的密码。",
        error_messages={"required": "请填新密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再填一遍新密码",
        max_length=200,
        strip=False,
        error_messages={"required": "请把新密码再填一遍。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError("现在的密码不对，请重新填。")
        return self.cleaned_data["old"]

    def clean(self):
        given = super().clean()
        new, again = given.get("new"), given.get("again")
        if new and again and new != again:
            self.add_error("again", "两遍不一样，请重新填。")
        elif new and new == given.get("old"):
            self.add_error("new", "新密码和现在的一样，请换一个。")
        elif new:
            try:
                password_validation.validate_password(new, self.user)
            except ValidationError as error:
                self.add_error("new", error)
        return given
