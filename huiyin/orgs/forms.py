"""Forms of posts: end, absence, B 角, a new post."""

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.forms import day_field
from huiyin.areas.models import Area, AreaKind
from huiyin.orgs.models import Organisation, Role


class PersonSelect(forms.Select):
    """Options carry pinyin and initials, so that typing finds them."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        person = getattr(value, "instance", None)
        if person is not None:
            option["attrs"]["data-keys"] = f"{person.pinyin} {person.initials}"
        return option


class PersonField(forms.ModelChoiceField):
    """A member of staff of one office."""

    widget = PersonSelect

    def __init__(self, label: str, *, required: bool = True, help_text: str = "", empty: str = ""):
        wrong = "请从列表里选一位本街道的工作人员。"
        super().__init__(
            User.objects.none(),
            label=label,
            required=required,
            help_text=help_text,
            empty_label=empty,
            error_messages={"required": wrong, "invalid_choice": wrong},
        )

    def label_from_instance(self, person):
        return f"{person.name}（{person.username}）"


class OfOffice(forms.Form):
    """Choices are those of the post's own office, whatever was typed."""

    def __init__(self, *args, office, leave_out=None, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(office=office, is_active=True).order_by("pinyin", "pk")
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.queryset = people.exclude(pk=leave_out) if leave_out else people


class EndForm(OfOffice):
    on = day_field("离任日", "从这天起不再是这个岗位")
    to = PersonField("谁来接手", required=False, empty="由 B 角接手", help_text="不选就由 B 角接手")


class AbsenceForm(forms.Form):
    away_from = day_field("请假自", required=False)
    away_until = day_field("请假至", "含这一天；两格都空着就是销假", required=False)


class SubstituteForm(OfOffice):
    substitute = PersonField("B 角", required=False, empty="没有 B 角")


class AppointForm(OfOffice):
    user = PersonField("谁", empty="请选")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="哪个组织", empty_label="请选",
        error_messages={"required": "请选组织。", "invalid_choice": "请从列表里选一个现有的组织。"},
    )  # fmt: skip
    role = forms.ChoiceField(
        label="岗位", choices=[("", "请选"), *Role.choices], help_text="决定能看什么、能办什么",
        error_messages={"required": "请选岗位。", "invalid_choice": "请从列表里选岗位。"},
    )  # fmt: skip
    title = forms.CharField(
        label="职务",
        max_length=60,
        help_text="写给人看的，比如 经办（A 角）",
        error_messages={"required": "请写职务。"},
    )
    area = forms.ModelChoiceField(
        Area.objects.none(), label="管哪一片", empty_label="请选",
        error_messages={"required": "请选片区。", "invalid_choice": "请从列表里选现有的片区。"},
    )  # fmt: skip
    start_on = day_field("任职日")
    substitute = PersonField("B 角", required=False, empty="先不定")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, office=office, **kwargs)
        self.fields["organisation"].queryset = (
            Organisation.objects.current().filter(office=office).order_by("kind", "code")
        )
        areas = Area.objects.valid().filter(office=office).exclude(kind=AreaKind.BUILDING)
        self.fields["area"].queryset = areas.defer("boundary").order_by("code")
