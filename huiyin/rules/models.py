"""Rules as data: calendars, limits, procedures, categories, duty lists, roles – versioned, with a source."""

import time
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import models

from huiyin.base.models import KeyedModel
from huiyin.rules import clock, plain_yaml

SEEDS = Path(__file__).parent / "seeds"
_FRESH_SECONDS = 5.0


class RuleSetQuerySet(models.QuerySet):
    def current(self, name: str, office=None, on: date | None = None) -> "RuleSet":
        """The active version of `name` on day `on` (default today); an office's own goes before the common one.

        Raises RuleSet.DoesNotExist when there is none.
        """
        on = on or clock.today()
        office_id = getattr(office, "pk", office)
        best = None
        for row in _index():
            if row[0] == name and row[2] <= on and row[1] in (None, office_id):
                rank = (row[1] is not None, row[2], row[3])
                if best is None or rank > best[0]:
                    best = (rank, row[4])
        if best is None:
            raise RuleSet.DoesNotExist(f"规则“{name}”在 {on} 没有生效的版本，请管理员在设置里启用一版")
        return rule_set(best[1])


class RuleSet(KeyedModel):
    """One version of one rule. Once activated its content is never edited; a change is a new version."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("名称", max_length=40)
    version = models.PositiveIntegerField("版本", default=1)
    valid_from = models.DateField("生效日")
    source = models.TextField("来源")
    content = models.JSONField("内容")
    activated_at = models.DateTimeField("启用时间", null=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "规则版本"
        constraints = [
            models.UniqueConstraint("office", "name", "version", name="rule_version", nulls_distinct=False)
        ]

    def __str__(self):
        return f"{self.name} 第{self.version}版"


class Counter(models.Model):
    """The last number given out in a series, e.g. ('case', 2026). One row lock orders the numbers."""

    pk = models.CompositePrimaryKey("office", "series", "year")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "编号"


_cache: dict = {"at": 0.0, "rows": []}


def _index() -> list[tuple]:
    """(name, office id, valid from, version, id) of all active versions, read anew every few seconds."""
    if time.monotonic() - _cache["at"] > _FRESH_SECONDS:
        rows = RuleSet.objects.filter(activated_at__isnull=False)
        _cache["rows"] = list(rows.values_list("name", "office_id", "valid_from", "version", "pk"))
        _cache["at"] = time.monotonic()
    return _cache["rows"]


@lru_cache(maxsize=256)
def rule_set(pk) -> RuleSet:
    """An activated version by id. Its content never changes, so it is kept."""
    return RuleSet.objects.get(pk=pk)


def forget():
    """Read the rules anew at the next look-up (after activating one)."""
    _cache["at"] = 0.0
    rule_set.cache_clear()


def load_seeds() -> int:
    """Insert the shipped versions that are not there yet; returns how many were new."""
    known = set(RuleSet.objects.filter(office=None).values_list("name", "version"))
    fresh = []
    for path in sorted(SEEDS.glob("*.yaml")):
        data = plain_yaml.read(path.read_text())
        if (data["name"], data["version"]) not in known:
            fresh.append(RuleSet(activated_at=clock.now(), **data))
    RuleSet.objects.bulk_create(fresh)
    forget()
    return len(fresh)
