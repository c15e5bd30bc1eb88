"""A file that was handed in during set-up: checked, imported once, its content forgotten afterwards."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def waiting(self):
        return self.filter(imported_at=None)


class Import(OfficeModel):
    """`content` (the file, Base64) and `findings` (JSON) may name residents, so both are encrypted."""

    step = models.CharField("步骤", max_length=30)
    file_name = models.CharField("文件名", max_length=120)
    digest = models.CharField("SHA-256", max_length=64)
    options = models.JSONField("选项", default=dict)
    content = EncryptedTextField("文件")
    findings = EncryptedTextField("检查结果")
    rows = models.PositiveIntegerField("行数", default=0)
    fresh = models.PositiveIntegerField("新增", default=0)
    changed = models.PositiveIntegerField("更新", default=0)
    same = models.PositiveIntegerField("不变", default=0)
    problems = models.PositiveIntegerField("问题", default=0)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    checked_at = models.DateTimeField("检查")
    started_at = models.DateTimeField("开始", null=True)
    trouble = models.TextField("没有成功的原因", blank=True)
    imported_at = models.DateTimeField("导入", null=True)

    objects = ImportQuerySet.as_manager()

    @property
    def is_running(self) -> bool:
        """A job has it in hand."""
        return self.started_at is not None and self.imported_at is None

    class Meta:
        verbose_name = "导入"
        indexes = [models.Index("office", "step", models.F("checked_at").desc(), name="import_step")]
