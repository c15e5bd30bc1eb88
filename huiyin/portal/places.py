"""From what a resident calls a place to its grid and station."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from huiyin.areas.locate import grid_at
from huiyin.areas.models import Area, AreaKind
from huiyin.cases.intake import area_of_place
from huiyin.orgs.models import Organisation
from huiyin.portal import office as offices

KINDS = (AreaKind.COMMUNITY, AreaKind.GRID, AreaKind.BUILDING)


@dataclass(frozen=True)
class Hit:
    """One place that fits: its grid (None for a whole community) and community, and who answers there."""

    area: Area
    grid: Area | None
    community: Area | None
    station: Organisation | None = None


def search(office, query: str, most: int = 12) -> list[Hit]:
    """Places whose name, address, pinyin or initials fit the words; the nearest fit first."""
    words = re.sub(r"\s+", "", query)[:60]
    if not words:
        return []
    rows = Area.objects.valid().filter(office=office, kind__in=KINDS)
    rows = rows.select_related("parent", "parent__parent")
    rows = rows.defer("boundary", "parent__boundary", "parent__parent__boundary")
    fits = Q(name__icontains=words) | Q(address__icontains=words)
    if words.isascii():
        fits |= Q(pinyin__startswith=words.lower()) | Q(initials__startswith=words.lower())
    found = list(rows.filter(fits).order_by("name")[: most * 2])
    if not found:
        grid = area_of_place(office, words)
        found = list(rows.filter(pk=grid.pk)) if grid else []
    found.sort(key=lambda row: (row.name != words, not row.name.startswith(words), len(row.name)))
    return [_hit(row) for row in found[:most]]


def by_id(office, pk: str) -> Hit | None:
    """The place of this id, or None."""
    rows = Area.objects.valid().filter(office=office, kind__in=KINDS, pk=_uuid(pk))
    area = rows.select_related("parent", "parent__parent").defer("boundary", "parent__boundary").first()
    return _hit(area) if area else None


def with_stations(office, hits: list[Hit]) -> list[Hit]:
    """The same hits, each with the station of its community."""
    by_area = {row.area_id: row for row in offices.stations(office)}
    return [
        Hit(hit.area, hit.grid, hit.community, by_area.get(hit.community.pk if hit.community else None))
        for hit in hits
    ]


def by_grid(hits: list[Hit]) -> list[tuple[Hit, list[Area]]]:
    """One entry for each grid (or whole community), with the places in it that were found."""
    groups: dict = {}
    for hit in hits:
        key = (hit.grid or hit.community or hit.area).pk
        groups.setdefault(key, (hit, []))[1].append(hit.area)
    return list(groups.values())


def _hit(area: Area) -> Hit:
    up = {row.kind: row for row in (area, area.parent, area.parent and area.parent.parent) if row}
    return Hit(area, up.get(AreaKind.GRID), up.get(AreaKind.COMMUNITY))


def grid_of(office, said: dict) -> Hit | None:
    """The grid that follows from step two: from the list, the point or the words, in this order."""
    area = None
    if said.get("grid"):
        area = Area.objects.valid().filter(office=office, pk=_uuid(said["grid"])).first()
    if area is None and said.get("lon") and said.get("lat"):
        try:
            area = grid_at(office, float(said["lon"]), float(said["lat"]))
        except ValueError:
            area = None
    if area is None and said.get("place", "").strip():
        area = area_of_place(office, said["place"])
    return _hit(area) if area else None


def _uuid(text: str):
    try:
        return UUID(text)
    except ValueError:
        return None
