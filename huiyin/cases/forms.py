"""What each verb asks for: one form a verb, the same for the page, the API and its JSON Schema."""

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.models import Area
from huiyin.cases import deadlines, particulars, record
from huiyin.cases.dispatch_forms import AddUnit, AssignPerson, Designate, Dispatch, ReturnWork
from huiyin.cases.form_fields import Attachments, ModelChoice, ModelsChoice, day, line, told, words
from huiyin.cases.models import CaseEvent
from huiyin.cases.move_form import MoveForm, category_choices
from huiyin.cases.receiving_forms import (
    CONTACTS,
    OUTCOMES,
    Accept,
    AnswerAtOnce,
    Decline,
    FollowUp,
    Merge,
    Refer,
    Relevel,
    Urge,
)  # fmt: skip
from huiyin.cases.states import Act, Contacted, Reply, Satisfied, Solved
from huiyin.orgs.models import Organisation


class Reason(MoveForm):
    reason = words("理由")


class OptionalReason(MoveForm):
    reason = words("说明", required=False)


class Nothing(MoveForm):
    """The verb needs nothing but the decision."""


class Report(MoveForm):
    text = words("办了什么、结果怎样", least=4)
    attachments = Attachments(label="附件")


class Text(MoveForm):
    text = words("内容")


class Tell(MoveForm):
    text = told("内容")


class OptionalText(MoveForm):
    text = words("说明", required=False)


class Supplement(MoveForm):
    text = words("又说了什么", least=4)
    attachments = Attachments(label="附件")


class Contact(MoveForm):
    how = forms.ChoiceField(label="怎么联系的", choices=CONTACTS)
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
    asked = words("请对方做什么", required=False, rows=2)
    document = line("文号", required=False, most=60)
    due_on = day("对方哪天前答复", required=False)
    review_on = day("哪天再看", required=False, help_text="到那天没有答复，会提醒再问。")
    outside_number = line("对方编号", required=False, most=60)


class Verify(MoveForm):
    text = words("怎么核实的、看到什么", least=4)
    is_true = forms.TypedChoiceField(
        label="反映属实吗",
        choices=[("yes", "属实"), ("no", "不属实")],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    attachments = Attachments(label="附件")


class Answer(MoveForm):
    text = told("给居民的答复", rows=6, letter=True)
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES)
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


class FillIn(MoveForm):
    reason = line("说明", required=False)

    def asked(self):
        """All particulars of the kind; none of them is asked for by force here."""
        return [row | {"required": False} for row in particulars.fields_of(self.case)]


class VoidEntry(MoveForm):
    entry = ModelChoice(label="哪一条")
    reason = words("为什么划去")

    def prepare(self):
        rows = strikeable(self.case, self.user)
        self.fields["entry"].queryset = rows
        self.fields["entry"].label_from_instance = lambda row: f"{row.at:%m-%d} {row.text[:30]}"


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


FORMS: dict[str, type[MoveForm]] = {
    "accept": Accept, "decline": Decline, "refer": Refer, "merge": Merge, "void": Reason, "dispatch": Dispatch,
    "designate": Designate, "add_unit": AddUnit, "recall": Reason, "take": Nothing, "return_work": ReturnWork,
    "overrule": Reason, "release": OptionalReason, "assign_person": AssignPerson, "report": Report,
    "sign_off": OptionalText, "contact": Contact, "record": Record, "tell": Tell, "mark_key": Reason,
    "supervise": Supervise, "answer_notice": Text, "check_progress": Text, "ask_extension": AskExtension,
    "decide_extension": DecideExtension, "pause": Pause, "resume": OptionalText, "escalate": Escalate,
    "verify": Verify, "redo": Text, "answer": Answer, "close": Close, "feed_back": FeedBack, "withdraw": OptionalReason,
    "reopen": Reason, "look_back": LookBack, "rate": Rate, "issue_letter": IssueLetter,
    "sign_letter": SignLetter, "amend": Amend, "void_entry": VoidEntry, "attach": Attach, "urge": Urge,
    "supplement": Supplement,
    "fill_in": FillIn, "answer_at_once": AnswerAtOnce, "follow_up": FollowUp, "relevel": Relevel,
}  # fmt: skip


def form_for(verb: str, case, user, data=None, subject=None) -> MoveForm:
    """The form of `verb` for this matter, bound when `data` is given."""
    return FORMS[verb](data, case=case, user=user, subject=subject, verb=verb)
