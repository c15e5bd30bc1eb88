"""Rounds of looking for disputes: opened for an area, what is found is a matter, closed with a sentence."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.mediation import rules
from huiyin.mediation.models import Screening
from huiyin.rules import clock


@transaction.atomic
def open_round(
    office, *, by, area, name: str, from_on: date, until_on: date, by_names: str, special: bool = False
):
    """A new round. The same name in the same area only once."""
    if until_on < from_on:
        raise Refusal("排查的截止日早于开始日。", status=400, errors={"until_on": "太早"})
    try:
        with transaction.atomic():
            return Screening.objects.create(
                office=office, area=area, name=name, from_on=from_on, until_on=until_on, is_special=special,
                by_names=by_names, created_by=by, created_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(f"{area}已有“{name}”，不用再设。", status=400, errors={"name": "重复"}) from None


@transaction.atomic
def found(screening, case, *, by) -> Screening:
    """A dispute found in the round; the matter itself is registered like any other."""
    screening = Screening.objects.select_for_update().get(pk=screening.pk)
    if screening.closed_at:
        raise Refusal("这一轮排查已经报结，不能再添。")
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Refusal("没有这件事，或者您看不到它。", status=404)
    screening.found.add(case)
    return screening


@transaction.atomic
def close_round(screening, *, households: int, note: str) -> Screening:
    """Report the round; zero found must be said in so many words."""
    screening = Screening.objects.select_for_update().get(pk=screening.pk)
    if screening.closed_at:
        raise Refusal("这一轮已经报结。")
    if not note.strip():
        raise Refusal("请写一句情况；一件没有也要写明“没有发现”。", status=400, errors={"note": "请填"})
    screening.households, screening.note, screening.closed_at = households, note.strip(), clock.now()
    screening.save(update_fields=["households", "note", "closed_at"])
    return screening


def overdue_areas(office, areas) -> list:
    """Areas whose last ordinary round ended longer ago than the rule allows, or that never had one."""
    days = rules.in_force(office).content["screening_days"]
    since = clock.today() - timedelta(days=days)
    rows = Screening.objects.filter(office=office, is_special=False, until_on__gte=since)
    fresh = set(rows.values_list("area_id", flat=True))
    return [area for area in areas if area.pk not in fresh]
