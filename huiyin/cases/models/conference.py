"""The petition joint conference (信访联席会议): each key matter one by one, with measure, owner, next date."""

from django.db import models

from huiyin.base.models import OfficeModel


class Conference(OfficeModel):
    """One meeting. Its list is drawn by the system from the key and late matters of the day."""

    held_on = models.DateField("会议日期")
    chair = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="主持")
    place = models.CharField("地点", max_length=60, blank=True)
    opened_at = models.DateTimeField("列单时间")
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("散会", null=True)

    class Meta:
        verbose_name = "联席会议"
        constraints = [models.UniqueConstraint("office", "held_on", name="conference_day")]

    def __str__(self):
        return f"{self.held_on} 信访联席会议"


class ConferenceItem(OfficeModel):
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="items")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="conference_items")
    position = models.PositiveSmallIntegerField("序")
    reason = models.CharField("为何上会", max_length=100)
    measure = models.TextField("措施", blank=True)
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="责任人"
    )
    next_on = models.DateField("下次汇报", null=True)

    class Meta:
        verbose_name = "上会事项"
        constraints = [models.UniqueConstraint("office", "conference", "case", name="conference_item_once")]
        ordering = ["position"]

    @property
    def is_settled(self) -> bool:
        return bool(self.measure and self.owner_id and self.next_on)
