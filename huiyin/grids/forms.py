"""Forms of the room. Each that makes a record carries a key: pressed twice it makes one."""

import json

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.forms import day_field
from huiyin.areas.models import Area, AreaKind
from huiyin.base.ids import uuid7
from huiyin.grids import rulings
from huiyin.grids.models import RoadSection
from huiyin.grids.notice import BUILDING
from huiyin.orgs.forms import PersonField
from huiyin.orgs.models import Organisation

WHY = {"required": "请写依据，比如哪份文件、哪次会。"}


class Once(forms.Form):
    """`key` is made when the empty form is drawn and becomes the key of the record."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid7)


class Suggested(forms.TextInput):
    """Free text with suggestions: a <datalist> of its own, needs no script."""

    def __init__(self, options=(), attrs=None):
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.options = list(options)

    template_name = "grids/parts/suggested.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["options"] = self.options
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}-list"
        context["widget"]["attrs"]["list"] = context["list_id"]
        return context


class _OfOffice(forms.Form):
    """Choices are those of the user's own office, whatever was typed."""

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.office = office
        people = User.objects.filter(office=office, is_active=True).order_by("pinyin", "pk")
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.queryset = people


def role_choices(office, *, entered: bool = True) -> list:
    """[(group name, [(code, name)])]; kinds that come from posts only when `entered` is False."""
    kinds = rulings.kinds(office).values()
    return [
        (
            name,
            [(row.code, row.name) for row in kinds if row.group == group and not (entered and row.from_post)],
        )
        for group, name in rulings.groups(office).items()
    ]


def area_choices(office, *kinds) -> list:
    """[(community, [(id, itself), (id, grid)…])…]"""
    rows = Area.objects.valid().filter(office=office, kind__in=kinds or (AreaKind.COMMUNITY, AreaKind.GRID))
    groups: dict = {}
    for row in rows.select_related("parent").defer("boundary", "parent__boundary").order_by("code")[:3000]:
        home = row if row.kind == AreaKind.COMMUNITY else row.parent
        groups.setdefault(home.name, []).append((str(row.pk), row.name))
    return list(groups.items())


class DutyForm(_OfOffice, Once):
    role = forms.ChoiceField(
        label="哪一类责任", error_messages={"required": "请选哪一类。", "invalid_choice": "请从列表里选。"}
    )
    area = forms.ChoiceField(
        label="哪一片", required=False, error_messages={"invalid_choice": "请从列表里选。"}
    )
    compound = forms.CharField(
        label="其中哪个小区、楼院", required=False, max_length=60, help_text="整片都管就空着"
    )
    section = forms.ChoiceField(
        label="或者哪条路段", required=False, error_messages={"invalid_choice": "请从列表里选。"}
    )
    user = PersonField("工作人员", required=False, empty="不是本街道工作人员，在下面写姓名")
    name = forms.CharField(
        label="姓名或单位", required=False, max_length=60, help_text="志愿者、承包单位写在这里"
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="所属组织", required=False, empty_label="不写",
        error_messages={"invalid_choice": "请从列表里选一个现有的组织。"},
    )  # fmt: skip
    phone = forms.CharField(
        label="办公电话", required=False, max_length=30, help_text="印在公示上的，不写私人手机"
    )
    substitute = PersonField("B 角", required=False, empty="先不定")
    standard = forms.CharField(label="标准", required=False, max_length=100)
    start_on = day_field("从哪天起")
    end_on = day_field("到哪天止", "没有定就空着；这一天起不再算", required=False)
    source = forms.CharField(label="依据", max_length=200, error_messages=WHY)

    def __init__(self, *args, office, preset: Area | None = None, **kwargs):
        super().__init__(*args, office=office, **kwargs)
        self.fields["role"].choices = [("", "请选"), *role_choices(office)]
        areas = area_choices(office)
        if preset is not None and preset.kind == AreaKind.BUILDING:
            areas = [("楼院", [(str(preset.pk), preset.name)]), *areas]
        self.fields["area"].choices = [("", "不是一片，是路段"), *areas]
        sections = RoadSection.objects.valid().filter(office=office).order_by("community__code", "name")
        rows = sections.values_list("pk", "community__name", "name")[:1000]
        self.fields["section"].choices = [
            ("", "不是路段"),
            *((str(pk), f"{home}：{name}") for pk, home, name in rows),
        ]
        self.fields["standard"].widget = Suggested(rulings.standards(office))
        self.fields["compound"].widget = Suggested(_compounds(office))
        units = Organisation.objects.current().filter(office=office).order_by("kind", "code")
        self.fields["organisation"].queryset = units.defer("services")

    def clean(self):
        data = super().clean()
        if data.get("area"):
            data["area"] = Area.objects.filter(office=self.office, pk=data["area"]).first()
        if data.get("section"):
            data["section"] = RoadSection.objects.filter(office=self.office, pk=data["section"]).first()
        data["area"], data["section"] = data.get("area") or None, data.get("section") or None
        return data


def _compounds(office) -> list[str]:
    rows = Area.objects.valid().filter(office=office, kind=AreaKind.BUILDING).order_by("code")
    names = rows.values_list("name", flat=True)[:3000]
    return list(
        dict.fromkeys((hit["compound"] if (hit := BUILDING.match(name)) else name) for name in names)
    )[:500]


class HandOverForm(_OfOffice, Once):
    on = day_field("从哪天起换人")
    user = PersonField("换成哪位工作人员", required=False, empty="不是本街道工作人员，在下面写姓名")
    name = forms.CharField(label="或写姓名、单位", required=False, max_length=60)
    phone = forms.CharField(label="办公电话", required=False, max_length=30)
    source = forms.CharField(label="依据", max_length=200, error_messages=WHY)


class EndForm(forms.Form):
    on = day_field("从哪天起不再负责", "以前的时段留着")
    reason = forms.CharField(label="为什么", max_length=200, error_messages={"required": "请写为什么。"})


class SubstituteForm(_OfOffice):
    substitute = PersonField("B 角", required=False, empty="没有 B 角")


class SectionForm(_OfOffice, Once):
    name = forms.CharField(label="路段名称", max_length=60, error_messages={"required": "请写名称。"})
    community = forms.ChoiceField(
        label="哪个社区", error_messages={"required": "请选社区。", "invalid_choice": "请从列表里选。"}
    )
    from_to = forms.CharField(
        label="起止", required=False, max_length=100, help_text="比如 柳湾街 1 号—58 号"
    )
    length_m = forms.IntegerField(
        label="长度（米）", required=False, min_value=1, max_value=100000,
        error_messages={"invalid": "请写整数。", "min_value": "请写整数。", "max_value": "太长了，请核对。"},
    )  # fmt: skip
    is_tendered = forms.BooleanField(label="招标路段", required=False)
    valid_from = day_field("从哪天划定")
    shape = forms.CharField(
        label="线或面", required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="GeoJSON 的 LineString 或 Polygon，经纬度；没有就空着",
    )  # fmt: skip

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, office=office, **kwargs)
        rows = Area.objects.valid().filter(office=office, kind=AreaKind.COMMUNITY).order_by("code")
        self.fields["community"].choices = [
            ("", "请选"),
            *((str(pk), name) for pk, name in rows.values_list("pk", "name")),
        ]

    def clean_community(self):
        return Area.objects.get(office=self.office, pk=self.cleaned_data["community"])

    def clean_shape(self):
        text = self.cleaned_data["shape"].strip()
        if not text:
            return None
        from shapely.errors import ShapelyError  # brings numpy: read when a line was drawn
        from shapely.geometry import shape

        try:
            drawn = json.loads(text)
            good = drawn["type"] in ("LineString", "Polygon") and shape(drawn).is_valid
        except (ValueError, KeyError, TypeError, ShapelyError, AttributeError):
            good = False
        if not good:
            raise forms.ValidationError("不是能用的 LineString 或 Polygon，请从地图工具里重新导出。")
        return {"type": drawn["type"], "coordinates": drawn["coordinates"]}


class CheckForm(Once):
    on = day_field("检查日")
    note = forms.CharField(
        label="情况", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="哪里扣了分，怎么改",
    )  # fmt: skip

    def __init__(self, *args, rule, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = rule.content["criteria"]
        for row in self.criteria:
            wrong = f"请写 0 到 {row['points']} 的整数。"
            self.fields[row["code"]] = forms.IntegerField(
                label=f"{row['name']}（{row['points']} 分）", min_value=0, max_value=row["points"],
                initial=row["points"],
                error_messages={key: wrong for key in ("required", "invalid", "min_value", "max_value")},
            )  # fmt: skip

    @property
    def scored(self):
        return [self[row["code"]] for row in self.criteria]

    @property
    def points(self) -> dict[str, int]:
        return {row["code"]: self.cleaned_data[row["code"]] for row in self.criteria}


def photo_field():
    return forms.FileField(
        label="照片", required=False, help_text="照一张挂着的样子，可以不传",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "这个文件是空的，请重新选。"},
    )  # fmt: skip


class HangForm(Once):
    place = forms.CharField(
        label="挂在哪里", max_length=100, help_text="写清楚好找，比如 柳湾里 1 幢北门公告栏",
        error_messages={"required": "请写挂在哪里。"},
    )  # fmt: skip
    on = day_field("哪天挂的")
    photo = photo_field()


class OnForm(forms.Form):
    on = day_field("哪天")


class SeenForm(OnForm):
    photo = photo_field()
