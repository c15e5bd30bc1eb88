"""The moves, particulars and conditions that this room brings to matters."""

from django import forms

from huiyin.cases import deadlines, evidence, kind_moves, moving, offers, particulars, record, requirements
from huiyin.cases.form_fields import Attachments, ModelChoice, line, told, words
from huiyin.cases.move_form import MoveForm
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import CENTRE, CHIEF, LIVE, UNIT, Move
from huiyin.inspections import appeals, filing, nights, spot, standards
from huiyin.inspections.class_field import ClassChoice
from huiyin.inspections.models import CensusProblem, OverdueAppeal
from huiyin.orgs.models import Organisation, Role

FINDERS = UNIT | CENTRE | {Role.GRID_WORKER, Role.SUPERVISOR, Role.LEADER}


class FixOnSpot(MoveForm):
    text = told("怎么改的、现在怎样", help_text="不写姓名；公开的话就是这一段。")
    attachments = Attachments(label="整改后的照片")


class SendAtOnce(MoveForm):
    lead = ModelChoice(label="交给谁")
    task = line("要求", required=False)

    def prepare(self):
        field = self.fields["lead"]
        field.queryset = (
            Organisation.objects.handling().filter(office=self.case.office).order_by("kind", "code")
        )
        row = standards.table(self.case.office_id).get(self.case.particulars.get("city_class", ""))
        if row:
            field.initial = field.queryset.filter(code=row["unit"]).values_list("pk", flat=True).first()


class AppealOverdue(MoveForm):
    deadline = ModelChoice(label="哪个时限")
    reason = forms.ChoiceField(label="理由")
    text = words("当时的情况", least=10, help_text="写清楚什么时候、卡在哪里、怎么处理的。")
    attachments = Attachments(label="凭据")

    def prepare(self):
        late = appeals.late_clocks(self.case)
        self.fields["deadline"].queryset = self.case.deadlines.filter(pk__in=[row.pk for row in late])
        self.fields["deadline"].label_from_instance = lambda row: deadlines.rule_of(row).name
        reasons = standards.settings(self.case.office_id)["appeal"]["reasons"]
        self.fields["reason"].choices = [("", "请选"), *reasons.items()]


class DecideAppeal(MoveForm):
    granted = forms.TypedChoiceField(
        label="申诉成立吗",
        choices=[("yes", "成立：统计时不计，超期的事实不变"), ("no", "不成立：照常统计")],
        coerce=lambda value: value == "yes",
    )
    text = words("理由", least=4)


def register():
    """Called once, when the room is ready."""
    particulars.SOURCES["city_class"] = particulars.Source(
        standards.choices, lambda office, **given: ClassChoice(office=office, **given)
    )
    particulars.SOURCES["not_filed"] = particulars.Source(filing.not_filed_choices, _plain_choice)
    deadlines.LENGTHS.append(filing.length)
    requirements.add("pause_once", "部件事件只挂一次账", filing.paused_enough)
    record.RELATED["overdue_appeals"] = ("organisation", "asked_by", "deadline")
    record.MADE_BY["overdue_appeals"] = {"appeal_overdue"}
    moving.FOLLOWERS.extend([filing.follow, spot.follow, nights.follow])
    evidence.HANDLED_BY[spot.FIX] = lambda event: bool(event.text.strip())
    evidence.ANSWERS.add(spot.FIX)
    evidence.UNCHECKED[spot.FIX] = lambda event: "" if event.data.get("checked") else "立行立改，没有抽到核查"
    kind_moves.add(
        Move(spot.FIX, "立行立改", "当场改好，前后各一张照片", frozenset({State.RECEIVED}), State.REPORTED, frozenset(FINDERS),
             opt_in=True, rank=18),
        form=FixOnSpot, act=spot.fix, condition=spot.own_find, events=("accepted", "dispatched", "contacted"),
        icon="ok", quiet=True,
    )  # fmt: skip
    kind_moves.add(
        Move(spot.SEND, "当场交办", "查到就交给责任单位", frozenset({State.RECEIVED}), State.DISPATCHED, frozenset(FINDERS),
             opt_in=True, rank=16),
        form=SendAtOnce, act=spot.send, condition=spot.own_find, events=("accepted", "dispatched", "contacted"),
        icon="send", quiet=True,
    )  # fmt: skip
    kind_moves.add_subjects(
        "appeal",
        appeals.waiting,
        lambda case: OverdueAppeal.objects.filter(case=case).select_related("organisation"),
    )
    kind_moves.add(
        Move("appeal_overdue", "超期申诉", "事实不变，请求统计时不计", frozenset({*LIVE, State.CLOSED}), None, UNIT,
             opt_in=True, while_paused=True, rank=66),
        form=AppealOverdue, act=appeals.ask, condition=appeals.may_appeal, icon="clock", quiet=True,
    )  # fmt: skip
    kind_moves.add(
        Move("decide_appeal", "裁定申诉", "由旁人裁定，超期的事实不变", frozenset({*OPEN, State.CLOSED}), None,
             CHIEF | {Role.SUPERVISOR}, subject="appeal", opt_in=True, while_paused=True, rank=7),
        form=DecideAppeal, act=appeals.decide, condition=appeals.own_refusal, icon="flag",
    )  # fmt: skip

    plain = offers.CONDITIONS.get("write_plan", lambda case, user, subject: "")
    offers.CONDITIONS["write_plan"] = lambda *given: no_plan(given[0]) or plain(*given)
    offers.ONLY_WHEN_ALLOWED.add("write_plan")


def no_plan(case) -> str:
    """A city problem gets a plan of measures only where a census rated it hard; others are simply mended."""
    if case.kind != filing.KIND:
        return ""
    is_hard = spot.is_found(case) and CensusProblem.objects.filter(case=case, is_hard=True).exists()
    return "" if is_hard else "普查列为重难点的才编方案"


def _plain_choice(office, *, choices, **given):
    return forms.ChoiceField(choices=[("", "不是部件事件"), *choices], **given)
