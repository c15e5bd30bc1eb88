"""Forms of standing bodies: a new one, its facts, a member, the end of a term, a place."""

from functools import partial

from django import forms

from huiyin.areas.forms import day_field
from huiyin.areas.models import Area, AreaKind
from huiyin.base.fields import line, words
from huiyin.orgs.forms import OfOffice, PersonField
from huiyin.orgs.models import STANDING_BODIES, Function, Organisation, OrganisationKind

KINDS = [(kind.value, kind.label) for kind in STANDING_BODIES]


note = partial(line, most=60, required=False)


class WordList(forms.CharField):
    """Words with 、 or line breaks between them ↔ a list."""

    def prepare_value(self, value):
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value):
        text = super().clean(value)
        for mark in ("\n", "，", ",", "；"):
            text = text.replace(mark, "、")
        return [word.strip() for word in text.split("、") if word.strip()][:50]


class FactsForm(forms.Form):
    """What is written about a body and may be corrected."""

    name = line("全称", most=60)
    short_name = line("简称", most=20)
    type = note("细类", most=40, help_text="比如 实践站、保洁队伍、业主委员会")
    basis = note("成立依据", most=200, help_text="文件名称和文号；购买服务的写合同编号和期限")
    duties = words("职责", required=False, most=4000, rows=4, help_text="一行一条")
    services = WordList(
        label="功能、服务", required=False, max_length=400, help_text="用顿号隔开，比如 理论宣讲、科普、文体"
    )
    member_count = forms.IntegerField(
        label="人数", required=False, min_value=0, max_value=1_000_000, help_text="党员人数、队员人数；名单不全时写总数",
        error_messages={"invalid": "人数写数字。", "min_value": "人数不能是负数。"},
    )  # fmt: skip
    phone = note("值守电话", most=30, attrs={"inputmode": "tel"})
    address = note("地址", most=100)
    hours = note("时间", help_text="开放时间、班次，比如 三班 24 小时")


class FoundForm(FactsForm):
    kind = forms.ChoiceField(
        label="哪一类", choices=[("", "请选"), *KINDS],
        error_messages={"required": "请选类别。", "invalid_choice": "请从列表里选类别。"},
    )  # fmt: skip
    parent = forms.ModelChoiceField(
        Organisation.objects.none(), label="上级组织", required=False, empty_label="没有"
    )
    area = forms.ModelChoiceField(
        Area.objects.none(), label="管哪一片", empty_label="请选",
        error_messages={"required": "请选片区。", "invalid_choice": "请从列表里选现有的片区。"},
    )  # fmt: skip
    valid_from = day_field("成立日")
    field_order = ["kind", "name", "short_name", "type", "parent", "area", "valid_from", "basis"]

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        parents = Organisation.objects.current().filter(office=office)
        self.fields["parent"].queryset = parents.exclude(
            kind__in=[OrganisationKind.SERVICE_POINT, OrganisationKind.VOLUNTEER_TEAM]
        ).order_by("kind", "code")
        areas = Area.objects.valid().filter(office=office).exclude(kind=AreaKind.BUILDING)
        self.fields["area"].queryset = areas.defer("boundary").order_by("code")


class MemberForm(OfOffice):
    function = forms.ChoiceField(label="担任", choices=Function.choices)
    user = PersonField("本街道的人", required=False, empty="不是本街道工作人员")
    name = note("或写姓名", most=40, help_text="不在系统里的人：居民代表、企业负责人等")
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label="代表哪个单位", required=False, empty_label="不代表单位"
    )
    title = note("称谓", help_text="写给人看的，比如 组长、书记、队长")
    start_on = day_field("任职日")
    end_on = day_field("任期至", "换届日不知道就空着", required=False)
    basis = note("任免依据", most=200, help_text="文件或会议")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, office=office, **kwargs)
        units = Organisation.objects.current().filter(office=office).exclude(kind__in=STANDING_BODIES)
        self.fields["unit"].queryset = units.order_by("kind", "code")


class TermForm(OfOffice):
    """End a term; with a successor it is an adjustment (调整)."""

    on = day_field("卸任日", "从这天起不再担任")
    user = PersonField("谁接任", required=False, empty="暂不定人")
    name = note("或写接任者姓名", most=40)
    basis = line("依据", most=200, help_text="文件或会议，比如 街道党工委第 12 次会议")


class DissolveForm(forms.Form):
    on = day_field("撤销日")
    basis = line("依据", most=200)


class VenueForm(forms.Form):
    name = line("场所名称", help_text="比如 图书室、便民服务大厅、文化广场", most=60)
    functions = WordList(label="用途", required=False, max_length=300, help_text="用顿号隔开")
    address = note("位置", most=100)
    hours = note("开放时间")
    rules_posted = note("上墙的职责和制度", most=200)
    valid_from = day_field("启用日")
