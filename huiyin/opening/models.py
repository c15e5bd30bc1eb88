"""A file that was handed in during set-up: checked, imported once, its content forgotten afterwards."""

from datetime import timedelta

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel
from huiyin.rules import clock

STUCK_AFTER = timedelta(minutes=10)


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def waiting(self):
        return self.filter(imported_at=None)


class Import(OfficeModel):
    """`content` (the file, Base64) and `findings` (JSON) may name residents, so both are encrypted.

    A long list comes in by parts: `done` of `fresh` lines are in, `untold` counts by unit what came since the
    units were last told, {code: [matters, of these late]}.
    """

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
    done = models.PositiveIntegerField("已经转入", default=0)
    done_at = models.DateTimeField("最近转入", null=True)
    untold = models.JSONField("还没告诉各家的", default=dict)
    trouble = models.TextField("没有成功的原因", blank=True)
    imported_at = models.DateTimeField("导入", null=True)

    objects = ImportQuerySet.as_manager()

    @property
    def is_running(self) -> bool:
        """A job has it in hand."""
        return self.started_at is not None and self.imported_at is None

    @property
    def left(self) -> int:
        """Lines of a long list that are not in yet."""
        return max(0, self.fresh - self.done)

    @property
    def is_stuck(self) -> bool:
        """Nothing came in for so long that its job may be gone; going on is safe whether it is or not."""
        latest = max(filter(None, [self.started_at, self.done_at]), default=None)
        return self.is_running and latest is not None and clock.now() - latest > STUCK_AFTER

    class Meta:
        verbose_name = "导入"
        indexes = [models.Index("office", "step", models.F("checked_at").desc(), name="import_step")]
