"""吹哨报到: departments are called to one matter; each owes an answer of its own by a time of its own."""

from django.db import models

from huiyin.cases.models import OfCaseQuerySet
from huiyin.cooperation.models.base import OfCase, staffer, unit


class Whistle(OfCase):
    """One blow. `level` is a code of the rule set `cooperation`, which says how soon and how to answer."""

    round = models.PositiveSmallIntegerField("第几轮", default=1)
    level = models.CharField("缓急", max_length=20)
    text = models.TextField("请来做什么")
    place = models.CharField("到哪里", max_length=120, blank=True)
    at = models.DateTimeField("吹哨")
    by = staffer("吹哨人", null=False)

    class Meta:
        verbose_name = "吹哨"
        indexes = [models.Index("case", name="whistle_case")]


class CallAnswer(models.TextChoices):
    ARRIVED = "arrived", "到场"
    ANSWERED = "answered", "书面答复"
    REMOTE = "remote", "电话会商"


class CallQuerySet(OfCaseQuerySet):
    def waiting(self):
        """Called, and neither answered nor let go."""
        return self.filter(answered_at=None, released_at=None)

    def unsigned(self):
        """Not yet signed off by the one who called."""
        return self.filter(signed_at=None, released_at=None)


class Call(OfCase):
    """What one department owes to a whistle. A work sent back keeps the first answer's moment: late stays late."""

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="calls")
    organisation = unit("被叫单位")
    due_at = models.DateTimeField("最晚答复")
    length = models.CharField("时限", max_length=30)
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+")
    calendar = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复", null=True)
    first_answered_at = models.DateTimeField("首次答复", null=True)
    answered_by = staffer("答复人")
    way = models.CharField("怎么来的", max_length=10, choices=CallAnswer, blank=True)
    answer = models.TextField("说了什么、做了什么", blank=True)
    sent_back = models.PositiveSmallIntegerField("退回几次", default=0)
    signed_at = models.DateTimeField("销哨", null=True)
    signed_by = staffer("销哨人")
    released_at = models.DateTimeField("不用来了", null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "吹哨的单位"
        constraints = [models.UniqueConstraint("office", "whistle", "organisation", name="call_once")]
        indexes = [
            models.Index("office", "due_at", name="call_due"),
            models.Index("case", name="call_case"),
            models.Index("organisation", "due_at", name="call_unit"),
        ]

    def __str__(self):
        return str(self.organisation)

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.released_at is None
