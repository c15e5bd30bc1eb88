"""What the parties agreed, and whether it was kept: obligations with a day, fulfilments with a receipt."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import AppendOnly, OfficeModel


class AgreementForm(models.TextChoices):
    """人民调解法 第28条: a written agreement, or an oral one that the mediator records."""

    WRITTEN = "written", "书面协议"
    ORAL = "oral", "口头协议"


class FulfilmentKind(models.TextChoices):
    CASH = "cash", "现金"
    PLEDGE = "pledge", "财产抵押"
    SALE = "sale", "变卖房产"
    WAIVER = "waiver", "自愿放弃"
    ACT = "act", "做到的事"


class Agreement(OfficeModel):
    """One agreement of one mediation, or of a debt-clearing group. Content is encrypted."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="agreements")
    mediation = models.ForeignKey(
        "mediation.Mediation", models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    society = models.ForeignKey(
        "mediation.CreditSociety", models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    number = models.CharField("协议编号", max_length=40)
    form = models.CharField("形式", max_length=8, choices=AgreementForm)
    content = EncryptedTextField("内容")
    agreed_on = models.DateField("生效日")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    confirm_by = models.DateField("共同申请司法确认的最后一天")
    confirmation_asked_on = models.DateField("申请司法确认", null=True)
    confirmed_on = models.DateField("司法确认", null=True)
    confirmation_refused = models.CharField("法院不予确认的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "调解协议"
        constraints = [models.UniqueConstraint("office", "number", name="agreement_number")]
        indexes = [models.Index("office", models.F("agreed_on").desc(), "id", name="agreement_day")]

    def __str__(self):
        return self.number


class Obligation(OfficeModel):
    """What somebody owes by the agreement: money (amount in yuan) or something to do."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="obligations")
    claim = models.ForeignKey(
        "mediation.Claim", models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    text = EncryptedTextField("谁做什么")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, null=True, blank=True)
    due_on = models.DateField("应在哪天以前")

    class Meta:
        verbose_name = "约定"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gt=0), name="obligation_amount"
            )
        ]
        indexes = [models.Index("agreement", "due_on", name="obligation_due")]


class Fulfilment(AppendOnly, OfficeModel):
    """Something was paid or done. A mistake is taken back by a row with `takes_back`, never by a change."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="fulfilments")
    kind = models.CharField("方式", max_length=8, choices=FulfilmentKind)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, null=True)
    on = models.DateField("日期")
    paper = models.CharField("凭据", max_length=120)
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录于")

    class Meta:
        verbose_name = "履行"
        constraints = [models.UniqueConstraint("office", "takes_back", name="fulfilment_back_once")]
