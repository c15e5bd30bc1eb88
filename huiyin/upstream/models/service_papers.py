"""Services asked for: papers handed in once, the one notice of what is missing, how it ended."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.upstream.models.orders import OfMatter


class HeldPaper(OfficeModel):
    """A paper that this person has handed in: known from then on, in whichever matter."""

    party = models.ForeignKey("people.Party", models.PROTECT, related_name="papers")
    name = models.CharField("材料", max_length=80)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="papers")
    taken_at = models.DateTimeField("收到")
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    valid_until = models.DateField("有效到", null=True)

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "收到的材料"
        indexes = [models.Index("party", "name", models.F("taken_at").desc(), name="held_paper")]

    def __str__(self):
        return self.name


class PaperNotice(OfficeModel):
    """一次性告知: everything that is missing, told at once. A second one needs a reason."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="paper_notices")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    number = models.CharField("编号", max_length=40)
    service = models.CharField("服务事项", max_length=20)
    missing = ArrayField(models.CharField(max_length=80), verbose_name="要补的")
    reason = models.CharField("为什么再告知", max_length=200, blank=True)
    told_at = models.DateTimeField("告知")
    told_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "一次性告知单"
        constraints = [models.UniqueConstraint("office", "number", name="paper_notice_number")]
        indexes = [models.Index("case", "told_at", name="paper_notice_case")]

    def __str__(self):
        return self.number


class ServiceOutcome(models.TextChoices):
    GRANTED = "granted", "办成了"
    HANDED_OVER = "handed_over", "证照、批文已交到本人"
    NOT_POSSIBLE = "not_possible", "办不了"


class ServiceResult(OfficeModel):
    """办结结果 of one round; 办不了 names the reason and the rule."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="service_results")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    outcome = models.CharField("结果", max_length=12, choices=ServiceOutcome)
    text = models.TextField("办成什么、交了什么、为什么")
    law = models.CharField("依据", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "服务结果"
        constraints = [models.UniqueConstraint("office", "case", "round", name="service_result_round")]
