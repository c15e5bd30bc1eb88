"""Changes of the area tree: a corrected name, an area that ends, a new version under the same code.

The row that people, organisations and matters point to always is the present one: a new version leaves a copy
of the old one behind, with the days for which it held, so that nothing loses its area.
"""

from datetime import date

from django.db import transaction

from huiyin.areas.models import Area
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.rules import clock

COPIED = (
    "office", "code", "kind", "name", "parent", "is_exclusive", "boundary", "lon", "lat", "address", "valid_from",
)  # fmt: skip


@transaction.atomic
def rename(area: Area, *, by, name: str, reason: str) -> Area:
    """Correct a name that was wrong from the start. A place that got a new name needs `renew`."""
    area = _locked(area)
    if area.name == name:
        raise Refusal(f"现在就叫“{name}”，没有要改的。", status=400, errors={"name": "和现在的一样"})
    before, area.name = area.name, name
    area.save()
    _note("改片区名称", area, by, before=before, after=name, reason=reason)
    return area


@transaction.atomic
def close(area: Area, *, by, on: date, reason: str) -> Area:
    """The area is there until the day before `on`. Refused while something of that day still stands in it."""
    area = _locked(area)
    if area.valid_until:
        raise Refusal(f"{area.name} 已定在 {area.valid_until} 停用，不用再办。")
    if on <= area.valid_from:
        raise Refusal(
            f"停用日要晚于启用日 {area.valid_from}，请改日期。", status=400, errors={"on": "日期太早"}
        )
    standing = in_it(area, on)
    if standing:
        raise Refusal(f"{area.name} 里还有人、有组织，先安排到别处再停用。", missing=standing)
    area.valid_until = on
    area.save()
    _note("停用片区", area, by, on=str(on), reason=reason)
    return area


@transaction.atomic
def renew(area: Area, *, by, on: date, name: str, reason: str) -> Area:
    """From `on` the code stands for a new version; the former one stays readable with its days."""
    area = _locked(area)
    if on > clock.today():
        raise Refusal("新的一版只能从今天或以前的日子起，到那天再办。", status=400, errors={"on": "还没到"})
    if area.valid_until and area.valid_until <= clock.today():
        area = _after_closing(area, on, name)
    else:
        area = _in_its_place(area, on, name)
    _note("片区换新一版", area, by, on=str(on), name=name, reason=reason)
    return area


def _after_closing(area: Area, on: date, name: str) -> Area:
    """The code was given up and is taken up again."""
    if Area.objects.filter(office=area.office, code=area.code, valid_from__gt=area.valid_from).exists():
        raise Refusal("这个代码后来已有新的一版，请到新的那一版上办。")
    if on < area.valid_until:
        raise Refusal(
            f"这个代码到 {area.valid_until} 才空出来，请改日期。", status=400, errors={"on": "日期太早"}
        )
    fresh = Area(**{field: getattr(area, field) for field in COPIED} | {"name": name, "valid_from": on})
    fresh.save()
    return fresh


def _in_its_place(area: Area, on: date, name: str) -> Area:
    """The present row goes on as the new version, a copy keeps the old one."""
    if on <= area.valid_from:
        raise Refusal(
            f"新的一版要晚于现在这版的启用日 {area.valid_from}，请改日期。",
            status=400,
            errors={"on": "日期太早"},
        )
    former = Area(**{field: getattr(area, field) for field in COPIED} | {"valid_until": on})
    area.name, area.valid_from = name, on
    area.save()
    former.save()
    return area


def in_it(area: Area, on: date) -> tuple[str, ...]:
    """What would hang in the air if `area` ended on `on`: areas below, posts, organisations."""
    posts = area.posts.current(on).count()
    below = area.children.valid(on).count()
    units = area.organisations.filter(valid_from__lte=on).exclude(valid_until__lte=on).count()
    counts = ((below, "个下级片区"), (posts, "个岗位"), (units, "个组织"))
    return tuple(f"{number} {words}" for number, words in counts if number)


def _locked(area: Area) -> Area:
    return Area.objects.select_for_update(of=("self",)).select_related("parent", "office").get(pk=area.pk)


def _note(action: str, area: Area, by, **detail):
    record(action, f"area:{area.pk}", by=by, office=area.office, code=area.code, **detail)
