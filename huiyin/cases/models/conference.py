"""The petition joint conference (信访联席会议): each key matter one by one, with measure, owner, next date."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from huiyin.base.crypto import EncryptedTextField
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


class Kept(models.TextChoices):
    """Was done what the conference before had settled?"""

    YES = "yes", "办到了"
    PARTLY = "partly", "办到一部分"
    NO = "no", "没办到"


class ConferenceItem(OfficeModel):
    """One matter on the list. `analysis` and `accountability` are for the named readers of its file (KeyFile)."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="items")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="conference_items")
    position = models.PositiveSmallIntegerField("序")
    reason = models.CharField("为何上会", max_length=100)
    measure = models.TextField("措施", blank=True)
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="责任人"
    )
    next_on = models.DateField("下次汇报", null=True)
    analysis = EncryptedTextField("分析")
    kept = models.CharField("上次议定的", max_length=8, choices=Kept, blank=True)
    accountability = EncryptedTextField("责任追究")

    class Meta:
        verbose_name = "上会事项"
        constraints = [models.UniqueConstraint("office", "conference", "case", name="conference_item_once")]
        ordering = ["position"]

    @property
    def is_settled(self) -> bool:
        return bool(self.measure and self.owner_id and self.next_on)


class KeyFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files in which `user` is named, of matters that `user` may read."""
        from huiyin.cases.models import Case

        return self.filter(
            office_id=user.office_id, readers__contains=[user.pk], case__in=Case.objects.visible_to(user)
        )


class KeyFile(OfficeModel):
    """重点件档案: who may read what conferences analysed about one matter. A file of a matter, never of a person."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="key_files", verbose_name="事项")
    opened_at = models.DateTimeField("建档")
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="建档人")
    readers = ArrayField(models.UUIDField(), default=list, verbose_name="知情人")

    objects = KeyFileQuerySet.as_manager()

    class Meta:
        verbose_name = "重点件档案"
        constraints = [models.UniqueConstraint("office", "case", name="key_file_once")]

    def __str__(self):
        return f"{self.case.number} 档案"
