"""A person was shown the way: an emergency line, a court, the owner of the matter, the officer for secrets."""

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.states import Channel


class Direction(AppendOnly, OfficeModel):
    """Told once, by whom, what and where to go. `case` is empty when nothing was registered.

    Of what is secret nothing is kept but that the person was directed: a constraint holds the rule.
    """

    route = models.CharField("去向", max_length=30)
    name = models.CharField("去向名称", max_length=60)
    is_secret = models.BooleanField("涉密", default=False)
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="规则版本")
    channel = models.CharField("渠道", max_length=12, choices=Channel)
    told = models.TextField("告知内容")
    target = models.CharField("去哪里", max_length=80, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    law = models.TextField("依据", blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="何人")
    draft_key = models.CharField(max_length=80, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="directions")

    class Meta:
        verbose_name = "引导记录"
        constraints = [
            models.UniqueConstraint("office", "draft_key", name="direction_once"),
            models.CheckConstraint(
                condition=models.Q(is_secret=False) | models.Q(case=None), name="direction_secret_has_no_case"
            ),
        ]
        indexes = [models.Index("office", models.F("at").desc(), "id", name="direction_newest")]

    def __str__(self):
        return f"{self.name} {self.target}".strip()
