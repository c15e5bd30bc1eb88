"""What the desk types about a publication."""

from django import forms

from huiyin.areas.models import Area, AreaKind
from huiyin.cases import categories
from huiyin.publications.record import MOST_WORDS
from huiyin.publications.topics import DEPTH


def _text(label, name, rows, hint=""):
    return forms.CharField(
        label=label,
        max_length=MOST_WORDS[name],
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput,
        error_messages={"required": "这一栏还没写。"},
    )


class AnswerForm(forms.Form):
    title = _text("事由", "title", 0, "一句话，不写门牌。")
    said = _text("居民说了什么", "said", 5)
    done = _text("办了什么", "done", 4, "首页和列表上就看这一段：两三句，做了什么、结果怎样。")
    answer = _text("怎么答复的", "answer", 7)


class NoteForm(forms.Form):
    category = forms.ChoiceField(label="说的是哪一类", error_messages={"required": "请选一类。"})
    community = forms.ModelChoiceField(
        label="哪个社区",
        queryset=Area.objects.none(),
        required=False,
        to_field_name="code",
        empty_label="整个街道",
    )
    text = forms.CharField(
        label="做了什么、接着做什么",
        min_length=10,
        max_length=600,
        help_text="用居民听得懂的话，说清楚做了什么、到哪天、找谁。",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "还没写做了什么。", "min_length": "太短了，至少 10 个字。"},
    )

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        groups: dict[str, list] = {}
        for code, row in categories.table(office).items():
            if len(code) == DEPTH:
                groups.setdefault(row["path"][0], []).append((code, row["name"]))
        self.fields["category"].choices = [("", "请选"), *groups.items()]
        rows = Area.objects.valid().filter(office=office, kind=AreaKind.COMMUNITY)
        self.fields["community"].queryset = rows.defer("boundary").order_by("code")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="为什么",
        min_length=2,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写一句为什么。", "min_length": "请写一句为什么。"},
    )
