"""The legal consultation station: who sits when, and what was asked and advised. Both are encrypted."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel
from huiyin.reception.models.entered import Entered, OfficeRows, WithPerson
from huiyin.rules.models import RuleSet

HEADS = {"director", "deputy"}


class Referral(models.TextChoices):
    LEGAL_AID = "legal_aid", "法律援助"
    MEDIATION = "mediation", "人民调解"


def is_legal(user) -> bool:
    """Holds a post in the unit that sits for legal advice."""
    unit = RuleSet.objects.current("reception", user.office_id).content["legal_unit"]
    return any(post.organisation.code == unit for post in user.current_posts)


class ConsultationQuerySet(OfficeRows):
    def visible_to(self, user):
        """Posts of the legal unit and heads of the centre; nobody else reads what people asked."""
        rows = super().visible_to(user)
        return rows if is_legal(user) or user.roles & HEADS else rows.none()


class ConsultationDay(OfficeModel):
    """A sitting: from `starts` in slots of `minutes`, `slots` of them."""

    on = models.DateField("日期")
    worker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="坐班人")
    starts = models.TimeField("开始")
    minutes = models.PositiveSmallIntegerField("每位分钟", default=30)
    slots = models.PositiveSmallIntegerField("可约几位", default=6)
    place = models.CharField("地点", max_length=60)

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "咨询坐班"
        constraints = [
            models.UniqueConstraint("office", "on", "worker", "starts", name="consultation_day_once")
        ]


class Consultation(WithPerson, Entered):
    day = models.ForeignKey(ConsultationDay, models.PROTECT, related_name="consultations")
    slot = models.PositiveSmallIntegerField("第几位")
    topic = models.CharField("类别", max_length=20)
    question = EncryptedTextField("问什么")
    advice = EncryptedTextField("建议")
    done_at = models.DateTimeField("谈完", null=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField("取消", null=True)
    referral = models.CharField("转到", max_length=12, choices=Referral, blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="consultations")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "法律咨询"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "slot"],
                condition=models.Q(cancelled_at=None),
                name="consultation_slot",
            ),
            models.UniqueConstraint("office", "form_key", name="consultation_once"),
        ]
