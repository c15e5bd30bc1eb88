"""What the verbs around the door ask for: taking on, sending elsewhere, joining, urging, answering at once."""

from django import forms

from huiyin.cases import early_signs
from huiyin.cases.form_fields import line, told, words
from huiyin.cases.models import Case
from huiyin.cases.move_form import MoveForm, category_choices

CONTACTS = [("phone", "打电话"), ("visit", "见面"), ("message", "留言")]
OUTCOMES = [("solved", "解决了"), ("explained", "说明了情况"), ("unsupported", "没能办成，说明了理由")]


class Accept(MoveForm):
    text = told("告诉居民", required=False, help_text="不写就用通常的一句话。")
    category = forms.ChoiceField(label="分类", required=False)

    def prepare(self):
        self.fields["category"].choices = [("", "不改"), *category_choices(self.case.office)]


class Decline(MoveForm):
    reason = told("为什么不受理")
    advice = told("可以去哪里", help_text="单位、地址、电话，居民照着就能去。")


class Refer(MoveForm):
    to = line("转给谁", most=60)
    phone = line("对方电话", required=False, most=30)
    outside_number = line("对方编号", required=False, most=60)
    text = told("告诉居民")


class Merge(MoveForm):
    into = line("并入哪一件", help_text="填编号，如 26-00012。", most=30)
    reason = line("为什么是同一件", required=False)

    def clean_into(self):
        found = Case.objects.visible_to(self.user).filter(number=self.cleaned_data["into"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有这个编号，或者您看不到它。请核对编号。")
        return found


class Urge(MoveForm):
    text = words("催什么、现在怎样", required=False)


class AnswerAtOnce(MoveForm):
    text = told("当场怎么答复的", rows=4, letter=True)
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, initial="explained")


class FollowUp(MoveForm):
    how = forms.ChoiceField(label="怎么联系的", choices=CONTACTS)
    text = words("了解到什么、做了什么工作", least=4)


class Relevel(MoveForm):
    level = forms.ChoiceField(label="等级")
    reason = words("为什么调整")

    def prepare(self):
        levels = early_signs.levels_of(self.case)
        self.fields["level"].choices = [(row["code"], row["name"]) for row in levels]
