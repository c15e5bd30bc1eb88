"""The log of the 24-hour hotline: who rang when, what was said or where it went."""

from django.db import models

from huiyin.reception.models.entered import Entered, WithPerson


class CallOutcome(models.TextChoices):
    ANSWERED = "answered", "当场答复"
    DISPATCHED = "dispatched", "转为事项"


class HotlineCall(WithPerson, Entered):
    """`outcome` is empty until it is known what became of the call."""

    number = models.CharField("编号", max_length=20)
    rang_at = models.DateTimeField("来电")
    answered_at = models.DateTimeField("接起")
    ended_at = models.DateTimeField("结束", null=True)
    subject = models.CharField("事由", max_length=200)
    area = models.ForeignKey("areas.Area", models.PROTECT, null=True, related_name="+", verbose_name="网格")
    place = models.CharField("在哪里", max_length=120, blank=True)
    outcome = models.CharField("结果", max_length=12, choices=CallOutcome, blank=True)
    answer = models.TextField("怎么答的", blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="hotline_calls")

    class Meta:
        verbose_name = "热线来电"
        constraints = [
            models.UniqueConstraint("office", "number", name="hotline_call_number"),
            models.UniqueConstraint("office", "form_key", name="hotline_call_once"),
        ]
        indexes = [models.Index("office", models.F("rang_at").desc(), "id", name="hotline_call_rang")]

    def __str__(self):
        return f"{self.number} {self.subject}"

    @property
    def response_seconds(self) -> int:
        return int((self.answered_at - self.rang_at).total_seconds())
