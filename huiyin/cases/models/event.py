"""The history of a matter: written once, in the transaction of the move that it records."""

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel


class CaseEvent(AppendOnly, OfficeModel):
    """One move. A mistaken entry is not erased: a later event with `voids` sets it aside and says why."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField("序号")
    verb = models.CharField("动作", max_length=30)
    at = models.DateTimeField("时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="何人")
    by_title = models.CharField("身份", max_length=80)
    from_state = models.CharField("原状态", max_length=16, blank=True)
    to_state = models.CharField("新状态", max_length=16)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    act = models.CharField("记录类别", max_length=20, blank=True)
    text = models.TextField("内容", blank=True)
    data = models.JSONField("细项", default=dict)
    is_told = models.BooleanField("已告知居民", default=False)
    assignment = models.ForeignKey("cases.Assignment", models.PROTECT, null=True, related_name="events")
    voids = models.ForeignKey("self", models.PROTECT, null=True, related_name="voided_by")

    class Meta:
        verbose_name = "经过"
        constraints = [models.UniqueConstraint("office", "case", "seq", name="case_event_seq")]
        indexes = [models.Index("case", models.F("seq").desc(), name="case_event_history")]
        ordering = ["seq"]

    def __str__(self):
        return f"{self.seq} {self.verb}"
