"""What is owed by when, by which version of which rule; with the pauses and extensions that moved it."""

from django.db import models

from huiyin.base.models import OfficeModel


class DeadlineQuerySet(models.QuerySet):
    def running(self):
        return self.filter(met_at=None, dropped_at=None)


class Deadline(OfficeModel):
    """One clock. `due_at` is stored for lists; it can be recomputed from the facts for any past moment."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="deadlines")
    assignment = models.ForeignKey("cases.Assignment", models.PROTECT, null=True, related_name="deadlines")
    notice = models.ForeignKey("cases.SupervisionNotice", models.PROTECT, null=True, related_name="deadlines")
    code = models.CharField("时限代码", max_length=30)
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="时限规则版本")
    calendar = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="日历版本")
    round = models.PositiveSmallIntegerField(default=1)
    amount = models.PositiveSmallIntegerField("分类自定长度", null=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    fixed_due_at = models.DateTimeField("指定期限", null=True)
    started_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("到期")
    met_at = models.DateTimeField("完成", null=True)
    dropped_at = models.DateTimeField("不再适用", null=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "时限"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(met_at=None) | models.Q(dropped_at=None), name="deadline_met_or_dropped"
            )
        ]
        indexes = [
            models.Index("case", "due_at", name="deadline_case"),
            models.Index("due_at", name="deadline_running", condition=models.Q(met_at=None, dropped_at=None)),
        ]

    def __str__(self):
        return self.code


class Pause(OfficeModel):
    """A time in which the clocks of a matter stood still."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="pauses")
    reason = models.TextField("等什么")
    review_on = models.DateField("复查日")
    from_at = models.DateTimeField("自")
    until_at = models.DateTimeField("至", null=True)

    class Meta:
        verbose_name = "挂账"
        constraints = [
            models.UniqueConstraint(
                "office", "case", condition=models.Q(until_at=None), name="one_open_pause"
            )
        ]


class Extension(OfficeModel):
    """A request for more time, decided by a leader; the person is told why."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="extensions")
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions")
    amount = models.PositiveSmallIntegerField("延长")
    unit = models.CharField("单位", max_length=20)
    reason = models.TextField("理由")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    is_approved = models.BooleanField("批准", null=True)
    told = models.TextField("告知居民的话", blank=True)

    class Meta:
        verbose_name = "延期"
        constraints = [
            models.UniqueConstraint(
                "office", "deadline", condition=models.Q(decided_at=None), name="one_open_extension"
            )
        ]
