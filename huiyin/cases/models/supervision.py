"""Supervision notices (督办): first, second, answered, checked."""

from django.db import models

from huiyin.base.models import OfficeModel


class SupervisionNotice(OfficeModel):
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notices")
    assignment = models.ForeignKey("cases.Assignment", models.PROTECT, null=True, related_name="notices")
    organisation = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="notices")
    number = models.CharField("文号", max_length=40)
    level = models.PositiveSmallIntegerField("第几次", default=1)
    cause = models.CharField("缘由", max_length=10, choices=[("late", "超期"), ("key", "重点")])
    round = models.PositiveSmallIntegerField(default=1)
    text = models.TextField("督办要求")
    issued_at = models.DateTimeField("发出")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField("回复期限")
    answered_at = models.DateTimeField("回复", null=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answer = models.TextField("回复内容", blank=True)

    class Meta:
        verbose_name = "督办通知"
        constraints = [models.UniqueConstraint("office", "number", name="notice_number")]
        indexes = [
            models.Index("case", "round", name="notice_case"),
            models.Index("due_at", name="notice_open", condition=models.Q(answered_at=None)),
        ]

    def __str__(self):
        return self.number
