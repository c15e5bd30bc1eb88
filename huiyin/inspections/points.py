"""The list of points that are looked at by night: numbered, never deleted, taken off with the reason."""

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.inspections.models import CheckPoint
from huiyin.rules import clock


@transaction.atomic
def add(
    office, *, by, name: str, kind: str, area, unit, place: str = "", look_for: str = "", is_key: bool = True
):
    """One more point; the same name in the same grid only once while it stands."""
    name = name.strip()
    rows = CheckPoint.objects.select_for_update().filter(office=office)
    if rows.live().filter(area=area, name=name).exists():
        raise Refusal(f"{area} 已经有点位“{name}”。", status=400, errors={"name": "重名"})
    last = rows.order_by("-number").values_list("number", flat=True).first()
    number = f"D{int(last[1:]) + 1 if last else 1:03d}"
    return CheckPoint.objects.create(
        office=office, number=number, name=name, kind=kind, area=area, unit=unit, place=place.strip(),
        look_for=look_for.strip(), is_key=is_key, from_on=clock.today(), created_by=by,
    )  # fmt: skip


@transaction.atomic
def take_off(point, *, by, why: str):
    """No longer looked at from today on; earlier nights keep their records."""
    point = CheckPoint.objects.select_for_update().get(pk=point.pk)
    if point.until_on:
        raise Refusal(f"“{point}”已经移出点位清单。")
    if not why.strip():
        raise Refusal("请写为什么移出。", status=400, errors={"why": "请填"})
    point.until_on, point.why_off = clock.today(), why.strip()[:100]
    point.save(update_fields=["until_on", "why_off"])
    return point
