"""Grids that lack people by the rule: who is missing, where it is shown, and the handlers that follow from it."""

from dataclasses import dataclass, field

from huiyin.areas.models import Area
from huiyin.grids import people, rulings


@dataclass
class Standing:
    """A grid, its people of today and what it lacks by the rule ([] when it has everybody)."""

    grid: Area
    people: list = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    rule: rulings.Staffing | None = None

    @property
    def words(self) -> str:
        return "、".join(self.lacks)

    @property
    def counted(self) -> int:
        return len({row.key for row in self.people if row.kind in self.rule.counted})


def grids_of(office_id):
    """The grids of today by code, boundaries left where they are."""
    rows = Area.objects.valid().grids().filter(office_id=office_id)
    return rows.select_related("parent").defer("boundary", "parent__boundary").order_by("code")


def standings(office, grids=None) -> list[Standing]:
    """Every grid of today with what it lacks; three queries."""
    grids = list(grids_of(office)) if grids is None else grids
    rules, kinds, found = rulings.staffing(office), rulings.kinds(office), people.people_of(office, grids)
    return [_standing(grid, found.get(grid.pk, []), rules[grid.is_exclusive], kinds) for grid in grids]


def _standing(grid, its_people, rule, kinds) -> Standing:
    row = Standing(grid, its_people, rule=rule)
    for code, wanted in rule.needs.items():
        have = len({person.key for person in its_people if person.kind == code})
        if have < wanted:
            name = kinds[code].name if code in kinds else code
            row.lacks.append(f"缺{name}" + (f" {wanted - have} 人" if wanted > 1 else ""))
    if row.counted < rule.least:
        row.lacks.append(f"应有 {rule.least} 人，现有 {row.counted} 人")
    return row


def gaps(office) -> list[Standing]:
    """Grids below the rule."""
    return [row for row in standings(office) if row.lacks]


def lacking(office, grids: list[Area]) -> dict:
    """grid id → what it lacks in words, for those that lack something. For the pages of areas."""
    return {row.grid.pk: row.words for row in standings(office, grids) if row.lacks}


def state(request) -> str:
    """For the door on the settings page."""
    number = len(gaps(request.user.office_id))
    return f"{number} 个网格缺人" if number else "都齐了"
