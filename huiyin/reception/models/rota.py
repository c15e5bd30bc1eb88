"""Who of the leaders receives on which day: one week, its days, and swaps between two of them."""

from django.db import models
from django.db.models import Q

from huiyin.base.models import OfficeModel
from huiyin.reception.models.entered import OfficeRows


class DayPart(models.TextChoices):
    WHOLE = "whole", "全天"
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"


class ReceiverKind(models.TextChoices):
    """As what the leader receives (党工委书记、办事处主任、人大代表、各所站负责人分日接访)."""

    SECRETARY = "secretary", "党工委书记"
    DIRECTOR = "director", "办事处主任"
    DEPUTY = "deputy", "班子成员"
    DELEGATE = "delegate", "人大代表"
    STATION_HEAD = "station_head", "所站负责人"
    OTHER = "other", "其他"


class RotaWeek(OfficeModel):
    """A week begins on its Monday. Once published its days change by agreed swaps only."""

    monday = models.DateField("周一")
    published_at = models.DateTimeField("公布", null=True)
    published_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "接访周"
        constraints = [models.UniqueConstraint("office", "monday", name="rota_week_once")]

    def __str__(self):
        return f"{self.monday} 起的一周"


class RotaDay(OfficeModel):
    week = models.ForeignKey(RotaWeek, models.PROTECT, related_name="days")
    on = models.DateField("日期")
    part = models.CharField("时段", max_length=10, choices=DayPart, default=DayPart.WHOLE)
    leader = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="rota_days", verbose_name="接访人"
    )
    kind = models.CharField("身份", max_length=16, choices=ReceiverKind, default=ReceiverKind.DEPUTY)
    place = models.CharField("地点", max_length=60, blank=True)

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "接访日"
        constraints = [models.UniqueConstraint("office", "on", "part", name="rota_day_once")]
        ordering = ["on", "-part"]

    def __str__(self):
        return f"{self.on} {self.get_part_display()} {self.leader.name}"


class RotaSwap(OfficeModel):
    """`gives` hands the day to `takes`, who agrees or not; `in_return` is the day that goes back for it."""

    day = models.ForeignKey(RotaDay, models.PROTECT, related_name="swaps")
    in_return = models.ForeignKey(RotaDay, models.PROTECT, null=True, related_name="returns")
    gives = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="原接访人")
    takes = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="换上的人")
    reason = models.CharField("缘由", max_length=200)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出")
    agreed_at = models.DateTimeField("同意", null=True)
    declined_at = models.DateTimeField("不同意", null=True)

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "调班"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day"],
                condition=Q(agreed_at=None, declined_at=None),
                name="rota_swap_open_once",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.agreed_at is None and self.declined_at is None
