"""A select over the component and event classes that one types into; its condition is fetched when one is taken."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from huiyin.inspections import standards


class ClassSelect(forms.Select):
    """Options carry pinyin for the type-ahead; without script it is a plain select."""

    rows: dict = {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        row = self.rows.get(str(value))
        if row:
            option["attrs"] |= {"data-keys": row["keys"], "data-path": row["limit_words"]}
        return option

    def render(self, name, value, attrs=None, renderer=None):
        told = f"{(attrs or {}).get('id', name)}-told"
        attrs = {
            **(attrs or {}), "hx-get": reverse("desk_city_class"), "hx-trigger": "change", "hx-target": f"#{told}",
            "hx-swap": "innerHTML", "hx-vals": f'{{"name": "{name}"}}', "hx-params": f"{name},name",
        }  # fmt: skip
        select = super().render(name, value, attrs, renderer)
        return format_html(
            '<div class="combo" data-behaviour="typeahead">{}</div><div id="{}" class="class-told" aria-live="polite">{}</div>',
            select, told, self._told(value),
        )  # fmt: skip

    def _told(self, value):
        row = self.rows.get(str(value or ""))
        return told(row) if row else ""


def told(row: dict):
    """The conditions, the unit and the limit of one class, as a few lines."""
    return format_html(
        '<dl class="pairs"><div><dt>立案条件</dt><dd>{}</dd></div><div><dt>结案条件</dt><dd>{}{}</dd></div>'
        "<div><dt>时限</dt><dd>{}</dd></div><div><dt>主管</dt><dd>{}</dd></div></dl>",
        row["file_when"], row["close_when"], "（要照片）" if row.get("photo") else "", row["limit_words"], row["authority"],
    )  # fmt: skip


class ClassChoice(forms.ChoiceField):
    """`office`: whose classes."""

    widget = ClassSelect

    def __init__(self, *, office, choices=None, **kwargs):
        rows = standards.table(office)
        names = choices or [(code, row["full_name"]) for code, row in rows.items()]
        kwargs.setdefault("help_text", "")
        kwargs["help_text"] = kwargs["help_text"] or "汉字、拼音、首字母或代码都可以。"
        super().__init__(choices=[("", "不分部件事件"), *names], **kwargs)
        self.widget.rows = rows
