"""What the moves of an incident ask for; one form for page, API and JSON Schema."""

from django import forms

from huiyin.areas.models import Area
from huiyin.cases.form_fields import ModelChoice, ModelsChoice, day, line, words
from huiyin.cases.move_form import MoveForm
from huiyin.incidents import ledger
from huiyin.incidents.models import (
    BriefingLevel,
    Damage,
    DamageKind,
    FactSource,
    Flow,
    Outlet,
    ReportStage,
    ReportWay,
    SiteFact,
    StatementKind,
)


def when(label: str):
    """A moment; empty means now."""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text="不填就是现在。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": "时间写成 2026-11-22 18:00。"},
    )


def amount(label: str, *, required=True, help_text=""):
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, min_value=0.01, max_digits=14, decimal_places=2
    )


class Report(MoveForm):
    stage = forms.ChoiceField(label="第几种报告", choices=ReportStage)
    to = line("报告给谁", most=60, help_text="写到人或单位的职务，如“党工委书记”“区应急局值班室”。")
    way = forms.ChoiceField(label="怎么报的", choices=ReportWay)
    told_at = when("报到的时间")
    text = words("报了什么", least=4)
    asked = words("对方有什么要求", required=False)

    def prepare(self):
        self.fields["stage"].initial = (
            ReportStage.FURTHER if self.case.incident_reports.exists() else ReportStage.FIRST
        )


class Gather(MoveForm):
    source = forms.ChoiceField(label="怎么知道的", choices=FactSource)
    text = words("情况", least=4)
    learnt_at = when("核实时间")
    place = line("地点", required=False, most=120)
    affected = forms.IntegerField(label="涉及人数", required=False, min_value=0, max_value=1_000_000)


class Brief(MoveForm):
    level = forms.ChoiceField(label="哪一级", choices=BriefingLevel)
    held_at = when("时间")
    place = line("地点", most=120)
    chaired_by = line("谁主持", most=60)
    present = line("谁参加", most=300, help_text="写单位和职务，不用写群众的姓名。")
    number_present = forms.IntegerField(label="到会人数", min_value=1, max_value=100_000)
    text = words("说了什么、要求什么", least=4)


class Draft(MoveForm):
    kind = forms.ChoiceField(label="种类", choices=StatementKind)
    rumour = words("外面怎么传", required=False)
    text = words("怎么说", least=20, help_text="说清已经查明的、正在做的、大家该怎么办。")
    facts = ModelsChoice(label="依据的情况", help_text="只能选核实过的；听说的不能拿来对外说。")

    def prepare(self):
        self.fields["facts"].queryset = SiteFact.objects.filter(case=self.case).exclude(
            source=FactSource.HEARSAY
        )


class Decide(MoveForm):
    approve = forms.TypedChoiceField(
        label="批准吗", choices=[("yes", "批准"), ("no", "不批准")], coerce=lambda value: value == "yes"
    )
    text = words("意见", required=False, help_text="不批准的写明哪里要改。")


class ReleaseIt(MoveForm):
    outlet = forms.ChoiceField(label="渠道", choices=Outlet)
    where = line("哪一家、哪一处", most=60)
    released_at = when("发出时间")


class RecordDamage(MoveForm):
    name = line("户主", most=40)
    phone = line("电话", required=False, most=20)
    address = line("住址", required=False, most=100)
    area = ModelChoice(label="网格", required=False, empty_label="同事项的网格")
    kind = forms.ChoiceField(label="损失", choices=DamageKind)
    text = line("情况", most=300, help_text="写房子和东西，不写人名。")
    persons = forms.IntegerField(label="这一户几口人", min_value=1, max_value=50, initial=1)
    amount = amount("估计损失（元）", required=False)
    seen_on = day("查看日期", required=False, help_text="不填就是今天。")

    def prepare(self):
        grids = Area.objects.valid().grids().filter(office=self.case.office)
        self.fields["area"].queryset = grids.order_by("code")


class RecordRelief(MoveForm):
    flow = forms.ChoiceField(label="收还是发", choices=Flow)
    item = line("款物", most=40, help_text="如“救助款”“棉被”。同一样东西每次写法要一样。")
    unit = line("单位", most=10, help_text="款写“元”。")
    quantity = amount("数量")
    household = ModelChoice(label="发给哪户", required=False, empty_label="不是发给一户")
    source = line("谁给的、发给谁", required=False, most=80)
    paper = line("凭据", most=80, help_text="拨款文号、收据号、签领表。")
    on = day("日期", required=False, help_text="不填就是今天。")

    def prepare(self):
        self.fields["household"].queryset = ledger.standing(
            Damage.objects.filter(case=self.case).order_by("number")
        )


class TakeBack(MoveForm):
    reason = words("为什么划去")


class CleanUpForm(MoveForm):
    what = line("清理、恢复什么", most=80)
    place = line("地点", most=120)
    quantity = amount("数量")
    unit = line("单位", most=10)
    hands = forms.IntegerField(label="出动人数", required=False, min_value=1, max_value=100_000)
    done_on = day("日期", required=False, help_text="不填就是今天。")


class BackToNormal(MoveForm):
    text = words("现在怎样", least=4)
    normal_on = day("哪天恢复正常", required=False, help_text="不填就是今天。")


class Summarise(MoveForm):
    text = words("经过和结果", least=20)
    lessons = words("今后怎么改", least=4)
