"""What the moves of this room ask for; the same for the page, the API and its JSON Schema."""

from django import forms

from huiyin.cases import particulars
from huiyin.cases.form_fields import Attachments, day, line, words
from huiyin.cases.move_form import MoveForm
from huiyin.rectification import people, plans, rules
from huiyin.rectification.fields import MeasuresField, WhoField
from huiyin.rectification.models import StopKind

YES_NO = {"coerce": lambda value: value == "yes"}


class WritePlan(MoveForm):
    goal = words("整改目标", help_text="改到什么样算好，写这一件的实际。")
    measures = MeasuresField(label="措施清单", help_text="一条一件具体的事，写清目标、标准、责任人、时限。")
    leader = WhoField(label="总责任人", help_text="写成“姓名（单位）”，从列表里选。")
    due_on = day("完成时限")
    approach = words("怎么改", required=False)
    funds = line("资金", required=False, help_text="多少钱、从哪里出。")
    emergency = words("应急预案", required=False, help_text="没改好以前出了事怎么办。")

    def prepare(self):
        for name in ("measures", "leader"):
            self.fields[name].prepare(self.case.office)
        five = rules.five_of(self.case)
        self.fields["funds"].required = "funds" in five
        self.fields["emergency"].required = "emergency" in five
        last = plans.versions(self.case).first()
        if last and not self.is_bound:
            self.initial = self._from(last) | self.initial

    def _from(self, plan) -> dict:
        """A new version begins with the words of the last one."""
        rows = [
            {
                "what": row.what, "target": row.target, "standard": row.standard,
                "who": people.written(row.person, row.organisation), "due_on": row.due_on.isoformat(),
            }
            for row in plan.measures.all()
        ]  # fmt: skip
        unit = next(
            (row.organisation for row in plan.measures.all() if row.person_id == plan.leader_id), None
        )
        return {
            "goal": plan.goal, "approach": plan.approach, "funds": plan.funds, "emergency": plan.emergency,
            "due_on": plan.due_on, "measures": rows,
            "leader": people.written(plan.leader, unit) if unit else plan.leader.name,
        }  # fmt: skip

    def clean(self):
        given = super().clean()
        if given.get("leader"):
            given["leader"] = given["leader"][0]
        return given


class CheckPlan(MoveForm):
    approve = forms.TypedChoiceField(
        label="审定",
        choices=[("yes", "通过，可以动工"), ("no", "退回，改好再送")],
        widget=forms.RadioSelect,
        **YES_NO,
    )
    text = words(
        "意见",
        required=False,
        least=4,
        help_text="内容具不具体、措施可不可行、格式对不对。退回和有提示的要写。",
    )


class FinishMeasure(MoveForm):
    text = words("怎么改的、改到什么样", least=4)
    attachments = Attachments(label="改后的照片")


class ReturnMeasure(MoveForm):
    text = words("哪里没改好", least=4)


class AcceptOwn(MoveForm):
    text = words("自查结果", least=4, help_text="对着清单一条条看过，现在怎样。")


class OnSpot(MoveForm):
    how = forms.ChoiceField(
        label="怎么了结",
        choices=[("fixed", "当场改好"), ("untrue", "现场看了，没有这个问题")],
        widget=forms.RadioSelect,
    )
    text = words("当场做了什么、看到什么", least=4)
    attachments = Attachments(label="现场照片")


class Grade(MoveForm):
    reason = words("定级的理由", least=4, help_text="会伤到谁、多久会出事、好不好改。")


class Regrade(Grade):
    def asked(self) -> list[dict]:
        """The same particulars as grading asks for."""
        return particulars.fields_of(self.case, "grade")


class Stop(MoveForm):
    kind = forms.ChoiceField(label="哪一种", choices=StopKind, widget=forms.RadioSelect)
    what = line("停什么", most=120, help_text="哪台设备、哪个场所、哪道工序。")
    reason = words("为什么停", least=4)
    authority = line("决定机关", required=False, most=60, help_text="责令停的必填，写有权机关。")
    document = line("文号", required=False, most=60, help_text="责令停的必填；街道通知的自动编号。")


class LiftStop(MoveForm):
    text = words("验收看到什么、从哪天恢复", least=4)


class ReferEnforcement(MoveForm):
    to = line("移送给", most=60)
    facts = words("查明的事实", least=8, help_text="哪天去看的、看到什么、通知过几次。不写居民姓名电话。")
    basis = line("涉嫌违反", most=200, help_text="哪部法、哪一条；拿不准写“请贵单位认定”。")


class EnforcementAnswer(MoveForm):
    text = words("怎么处理的", least=4)
    document = line("对方文号", required=False, most=60)
