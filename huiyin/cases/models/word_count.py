"""How often words occur in what an office is told: rare words say more about sameness than common ones."""

from django.db import models

from huiyin.base.models import OfficeModel


class WordCount(OfficeModel):
    """One row an office: of `total` matters, `counts[word]` hold the word. Counted anew each night."""

    total = models.PositiveIntegerField("件数")
    counts = models.JSONField("用词", default=dict)
    counted_at = models.DateTimeField("统计于")

    class Meta:
        verbose_name = "用词统计"
        constraints = [models.UniqueConstraint("office", name="word_count_office")]
