"""The inboxes of a year: what is older than a few days was read, what came lately waits for whoever plays the post."""

from datetime import timedelta

from django.db.models import F

from huiyin.notices.models import Notice
from huiyin.rules import clock

READ_AFTER = timedelta(days=2)
READ_WITHIN = timedelta(hours=3)


def read_old_messages(office):
    """May run again: marks what is unread and older than two days as read within three hours."""
    old = Notice.objects.filter(office=office, read_at=None, created_at__lt=clock.now() - READ_AFTER)
    old.update(read_at=F("created_at") + READ_WITHIN)
