"""What a grid's public notice says: the area, the people with office numbers, where to turn to beyond them."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from huiyin.accounts.models import Office
from huiyin.areas.models import Area, AreaKind
from huiyin.areas.tree import HOUSEHOLDS, latest_facts
from huiyin.grids import rulings
from huiyin.grids.people import Person, community_people, office_phone, people_of
from huiyin.orgs.models import Organisation, OrganisationKind

BUILDING = re.compile(r"^(?P<compound>.+?)\s*(?P<number>\d+)\s*(?P<word>幢|栋|号楼)$")
MOST_BUILDINGS = 3000


@dataclass
class Notice:
    """Names are whole, as on a wall; numbers are office numbers only."""

    office: Office
    grid: Area
    community: Area
    workers: list[Person] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)
    community_people: list[Person] = field(default_factory=list)
    station: Organisation | None = None
    oversight: tuple[str, str] = ("", "")  # (whose number, number)
    covers: list[str] = field(default_factory=list)
    households: object = None
    words: dict = field(default_factory=dict)

    @property
    def phone(self) -> str:
        """The number that is always answered for this grid."""
        return (self.station and office_phone(self.station.phone)) or self.office.phone

    @property
    def since(self) -> date:
        """The day from which all of it holds."""
        days = [person.since for person in (*self.workers, *self.others, *self.community_people)]
        return max([self.grid.valid_from, *filter(None, days)])

    @property
    def printed(self) -> list[list[str]]:
        """The lines that must be true on a wall; a posting keeps them, a difference means it is outdated."""
        people = [person.line for person in (*self.workers, *self.others, *self.community_people)]
        return [["网格", self.grid.name, "", ""], *people, ["值守电话", "", self.phone, ""],
                ["监督电话", "", self.oversight[1], ""]]  # fmt: skip

    @property
    def path(self) -> str:
        return reverse("portal_grid", args=[self.grid.code])


def notice_of(grid: Area) -> Notice:
    return notices_of(grid.office, [grid])[0]


def notices_of(office, grids: list[Area], *, covers: bool = True, people: dict | None = None) -> list[Notice]:
    """The notices of `grids` of one office in their order; nine queries, whatever the number.

    `covers=False` leaves out buildings and households, for who only compares the lines; `people`, when they
    have been looked up already, are those of `people_of`.
    """
    parents = {grid.parent_id: grid.parent for grid in grids}
    people = people_of(office, grids) if people is None else people
    above = community_people(office, list(parents.values()))
    stations = {row.area_id: row for row in _stations(office, parents)}
    over, words = oversight(office), rulings.notice_words(office)
    buildings = _covers(grids) if covers else {}
    facts = latest_facts([grid.pk for grid in grids]) if covers else {}
    kinds = rulings.kinds(office)
    found = []
    for grid in grids:
        shown = [person for person in people.get(grid.pk, []) if person.public]
        found.append(
            Notice(
                office, grid, parents[grid.parent_id],
                workers=[person for person in shown if kinds[person.kind].from_post],
                others=[person for person in shown if not kinds[person.kind].from_post],
                community_people=[person for person in above.get(grid.parent_id, []) if person.public],
                station=stations.get(grid.parent_id), oversight=over, words=words,
                covers=buildings.get(grid.pk, []), households=facts.get(grid.pk, {}).get(HOUSEHOLDS),
            )
        )  # fmt: skip
    return found


def oversight(office) -> tuple[str, str]:
    """(whose, number) outside the handlers' line: the leading body's; ("", "") when none is known."""
    rows = Organisation.objects.current().filter(office=office, kind=OrganisationKind.LEADING_BODY)
    unit = rows.exclude(phone="").order_by("code").first()
    return (unit.short_name, office_phone(unit.phone)) if unit else ("", "")


def _stations(office, parents):
    rows = Organisation.objects.current().filter(
        office=office, kind=OrganisationKind.STATION, area__in=parents
    )
    return rows.order_by("-code").defer("services")


def _covers(grids) -> dict:
    """grid id → ['柳湾里1—6幢', '柳湾小学', …]."""
    rows = Area.objects.valid().filter(kind=AreaKind.BUILDING, parent__in=[grid.pk for grid in grids])
    names: dict = {}
    for parent, name in rows.order_by("code").values_list("parent_id", "name")[:MOST_BUILDINGS]:
        names.setdefault(parent, []).append(name)
    return {parent: compounds(found) for parent, found in names.items()}


def compounds(names: list[str]) -> list[str]:
    """Buildings of one compound as one entry with their numbers: 柳湾里1—6幢; other names as they are."""
    groups: dict[tuple, list[int]] = {}
    for name in names:
        hit = BUILDING.match(name)
        groups.setdefault((hit["compound"], hit["word"]) if hit else (name, ""), []).append(
            int(hit["number"]) if hit else 0
        )
    return [
        compound + (f"{_ranges(sorted(numbers))}{word}" if word else "")
        for (compound, word), numbers in groups.items()
    ]


def _ranges(numbers: list[int]) -> str:
    parts, first = [], numbers[0]
    for here, after in zip(numbers, [*numbers[1:], None], strict=True):
        if after != here + 1:
            parts.append(f"{first}" if first == here else f"{first}—{here}")
            first = after
    return "、".join(parts)
