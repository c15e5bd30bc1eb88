"""How matters belong together: parts of one, related ones, many persons about one thing."""

from django.db import models
from django.db.models import Q

from huiyin.cooperation.models.base import OfCase, staffer


class Split(OfCase):
    """`case` is one demand taken out of `parent`: own number, kind, unit and history, one answer at the parent."""

    parent = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="母件")
    at = models.DateTimeField("拆出")
    by = staffer("何人", null=False)

    class Meta:
        verbose_name = "拆分"
        constraints = [models.UniqueConstraint("office", "case", name="split_child_once")]
        indexes = [models.Index("parent", name="split_parent")]

    def __str__(self):
        return self.case.number


class Link(OfCase):
    """Two matters have to do with each other: one row from each side; taken back by `removed_at`, never deleted."""

    other = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="另一件")
    reason = models.CharField("为什么相关", max_length=200)
    at = models.DateTimeField("关联")
    by = staffer("何人", null=False)
    removed_at = models.DateTimeField("解除", null=True)
    removed_by = staffer("解除人")

    class Meta:
        verbose_name = "关联"
        constraints = [
            models.UniqueConstraint("office", "case", "other", condition=Q(removed_at=None), name="link_once")
        ]

    def __str__(self):
        return self.other.number


class GroupMatter(OfCase):
    """`case` was made to hold what several persons said of the same thing; `persons` counts each of them once."""

    made_at = models.DateTimeField("并成")
    made_by = staffer("何人", null=False)
    persons = models.PositiveIntegerField("人数", default=0)

    class Meta:
        verbose_name = "群体件"
        constraints = [models.UniqueConstraint("office", "case", name="group_matter_once")]
