"""隐患排查: what was looked at on which day, also with nothing found; and what nobody has looked at (死角)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Case, Count, F, Max, OuterRef, Q, Subquery, Sum, When

from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Words, register
from huiyin.cases.states import Channel
from huiyin.cases.wording import shorten
from huiyin.rectification import rules
from huiyin.rectification.models import HazardScreening, KeyPlace
from huiyin.rules import clock

MOST_FINDS = 10
MOST_PLACES = 2000


@transaction.atomic
def record(office, given: dict, *, by, key: str) -> HazardScreening:
    """Keep one screening; each line of `finds` becomes a hazard of its own. The same key is kept once."""
    known = HazardScreening.objects.filter(office=office, key=key).first()
    if known:
        return known
    place, area = given.get("place"), given.get("area")
    if place is None and area is None:
        raise Refusal("请选场所，或者选片区。", status=400, errors={"place": "请选一个", "area": "请选一个"})
    if given["on"] > clock.today():
        raise Refusal("排查日期不能在今天以后。", status=400, errors={"on": "太晚"})
    finds = [line.strip() for line in given.get("finds", "").splitlines() if line.strip()]
    if len(finds) > MOST_FINDS:
        raise Refusal(f"一次最多记 {MOST_FINDS} 处，再多请分开记。", status=400, errors={"finds": "太多"})
    short = next((line for line in finds if len(line) < 4), None)
    if short:
        raise Refusal(f"“{short}”太短，写清在哪里、是什么。", status=400, errors={"finds": "写清楚"})
    fixed = given.get("fixed_count") or 0
    row = HazardScreening.objects.create(
        office=office, on=given["on"], side=given["side"], area=place.area if place else area, place=place,
        organisation=given["organisation"], inspectors=given["inspectors"].strip(), looked_at=given["looked_at"].strip(),
        found_count=len(finds) + fixed, fixed_count=fixed, key=key, recorded_at=clock.now(), recorded_by=by,
    )  # fmt: skip
    row.found.set([_hazard(row, line, number, by) for number, line in enumerate(finds)])
    return row


def _hazard(row: HazardScreening, line: str, number: int, by):
    spot = row.place.name if row.place else ""
    words = Words(
        description=line, title=shorten(line), kind="hazard", channel=Channel.PATROL, area=row.area,
        place=f"{spot} {row.place.address}".strip()[:120] if row.place else "",
        particulars={"side": row.side, **({"spot": spot} if spot else {})},
    )  # fmt: skip
    return register(row.office, words, by=by, key=f"screening:{row.key}:{number}")


def days_of(place: KeyPlace, rule: dict) -> int:
    """How often this place is to be screened: its own number, else that of its kind."""
    return place.every_days or rule["kinds"].get(place.kind, rule["kinds"]["other"])["days"]


@dataclass(frozen=True)
class Spot:
    """One place or area as it is covered today."""

    place: object
    area: object
    kind: str
    every_days: int
    last_on: date | None

    @property
    def days_since(self) -> int | None:
        return (clock.today() - self.last_on).days if self.last_on else None

    @property
    def is_blind(self) -> bool:
        return self.last_on is None or self.days_since > self.every_days


def places(user) -> list[Spot]:
    """Key places with the day of their last screening, blind ones first, longest first."""
    rule = rules.content(user.office_id)["screening"]
    rows = KeyPlace.objects.visible_to(user).current().select_related("area", "user").defer("area__boundary")
    rows = rows.annotate(last_on=Max("screenings__on")).order_by("pk")[:MOST_PLACES]
    found = [
        Spot(
            row,
            row.area,
            rule["kinds"].get(row.kind, {"name": row.kind})["name"],
            days_of(row, rule),
            row.last_on,
        )
        for row in rows
    ]
    return sorted(found, key=_longest)


def areas(user) -> list[Spot]:
    """Grids with the day of their last screening, by anybody, of a place in it or of the grid itself."""
    days = rules.content(user.office_id)["screening"]["area_days"]
    last = (
        HazardScreening.objects.filter(office_id=user.office_id, area=OuterRef("pk"))
        .order_by("-on")
        .values("on")[:1]
    )
    rows = Area.objects.visible_to(user).valid().grids().defer("boundary").annotate(last_on=Subquery(last))
    return sorted(
        [Spot(None, row, "网格", days, row.last_on) for row in rows.order_by("code")[:MOST_PLACES]],
        key=_longest,
    )


def _longest(spot: Spot):
    return (not spot.is_blind, spot.last_on or date.min)


def sums(user, first: date, last: date) -> dict[str, list[dict]]:
    """By area and by unit: screenings, those that found nothing, hazards found, fixed at once."""
    rows = HazardScreening.objects.visible_to(user).filter(on__gte=first, on__lte=last).order_by()
    counted = {
        "number": Count("pk"), "zero": Count("pk", filter=Q(found_count=0)), "found": Sum("found_count"),
        "fixed": Sum("fixed_count"), "own": Count("pk", filter=Q(side="own")), "last": Max("on"),
    }  # fmt: skip
    of = {
        name: Case(
            When(area__kind=AreaKind.GRID, then=F(f"area__parent__{name}")), default=F(f"area__{name}")
        )
        for name in ("name", "code")
    }
    areas = rows.annotate(of_name=of["name"], of_code=of["code"]).values(name=F("of_name"), code=F("of_code"))
    units = rows.values(name=F("organisation__short_name"), code=F("organisation__code"))
    return {
        "areas": list(areas.annotate(**counted).order_by("code")[:200]),
        "units": list(units.annotate(**counted).order_by("code")[:200]),
    }


def period(data) -> tuple[date, date]:
    """?since=&until=; the last 30 days without. Raises Refusal 400."""
    try:
        last = date.fromisoformat(data["until"]) if data.get("until") else clock.today()
        first = date.fromisoformat(data["since"]) if data.get("since") else last - timedelta(days=29)
    except ValueError as error:
        raise Refusal("日期要写成 2026-11-22。", status=400) from error
    if first > last:
        raise Refusal("起日不能晚于止日，请改一下日期。", status=400)
    return first, last
