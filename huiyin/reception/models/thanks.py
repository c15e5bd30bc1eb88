"""Pennants, letters and calls of thanks: for a matter, a unit or a service."""

from django.db import models
from django.db.models import Q

from huiyin.base.crypto import EncryptedTextField
from huiyin.reception.models.entered import Entered


class ThanksKind(models.TextChoices):
    PENNANT = "pennant", "锦旗"
    LETTER = "letter", "感谢信"
    CALL = "call", "来电致谢"


class Thanks(Entered):
    """`sender` is shown to the public only where `is_public`; otherwise masked."""

    kind = models.CharField("形式", max_length=10, choices=ThanksKind)
    sender = EncryptedTextField("谁送的")
    is_public = models.BooleanField("同意公开", default=False)
    on = models.DateField("日期")
    text = models.TextField("写了什么、谢什么")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="thanks")
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, related_name="thanks", verbose_name="谢哪个单位"
    )
    service = models.CharField("谢哪项服务", max_length=20, blank=True)
    photo = models.ForeignKey(
        "cases.Attachment", models.PROTECT, null=True, related_name="thanks", verbose_name="照片"
    )
    received_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="接收人")

    class Meta:
        verbose_name = "群众感谢"
        constraints = [
            models.UniqueConstraint("office", "form_key", name="thanks_once"),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(organisation__isnull=False) | ~Q(service=""),
                name="thanks_for_something",
            ),
        ]
        indexes = [models.Index("office", models.F("on").desc(), "id", name="thanks_on")]

    @property
    def masked_sender(self) -> str:
        """张*; the whole name only where the person agreed."""
        return self.sender if self.is_public else (self.sender[:1] + "*" if self.sender else "未留姓名")
