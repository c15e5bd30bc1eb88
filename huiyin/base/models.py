"""Abstract models: every domain row has a UUIDv7 key and the office that answers for it."""

from django.db import models

from huiyin.base.ids import uuid7


class KeyedModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class OfficeModel(KeyedModel):
    """`office` leads every unique key: it is the distribution key when one server is not enough."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class AppendOnlyError(TypeError):
    """A row that is written once was about to be changed or removed."""


class AppendOnly(models.Model):
    """Rows written once. The runtime database account has no right to change them either."""

    append_only = True

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name}只能新增，不能改写")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{self._meta.verbose_name}只能新增，不能删除")
