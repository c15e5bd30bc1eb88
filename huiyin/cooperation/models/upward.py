"""What was reported upward because it cannot be solved here, and what came back."""

from django.db import models

from huiyin.cooperation.models.base import OfCase, staffer


class UpwardResult(models.TextChoices):
    """What the district, a department or a linked unit answered."""

    SOLVED = "solved", "同意解决"
    PARTLY = "partly", "部分解决"
    DECLINED = "declined", "不能解决"


class Upward(OfCase):
    """One report upward (向上呈报) with what it asks and by when the answer is owed; open until answered or ended."""

    round = models.PositiveSmallIntegerField("第几轮", default=1)
    to = models.CharField("报给", max_length=60)
    document = models.CharField("文号", max_length=60, blank=True)
    outside_number = models.CharField("对方编号", max_length=60, blank=True)
    asked = models.TextField("请求")
    sent_at = models.DateTimeField("报出")
    sent_by = staffer("报出人", null=False)
    due_on = models.DateField("应当答复", null=True)
    review_on = models.DateField("再看", null=True)
    reviews = models.PositiveSmallIntegerField("看过几次", default=0)
    result = models.CharField("结果", max_length=10, choices=UpwardResult, blank=True)
    answer = models.TextField("答复", blank=True)
    answer_document = models.CharField("答复文号", max_length=60, blank=True)
    answered_at = models.DateTimeField("收到答复", null=True)
    answered_by = staffer("录入人")
    ended_at = models.DateTimeField("不再等", null=True)

    class Meta:
        verbose_name = "向上呈报"
        indexes = [
            models.Index("office", "review_on", name="upward_review", condition=models.Q(answered_at=None, ended_at=None)),
            models.Index("case", name="upward_case"),
        ]  # fmt: skip

    def __str__(self):
        return f"报{self.to[:12]}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.ended_at is None
