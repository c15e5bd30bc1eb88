"""A city problem's class as it was filed under (立案), and appeals against being counted late (超期申诉)."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.cases.models import Case


class Filing(OfficeModel):
    """One matter filed under a class: the conditions as they stood on that day, and who confirmed that they are met."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="filings")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="标准版本")
    code = models.CharField("类别代码", max_length=10)
    name = models.CharField("类别", max_length=60)
    unit_code = models.CharField("处置单位", max_length=40)
    authority = models.CharField("主管部门", max_length=60)
    file_when = models.CharField("立案条件", max_length=200)
    close_when = models.CharField("结案条件", max_length=200)
    limit_words = models.CharField("时限", max_length=60)
    needs_photo = models.BooleanField("结案要照片", default=False)
    label = models.CharField("来源类别", max_length=4)
    filed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField("立案")
    met_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    met_at = models.DateTimeField("结案条件确认", null=True)

    class Meta:
        verbose_name = "立案"
        constraints = [models.UniqueConstraint("office", "case", "round", name="filing_once_a_round")]
        indexes = [models.Index("office", "code", "filed_at", name="filing_class")]

    def __str__(self):
        return f"{self.code} {self.name}"


class AppealQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id, case__in=Case.objects.visible_to(user))

    def granted(self):
        return self.filter(is_granted=True)


class OverdueAppeal(OfficeModel):
    """A unit says why one limit was missed. Granted, the clock stays late and is only left out of the figures."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="overdue_appeals")
    deadline = models.ForeignKey("cases.Deadline", models.PROTECT, related_name="appeals")
    limit_name = models.CharField("哪个时限", max_length=60)
    organisation = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="+")
    reason_code = models.CharField("理由代码", max_length=30)
    reason = models.CharField("理由", max_length=60)
    text = models.TextField("情况")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申诉时间")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("裁定时间", null=True)
    is_granted = models.BooleanField("成立", null=True)
    decision = models.TextField("裁定理由", blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = "超期申诉"
        constraints = [
            models.UniqueConstraint(
                "office", "deadline", name="appeal_one_standing",
                condition=models.Q(is_granted=None) | models.Q(is_granted=True),
            )
        ]  # fmt: skip
        indexes = [models.Index("office", models.F("asked_at").desc(), name="appeal_asked")]

    def __str__(self):
        return f"{self.limit_name}（{self.reason}）"
