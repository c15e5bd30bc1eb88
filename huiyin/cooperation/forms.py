"""What the moves of this room ask for."""

from django import forms
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from huiyin.accounts.models import User
from huiyin.cases import present
from huiyin.cases.form_fields import Attachments, ModelChoice, ModelsChoice, day, line, words
from huiyin.cases.models import Case
from huiyin.cases.move_form import MoveForm, category_choices
from huiyin.cases.workflow import CHIEF
from huiyin.cooperation import grouping, splitting, whistling
from huiyin.cooperation.models import CallAnswer, ChampionOutcome, UpwardResult
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role

MOST_OFFERED = 30


def handling_units(office):
    roll = present.roll(office)
    rows = Organisation.objects.handling().filter(office=office, pk__in=list(roll.posts))
    return rows.order_by("kind", "code").defer("services")


def holders(office, wanted: Q):
    """Users who hold such a post now, with `post_title` for the list."""
    posts = Post.objects.current().filter(wanted, office=office, user__is_active=True)
    title = posts.filter(user=OuterRef("pk")).order_by("start_on", "pk")
    title = title.annotate(full=Concat("organisation__short_name", Value(" "), "title")).values("full")[:1]
    users = User.objects.filter(pk__in=posts.values("user_id")).annotate(post_title=Subquery(title))
    return users.order_by("pinyin", "pk")


def with_title(field):
    field.label_from_instance = lambda user: f"{user.name}　{user.post_title or ''}".strip()


def matter_of(form, name: str) -> Case:
    found = Case.objects.visible_to(form.user).filter(number=form.cleaned_data[name].strip()).first()
    if found is None:
        raise forms.ValidationError("没有这个编号，或者您看不到它。请核对编号。")
    return found


class Reason(MoveForm):
    reason = words("理由")


class Split(MoveForm):
    title = line("这一项是什么事", most=100)
    text = words("具体说了什么", least=4, help_text="只写这一项，其余的留在母件。")
    kind = forms.ChoiceField(label="按哪个种类办")
    category = forms.ChoiceField(label="分类", required=False)
    wants = words("要什么", required=False, rows=2)

    def prepare(self):
        kinds = splitting.kinds_for(self.case)
        self.fields["kind"].choices = list(kinds.items())
        self.fields["kind"].initial = self.case.kind if self.case.kind in kinds else None
        self.fields["category"].choices = [("", "和母件一样"), *category_choices(self.case.office)]


class Link(MoveForm):
    other = line("和哪一件有关", help_text="填编号，如 26-00012。", most=30)
    reason = line("为什么有关", help_text="一句话，两边都看得到。")

    def clean_other(self):
        return matter_of(self, "other")


class Gather(MoveForm):
    others = ModelsChoice(
        label="和哪几件是同一件事", help_text="列的是像的、还没派出去的；不同的人说的才并成群体件。"
    )
    title = line("群体件的事由", most=100)
    text = words("大家说的是什么", least=4, help_text="不要写谁说的，彼此看不到。")

    def prepare(self):
        field = self.fields["others"]
        field.queryset = joinable(self.case, self.user)
        field.label_from_instance = lambda row: f"{row.number} {row.title}"
        self.fields["title"].initial = self.case.title


def alike(case, user):
    """Matters not yet sent out that are like this one: of the same category, in the same neighbourhood."""
    rows = Case.objects.visible_to(user).filter(
        office=case.office, state__in=grouping.JOINABLE, is_restricted=False
    )
    rows = rows.exclude(pk=case.pk).filter(
        category=case.category, area__ancestors__overlap=case.area.path[-3:]
    )
    return rows


def joinable(case, user):
    """The newest of them, as choices."""
    ids = list(alike(case, user).order_by("-registered_at").values_list("pk", flat=True)[:MOST_OFFERED])
    return Case.objects.filter(pk__in=ids).order_by("-registered_at")


class ReviewUpward(MoveForm):
    text = words("问到什么", help_text="例如“还在协商”。")
    next_on = day("下次哪天再看")


class HearUpward(MoveForm):
    result = forms.ChoiceField(label="答复是哪一种", choices=UpwardResult)
    text = words("怎么答复的", least=4)
    document = line("答复文号", required=False, most=60)


class Whistle(MoveForm):
    units = ModelsChoice(label="叫哪几家")
    level = forms.ChoiceField(label="缓急")
    text = words("请来做什么", least=4)
    place = line("到哪里", required=False, most=120)

    def prepare(self):
        self.fields["units"].queryset = handling_units(self.case.office)
        rows = whistling.levels(self.case.office).values()
        self.fields["level"].choices = [(row.code, f"{row.name}（{row.length}内）") for row in rows]
        self.fields["place"].initial = self.case.place


class AnswerCall(MoveForm):
    way = forms.ChoiceField(label="怎么来的", choices=CallAnswer)
    text = words("到场做了什么、什么意见", least=4)


class SignCall(MoveForm):
    good = forms.TypedChoiceField(
        label="办好了吗", choices=[("yes", "办好了，销哨"), ("no", "没办好，请再来")],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    text = words("说明", required=False, help_text="没办好要写还差什么。")


class Joint(MoveForm):
    host = ModelChoice(label="牵头单位")
    units = ModelsChoice(label="还有哪几家到场")
    held_at = forms.DateTimeField(
        label="到场时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = line("地点", most=120)
    summary = words("现场是什么情况", least=4)
    attachments = Attachments(label="附件")

    def prepare(self):
        for name in ("host", "units"):
            self.fields[name].queryset = handling_units(self.case.office)
        self.fields["place"].initial = self.case.place
        if self.case.lead:
            self.fields["host"].initial = self.case.lead.organisation_id


class JointSign(MoveForm):
    people = words("到场的人（姓名、职务，一人一行）", rows=2)
    finding = words("看到什么、什么意见", least=4)


class JointMeasure(MoveForm):
    organisation = ModelChoice(label="谁来做")
    person = line("具体的人", required=False, most=40)
    text = line("做什么")
    due_on = day("哪天做完")

    def prepare(self):
        units = self.subject.units.values("organisation_id") if self.subject else []
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=units).defer("services")


class MeasureDone(MoveForm):
    text = line("做得怎样")


class Champion(MoveForm):
    leader = ModelChoice(label="包靠领导（科级）")
    secretary = ModelChoice(label="社区书记", required=False)
    goal = words("办到什么程度")
    due_on = day("哪天前攻下")
    steps = words("一步一步怎么办", required=False, help_text="一行一步；行末可以写日子，如 2026-12-01。")

    def prepare(self):
        case = self.case
        self.fields["leader"].queryset = holders(case.office, Q(role__in=CHIEF))
        path = case.area.path
        heads = Q(role=Role.UNIT_HEAD, organisation__kind=OrganisationKind.COMMITTEE) | Q(role=Role.STATION)
        self.fields["secretary"].queryset = holders(case.office, heads & Q(area__in=path))
        for name in ("leader", "secretary"):
            with_title(self.fields[name])


class ChampionStep(MoveForm):
    text = line("做什么")
    due_on = day("哪天前")


class ChampionReport(MoveForm):
    text = words("做了什么、结果怎样", least=4)


class ChampionEnd(MoveForm):
    outcome = forms.ChoiceField(
        label="结果",
        choices=[
            (ChampionOutcome.SOLVED.value, ChampionOutcome.SOLVED.label),
            (ChampionOutcome.STEADY.value, ChampionOutcome.STEADY.label),
        ],
    )
    text = words("说明", least=4)
