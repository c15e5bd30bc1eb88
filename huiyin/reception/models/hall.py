"""The one-stop hall: windows, who sits there, and one visit with its ticket, item and result."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from huiyin.base.ids import tracking_code
from huiyin.base.models import OfficeModel
from huiyin.cases.states import Satisfied
from huiyin.reception.models.entered import Entered, OfficeRows, WithPerson
from huiyin.rules import clock


class WindowQuerySet(OfficeRows):
    def current(self, on=None):
        on = on or clock.today()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on), opened_on__lte=on)


class Window(OfficeModel):
    number = models.PositiveSmallIntegerField("窗口号")
    name = models.CharField("窗口", max_length=40)
    organisation = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="windows")
    groups = ArrayField(models.CharField(max_length=8), verbose_name="办哪几类")
    opened_on = models.DateField("启用")
    closed_on = models.DateField("停用", null=True, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = "窗口"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"], condition=Q(closed_on=None), name="window_number_current"
            )
        ]

    def __str__(self):
        return f"{self.number} 号 {self.name}"


class DutyQuerySet(OfficeRows):
    def current(self, on=None):
        on = on or clock.today()
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)


class WindowDuty(OfficeModel):
    """Which post serves the window in which period."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="duties")
    post = models.ForeignKey("orgs.Post", models.PROTECT, related_name="+", verbose_name="窗口人员")
    start_on = models.DateField("起")
    end_on = models.DateField("止", null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "窗口值守"
        indexes = [models.Index("window", "end_on", name="window_duty")]


class TicketState(models.TextChoices):
    WAITING = "waiting", "等候"
    CALLED = "called", "在窗口"
    DONE = "done", "办过"
    LEFT = "left", "过号"


class HallResult(models.TextChoices):
    FINISHED = "finished", "当场办结"
    SUPPLEMENT = "supplement", "一次性告知补件"
    TRANSFERRED = "transferred", "转为事项"


class HallVisit(WithPerson, Entered):
    """`ticket` counts from 1 each day; `code` opens the person's own page of this visit."""

    on = models.DateField("日期")
    ticket = models.PositiveSmallIntegerField("号")
    code = models.CharField(max_length=11, unique=True, default=tracking_code)
    service = models.CharField("服务事项", max_length=20)
    group = models.CharField("类", max_length=8)
    state = models.CharField("状态", max_length=8, choices=TicketState, default=TicketState.WAITING)
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="visits")
    officer = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField("叫号", null=True)
    done_at = models.DateTimeField("办完", null=True)
    result = models.CharField("结果", max_length=12, choices=HallResult, blank=True)
    missing = ArrayField(models.CharField(max_length=80), default=list, verbose_name="要补的")
    note = models.CharField("说明", max_length=200, blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="hall_visits")
    rating = models.CharField("服务评价", max_length=8, choices=Satisfied, blank=True)
    rated_at = models.DateTimeField("评价时间", null=True)

    class Meta:
        verbose_name = "大厅来办"
        constraints = [
            models.UniqueConstraint("office", "on", "ticket", name="hall_visit_ticket"),
            models.UniqueConstraint("office", "form_key", name="hall_visit_once"),
        ]
        indexes = [models.Index("office", "on", "state", "ticket", name="hall_visit_queue")]

    def __str__(self):
        return f"{self.on} {self.ticket} 号"
