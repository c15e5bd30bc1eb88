"""From what people call a place to its grid: names, pinyin, initials, door numbers, words around a name."""

import re
from dataclasses import dataclass, field

from django.db.models import F, Q, Value
from django.db.models.fields import TextField
from django.db.models.functions import Replace

from huiyin.areas.models import Area, AreaKind

KINDS = (AreaKind.COMMUNITY, AreaKind.GRID, AreaKind.BUILDING)
DOOR = re.compile(r"(?P<road>[一-鿿]{1,12}?(?:大道|路|街|巷|弄|里))(?P<number>\d{1,5})")
RANGE = re.compile(
    r"(?P<road>[一-鿿]{1,12}?(?:大道|路|街|巷|弄|里))(?P<first>\d{1,5})(?:[—\-–~至](?P<last>\d{1,5}))?号?"
)
MOST = 12


@dataclass
class Hit:
    """A grid (None for a whole community), and what fitted in it. `near`: the nearest door number, not the very one."""

    grid: Area | None
    community: Area | None
    places: list[Area] = field(default_factory=list)
    near: bool = False

    @property
    def spot(self) -> tuple[float, float] | None:
        """(lon, lat) of what was asked for, when it is one point."""
        one = self.places[0] if self.places else None
        known = one is not None and one.kind == AreaKind.BUILDING and one.lon is not None
        return (one.lon, one.lat) if known else None


def search(office, asked: str) -> list[Hit]:
    """The grids that fit, the nearest fit first; at most MOST. Two to four queries."""
    words = re.sub(r"\s+", "", asked)[:60]
    if not words:
        return []
    rows = _rows(office)
    found = _named(rows, words) or _inside(rows, words)
    near = False
    if not found:
        found, near = _by_door(rows, words)
    if not found:
        found = _begun(rows, words)
    found.sort(key=lambda row: (row.plain != words, not row.plain.startswith(words), len(row.plain)))
    return _by_grid(found, near)


def _rows(office):
    rows = Area.objects.valid().filter(office=office, kind__in=KINDS).select_related("parent__parent")
    rows = rows.annotate(plain=Replace("name", Value(" "), Value("")))
    return rows.defer("boundary", "parent__boundary", "parent__parent__boundary")


def _named(rows, words: str) -> list[Area]:
    fits = Q(plain__icontains=words) | Q(address__iexact=words) | Q(address__istartswith=f"{words}号")
    if not DOOR.search(words):
        fits |= Q(address__icontains=words)
    if words.isascii():
        fits |= Q(pinyin__startswith=words.lower()) | Q(initials__startswith=words.lower())
    return list(rows.filter(fits).order_by("name")[: MOST * 6])


def _inside(rows, words: str) -> list[Area]:
    """A whole name or address inside the words (柳湾里3幢201室); the longest goes first, shorter ones are dropped."""
    said = rows.annotate(said=Value(words, output_field=TextField()))
    hits = list(
        said.filter(Q(said__contains=F("plain")) | ~Q(address="") & Q(said__contains=F("address")))[
            : MOST * 6
        ]
    )
    longest = max((_length(row, words) for row in hits), default=0)
    return [row for row in hits if _length(row, words) == longest]


def _length(row: Area, words: str) -> int:
    return max(len(text) for text in (row.plain, row.address) if text and text in words)


def _by_door(rows, words: str) -> tuple[list[Area], bool]:
    """(areas, is it only the nearest): 石桥路120号 lies in 石桥路110—146号; else the nearest number of that road."""
    hit = DOOR.search(words)
    if hit is None:
        return [], False
    number, near = int(hit["number"]), []
    for row in rows.filter(address__contains=hit["road"]).order_by("code")[:2000]:
        for part in RANGE.finditer(row.address):
            if part["road"] != hit["road"]:
                continue
            first, last = int(part["first"]), int(part["last"] or part["first"])
            away = 0 if first <= number <= last else min(abs(number - first), abs(number - last))
            near.append((away, row))
    if not near:
        return [], False
    best = min(away for away, _ in near)
    return [row for away, row in near if away == best], best > 0


def _begun(rows, words: str) -> list[Area]:
    """Names that begin like the words: 南塘新村门口 → 南塘新村1幢; at least three signs, the longest beginning."""
    starts = [words[:length] for length in range(len(words) - 1, 2, -1)]
    fits = Q()
    for start in starts:
        fits |= Q(plain__startswith=start)
    hits = list(rows.filter(fits).order_by("name")[: MOST * 6]) if starts else []
    for start in starts:
        same = [row for row in hits if row.plain.startswith(start)]
        if same:
            return same
    return []


def _by_grid(areas: list[Area], near: bool) -> list[Hit]:
    found: dict = {}
    for area in areas:
        up = {row.kind: row for row in (area, area.parent, area.parent and area.parent.parent) if row}
        grid, community = up.get(AreaKind.GRID), up.get(AreaKind.COMMUNITY)
        key = (grid or community).pk
        found.setdefault(key, Hit(grid, community, near=near)).places.append(area)
    return list(found.values())[:MOST]
