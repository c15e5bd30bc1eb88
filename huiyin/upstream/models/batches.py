"""Files from the upstream, row by row, and reply files back to it, each as it was sent."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel


class OfOffice(models.QuerySet):
    def visible_to(self, user):
        """Batches of the user's own office; their rows name no person."""
        return self.filter(office_id=user.office_id) if getattr(user, "office_id", None) else self.none()


class ImportBatch(OfficeModel):
    """One file. Its rows are applied one by one, so a batch that was cut off goes on where it stopped.

    `content` (the file, Base64) is kept encrypted for a day, so that a copy with its problems marked can be had.
    """

    form_key = models.CharField(max_length=60)
    file_name = models.CharField("文件名", max_length=120)
    digest = models.CharField("SHA-256", max_length=64)
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="列对应的版本")
    content = EncryptedTextField("文件")
    uploaded_at = models.DateTimeField("上传")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    finished_at = models.DateTimeField("导完", null=True)

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = "上级工单导入"
        constraints = [models.UniqueConstraint("office", "form_key", name="upstream_import_once")]
        indexes = [models.Index("office", models.F("uploaded_at").desc(), "id", name="upstream_import_at")]

    def __str__(self):
        return self.file_name


class ImportResult(models.TextChoices):
    """What became of one row."""

    WAITING = "waiting", "等着导入"
    NEW = "new", "新登记"
    UPDATED = "updated", "更新了"
    SAME = "same", "没有变化"
    PARTLY = "partly", "部分没更新"
    REFUSED = "refused", "没有导入"


class ImportLine(OfficeModel):
    """`values` (JSON, may name a resident) lies encrypted until the row is applied, then it is emptied."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField("第几行")
    number = models.CharField("上级工单号", max_length=60, blank=True)
    values = EncryptedTextField("内容")
    result = models.CharField("结果", max_length=8, choices=ImportResult, default=ImportResult.WAITING)
    words = models.TextField("说明", blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "导入的一行"
        constraints = [models.UniqueConstraint("office", "batch", "row", name="upstream_import_row")]


class ReplyBatch(OfficeModel):
    """One reply file. Its headings and rows are kept, so every download is the same file."""

    form_key = models.CharField(max_length=60)
    number = models.CharField("批号", max_length=30)
    system = models.CharField("回复给", max_length=60)
    headings = models.JSONField("表头")
    made_at = models.DateTimeField("生成")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = "回复上级"
        constraints = [
            models.UniqueConstraint("office", "form_key", name="upstream_reply_once"),
            models.UniqueConstraint("office", "number", name="upstream_reply_number"),
        ]
        indexes = [models.Index("office", models.F("made_at").desc(), "id", name="upstream_reply_at")]

    def __str__(self):
        return self.number


class ReplyLine(OfficeModel):
    """One answered order as it was told upward; `values` is a JSON list beside the headings."""

    batch = models.ForeignKey(ReplyBatch, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField("第几行")
    order = models.ForeignKey("upstream.UpstreamOrder", models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    values = EncryptedTextField("内容")

    class Meta:
        verbose_name = "回复的一行"
        constraints = [
            models.UniqueConstraint("office", "batch", "row", name="upstream_reply_row"),
            models.UniqueConstraint("office", "order", "round", name="upstream_reply_order"),
        ]
