"""The person's verdict: contacted? solved? satisfied? One for each answer."""

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.states import Contacted, Satisfied, Solved


class Rating(AppendOnly, OfficeModel):
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField(default=1)
    contacted = models.CharField("联系过吗", max_length=4, choices=Contacted)
    solved = models.CharField("解决了吗", max_length=8, choices=Solved)
    satisfied = models.CharField("满意吗", max_length=6, choices=Satisfied)
    words = models.TextField("还想说一句", blank=True)
    rated_at = models.DateTimeField("评价时间")
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    voice = models.CharField("谁评的", max_length=40, default="")

    class Meta:
        verbose_name = "评价"
        constraints = [models.UniqueConstraint("office", "case", "round", "voice", name="rating_once")]
