"""What the moves of the hotline and of services ask for: one form for page, API and JSON Schema."""

from django import forms

from huiyin.cases import duties
from huiyin.cases.form_fields import line, told, words
from huiyin.cases.move_form import MoveForm
from huiyin.cases.states import Contacted, Satisfied, Solved
from huiyin.upstream import papers, profile
from huiyin.upstream.models import CallResult, ServiceOutcome

YES_NO = (("yes", "同意"), ("no", "不同意"))


def choice(label: str, choices, *, required=True, help_text=""):
    return forms.ChoiceField(
        label=label, choices=[("", "请选"), *choices], required=required, help_text=help_text
    )


def yes_no(label: str):
    return forms.TypedChoiceField(
        label=label, choices=[("", "请选"), *YES_NO], coerce=lambda word: word == "yes"
    )


class ReturnOrder(MoveForm):
    cause = choice("缘由", ())
    clause = choice("清单条款", (), required=False, help_text="“不是街道的职责”“已经收回”要引一条。")
    reason = words("理由", least=4)

    def prepare(self):
        office = self.case.office
        self.fields["cause"].choices = [
            ("", "请选"),
            *((code, row["name"]) for code, row in profile.causes(office).items()),
        ]
        groups: dict[str, list] = {}
        for key, row in duties.clauses(office).items():
            if duties.is_withdrawn(row) or row.get("lead_outside"):
                groups.setdefault(row["list"], []).append((key, duties.wording(row)))
        self.fields["clause"].choices = [("", "不引"), *groups.items()]


class DecideReturn(MoveForm):
    agreed = yes_no("上级")
    text = words("上级怎么说")
    told = told("告诉居民", required=False, help_text="同意退单时告诉居民；不写就用一句通用的话。")


class ChangeLimit(MoveForm):
    due_at = forms.DateTimeField(
        label="新的时限",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    text = words("上级怎么说", rows=2)


class Instruct(MoveForm):
    text = words("批示", least=4)


class CallBackForm(MoveForm):
    result = choice("打通没有", CallResult.choices)
    contacted = choice("联系过您吗", Contacted.choices, required=False, help_text="打通了，这三个都要问。")
    solved = choice("解决了吗", Solved.choices, required=False)
    satisfied = choice("满意吗", Satisfied.choices, required=False)
    text = words("说了什么", required=False, rows=2)


class Heard(MoveForm):
    contacted = choice("联系过吗", Contacted.choices)
    solved = choice("解决了吗", Solved.choices)
    satisfied = choice("满意吗", Satisfied.choices)
    text = words("上级回访记的话", required=False, rows=2)


class AskExclusion(MoveForm):
    reason = choice("理由", ())
    text = words("情况和凭据", least=4)

    def prepare(self):
        rows = profile.exclusion_reasons(self.case.office)
        self.fields["reason"].choices = [("", "请选"), *((code, row["name"]) for code, row in rows.items())]


class DecideExclusion(MoveForm):
    approve = yes_no("审核")
    text = words("意见")


class TakePapers(MoveForm):
    papers = forms.MultipleChoiceField(
        label="这次交来的",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="交过的不列，不再要。",
    )
    more = words("清单以外交来的，一行一样", required=False, rows=2)

    def prepare(self):
        self.fields["papers"].choices = [(name, name) for name in papers.missing(self.case)]


class TellMissing(MoveForm):
    more = words("清单以外还要的，一行一样", required=False, rows=2)
    reason = line("为什么再告知一次", required=False, help_text="第一次不用写；材料要一次告知全。")

    def prepare(self):
        lacking = papers.missing(self.case)
        self.fields["more"].help_text = f"缺：{'、'.join(lacking)}" if lacking else "目录里的都齐了。"


class GiveResult(MoveForm):
    outcome = choice("结果", ServiceOutcome.choices)
    text = words("办成什么、交了什么、为什么办不了", least=4)
    law = line("依据", required=False, help_text="办不了要写明法规或文件的哪一条。")
