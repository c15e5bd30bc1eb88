"""What each verb asks for: one form a verb, the same for the page, the API and its JSON Schema."""

from datetime import timedelta

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.cases import categories, deadlines, duties, record
from huiyin.cases.form_fields import Attachments, ModelChoice, ModelsChoice, ToldField, day, line, told, words
from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.states import Act, Contacted, Reply, Satisfied, Solved
from huiyin.orgs.models import Organisation
from huiyin.rules import clock

LONGEST_LIMIT = timedelta(days=3 * 366)


class MoveForm(forms.Form):
    """Base: knows the matter, the user and the subject; `cleaned_data` are the verb's keyword arguments."""

    def __init__(self, *args, case: Case, user: User, subject=None, **kwargs):
        self.case, self.user, self.subject = case, user, subject
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ToldField):
                field.prepare(case.office)
            elif isinstance(field, Attachments):
                field.prepare(user)
        self.prepare()

    def prepare(self):
        """Fill choices that depend on the matter."""

    def conditions(self) -> dict:
        """JSON Schema keywords for what one field asks of another."""
        return {}

    def perform(self):
        """Do it: validated input goes to the verb of the same name. Raises Refusal."""
        if not self.is_valid():
            raise Refusal("有几处要改，改好再交；您填的都还在。", status=400, errors=self.problems())
        arguments = dict(self.cleaned_data)
        if self.subject is not None:
            arguments["subject"] = self.subject
        return getattr(self.case, self.verb)(by=self.user, **arguments)

    def problems(self) -> dict[str, str]:
        return {name: "；".join(errors) for name, errors in self.errors.items()}


class Accept(MoveForm):
    text = told("告诉居民", required=False, help_text="不写就用通常的一句话。")
    category = forms.ChoiceField(label="分类", required=False)

    def prepare(self):
        self.fields["category"].choices = [("", "不改"), *category_choices(self.case.office)]


class Decline(MoveForm):
    reason = told("为什么不受理")
    advice = told("可以去哪里", help_text="单位、地址、电话，居民照着就能去。")


class Refer(MoveForm):
    to = line("转给谁", most=60)
    phone = line("对方电话", required=False, most=30)
    outside_number = line("对方编号", required=False, most=60)
    text = told("告诉居民")


class Merge(MoveForm):
    into = line("并入哪一件", help_text="填编号，如 26-00012。", most=30)
    reason = line("为什么是同一件", required=False)

    def clean_into(self):
        found = Case.objects.visible_to(self.user).filter(number=self.cleaned_data["into"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有这个编号，或者您看不到它。请核对编号。")
        return found


class Reason(MoveForm):
    reason = words("理由")


class OptionalReason(MoveForm):
    reason = words("说明", required=False)


class Dispatch(MoveForm):
    lead = ModelChoice(label="主办")
    co = ModelsChoice(label="协办", required=False)
    task = words("要办什么", required=False)
    due_at = forms.DateTimeField(
        label="指定期限",
        required=False,
        help_text="不填按规则算。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def prepare(self):
        units = Organisation.objects.handling().filter(office=self.case.office, pk__in=able_units())
        units = units.order_by("kind", "code")
        for name in ("lead", "co"):
            if name in self.fields:
                self.fields[name].queryset = units

    def clean_due_at(self):
        due_at = self.cleaned_data["due_at"]
        if due_at and not clock.now() < due_at < clock.now() + LONGEST_LIMIT:
            raise forms.ValidationError("指定期限要在现在之后、三年之内。")
        return due_at


class Designate(Dispatch):
    due_at = None
    reason = words("为什么由它办")


class AddUnit(Dispatch):
    lead = due_at = None
    co = ModelsChoice(label="协办单位")
    task = words("要办什么")

    def prepare(self):
        super().prepare()
        busy = [row.organisation_id for row in self.case.live_assignments if row.state != "returned"]
        self.fields["co"].queryset = self.fields["co"].queryset.exclude(pk__in=busy)


class Nothing(MoveForm):
    """The verb needs nothing but the decision."""


class ReturnWork(MoveForm):
    reason = words("为什么不是我们")
    clause = forms.ChoiceField(label="清单条款")

    def prepare(self):
        rows = duties.clauses(self.case.office)
        self.fields["clause"].choices = [
            ("", "请选一条"),
            *((key, duties.wording(row)) for key, row in rows.items()),
        ]


class AssignPerson(MoveForm):
    handler = ModelChoice(label="经办人")

    def prepare(self):
        self.fields["handler"].queryset = staff_of(self.subject.organisation_id if self.subject else None)


class Report(MoveForm):
    text = words("办了什么、结果怎样", least=4)


class Text(MoveForm):
    text = words("内容")


class Tell(MoveForm):
    text = told("内容")


class OptionalText(MoveForm):
    text = words("说明", required=False)


class Contact(MoveForm):
    how = forms.ChoiceField(
        label="怎么联系的", choices=[("phone", "打电话"), ("visit", "见面"), ("message", "留言")]
    )
    text = words("说了什么")


class Record(MoveForm):
    act = forms.ChoiceField(label="做了什么", choices=Act)
    text = words("经过")
    place = line("地点", required=False, most=120)
    due_on = day("整改期限", required=False, help_text="整改意见必填。")
    attachments = Attachments(label="附件")

    def conditions(self):
        is_opinion = {"properties": {"act": {"const": Act.OPINION.value}}, "required": ["act"]}
        return {"if": is_opinion, "then": {"required": ["due_on"]}}


class Attach(MoveForm):
    attachments = Attachments(label="附件", required=True)
    text = line("说明", required=False)


class Supervise(MoveForm):
    text = words("要求")
    unit = ModelChoice(label="督办谁", required=False, help_text="不选就是还欠着的那家。")

    def prepare(self):
        ids = [row.organisation_id for row in self.case.live_assignments]
        self.fields["unit"].queryset = Organisation.objects.filter(pk__in=ids)


class AskExtension(MoveForm):
    deadline = ModelChoice(label="哪个时限")
    amount = forms.IntegerField(label="延长多少", min_value=1, max_value=365, help_text="单位同这个时限。")
    reason = words("理由")

    def prepare(self):
        self.fields["deadline"].queryset = deadlines.extendable(self.case)
        self.fields["deadline"].label_from_instance = lambda row: deadlines.rule_of(row).name


class DecideExtension(MoveForm):
    approve = forms.TypedChoiceField(
        label="批准吗", choices=[("yes", "批准"), ("no", "不批准")], coerce=lambda value: value == "yes"
    )
    text = told("告诉居民的理由", help_text="不批准时是给单位的理由。")


class Pause(MoveForm):
    reason = words("等什么")
    review_on = day("哪天再看", help_text="要在今天之后。")
    told = told("告诉居民")


class Escalate(MoveForm):
    to = line("报给谁", most=60)
    text = words("报了什么")
    document = line("文号", required=False, most=60)
    outside_number = line("对方编号", required=False, most=60)


class Verify(MoveForm):
    text = words("怎么核实的、看到什么", least=4)
    is_true = forms.TypedChoiceField(
        label="反映属实吗",
        choices=[("yes", "属实"), ("no", "不属实")],
        coerce=lambda value: value == "yes",
        initial="yes",
    )


class Answer(MoveForm):
    text = told("给居民的答复", rows=6, letter=True)
    outcome = forms.ChoiceField(
        label="结果",
        choices=[("solved", "解决了"), ("explained", "说明了情况"), ("unsupported", "没能办成，说明了理由")],
    )
    reply_by = forms.ChoiceField(label="怎样送到", choices=Reply)
    delivered = line("送达经过", required=False, help_text="谁、什么时候、怎么说的；换了办法要写原因。")
    attachments = Attachments(label="附件")

    def prepare(self):
        wish = self.case.reply_by
        self.fields["reply_by"].initial = wish
        self.fields["reply_by"].choices = sorted(Reply.choices, key=lambda choice: choice[0] != wish)

    def conditions(self):
        as_wished = {"properties": {"reply_by": {"const": self.case.reply_by}}}
        why = {"properties": {"delivered": {"minLength": 1, "pattern": r"\S"}}, "required": ["delivered"]}
        return {"if": as_wished, "else": why}


class FeedBack(MoveForm):
    source = ModelChoice(label="向谁反馈")
    text = words("反馈内容", help_text="查了什么、怎么改的、现在怎样、怎样防止反复。", least=4)
    document = line("文号", required=False, most=60)

    def prepare(self):
        self.fields["source"].queryset = self.case.sources.exclude(owed_to="")
        self.fields["source"].label_from_instance = lambda row: f"{row.owed_to} {row.outside_number}".strip()


class Close(MoveForm):
    look_back_on = day("哪天回头看", required=False)


class LookBack(MoveForm):
    text = words("看到什么")
    has_relapsed = forms.TypedChoiceField(
        label="反弹了吗",
        choices=[("no", "没有"), ("yes", "反弹了，重新办")],
        coerce=lambda value: value == "yes",
    )
    next_on = day("下次哪天再看", required=False, help_text="要在今天之后。")


class Rate(MoveForm):
    contacted = forms.ChoiceField(
        label="有人联系过您，或去现场看过吗？", choices=Contacted, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(label="事情解决了吗？", choices=Solved, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(label="您满意吗？", choices=Satisfied, widget=forms.RadioSelect)
    words = forms.CharField(
        label="还想说一句", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class IssueLetter(MoveForm):
    organisation = ModelChoice(label="责任单位")
    persons = ModelsChoice(label="责任人")
    due_on = day("完成时间", help_text="今天或以后。")
    task = words("任务")
    requirement = words("要求")

    def prepare(self):
        office = self.case.office
        self.fields["organisation"].queryset = Organisation.objects.handling().filter(office=office)
        self.fields["persons"].queryset = User.objects.filter(office=office, is_active=True).order_by(
            "pinyin"
        )


class SignLetter(MoveForm):
    signed_on = day("签订日期", required=False, help_text="不填就是今天。")


class Amend(MoveForm):
    reason = words("为什么更正")
    title = line("事由", required=False, most=100)
    description = words("说了什么", required=False)
    wants = words("要什么", required=False)
    category = forms.ChoiceField(label="分类", required=False)
    area = ModelChoice(label="网格", required=False)
    place = line("在哪里", required=False, most=120)
    group_size = forms.IntegerField(label="人数", required=False, min_value=1, max_value=100000)
    reply_by = forms.ChoiceField(label="怎么告诉本人", required=False, choices=[("", "不改"), *Reply.choices])

    def prepare(self):
        self.fields["category"].choices = [("", "不改"), *category_choices(self.case.office)]
        self.fields["area"].queryset = (
            Area.objects.valid().grids().filter(office=self.case.office).order_by("code")
        )


class VoidEntry(MoveForm):
    entry = ModelChoice(label="哪一条")
    reason = words("为什么划去")

    def prepare(self):
        rows = strikeable(self.case, self.user)
        self.fields["entry"].queryset = rows
        self.fields["entry"].label_from_instance = lambda row: f"{row.at:%m-%d} {row.text[:30]}"


def category_choices(office) -> list[tuple[str, str]]:
    """Leaves of the category tree as (code, path)."""
    return [
        (row["code"], " › ".join(row["path"])) for row in categories.table(office).values() if row["is_leaf"]
    ]


def strikeable(case, user):
    """Records that `user` may strike out: the centre any of them, others their own."""
    ids = [row.pk for row in may_strike(case, user)]
    return CaseEvent.objects.filter(case=case, pk__in=ids).order_by("-seq")


def may_strike(case, user) -> list[CaseEvent]:
    """The rows of `strikeable`."""
    from huiyin.cases.verbs.correcting import MAY_STRIKE_ALL, STRIKEABLE

    events = record.rows(case, "events")
    struck = {event.voids_id for event in events}
    rows = [event for event in events if event.verb in STRIKEABLE and event.pk not in struck]
    return rows if user.roles & MAY_STRIKE_ALL else [event for event in rows if event.by_id == user.pk]


def able_units():
    """Ids of the units where someone can take a matter today."""
    from huiyin.cases.workflow import UNIT
    from huiyin.orgs.models import Post

    return Post.objects.current().filter(role__in=UNIT, user__is_active=True).values("organisation_id")


def staff_of(organisation_id):
    """Active users who hold a post in this unit now."""
    from huiyin.orgs.models import Post

    holders = Post.objects.current().filter(organisation_id=organisation_id).values("user_id")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("pinyin")


FORMS: dict[str, type[MoveForm]] = {
    "accept": Accept, "decline": Decline, "refer": Refer, "merge": Merge, "void": Reason, "dispatch": Dispatch,
    "designate": Designate, "add_unit": AddUnit, "recall": Reason, "take": Nothing, "return_work": ReturnWork,
    "overrule": Reason, "release": OptionalReason, "assign_person": AssignPerson, "report": Report,
    "sign_off": OptionalText, "contact": Contact, "record": Record, "tell": Tell, "mark_key": Reason,
    "supervise": Supervise, "answer_notice": Text, "check_progress": Text, "ask_extension": AskExtension,
    "decide_extension": DecideExtension, "pause": Pause, "resume": OptionalText, "escalate": Escalate,
    "verify": Verify, "redo": Text, "answer": Answer, "close": Close, "feed_back": FeedBack, "withdraw": OptionalReason,
    "reopen": Reason, "look_back": LookBack, "rate": Rate, "issue_letter": IssueLetter,
    "sign_letter": SignLetter, "amend": Amend, "void_entry": VoidEntry, "attach": Attach,
}  # fmt: skip


def form_for(verb: str, case, user, data=None, subject=None) -> MoveForm:
    """The form of `verb` for this matter, bound when `data` is given."""
    form = FORMS[verb](data, case=case, user=user, subject=subject)
    form.verb = verb
    return form
