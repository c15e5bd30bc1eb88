"""A rule on its way: what an office has written but not activated, and how it fared on past matters."""

import hashlib
import json

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel


def digest_of(content) -> str:
    """The same content, however it is laid out, has the same digest."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class RuleDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def waiting(self):
        return self.filter(activated_at=None, dropped_at=None)


class RuleDraft(OfficeModel):
    """One office's proposal for a rule: checked, compared, tried, then activated or dropped."""

    name = models.CharField("规则", max_length=40)
    text = models.TextField("写法")
    content = models.JSONField("内容")
    digest = models.CharField(max_length=64)
    valid_from = models.DateField("拟自哪天生效", null=True)
    source = models.TextField("来源", blank=True)
    created_at = models.DateTimeField("写成")
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("最后改动")
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    rule_set = models.ForeignKey(
        "rules.RuleSet", models.PROTECT, null=True, related_name="drafts", verbose_name="启用成的版本"
    )
    activated_at = models.DateTimeField("启用", null=True)
    activated_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField("放弃", null=True)

    objects = RuleDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "规则草稿"
        constraints = [models.UniqueConstraint("office", "rule_set", name="rule_draft_of_version")]
        indexes = [models.Index("office", "name", "changed_at", name="rule_draft_name")]

    def __str__(self):
        return f"{self.name} 草稿"

    @property
    def is_waiting(self) -> bool:
        return self.activated_at is None and self.dropped_at is None


class RuleTrial(AppendOnly, OfficeModel):
    """What a draft of exactly this content would have done to past matters, beside the version then in force."""

    draft = models.ForeignKey(RuleDraft, models.PROTECT, related_name="trials")
    digest = models.CharField(max_length=64)
    against = models.ForeignKey("rules.RuleSet", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    many = models.PositiveIntegerField("件数")
    result = models.JSONField("结果")

    class Meta:
        verbose_name = "规则试算"
        indexes = [models.Index("draft", models.F("at").desc(), name="rule_trial_draft")]
