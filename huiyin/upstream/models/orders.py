"""What the upstream sends besides the matter itself, and orders given back to it (退单)."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.cases.models import Case
from huiyin.cases.states import Satisfied, Solved
from huiyin.rules import clock


class Nature(models.TextChoices):
    """What the upstream asks of this office."""

    LEAD = "lead", "主办"
    CO = "co", "协办"
    PASS_ON = "pass_on", "转办"


class OfMatter(models.QuerySet):
    """Rows that hang on a matter."""

    def visible_to(self, user):
        """Only those whose matters `user` may read."""
        if not getattr(user, "office_id", None):
            return self.none()
        rows = Case.objects.visible_to(user).filter(pk=models.OuterRef("case_id"))
        return self.filter(models.Exists(rows), office_id=user.office_id)


class UpstreamOrder(OfficeModel):
    """One for each matter of the hotline. `number` is the upstream's own, '' for calls taken here.

    `expires_at` is the order's own limit, else that of the closing clock. The verdict stands here as it was last
    heard in this round, kept in the transaction of each move, so that rates are one query.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="upstream_orders")
    source = models.ForeignKey("cases.CaseSource", models.PROTECT, null=True, related_name="+")
    system = models.CharField("来自哪里", max_length=60, blank=True)
    number = models.CharField("上级工单号", max_length=60, blank=True)
    nature = models.CharField("工单性质", max_length=8, choices=Nature, default=Nature.LEAD)
    order_type = models.CharField("工单类型", max_length=40, blank=True)
    tags = models.CharField("标签", max_length=120, blank=True)
    company = models.CharField("企业名称", max_length=120, blank=True)
    seen = models.JSONField("上次导入的样子", default=dict)
    expires_at = models.DateTimeField("到期", null=True)
    first_unit = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="首接单位"
    )
    bounces = models.PositiveSmallIntegerField("退回次数", default=0)
    redos = models.PositiveSmallIntegerField("重办次数", default=0)
    problem_at = models.DateTimeField("成为问题工单", null=True)
    problem_why = models.CharField("为什么", max_length=120, blank=True)
    problem_settled_at = models.DateTimeField("领导批示", null=True)
    sent_round = models.PositiveSmallIntegerField("回复到第几轮", default=0)
    sent_at = models.DateTimeField("回复上级", null=True)
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    responded = models.BooleanField("按时联系", null=True)
    tries = models.PositiveSmallIntegerField("回访拨打次数", default=0)
    called_at = models.DateTimeField("回访到", null=True)
    solved = models.CharField("解决了吗", max_length=8, choices=Solved, blank=True)
    satisfied = models.CharField("满意吗", max_length=6, choices=Satisfied, blank=True)
    excluded = models.CharField("剔除理由", max_length=30, blank=True)

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "上级工单"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "system", "number"],
                condition=~models.Q(number=""),
                name="upstream_order_number",
            ),
            models.UniqueConstraint("office", "case", name="upstream_order_case"),
        ]
        indexes = [
            models.Index("office", "expires_at", "id", name="upstream_expires"),
            models.Index(
                "office",
                "problem_at",
                name="upstream_problem",
                condition=models.Q(problem_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number or self.case.number

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()

    def get_result_display(self) -> str:
        """'解决了、满意', or '' while nobody was asked."""
        return "、".join(filter(None, [self.get_solved_display(), self.get_satisfied_display()]))


class OrderReturn(OfficeModel):
    """Asked to be taken back: why, by which clause, within which window; what the upstream said."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="order_returns")
    round = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField("缘由", max_length=30)
    reason = models.TextField("理由")
    clause = models.CharField("清单条款", max_length=200, blank=True)
    until = models.DateTimeField("退单截止", null=True)
    asked_at = models.DateTimeField("提出")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("上级答复", null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    is_agreed = models.BooleanField("上级同意", null=True)
    answer = models.TextField("上级怎么说", blank=True)

    objects = OfMatter.as_manager()

    class Meta:
        verbose_name = "退单"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "case"], condition=models.Q(decided_at=None), name="order_return_open"
            )
        ]
        indexes = [models.Index("case", "asked_at", name="order_return_case")]

    def __str__(self):
        at = clock.local(self.asked_at)
        return f"{at.month}月{at.day}日提出的退单"
