"""One dispute goes up four levels and stays one matter: each level is one mediation with its sessions."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.models import Case


class MediationLevel(models.IntegerChoices):
    """四级联动. Who mediates on each level, and how long, stands in the rule set `mediation`."""

    GRID = 1, "网格、邻里"
    COMMUNITY = 2, "社区调委会"
    STREET = 3, "街道调委会、工作室"
    PROFESSIONAL = 4, "行业专业、区级"


class MediationOutcome(models.TextChoices):
    OPEN = "open", "调解中"
    AGREED = "agreed", "达成协议"
    FAILED = "failed", "没有调成"
    PASSED_UP = "passed_up", "转上一级"
    WITHDRAWN = "withdrawn", "当事人不调了"


class MediationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Mediations of matters that the user may read."""
        return self.filter(office_id=user.office_id, case__in=Case.objects.visible_to(user))

    def open(self):
        return self.filter(outcome=MediationOutcome.OPEN)


class Mediation(OfficeModel):
    """The mediation of a matter on one level by one body."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="mediations")
    number = models.CharField("调解编号", max_length=40)
    level = models.PositiveSmallIntegerField("层级", choices=MediationLevel)
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, related_name="+", verbose_name="调解组织"
    )
    mediators = models.ManyToManyField("accounts.User", related_name="+", verbose_name="调解员")
    mediator_names = models.CharField("调解员", max_length=200)
    opened_at = models.DateTimeField("开始")
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    due_on = models.DateField("应当调结")
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+")
    outcome = models.CharField("结果", max_length=12, choices=MediationOutcome, default=MediationOutcome.OPEN)
    outcome_text = models.TextField("结果说明", blank=True)
    closed_at = models.DateTimeField("结束", null=True)
    turned_criminal = models.BooleanField("转为刑事案件", default=False)

    objects = MediationQuerySet.as_manager()

    class Meta:
        verbose_name = "调解"
        constraints = [
            models.UniqueConstraint("office", "number", name="mediation_number"),
            models.UniqueConstraint(
                "office", "case", name="mediation_one_open", condition=models.Q(outcome="open")
            ),
        ]
        indexes = [
            models.Index("office", models.F("opened_at").desc(), "id", name="mediation_opened"),
            models.Index("office", "due_on", name="mediation_due", condition=models.Q(outcome="open")),
        ]

    def __str__(self):
        return f"{self.number} {self.get_level_display()}"


class MediationSession(AppendOnly, OfficeModel):
    """One sitting. What was said and who came is kept encrypted; a mistake is put right in a later sitting."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="sessions")
    held_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=100)
    present = EncryptedTextField("到场的人")
    minutes = EncryptedTextField("笔录")
    result = models.CharField("这次的结果", max_length=200)
    next_on = models.DateField("下次时间", null=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录于")

    class Meta:
        verbose_name = "调解笔录"
        indexes = [models.Index("mediation", "held_at", name="mediation_session_of")]


class Screening(OfficeModel):
    """A round of looking for disputes (矛盾纠纷排查) in one area: what it found are matters."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="片区")
    name = models.CharField("排查", max_length=80)
    from_on = models.DateField("从")
    until_on = models.DateField("到")
    is_special = models.BooleanField("专项", default=False)
    by_names = models.CharField("排查的人", max_length=200)
    households = models.PositiveIntegerField("走访户数", default=0)
    note = models.TextField("情况", blank=True)
    found = models.ManyToManyField("cases.Case", related_name="screenings", verbose_name="发现的纠纷")
    closed_at = models.DateTimeField("报结", null=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记")

    class Meta:
        verbose_name = "纠纷排查"
        constraints = [
            models.UniqueConstraint("office", "area", "name", name="screening_once"),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")), name="screening_days"
            ),
        ]

    def __str__(self):
        return f"{self.area} {self.name}"
