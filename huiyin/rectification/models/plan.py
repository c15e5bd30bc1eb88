"""One problem – one plan – one list of measures: versions of a plan, and its measures with their small lives."""

from django.db import models
from django.db.models import Q

from huiyin.base.models import OfficeModel
from huiyin.cases.models import OfCaseQuerySet
from huiyin.rules import clock


class PlanState(models.TextChoices):
    SUBMITTED = "submitted", "等审"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"
    SUPERSEDED = "superseded", "已换版"


class PlanQuerySet(OfCaseQuerySet):
    def in_force(self):
        """Not replaced by a later version."""
        return self.exclude(state=PlanState.SUPERSEDED)


class Plan(OfficeModel):
    """One version of the plan (整改方案) of a matter in one round; a change is a new version, checked anew."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="rectification_plans")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    version = models.PositiveSmallIntegerField("第几版", default=1)
    state = models.CharField("状态", max_length=12, choices=PlanState, default=PlanState.SUBMITTED)
    goal = models.TextField("整改目标")
    approach = models.TextField("怎么改", blank=True)
    leader = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="责任人")
    funds = models.CharField("资金", max_length=200, blank=True)
    emergency = models.TextField("应急预案", blank=True)
    due_on = models.DateField("完成时限")
    findings = models.JSONField("核对提示", default=list)
    digest = models.CharField(max_length=64, editable=False)
    written_at = models.DateTimeField("编制")
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("审定", null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.TextField("审定意见", blank=True)
    self_accepted_at = models.DateTimeField("自查验收", null=True)
    self_accepted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField("验收", null=True)
    accepted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "整改方案"
        constraints = [
            models.UniqueConstraint("office", "case", "round", "version", name="plan_version"),
            models.UniqueConstraint(
                "office", "case", "round", name="plan_in_force", condition=~Q(state="superseded")
            ),
        ]
        indexes = [
            models.Index("office", "state", "written_at", name="plan_state"),
            models.Index("office", "digest", name="plan_digest"),
        ]

    def __str__(self):
        return f"整改方案第 {self.version} 版"

    @property
    def is_approved(self) -> bool:
        return self.state == PlanState.APPROVED


class MeasureState(models.TextChoices):
    OPEN = "open", "待整改"
    DONE = "done", "已完成"
    RETURNED = "returned", "退回重改"


OWED_MEASURES = (MeasureState.OPEN, MeasureState.RETURNED)


class MeasureQuerySet(OfCaseQuerySet):
    def owed(self):
        """Still to be done, of plans that were approved."""
        return self.filter(state__in=OWED_MEASURES, plan__state=PlanState.APPROVED)

    def overdue(self, on=None):
        return self.owed().filter(due_on__lt=on or clock.today())


class Measure(OfficeModel):
    """One measure (措施): what, by which standard, who, until when, to what end; done with words and photo."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="measures")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField("第几条")
    what = models.TextField("措施")
    target = models.CharField("目标", max_length=200)
    standard = models.CharField("标准", max_length=200)
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, related_name="+", verbose_name="责任单位"
    )
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="责任人")
    due_on = models.DateField("完成时限")
    state = models.CharField("状态", max_length=10, choices=MeasureState, default=MeasureState.OPEN)
    done_at = models.DateTimeField("完成", null=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    done_text = models.TextField("怎么改的", blank=True)
    done_event = models.ForeignKey("cases.CaseEvent", models.PROTECT, null=True, related_name="+")
    returned_text = models.TextField("哪里没改好", blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "整改措施"
        constraints = [models.UniqueConstraint("office", "plan", "number", name="measure_number")]
        indexes = [
            models.Index("case", name="measure_case"),
            models.Index(
                "office", "due_on", "id", name="measure_owed", condition=Q(state__in=["open", "returned"])
            ),
            models.Index(
                "person", "due_on", name="measure_person", condition=Q(state__in=["open", "returned"])
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 条"

    @property
    def is_owed(self) -> bool:
        return self.state in OWED_MEASURES

    @property
    def is_overdue(self) -> bool:
        return self.is_owed and self.due_on < clock.today()
