"""Points that are looked at by night, the rounds, and what was found at each point."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.cases.models import Case


class PointKind(models.TextChoices):
    ACQUIRED = "acquired", "征收地块"
    DUST = "dust", "扬尘点"
    YARD = "yard", "堆场"
    KEY_PLOT = "key_plot", "重点地块"
    PART = "part", "重点部位"
    OTHER = "other", "其他点位"


class PointQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Points are no secret inside the house: whoever holds a post there sees all of the office."""
        return self.filter(office_id=user.office_id)

    def live(self, on=None):
        from huiyin.rules import clock

        on = on or clock.today()
        return self.filter(models.Q(until_on=None) | models.Q(until_on__gt=on), from_on__lte=on)


class CheckPoint(OfficeModel):
    """A place to look at: who answers for it being in order, and why it is on the list."""

    number = models.CharField("点位号", max_length=12)
    name = models.CharField("点位", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=PointKind)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="网格")
    place = models.CharField("位置", max_length=120, blank=True)
    unit = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="+", verbose_name="责任单位")
    look_for = models.CharField("看什么", max_length=200, blank=True)
    is_key = models.BooleanField("带班必查", default=True)
    from_on = models.DateField("列入")
    until_on = models.DateField("移出", null=True)
    why_off = models.CharField("移出的原因", max_length=100, blank=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = "夜查点位"
        constraints = [models.UniqueConstraint("office", "number", name="check_point_number")]

    def __str__(self):
        return self.name


class NightRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id)


class NightRound(OfficeModel):
    """One night: who leads, until when it must be put right, by when another has accepted it."""

    on = models.DateField("哪天夜里")
    leader = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="带班领导")
    unit = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="+", verbose_name="牵头单位")
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+")
    report_by = models.DateTimeField("各单位查完")
    rectify_by = models.DateTimeField("整改到")
    accept_by = models.DateTimeField("验收到")
    note = models.CharField("说明", max_length=200, blank=True)
    planned_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField("安排")

    objects = NightRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "夜查"
        constraints = [models.UniqueConstraint("office", "on", name="night_round_once")]

    def __str__(self):
        return f"{self.on:%m月%d日}夜查"


class CheckResult(models.TextChoices):
    """Empty until somebody has looked."""

    FINE = "fine", "没有问题"
    FOUND = "found", "发现问题"


class NightCheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id)

    def findings_of(self, user):
        """Checks whose matter this user may read."""
        return self.visible_to(user).filter(case__in=Case.objects.visible_to(user))


class NightCheck(OfficeModel):
    """One point on one night by one unit: looked at once, with what came of it."""

    round = models.ForeignKey(NightRound, models.PROTECT, related_name="checks")
    point = models.ForeignKey(CheckPoint, models.PROTECT, related_name="checks")
    unit = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="+", verbose_name="谁查")
    result = models.CharField("结果", max_length=8, choices=CheckResult, blank=True)
    note = models.CharField("情况", max_length=300, blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="night_checks")
    checked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField("查的时间", null=True)

    objects = NightCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "夜查记录"
        constraints = [
            models.UniqueConstraint("office", "round", "point", "unit", name="night_check_once"),
            models.CheckConstraint(
                condition=models.Q(result="found", case__isnull=False) | ~models.Q(result="found"),
                name="night_finding_is_a_matter",
            ),
        ]
        indexes = [
            models.Index("round", "unit", name="night_check_round"),
            models.Index("case", name="night_check_case", condition=models.Q(case__isnull=False)),
        ]

    def __str__(self):
        return f"{self.point} {self.get_result_display()}"
