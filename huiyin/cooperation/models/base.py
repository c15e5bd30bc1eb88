"""Rows of this room hang on a matter and are read by whoever reads it."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.cases.models import OfCaseQuerySet


class OfCase(OfficeModel):
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="事项")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True


def staffer(name: str, *, null: bool = True):
    """A member of staff."""
    return models.ForeignKey(
        "accounts.User", models.PROTECT, null=null, blank=null, related_name="+", verbose_name=name
    )


def unit(name: str):
    return models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="+", verbose_name=name)
