"""Scanned letters and photos. A file may be uploaded before its matter exists; then it waits a day for it."""

from django.db import models

from huiyin.base.models import OfficeModel


class Attachment(OfficeModel):
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="attachments")
    event = models.ForeignKey("cases.CaseEvent", models.PROTECT, null=True, related_name="attachments")
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=60)
    size_bytes = models.PositiveIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    is_from_person = models.BooleanField("居民提供", default=False)
    draft = models.ForeignKey("cases.Draft", models.SET_NULL, null=True, related_name="attachments")

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index("case", name="attachment_case")]

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
