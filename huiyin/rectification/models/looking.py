"""Rounds of looking back at what was closed: due, kept, or relapsed."""

from django.db import models
from django.db.models import Q

from huiyin.base.models import OfficeModel
from huiyin.cases.models import OfCaseQuerySet


class RoundResult(models.TextChoices):
    PLANNED = "planned", "待看"
    KEPT = "kept", "没有反弹"
    RELAPSED = "relapsed", "反弹了"
    DROPPED = "dropped", "不用看了"


class LookBackRoundQuerySet(OfCaseQuerySet):
    def planned(self):
        return self.filter(result=RoundResult.PLANNED)

    def done(self):
        return self.filter(result__in=[RoundResult.KEPT, RoundResult.RELAPSED])


class LookBackRound(OfficeModel):
    """One look back (回头看) at a closed matter; `of_round` is the round of the matter that was closed."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="look_backs")
    of_round = models.PositiveSmallIntegerField("事项第几轮")
    number = models.PositiveSmallIntegerField("第几次")
    kind = models.CharField("种类", max_length=30)
    due_on = models.DateField("哪天看")
    result = models.CharField("结果", max_length=10, choices=RoundResult, default=RoundResult.PLANNED)
    done_at = models.DateTimeField("看了", null=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    text = models.TextField("看到什么", blank=True)

    objects = LookBackRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "回头看"
        constraints = [
            models.UniqueConstraint("office", "case", "of_round", "number", name="look_back_number")
        ]
        indexes = [
            models.Index("office", "due_on", "id", name="look_back_due", condition=Q(result="planned")),
            models.Index("office", "done_at", name="look_back_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self):
        return f"第 {self.number} 次回头看"
