"""How things stand with one grid: its people, what it lacks, where its notice hangs and whether it still is true."""

from huiyin.areas.models import Area, AreaKind
from huiyin.grids import access, postings, rulings, staffing
from huiyin.grids.models import NoticePosting, Responsibility


def of_grid(grid: Area) -> dict:
    """{"grid", "standing", "hanging": [Hung], "removed": [posting], "kinds"}."""
    summary = postings.summary(grid.office_id, [grid])
    removed = NoticePosting.objects.filter(office_id=grid.office_id, grid=grid, removed_on__isnull=False)
    return {
        "grid": grid,
        "standing": staffing.standings(grid.office_id, [grid])[0],
        "hanging": summary.outdated + summary.good,
        "removed": list(removed.select_related("by").order_by("-removed_on")[:30]),
        "kinds": rulings.kinds(grid.office_id),
    }


def on_area(area: Area, user) -> dict | None:
    """The section on the page of an area: who answers for it; None for areas nobody answers for."""
    if area.kind not in (AreaKind.COMMUNITY, AreaKind.GRID, AreaKind.BUILDING) or area.office_id is None:
        return None
    rows = Responsibility.objects.visible_to(user).current().filter(area=area)
    rows = rows.select_related("user", "organisation", "substitute").defer("organisation__services")
    kinds = rulings.kinds(area.office_id)
    found = sorted(
        rows[:200], key=lambda row: (kinds[row.role].order if row.role in kinds else 999, row.start_on)
    )
    for row in found:
        row.kind = kinds.get(row.role)
        row.kind_name = row.kind.name if row.kind else row.role
    is_grid = area.kind == AreaKind.GRID and area.is_valid
    if not found and not is_grid:
        return None
    return {"rows": found, "is_grid": is_grid, "area": area, "may_edit": access.may_edit(user)}
