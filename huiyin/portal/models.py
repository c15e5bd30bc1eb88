"""What the portal keeps for a short while: a matter being written."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel


class RaiseDraft(OfficeModel):
    """What a resident has typed so far; encrypted, gone after a day."""

    content = EncryptedTextField("内容")
    saved_at = models.DateTimeField("存于")
    expires_at = models.DateTimeField("留到")

    class Meta:
        verbose_name = "居民未交的话"
        indexes = [models.Index("expires_at", name="raise_draft_expiry")]
