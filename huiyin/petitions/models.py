"""What the law adds to a petition: objections, reviews with their hearings, who is accused; and what became of a suggestion."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.models import Case, OfCaseQuerySet


class JurisdictionObjection(OfficeModel):
    """管辖异议: what was passed on to us is not ours; the body that passed it on must agree (第二十三条)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="jurisdiction_objections")
    source = models.ForeignKey("cases.CaseSource", models.PROTECT, related_name="+", verbose_name="转送单位")
    reason = models.TextField("理由")
    basis = models.CharField("依据", max_length=200, blank=True)
    belongs_to = models.CharField("应当由谁办", max_length=60)
    raised_at = models.DateTimeField("提出")
    raised_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复", null=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    agreed = models.BooleanField("同意", null=True)
    answer = models.TextField("转送单位的答复", blank=True)
    document = models.CharField("对方文号", max_length=60, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "管辖异议"
        constraints = [
            models.UniqueConstraint("office", "case", "source", name="jurisdiction_objection_once")
        ]

    def __str__(self):
        return f"向{self.source.owed_to or self.source.system}提出的异议"


class ReviewLevel(models.TextChoices):
    """复查 is asked of the organ above, 复核 of the one above that; after it the matter is at its end."""

    REVIEW = "review", "复查"
    RECHECK = "recheck", "复核"


class ReviewResult(models.TextChoices):
    MAINTAINED = "maintained", "维持原意见"
    CHANGED = "changed", "变更原意见"
    REVOKED = "revoked", "撤销原意见，责令重新处理"


class ReviewQuerySet(OfCaseQuerySet):
    def open(self):
        """Asked for and not served yet."""
        return self.filter(served_on=None)


class Review(OfficeModel):
    """One request for 复查 or 复核 of one round, the opinion on it, and the day on which it was served."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    level = models.CharField("哪一级", max_length=8, choices=ReviewLevel)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    organ = models.CharField("复查（复核）机关", max_length=60)
    is_ours = models.BooleanField("由本单位出具", default=False)
    request = models.TextField("请求和理由")
    requested_on = models.DateField("提出的日子")
    taken_at = models.DateTimeField("登记")
    taken_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    due_on = models.DateField("应当答复")
    result = models.CharField("结论", max_length=12, choices=ReviewResult, blank=True)
    facts = models.TextField("查明的事实", blank=True)
    opinion = models.TextField("意见", blank=True)
    basis = models.TextField("依据", blank=True)
    document = models.CharField("意见书文号", max_length=60, blank=True)
    opinion_on = models.DateField("作出意见", null=True)
    opinion_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    served_on = models.DateField("送达", null=True)
    served_how = models.CharField("怎样送达", max_length=120, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "复查复核"
        constraints = [models.UniqueConstraint("office", "case", "round", "level", name="review_once")]
        indexes = [
            models.Index("office", "due_on", name="review_open", condition=models.Q(served_on=None)),
            models.Index("office", models.F("requested_on").desc(), "id", name="review_requested"),
        ]

    def __str__(self):
        return f"{self.requested_on:%m-%d} 提出的{self.get_level_display()}"


class Hearing(OfficeModel):
    """听证 of a 复核: the time it takes does not count (第三十六条). Only the clock of the 复核 stands still."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="hearings")
    review = models.ForeignKey(Review, models.PROTECT, related_name="hearings")
    reason = models.TextField("为什么听证")
    began_at = models.DateTimeField("决定听证")
    began_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    held_on = models.DateField("听证日期", null=True)
    place = models.CharField("地点", max_length=80, blank=True)
    people = models.TextField("参加的人", blank=True)
    summary = models.TextField("听证结论", blank=True)
    ended_at = models.DateTimeField("听证结束", null=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "听证"
        constraints = [
            models.UniqueConstraint(
                "office", "review", name="one_open_hearing", condition=models.Q(ended_at=None)
            )
        ]

    def __str__(self):
        return f"{self.review.get_level_display()}听证"


class Accused(OfficeModel):
    """被检举控告的单位或人: nothing of the matter may come to them. A person's name is encrypted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="accused")
    organisation = models.ForeignKey("orgs.Organisation", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    name = EncryptedTextField("姓名")
    named_at = models.DateTimeField("记下")
    named_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField("划去", null=True)
    cleared_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    cleared_reason = models.CharField("为什么划去", max_length=200, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "被检举控告的"
        indexes = [models.Index("case", name="accused_of_case", condition=models.Q(cleared_at=None))]

    def __str__(self):
        return str(self.organisation) if self.organisation_id else "被检举控告的人"


class Instruction(OfficeModel):
    """请示 of the main leaders and what they decided (批示)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="instructions")
    question = models.TextField("请示什么")
    proposal = models.TextField("拟办意见", blank=True)
    asked_at = models.DateTimeField("请示")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decision = models.TextField("批示", blank=True)
    decided_at = models.DateTimeField("批示时间", null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "请示批示"
        indexes = [
            models.Index("office", "asked_at", name="instruction_open", condition=models.Q(decided_at=None))
        ]

    def __str__(self):
        return f"{self.asked_by.name}的请示"


class AdoptionResult(models.TextChoices):
    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    KEPT = "kept", "留作参考"
    NOT = "not", "不采纳"


class Adoption(OfficeModel):
    """What became of a suggestion: adopted or not, why, and – when adopted – who does what by when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="adoptions")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    result = models.CharField("采纳情况", max_length=8, choices=AdoptionResult)
    reason = models.TextField("理由")
    decided_at = models.DateTimeField("研究决定")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="落实单位"
    )
    todo = models.TextField("做什么", blank=True)
    due_on = models.DateField("什么时候做完", null=True)
    done_on = models.DateField("做完了", null=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "采纳情况"
        constraints = [models.UniqueConstraint("office", "case", "round", name="adoption_once")]
        indexes = [
            models.Index(
                "office",
                "due_on",
                name="adoption_open",
                condition=models.Q(done_on=None, due_on__isnull=False),
            )
        ]

    def __str__(self):
        return self.get_result_display()

    @property
    def is_owed(self) -> bool:
        return self.due_on is not None and self.done_on is None


class AdoptionStep(AppendOnly, OfficeModel):
    """How far an adopted suggestion has come."""

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="steps")
    at = models.DateTimeField("记于")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    text = models.TextField("做到哪一步")
    is_done = models.BooleanField("做完了", default=False)
    due_on = models.DateField("改到哪天", null=True)

    class Meta:
        verbose_name = "落实经过"
