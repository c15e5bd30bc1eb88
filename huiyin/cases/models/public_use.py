"""What one address did without an account in the last hour, so that there can be an end to it."""

from django.db import models

from huiyin.base.models import OfficeModel


class PublicUse(OfficeModel):
    """One matter handed in, one file sent or one wrong tracking code; `source` is a digest of the address."""

    use = models.CharField("做了什么", max_length=12)
    source = models.CharField(max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "公开使用"
        indexes = [
            models.Index("office", "source", "use", models.F("at").desc(), name="public_use_source"),
            models.Index("at", name="public_use_at"),
        ]
