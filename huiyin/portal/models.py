"""What the portal keeps for a short while: a matter being written, and wrong codes of the last hour."""

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


class WrongCode(OfficeModel):
    """One tracking code that did not fit, by a digest of the address it came from."""

    source = models.CharField(max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "查询码输错"
        indexes = [
            models.Index("source", "at", name="wrong_code_source"),
            models.Index("at", name="wrong_code_at"),
        ]
