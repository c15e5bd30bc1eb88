"""Call-backs, each try a row; what is left out of the rates, asked for by one and reviewed by another."""

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.states import Contacted, Satisfied, Solved
from huiyin.upstream.models.orders import OfMatter


class CallSource(models.TextChoices):
    """Whose call-back it was."""

    OWN = "own", "本街道回访"
    UPSTREAM = "upstream", "上级回访"
    PERSON = "person", "本人评价"


class CallResult(models.TextChoices):
    """What came of one try."""

    REACHED = "reached", "打通了"
    NO_ANSWER = "no_answer", "没人接"
    WRONG_NUMBER = "wrong_number", "号码不对"
    UNWILLING = "unwilling", "不愿意说"


class CallBack(AppendOnly, OfficeModel):
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="call_backs")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    source = models.CharField("谁回访", max_length=8, choices=CallSource)
    result = models.CharField("打通没有", max_length=12, choices=CallResult)
    contacted = models.CharField("联系过吗", max_length=4, choices=Contacted, blank=True)
    solved = models.CharField("解决了吗", max_length=8, choices=Solved, blank=True)
    satisfied = models.CharField("满意吗", max_length=6, choices=Satisfied, blank=True)
    words = models.TextField("说了什么", blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "回访"
        indexes = [models.Index("case", "round", "at", name="call_back_case")]


class Exclusion(OfficeModel):
    """Left out of the rates for a reason of the rule set; the raw fact stays where it is."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="exclusions")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    reason = models.CharField("剔除理由", max_length=30)
    words = models.TextField("情况说明")
    asked_at = models.DateTimeField("申请")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("审核", null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    is_approved = models.BooleanField("同意剔除", null=True)
    answer = models.TextField("审核意见", blank=True)

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "剔除"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "case"], condition=models.Q(decided_at=None), name="exclusion_open"
            )
        ]
        indexes = [models.Index("case", "asked_at", name="exclusion_case")]

    def __str__(self):
        return self.words[:20]
