"""The audit trail: who did what to which record, when, from where, with what result."""

from django.db import models

from huiyin.base.models import AppendOnly, KeyedModel
from huiyin.rules import clock


class AuditRecord(AppendOnly, KeyedModel):
    """One act. Written in the transaction of the act itself, never changed."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField("何人", max_length=80)
    action = models.CharField("行为", max_length=40)
    subject = models.CharField("对象", max_length=80)
    address = models.CharField("来源地址", max_length=45, blank=True)
    outcome = models.CharField("结果", max_length=20, default="成功")
    detail = models.JSONField("详情", default=dict)

    class Meta:
        verbose_name = "审计记录"
        indexes = [
            models.Index("office", models.F("at").desc(), name="audit_office_at"),
            models.Index("subject", models.F("at").desc(), name="audit_subject"),
        ]


def record(
    action: str, subject: str, *, by=None, office=None, address: str = "", outcome: str = "成功", **detail
):
    """Write one audit record now, inside the current transaction."""
    return AuditRecord.objects.create(
        office=office or getattr(by, "office", None),
        at=clock.now(),
        actor=by if getattr(by, "pk", None) else None,
        actor_name=f"{by.name}（{by.title}）" if getattr(by, "pk", None) else "访客",
        action=action,
        subject=subject[:80],
        address=address,
        outcome=outcome,
        detail=detail,
    )
