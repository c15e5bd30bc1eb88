"""Who owes what: the lead unit (主办) and the co-handlers (协办), each with a small life of its own."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.cases.states import OWED, AssignmentState, Part


class AssignmentQuerySet(models.QuerySet):
    def active(self):
        """Those that still count: neither returned nor released."""
        return self.exclude(state__in=[AssignmentState.RETURNED, AssignmentState.RELEASED])


class Assignment(OfficeModel):
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="assignments")
    part = models.CharField("主协办", max_length=4, choices=Part)
    state = models.CharField("状态", max_length=12, choices=AssignmentState, default=AssignmentState.SENT)
    handler = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="assignments")
    task = models.TextField("任务要求", blank=True)
    duty_item = models.CharField("职责依据", max_length=200, blank=True)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    is_designated = models.BooleanField("指定承办", default=False)
    sent_at = models.DateTimeField("派出")
    accepted_at = models.DateTimeField("签收", null=True)
    returned_at = models.DateTimeField("退回", null=True)
    return_reason = models.TextField("退回理由", blank=True)
    return_clause = models.CharField("退回依据条款", max_length=200, blank=True)
    reported_at = models.DateTimeField("报结", null=True)
    report = models.TextField("办理情况", blank=True)
    signed_off_at = models.DateTimeField("验收", null=True)
    signed_off_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "承办"
        indexes = [
            models.Index("case", "round", name="assignment_case"),
            models.Index("organisation", "state", name="assignment_desk"),
            models.Index("handler", "state", name="assignment_handler"),
        ]

    def __str__(self):
        return f"{self.organisation}（{self.get_part_display()}）"

    @property
    def is_owed(self) -> bool:
        return self.state in OWED

    @property
    def is_lead(self) -> bool:
        return self.part == Part.LEAD
