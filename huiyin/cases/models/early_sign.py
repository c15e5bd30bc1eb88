"""What a matter of early signs (苗头性问题) keeps besides: source, level, when it is looked at again."""

from django.db import models

from huiyin.base.models import OfficeModel


class EarlySign(OfficeModel):
    """One for each matter of such a kind. The levels and their rhythm stand in the rule set `procedures`.

    The person responsible is the matter's `in_charge`.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="early_signs")
    source = models.CharField("从哪里得知", max_length=120)
    level = models.CharField("等级", max_length=20)
    next_on = models.DateField("下次联系")
    missed = models.PositiveSmallIntegerField("误了几次", default=0)
    warned_on = models.DateField("最近一次提醒", null=True)

    class Meta:
        verbose_name = "苗头"
        constraints = [models.UniqueConstraint("office", "case", name="early_sign_once")]
        indexes = [models.Index("office", "next_on", name="early_sign_due")]

    def __str__(self):
        return f"{self.case_id} {self.level}"
