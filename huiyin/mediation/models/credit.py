"""Rotating-credit societies (标会) that broke: members, claims, netting in rings. Money is yuan with two decimals."""

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel


class CreditRole(models.TextChoices):
    HEAD = "head", "会首"
    MEMBER = "member", "会员"


class ClaimState(models.TextChoices):
    STATED = "stated", "已申报"
    CONFIRMED = "confirmed", "双方确认"
    DISPUTED = "disputed", "有争议"


class CreditSociety(OfficeModel):
    """One society is one matter; its debt-clearing group (清债小组) is founded in it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="credit_societies")
    name = models.CharField("会案名称", max_length=60)
    started_on = models.DateField("起会", null=True, blank=True)
    broke_on = models.DateField("停会", null=True, blank=True)
    rounds = models.PositiveIntegerField("会期数", null=True, blank=True)
    stake = models.DecimalField("每期会钱", max_digits=14, decimal_places=2, null=True, blank=True)
    group_founded_on = models.DateField("清债小组成立", null=True, blank=True)
    group_names = models.CharField("清债小组成员", max_length=200, blank=True)
    registered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    registered_at = models.DateTimeField("登记")

    class Meta:
        verbose_name = "会案"
        constraints = [models.UniqueConstraint("office", "case", name="credit_society_once")]

    def __str__(self):
        return self.name


class CreditMember(OfficeModel):
    """A head or member. Who it is stands in Party, encrypted; papers show the number in the society."""

    society = models.ForeignKey(CreditSociety, models.PROTECT, related_name="members")
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("会中编号")
    role = models.CharField("身份", max_length=8, choices=CreditRole, default=CreditRole.MEMBER)
    shares = models.PositiveIntegerField("会份", default=1)

    class Meta:
        verbose_name = "会员"
        constraints = [
            models.UniqueConstraint("office", "society", "number", name="credit_member_number"),
            models.UniqueConstraint("office", "society", "party", name="credit_member_once"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}{self.number}号"


class Claim(OfficeModel):
    """`creditor` says that `debtor` owes the amount."""

    society = models.ForeignKey(CreditSociety, models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField("序号")
    creditor = models.ForeignKey(CreditMember, models.PROTECT, related_name="claims", verbose_name="债权人")
    debtor = models.ForeignKey(CreditMember, models.PROTECT, related_name="debts", verbose_name="债务人")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    basis = models.CharField("凭据", max_length=120)
    state = models.CharField("状态", max_length=10, choices=ClaimState, default=ClaimState.STATED)
    confirmed_on = models.DateField("双方确认", null=True)

    class Meta:
        verbose_name = "债权"
        constraints = [
            models.UniqueConstraint("office", "society", "number", name="claim_number"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="claim_amount"),
            models.CheckConstraint(condition=~models.Q(creditor=models.F("debtor")), name="claim_of_two"),
        ]


class Netting(AppendOnly, OfficeModel):
    """A ring of claims reduced by one amount (三角债划拨): nobody's balance changes, the debts get smaller."""

    society = models.ForeignKey(CreditSociety, models.PROTECT, related_name="nettings")
    amount = models.DecimalField("划拨金额", max_digits=14, decimal_places=2)
    on = models.DateField("日期")
    paper = models.CharField("凭据", max_length=120)
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录于")

    class Meta:
        verbose_name = "划拨"
        constraints = [models.UniqueConstraint("office", "takes_back", name="netting_back_once")]


class NettingLine(AppendOnly, OfficeModel):
    """One claim of the ring."""

    netting = models.ForeignKey(Netting, models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="nettings")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "划拨明细"
        constraints = [models.UniqueConstraint("office", "netting", "claim", name="netting_line_once")]


class StatedTotal(AppendOnly, OfficeModel):
    """A total that the clearing group stated in a paper, to be held against the ledger."""

    society = models.ForeignKey(CreditSociety, models.PROTECT, related_name="stated_totals")
    name = models.CharField("项目", max_length=20)
    amount = models.DecimalField("报数", max_digits=16, decimal_places=2)
    on = models.DateField("截至")
    paper = models.CharField("出处", max_length=120)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录于")

    class Meta:
        verbose_name = "报数"
