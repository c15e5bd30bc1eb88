"""Hazards: orders to stop, referrals to whoever may punish, key places, and the screenings that covered them."""

from django.db import models
from django.db.models import Q

from huiyin.base.models import OfficeModel
from huiyin.cases.models import OfCaseQuerySet
from huiyin.rules import clock


class StopKind(models.TextChoices):
    """A street may ask to stop; to order it is for the authority that the law names."""

    ADVICE = "advice", "通知先停（街道）"
    ORDER = "order", "责令停（有权机关）"


class StopOrderQuerySet(OfCaseQuerySet):
    def standing(self):
        return self.filter(lifted_at=None)


class StopOrder(OfficeModel):
    """停产停业、停用: what stands still since when, by whose decision, and when it was lifted."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="stop_orders")
    kind = models.CharField("哪一种", max_length=8, choices=StopKind)
    what = models.CharField("停什么", max_length=120)
    reason = models.TextField("为什么停")
    authority = models.CharField("决定机关", max_length=60)
    document = models.CharField("文号", max_length=60)
    issued_at = models.DateTimeField("发出")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField("解除", null=True)
    lifted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    lift_text = models.TextField("解除说明", blank=True)

    objects = StopOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "停用停业"
        indexes = [
            models.Index("case", name="stop_order_case"),
            models.Index("office", "issued_at", name="stop_standing", condition=Q(lifted_at=None)),
        ]

    def __str__(self):
        return self.what

    @property
    def number(self) -> str:
        """The number that its paper bears."""
        return self.document


class EnforcementReferral(OfficeModel):
    """移送执法: a street has no power to punish; what it found goes to the body that has, and its answer comes back."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="enforcement_referrals")
    number = models.CharField("移送文号", max_length=60)
    to = models.CharField("移送给", max_length=60)
    facts = models.TextField("查明的事实")
    basis = models.CharField("涉嫌违反", max_length=200)
    sent_at = models.DateTimeField("移送")
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    answer = models.TextField("处理结果", blank=True)
    answer_document = models.CharField("对方文号", max_length=60, blank=True)
    answered_at = models.DateTimeField("回复", null=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "移送执法"
        constraints = [models.UniqueConstraint("office", "number", name="enforcement_referral_number")]
        indexes = [models.Index("case", name="enforcement_referral_case")]

    def __str__(self):
        return f"{self.to} {self.number}"

    @property
    def issued_by(self):
        """Who answers for its paper."""
        return self.sent_by


class LeaderAlert(OfficeModel):
    """That the leaders were told of this overdue limit or measure of a major hazard: once for each due moment."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="leader_alerts")
    subject = models.UUIDField()
    due_at = models.DateTimeField("到期")
    at = models.DateTimeField("告诉领导")

    class Meta:
        verbose_name = "报领导"
        constraints = [models.UniqueConstraint("office", "subject", "due_at", name="leader_alert_once")]
        indexes = [models.Index("case", name="leader_alert_case")]


class OfOfficeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()


class KeyPlaceQuerySet(OfOfficeQuerySet):
    def current(self, on=None):
        on = on or clock.today()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)


class KeyPlace(OfficeModel):
    """重点场所: a unit or place that must be screened again and again; no names of residents."""

    name = models.CharField("场所、单位", max_length=60)
    kind = models.CharField("类别", max_length=24)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="网格")
    address = models.CharField("地址", max_length=100, blank=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="包保人")
    every_days = models.PositiveSmallIntegerField("几天查一次", null=True, blank=True)
    valid_from = models.DateField("列入")
    valid_until = models.DateField("移出", null=True, blank=True)

    objects = KeyPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "重点场所"
        constraints = [models.UniqueConstraint("office", "name", "valid_from", name="key_place_once")]
        indexes = [models.Index("office", "kind", "id", name="key_place_kind")]

    def __str__(self):
        return self.name


class ScreeningSide(models.TextChoices):
    GOVERNMENT = "government", "政府检查"
    OWN = "own", "单位自查"


class HazardScreening(OfficeModel):
    """隐患排查: one look at one place or area on one day, also when nothing was found."""

    on = models.DateField("日期")
    side = models.CharField("谁查的", max_length=12, choices=ScreeningSide)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="片区")
    place = models.ForeignKey(
        KeyPlace, models.PROTECT, null=True, blank=True, related_name="screenings", verbose_name="场所、单位"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, related_name="+", verbose_name="排查单位"
    )
    inspectors = models.CharField("排查人", max_length=120)
    looked_at = models.TextField("查了什么")
    found = models.ManyToManyField("cases.Case", related_name="hazard_screenings", verbose_name="查出的隐患")
    found_count = models.PositiveSmallIntegerField("查出几处", default=0)
    fixed_count = models.PositiveSmallIntegerField("当场改了几处", default=0)
    key = models.CharField(max_length=60, editable=False)
    recorded_at = models.DateTimeField("记录")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "隐患排查"
        constraints = [models.UniqueConstraint("office", "key", name="hazard_screening_once")]
        indexes = [
            models.Index("office", models.F("on").desc(), "id", name="hazard_screening_on"),
            models.Index("place", models.F("on").desc(), name="hazard_screening_place"),
            models.Index("area", models.F("on").desc(), name="hazard_screening_area"),
        ]

    def __str__(self):
        return f"{self.on} {self.place or self.area}"
