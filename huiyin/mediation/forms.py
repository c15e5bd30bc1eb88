"""Forms of mediation: open, sitting, pass up, close, agreement, fulfilment, the society's ledger, screening."""

from decimal import Decimal
from functools import partial

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.forms import day_field
from huiyin.areas.models import Area, AreaKind
from huiyin.base import fields
from huiyin.mediation import credit, rules
from huiyin.mediation.agreeing import Promise
from huiyin.mediation.models import (
    AgreementForm,
    Claim,
    CreditMember,
    CreditRole,
    FulfilmentKind,
    MediationOutcome,
)
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock

MOST_PROMISES = 6


line = partial(fields.line, most=100)
words = partial(fields.words, rows=4)


def money(label: str, *, required: bool = True) -> forms.DecimalField:
    wrong = f"{label}写数字，最多到分，比如 1200.50。"
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal("0.01"), max_digits=14, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), wrong)
        | {"required": f"请填{label}。"},
    )  # fmt: skip


class BodyFields(forms.Form):
    """Which body mediates and who: bodies of the level, people with a post today."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="调解组织", empty_label="请选",
        error_messages={"required": "请选调解组织。", "invalid_choice": "请从列表里选。"},
    )  # fmt: skip
    mediators = forms.ModelMultipleChoiceField(
        User.objects.none(), label="调解员", help_text="可以选几位",
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages={"required": "请选调解员。", "invalid_choice": "请从列表里选在任的人。"},
    )  # fmt: skip

    def __init__(self, *args, office, level: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        levels = rules.in_force(office).content["levels"]
        kinds = {kind for key, row in levels.items() if level in (None, int(key)) for kind in row["bodies"]}
        bodies = Organisation.objects.current().filter(office=office, kind__in=kinds)
        self.fields["organisation"].queryset = bodies.order_by("kind", "code")
        people = Post.objects.current().filter(office=office).values("user_id")
        self.fields["mediators"].queryset = User.objects.filter(pk__in=people, is_active=True).order_by(
            "pinyin"
        )


class OpenForm(BodyFields):
    level = forms.TypedChoiceField(label="从哪一级开始", coerce=int)
    field_order = ["level", "organisation", "mediators"]

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, office=office, **kwargs)
        levels = rules.in_force(office).content["levels"]
        self.fields["level"].choices = [
            (key, f"{row['name']}（{row['days']} 个工作日内）") for key, row in sorted(levels.items())
        ]


class PassUpForm(BodyFields):
    reason = words("为什么往上转", rows=3)


class SittingForm(forms.Form):
    held_at = forms.DateTimeField(
        label="时间", initial=clock.now, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"required": "请填时间。", "invalid": "时间写成 2026-11-22 18:00。"},
    )  # fmt: skip
    place = line("地点")
    present = words("到场的人", rows=2, help_text="加密保存")
    minutes = words("笔录", rows=6, help_text="加密保存")
    result = line("这次的结果", most=200, help_text="一句话，写进事项经过；不写姓名")
    next_on = day_field("下次时间", required=False)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="结果",
        choices=[(name.value, name.label) for name in (MediationOutcome.FAILED, MediationOutcome.WITHDRAWN)],
    )
    text = words("说明", rows=3)
    turned_criminal = forms.BooleanField(label="已转为刑事案件", required=False)


class AgreeForm(forms.Form):
    form = forms.ChoiceField(label="形式", choices=AgreementForm.choices)
    agreed_on = day_field("生效日")
    content = words("协议内容", rows=6, help_text="口头协议也要记；加密保存")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PROMISES + 1):
            self.fields[f"text_{number}"] = line(f"约定 {number}", most=300, required=number == 1)
            self.fields[f"due_{number}"] = day_field(f"约定 {number} 的日期", required=False)
            self.fields[f"amount_{number}"] = money(
                f"约定 {number} 的金额（元，不是钱就空着）", required=False
            )

    @property
    def promises(self) -> list[tuple]:
        return [
            (n, self[f"text_{n}"], self[f"due_{n}"], self[f"amount_{n}"]) for n in range(1, MOST_PROMISES + 1)
        ]

    def clean(self):
        given = super().clean()
        for number in range(1, MOST_PROMISES + 1):
            if given.get(f"text_{number}") and not given.get(f"due_{number}"):
                self.add_error(f"due_{number}", f"约定 {number} 要写在哪天以前。")
            if given.get(f"amount_{number}") and not given.get(f"text_{number}"):
                self.add_error(f"text_{number}", f"约定 {number} 有金额，写清楚谁还给谁。")
        return given

    def as_promises(self) -> list[Promise]:
        given = self.cleaned_data
        return [
            Promise(given[f"text_{n}"], given[f"due_{n}"], given[f"amount_{n}"])
            for n in range(1, MOST_PROMISES + 1)
            if given[f"text_{n}"]
        ]


class FulfilForm(forms.Form):
    kind = forms.ChoiceField(label="方式", choices=FulfilmentKind.choices)
    amount = money("金额（元）", required=False)
    on = day_field("日期")
    paper = line("凭据", most=120, help_text="收条编号、抵押登记号、照片")


class ConfirmForm(forms.Form):
    on = day_field("日期")
    refused = line("法院不予确认的理由", most=200, required=False, help_text="确认有效就空着")


class SocietyForm(forms.Form):
    name = line("会案名称", most=60)
    started_on = day_field("起会", required=False)
    broke_on = day_field("停会", required=False)
    rounds = forms.IntegerField(label="会期数", required=False, min_value=1, max_value=10000)
    stake = money("每期会钱（元）", required=False)


class GroupForm(forms.Form):
    on = day_field("成立日")
    names = line("小组成员", most=200)


class MemberForm(forms.Form):
    name = line("姓名", most=40)
    phone = line("电话", most=20, required=False, attrs={"inputmode": "tel"})
    id_number = line("证件号", most=20, required=False)
    address = line("住址", required=False)
    role = forms.ChoiceField(label="身份", choices=CreditRole.choices, initial=CreditRole.MEMBER)
    shares = forms.IntegerField(label="会份", min_value=1, max_value=1000, initial=1)


class _OfSociety(forms.Form):
    def __init__(self, *args, society, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            model = getattr(getattr(field, "queryset", None), "model", None)
            if model is CreditMember:
                field.queryset = society.members.order_by("number")
            elif model is Claim:
                field.queryset = society.claims.select_related("creditor", "debtor").order_by("number")


class ClaimField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row):
        return f"第 {row.number} 笔：{row.debtor} 欠 {row.creditor} {row.amount} 元"


class ClaimForm(_OfSociety):
    creditor = forms.ModelChoiceField(
        CreditMember.objects.none(), label="债权人", error_messages={"required": "请选债权人。"}
    )
    debtor = forms.ModelChoiceField(
        CreditMember.objects.none(), label="债务人", error_messages={"required": "请选债务人。"}
    )
    amount = money("金额（元）")
    basis = line("凭据", most=120)


class NetForm(_OfSociety):
    claims = ClaimField(
        Claim.objects.none(), label="连成一圈的债权", help_text="自动排成圈：甲欠乙、乙欠丙、丙欠甲",
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "请选债权。"},
    )  # fmt: skip
    amount = money("每笔各减（元）")
    on = day_field("日期")
    paper = line("凭据", most=120)


class SettleForm(_OfSociety):
    """One claim's settlement by agreement: the whole of it until a day."""

    claim = forms.ModelChoiceField(
        Claim.objects.none(), label="哪一笔", error_messages={"required": "请选债权。"}
    )
    amount = money("协议金额（元）")
    agreed_on = day_field("生效日")
    due_on = day_field("应在哪天以前")
    content = words("协议内容", rows=4)


class StatedForm(forms.Form):
    name = forms.ChoiceField(label="项目", choices=list(credit.TOTALS.items()))
    amount = money("报的数（元）")
    on = day_field("截至")
    paper = line("出处", most=120)


class ScreeningForm(forms.Form):
    area = forms.ModelChoiceField(
        Area.objects.none(), label="片区", empty_label="请选", error_messages={"required": "请选片区。"}
    )
    name = line("排查名称", most=80, help_text="比如 11 月常规排查")
    from_on = day_field("从")
    until_on = day_field("到")
    by_names = line("排查的人", most=200)
    special = forms.BooleanField(label="专项排查", required=False)

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [AreaKind.SUBDISTRICT, AreaKind.COMMUNITY, AreaKind.GRID]
        areas = Area.objects.valid().filter(office=office, kind__in=kinds).defer("boundary")
        self.fields["area"].queryset = areas.order_by("code")


class ScreeningEndForm(forms.Form):
    households = forms.IntegerField(
        label="走访户数",
        min_value=0,
        max_value=1_000_000,
        error_messages={"required": "请填户数。", "invalid": "户数写数字。"},
    )
    note = words("情况", rows=3, help_text="一件没有也要写明“没有发现”")


class ScreeningFoundForm(forms.Form):
    number = line("事项编号", most=30, help_text="先在受理里登记，再把编号写在这里")
