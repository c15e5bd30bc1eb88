"""Responsibility letters (责任书) with the five specifics (五明确): unit, persons, time, task, requirement."""

from django.db import models

from huiyin.base.models import OfficeModel


class ResponsibilityLetter(OfficeModel):
    """None of the five may be missing; the database refuses an empty one too."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="letters")
    number = models.CharField("文号", max_length=40)
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, verbose_name="责任单位", related_name="+"
    )
    persons = models.ManyToManyField("accounts.User", verbose_name="责任人", related_name="+")
    person_names = models.CharField("责任人", max_length=200)
    due_on = models.DateField("完成时间")
    task = models.TextField("任务")
    requirement = models.TextField("要求")
    issued_at = models.DateTimeField("签发")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    signed_on = models.DateField("签订日期", null=True)
    signed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "责任书"
        constraints = [
            models.UniqueConstraint("office", "number", name="letter_number"),
            models.CheckConstraint(
                condition=~models.Q(person_names="") & ~models.Q(task="") & ~models.Q(requirement=""),
                name="letter_five_specifics",
            ),
        ]

    def __str__(self):
        return self.number
