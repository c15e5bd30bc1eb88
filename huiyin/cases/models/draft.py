"""What a clerk has typed and not yet registered. It holds what people said, so it is encrypted."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel


class Draft(OfficeModel):
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=60)
    content = EncryptedTextField("内容")
    saved_at = models.DateTimeField("存于")
    joined = models.ForeignKey(
        "cases.CaseParty", models.CASCADE, null=True, related_name="+"
    )  # 催办: became this

    class Meta:
        verbose_name = "草稿"
        indexes = [models.Index("user", "form", name="draft_user")]
