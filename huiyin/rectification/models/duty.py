"""一岗双责: a leader's business duty with the safety and petition duty beside it, and decisions on accountability."""

from django.db import models
from django.db.models import Q

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel
from huiyin.orgs.models import Role
from huiyin.rectification.models.hazards import OfOfficeQuerySet
from huiyin.rules import clock

MAY_READ_DECISIONS = frozenset({Role.DIRECTOR, Role.AUDITOR})


class LeaderDutyQuerySet(OfOfficeQuerySet):
    def current(self, on=None):
        on = on or clock.today()
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)


class LeaderDuty(OfficeModel):
    """What one leader answers for from a day to a day: the line of business, and safety and petitions within it."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="领导")
    business = models.TextField("业务职责")
    safety = models.TextField("安全职责")
    petitions = models.TextField("信访职责")
    organisations = models.ManyToManyField("orgs.Organisation", related_name="+", verbose_name="分管单位")
    areas = models.ManyToManyField("areas.Area", related_name="+", blank=True, verbose_name="联系片区")
    start_on = models.DateField("起")
    end_on = models.DateField("止", null=True, blank=True)
    source = models.CharField("依据", max_length=200)

    objects = LeaderDutyQuerySet.as_manager()

    class Meta:
        verbose_name = "一岗双责"
        constraints = [
            models.UniqueConstraint("office", "user", name="leader_duty_now", condition=Q(end_on=None)),
            models.CheckConstraint(
                condition=Q(end_on=None) | Q(end_on__gte=models.F("start_on")), name="leader_duty_period"
            ),
        ]

    def __str__(self):
        return str(self.user)


class AccountabilityQuerySet(OfOfficeQuerySet):
    def visible_to(self, user):
        """Those who keep discipline read all of the office; everybody else only what concerns them."""
        rows = super().visible_to(user)
        return rows if user.roles & MAY_READ_DECISIONS else rows.filter(user=user)


class Accountability(OfficeModel):
    """问责决定: who, for what, which decision under which number. Restricted; the words are encrypted."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="对谁")
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="accountabilities"
    )
    what_for = EncryptedTextField("为什么")
    decision = models.CharField("决定", max_length=24)
    authority = models.CharField("决定机关", max_length=60)
    document = models.CharField("文号", max_length=60)
    decided_on = models.DateField("决定日")
    recorded_at = models.DateTimeField("记录")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = AccountabilityQuerySet.as_manager()

    class Meta:
        verbose_name = "问责决定"
        constraints = [models.UniqueConstraint("office", "document", "user", name="accountability_once")]

    def __str__(self):
        return self.document
