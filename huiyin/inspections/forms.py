"""Forms of this room's own pages; those of moves stand in moves.py."""

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaKind
from huiyin.cases import categories
from huiyin.cases.form_fields import ToldField, day, line, words
from huiyin.inspections import census, nights
from huiyin.inspections.class_field import ClassChoice
from huiyin.inspections.models import CensusStandard, PointKind, Subject
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

LEADERS = (Role.LEADER, Role.DUTY_LEADER, Role.DEPUTY, Role.DIRECTOR)


class OfficeForm(forms.Form):
    """Knows the office and the user; fills the choices that hang on them. `key`: the same form sent twice."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data=None, *, user, **kwargs):
        self.user, self.office = user, user.office
        super().__init__(data, **kwargs)
        self.prepare()
        for field in self.fields.values():
            if isinstance(field, ToldField):
                field.prepare(self.office)
            field.error_messages["required"] = f"请填{field.label}。"

    def prepare(self):
        """Fill the choices."""


def area_field(label="网格", **kwargs):
    return forms.ModelChoiceField(Area.objects.none(), label=label, empty_label="请选", **kwargs)


def unit_field(label, **kwargs):
    return forms.ModelChoiceField(Organisation.objects.none(), label=label, empty_label="请选", **kwargs)


def person_field(label, **kwargs):
    return forms.ModelChoiceField(User.objects.none(), label=label, empty_label="请选", **kwargs)


def grids(office):
    return Area.objects.valid().grids().filter(office=office).defer("boundary").order_by("code")


def units(office):
    return Organisation.objects.handling().filter(office=office).order_by("kind", "code")


def people(office, *roles):
    posts = Post.objects.current().filter(office=office)
    posts = posts.filter(role__in=roles) if roles else posts
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pinyin", "pk")


def own_grid(user):
    """The grid that a grid worker stands in most likely."""
    return next((post.area_id for post in user.current_posts if post.role == Role.GRID_WORKER), None)


class SpotForm(OfficeForm):
    text = words("发现什么", least=4, rows=2)
    done = ToldField(
        label="怎么改的、现在怎样",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text="不写姓名。",
    )
    area = area_field()
    place = line("在哪里", most=120)

    def prepare(self):
        self.fields["city_class"] = ClassChoice(office=self.office, label="部件事件类别", required=False)
        self.fields["area"].queryset = grids(self.office)
        self.fields["area"].initial = own_grid(self.user)
        self.order_fields(["key", "place", "area", "text", "city_class", "done"])


class PointForm(OfficeForm):
    name = line("点位", most=60)
    kind = forms.ChoiceField(label="类型", choices=PointKind)
    area = area_field()
    place = line("位置", most=120, required=False)
    unit = unit_field("责任单位", help_text="查到问题交给它连夜改")
    look_for = line("看什么", most=200, required=False)
    is_key = forms.BooleanField(label="带班领导和牵头单位也要查", required=False, initial=True)

    def prepare(self):
        self.fields["area"].queryset = grids(self.office)
        self.fields["unit"].queryset = units(self.office)


class OffForm(OfficeForm):
    why = line("为什么移出", most=100)


class NightForm(OfficeForm):
    on = day("哪天夜里")
    leader = person_field("带班领导")
    unit = unit_field("牵头单位")
    note = line("说明", most=200, required=False)

    def prepare(self):
        self.fields["on"].initial = nights.tonight()
        self.fields["leader"].queryset = people(self.office, *LEADERS)
        kinds = [OrganisationKind.DEPARTMENT, OrganisationKind.CENTRE]
        self.fields["unit"].queryset = (
            Organisation.objects.current().filter(office=self.office, kind__in=kinds).order_by("code")
        )


class FineForm(OfficeForm):
    note = line("说明", most=300, required=False)


class FindForm(OfficeForm):
    text = words("看到什么", least=4, rows=3)
    same = forms.BooleanField(label="就是同一件，不再另派", required=False)
    lead = unit_field("交给谁", required=False, help_text="不选就是点位的责任单位。")

    def prepare(self):
        self.fields["city_class"] = ClassChoice(office=self.office, label="部件事件类别", required=False)
        self.fields["lead"].queryset = units(self.office)
        self.order_fields(["key", "same", "text", "city_class", "lead"])


class AcceptForm(OfficeForm):
    text = words("看到什么", least=4, rows=2)


class CensusForm(OfficeForm):
    name = line("普查名称", most=60)
    purpose = line("为什么查", most=200, required=False)
    edition = line("标准的版本", most=60, required=False)
    from_on = day("从")
    until_on = day("查完")
    rectify_on = day("整改到")

    def prepare(self):
        self.fields["from_on"].initial = clock.today()


class StandardForm(OfficeForm):
    text = line("标准", most=200, help_text="一句话说清楚做到什么样。")
    kind = forms.ChoiceField(label="查到算哪一种")
    category = forms.ChoiceField(label="分类", required=False)
    unit = unit_field("责任单位", required=False, help_text="不选就交给所在社区的服务站。")

    def prepare(self):
        kinds = RuleSet.objects.current("procedures", self.office).content["kinds"]
        self.fields["kind"].choices = [(kind, kinds[kind]["name"]) for kind in census.KINDS]
        leaves = [row for row in categories.table(self.office).values() if row["is_leaf"]]
        self.fields["category"].choices = [
            ("", "请选"),
            *((row["code"], " › ".join(row["path"])) for row in leaves),
        ]
        self.fields["city_class"] = ClassChoice(office=self.office, label="部件事件类别", required=False)
        self.fields["unit"].queryset = units(self.office)
        self.order_fields(["key", "text", "kind", "city_class", "category", "unit"])

    def clean(self):
        given = super().clean()
        if not given.get("category") and not given.get("city_class"):
            self.add_error("category", "请选分类，或者选一个部件事件类别。")
        return given


class SendDownForm(OfficeForm):
    area = area_field("包哪里")
    users = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="哪些干部",
        help_text="可以选几位。",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def prepare(self):
        kinds = [AreaKind.COMMUNITY, AreaKind.GRID]
        self.fields["area"].queryset = (
            Area.objects.valid().filter(office=self.office, kind__in=kinds).defer("boundary").order_by("code")
        )
        self.fields["users"].queryset = people(self.office)


class ProblemForm(OfficeForm):
    """The quick entry: what stays the same from one problem to the next is kept by the page."""

    standard = forms.ModelChoiceField(CensusStandard.objects.none(), label="违反哪一条", empty_label="请选")
    subject_kind = forms.ChoiceField(label="对象", choices=Subject, initial=Subject.COMPOUND)
    subject = line("名称", most=60, help_text="单位、小区、街巷的名字")
    area = area_field()
    place = line("具体位置", most=120, required=False)
    text = words("问题", least=4, rows=2)
    cadre = person_field("责任干部", required=False)
    is_hard = forms.BooleanField(label="重难点，要有人包靠", required=False)
    why_hard = line("难在哪里", most=200, required=False)

    def __init__(self, *args, of, **kwargs):
        self.census = of
        super().__init__(*args, **kwargs)

    def prepare(self):
        self.fields["standard"].queryset = self.census.standards.order_by("number")
        self.fields["area"].queryset = grids(self.office)
        self.fields["cadre"].queryset = people(self.office)
        areas = census.areas_of(self.census, self.user)
        self.fields["area"].initial = next(
            (area.pk for area in areas if area.kind == AreaKind.GRID), own_grid(self.user)
        )


class HardForm(OfficeForm):
    why = line("难在哪里", most=200)


class ChampionForm(OfficeForm):
    leader = person_field("包靠领导")
    secretary = person_field("社区书记", required=False)
    goal = words("攻到什么样", rows=2)
    due_on = day("哪天前")

    def prepare(self):
        self.fields["leader"].queryset = people(self.office, *LEADERS)
        self.fields["secretary"].queryset = people(self.office, Role.UNIT_HEAD, Role.STATION)


class CloseForm(OfficeForm):
    lasting = words("长效办法", least=10, rows=4, help_text="以后谁、多久看一次，怎么不反弹。")
