"""What stands beside the intake form: grid and its people, proposed unit, likely twins, earlier matters."""

from huiyin.areas.models import Area, AreaKind
from huiyin.base.pinyin import pinyin_keys
from huiyin.cases import categories, duties, routes, twins
from huiyin.cases.intake import area_of_place
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role
from huiyin.rules import clock

FOUND = 8
YEAR_WIDTH = 300


def beside(user, content: dict[str, str]) -> dict:
    """Context of the side column for what is typed so far (a draft's content)."""
    place = content.get("place", "")
    grid = grid_of(user.office, content.get("area", ""), place)
    text = f"{content.get('description', '')} {content.get('wants', '')}"
    here = twins.at_place(user, grid, place)
    category = content.get("category", "")
    return {
        "grid": grid and grid_words(grid),
        "plan": plan(user.office, category),
        "routes": routes.recognise(user.office, text, category),
        "twins": twins.likely(
            user, text=text, area=grid, place=place, category=category, phone=content.get("phone", "")
        ),
        "past": twins.of_phone(user, content.get("phone", "")),
        "person": content.get("name", ""),
        "place": place,
        "here": here,
        "year": year(here, category),
        "year_same": sum(row.category == category for row in here) if category else 0,
    }


def grid_of(office, area_id: str, place: str) -> Area | None:
    """The chosen grid, else the one of the building that the place names."""
    if area_id:
        grids = Area.objects.valid().grids().filter(office=office).select_related("parent")
        found = next((row for row in grids.filter(pk=area_id)), None) if _is_uuid(area_id) else None
        if found:
            return found
    return area_of_place(office, place) if len(place.strip()) > 1 else None


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.replace("-", "").isalnum() and all(c in "0123456789abcdef-" for c in text)


def grid_words(grid: Area) -> dict:
    """{name, worker, phone}: whom the grid's notice names, and the station's telephone."""
    post = Post.objects.current().filter(area=grid, role=Role.GRID_WORKER).select_related("user").first()
    station = Organisation.objects.current().filter(
        office=grid.office_id, kind=OrganisationKind.STATION, area_id=grid.parent_id
    )
    row = station.first()
    return {"name": grid.name, "worker": post.user.name if post else "", "phone": row.phone if row else ""}


def plan(office, category: str) -> dict | None:
    """The unit that the category goes to by default, its duty-list clause and usual limit."""
    row = categories.table(office).get(category)
    if row is None:
        return None
    unit = Organisation.objects.current().filter(office=office, code=row.get("unit", "")).first()
    clause = row.get("clause", "")
    return {
        "unit": unit.name if unit else "",
        "clause": duties.clause_text(office, clause) if clause in duties.clauses(office) else "",
        "limit": limit_words(row.get("limit", "")),
    }


def limit_words(limit: str) -> str:
    """'H4' → 4 小时, 'D5' → 5 个工作日, 'D60' → 60 日 (the petition's own limit)."""
    if not limit:
        return ""
    amount = limit[1:]
    if limit[0] == "H":
        return f"{amount} 小时"
    return f"{amount} 日" if amount == "60" else f"{amount} 个工作日"


def year(cases, category: str) -> list[dict]:
    """Points on the line of the past twelve months: x from 0 to 300, is_same category or not."""
    now = clock.now()
    points = []
    for row in cases:
        days = (now - row.registered_at).total_seconds() / 86400
        x = round(max(5.0, (1 - days / 365) * YEAR_WIDTH - 5), 1)
        points.append({"x": x, "is_same": bool(category) and row.category == category})
    return points


def category_results(office, query: str) -> list[dict]:
    """Rows of the type-ahead over categories."""
    units = dict(Organisation.objects.current().filter(office=office).values_list("code", "short_name"))
    rows = []
    for row in categories.find(office, query, FOUND):
        at = row["name"].lower().find(query.strip().lower()) if query.strip() else -1
        limit = row.get("limit", "")
        rows.append(
            {
                "value": row["code"],
                "label": row["name"],
                "path": " › ".join(row["path"][:-1]),
                "unit": units.get(row.get("unit", ""), ""),
                "limit": limit_words(limit),
                "now": limit in ("H1", "H2"),
                "mark": [at, at + len(query.strip())] if at >= 0 else [0, 0],
                "kind": row.get("kind", ""),
            }
        )
    return rows


def place_results(office, query: str) -> list[dict]:
    """Rows of the type-ahead over buildings and grids: by name, pinyin, initials or address."""
    wanted = query.strip().lower()
    if not wanted:
        return []
    packed = "".join(wanted.split())
    rows = Area.objects.valid().filter(office=office, kind__in=[AreaKind.BUILDING, AreaKind.GRID])
    found = []
    for row in rows.select_related("parent").defer("boundary", "parent__boundary"):
        rank = _rank(row, packed)
        if rank is not None:
            found.append((rank, len(row.name), row.code, row))
    workers = _workers(office)
    return [_place_result(row, workers) for *_, row in sorted(found, key=lambda hit: hit[:3])[:FOUND]]


def _rank(row: Area, wanted: str) -> int | None:
    name = "".join(row.name.lower().split())
    for rank, key in enumerate((name, row.pinyin, row.initials)):
        if key.startswith(wanted):
            return rank
    for rank, key in enumerate((name, row.pinyin, row.initials, "".join(row.address.split())), 10):
        if wanted in key:
            return rank
    full, initials = pinyin_keys(row.address) if row.address and wanted.isascii() else ("", "")
    return 20 if full and (wanted in full or wanted in initials) else None


def _workers(office) -> dict:
    posts = Post.objects.of_roles(office, Role.GRID_WORKER)
    return {post.area_id: post.user.name for post in posts}


def _place_result(row: Area, workers: dict) -> dict:
    grid = row if row.kind == AreaKind.GRID else row.parent
    worker = workers.get(grid.pk, "")
    return {
        "value": str(row.pk),
        "label": row.name,
        "path": row.address or (grid.name if row is not grid else ""),
        "unit": grid.name,
        "limit": f"网格员 {worker[:1]}*" if worker else "",
        "grid": str(grid.pk),
        "grid_name": grid.name,
    }
