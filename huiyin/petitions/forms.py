"""What the moves of petitions and suggestions ask for; one form for page, API and JSON Schema."""

from django import forms

from huiyin.accounts.models import User
from huiyin.cases import duties
from huiyin.cases.form_fields import ModelChoice, day, line, told, words
from huiyin.cases.move_form import MoveForm
from huiyin.orgs.models import Organisation, Post
from huiyin.petitions import reviewing
from huiyin.petitions.models import AdoptionResult, ReviewResult
from huiyin.rules import clock


def yes(label: str, yes_words: str, no_words: str, **more):
    """A choice of two that comes as True or False."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes_words), ("no", no_words)],
        coerce=lambda value: value == "yes",
        **more,
    )


class RaiseObjection(MoveForm):
    source = ModelChoice(label="向谁提出")
    reason = words("理由：为什么不属于本单位", least=10)
    belongs_to = line("应当由谁办", most=60)
    clause = forms.ChoiceField(label="职责清单的条款", required=False)

    def prepare(self):
        self.fields["source"].queryset = self.case.sources.exclude(owed_to="")
        self.fields["source"].label_from_instance = lambda row: f"{row.owed_to} {row.outside_number}".strip()
        self.fields["clause"].choices = [
            ("", "不引条款"),
            *((code, code) for code in duties.clauses(self.case.office)),
        ]


class AnswerObjection(MoveForm):
    agreed = yes("转送单位同意吗", "同意，退回去", "不同意，由我们办")
    text = words("怎么答复的")
    document = line("对方文号", required=False, most=60)
    told = told("告诉居民", required=False, help_text="同意退回时用，不写就用通常的一句话。")


class RequestReview(MoveForm):
    text = words("请求什么、为什么", least=4)
    requested_on = day("哪天提出的", required=False, help_text="不填就是今天；寄来的看邮戳。")
    organ = line("由哪个机关复查（复核）", required=False, most=60)
    is_ours = forms.BooleanField(label="意见书由本单位出具", required=False)

    def prepare(self):
        level, _ = reviewing.next_level(self.case)
        self.fields["organ"].initial = reviewing.organs(self.case).get(level, "")


class GiveReviewOpinion(MoveForm):
    result = forms.ChoiceField(label="结论", choices=ReviewResult)
    facts = words("查明的事实", rows=4)
    opinion = words("意见", rows=4)
    basis = words("依据", help_text="法律、法规、规章、政策的名称和条款。")
    document = line(
        "意见书文号", required=False, most=60, help_text="上级机关的意见书必填；本单位出具的，出文书时编号。"
    )
    opinion_on = day("哪天作出的", required=False, help_text="不填就是今天。")


class ServeReview(MoveForm):
    how = line("怎样送达", most=120, help_text="谁、当面还是邮寄、签收情况。")
    served_on = day("哪天送达", required=False, help_text="不填就是今天。")


class BeginHearing(MoveForm):
    reason = words("为什么听证")
    held_on = day("哪天举行", required=False)
    place = line("地点", required=False, most=80)


class EndHearing(MoveForm):
    held_on = day("哪天举行的")
    place = line("地点", most=80)
    people = words("参加的人", rows=2, help_text="写身份，不写信访人的住址、电话。")
    summary = words("听证结论")

    def prepare(self):
        row = self.subject
        self.fields["held_on"].initial = (row and row.held_on) or clock.today()
        self.fields["place"].initial = row.place if row else ""


class NameAccused(MoveForm):
    organisation = ModelChoice(label="被检举控告的单位", required=False)
    person = ModelChoice(
        label="被检举控告的工作人员", required=False, help_text="在本街道有岗位的人从这里选。"
    )
    name = line("名单里没有的人", required=False, most=40, help_text="姓名加密保存。")

    def prepare(self):
        office = self.case.office
        held = Post.objects.current().filter(office=office).values("user_id")
        self.fields["organisation"].queryset = (
            Organisation.objects.current().filter(office=office).order_by("code")
        )
        self.fields["person"].queryset = User.objects.filter(pk__in=held, is_active=True).order_by(
            "pinyin", "pk"
        )


class ClearAccused(MoveForm):
    reason = words("为什么划去", rows=2)


class SeekInstructions(MoveForm):
    question = words("请示什么", least=4)
    proposal = words("拟办意见", required=False)


class Instruct(MoveForm):
    decision = words("批示")


class Adopt(MoveForm):
    result = forms.ChoiceField(label="采纳情况", choices=AdoptionResult)
    reason = words("为什么", help_text="采纳、不采纳都要写理由，答复时讲给提的人听。")
    organisation = ModelChoice(label="由哪个单位落实", required=False, help_text="采纳、部分采纳的必填。")
    todo = words("做什么", required=False)
    due_on = day("什么时候做完", required=False)

    def prepare(self):
        rows = Organisation.objects.handling().filter(office=self.case.office)
        self.fields["organisation"].queryset = rows.order_by("code")
        if self.case.lead:
            self.fields["organisation"].initial = self.case.lead.organisation_id

    def conditions(self):
        adopted = {"properties": {"result": {"enum": ["adopted", "partly"]}}, "required": ["result"]}
        return {"if": adopted, "then": {"required": ["organisation", "todo", "due_on"]}}


class FollowUp(MoveForm):
    text = words("做到哪一步", least=4)
    is_done = yes("做完了吗", "做完了", "还在做", initial="no")
    due_on = day("改到哪天做完", required=False, help_text="还在做、要改日子的才填。")
    told = told("告诉提的人", required=False, help_text="做完了会告诉提的人，不写就用上面的话。")
