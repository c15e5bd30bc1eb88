"""Messages to staff inside the application."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.rules import clock


class NoticeQuerySet(models.QuerySet):
    def unread_by(self, user):
        return self.filter(to=user, read_at=None)


class Notice(OfficeModel):
    """One message to one member of staff. `key` makes a repeated send one message."""

    to = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    level = models.CharField(max_length=10, choices=[("plain", "消息"), ("alarm", "预警")], default="plain")
    text = models.CharField("内容", max_length=300)
    url = models.CharField("去处", max_length=200)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        constraints = [models.UniqueConstraint("office", "to", "key", name="notice_once")]
        indexes = [models.Index("to", models.F("created_at").desc(), name="notice_inbox")]


def send(users, text: str, *, office, url: str, key: str, level: str = "plain"):
    """Put a message into the inbox of each user, in the transaction of what it tells about; once per key."""
    now = clock.now()
    Notice.objects.bulk_create(
        [
            Notice(office=office, to=user, text=text[:300], url=url, key=key, level=level, created_at=now)
            for user in users
        ],
        ignore_conflicts=True,
    )
