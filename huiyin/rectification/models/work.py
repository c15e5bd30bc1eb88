"""Work plans of the office (工作方案): goal, stages, tasks with target, standard, deadline and person; in versions."""

from django.db import models
from django.db.models import Q

from huiyin.base.models import OfficeModel
from huiyin.rectification.models.hazards import OfOfficeQuerySet
from huiyin.rules import clock


class WorkPlanState(models.TextChoices):
    DRAFT = "draft", "起草"
    ACTIVE = "active", "实施"
    ENDED = "ended", "已收尾"
    SUPERSEDED = "superseded", "已换版"


class WorkPlan(OfficeModel):
    """One version of a work plan; `code` stays the same over its versions."""

    code = models.CharField("方案号", max_length=40)
    version = models.PositiveSmallIntegerField("第几版", default=1)
    state = models.CharField("状态", max_length=12, choices=WorkPlanState, default=WorkPlanState.DRAFT)
    title = models.CharField("方案名称", max_length=100)
    goal = models.TextField("目标")
    basis = models.CharField("依据", max_length=200, blank=True)
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, related_name="+", verbose_name="牵头单位"
    )
    from_on = models.DateField("从")
    until_on = models.DateField("到")
    change = models.CharField("改了什么", max_length=200, blank=True)
    written_at = models.DateTimeField("编制")
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField("批准", null=True)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    summary = models.TextField("总结", blank=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "工作方案"
        constraints = [
            models.UniqueConstraint("office", "code", "version", name="work_plan_version"),
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="work_plan_days"),
        ]
        indexes = [models.Index("office", "state", models.F("written_at").desc(), name="work_plan_state")]

    def __str__(self):
        return self.title


class WorkTaskQuerySet(OfOfficeQuerySet):
    def owed(self):
        return self.filter(done_at=None, plan__state=WorkPlanState.ACTIVE)

    def overdue(self, on=None):
        return self.owed().filter(due_on__lt=on or clock.today())


class WorkTask(OfficeModel):
    """四明确: one task of a work plan with its target, standard, deadline and responsible person."""

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="tasks")
    stage = models.CharField("阶段", max_length=40)
    number = models.PositiveSmallIntegerField("第几项")
    what = models.TextField("任务")
    target = models.CharField("目标", max_length=200)
    standard = models.CharField("标准", max_length=200)
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, related_name="+", verbose_name="责任单位"
    )
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="责任人")
    due_on = models.DateField("完成时限")
    done_at = models.DateTimeField("完成", null=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    done_text = models.TextField("完成情况", blank=True)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="work_tasks", verbose_name="立成的事项"
    )

    objects = WorkTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "方案任务"
        constraints = [models.UniqueConstraint("office", "plan", "number", name="work_task_number")]
        indexes = [models.Index("office", "due_on", "id", name="work_task_owed", condition=Q(done_at=None))]

    def __str__(self):
        return f"第 {self.number} 项"

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < clock.today()
