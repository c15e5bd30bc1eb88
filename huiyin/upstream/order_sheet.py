"""The upstream's table: its columns by the profile, and what one row of it means to us."""

import re
from datetime import date, datetime, time

from huiyin.areas.models import Area, AreaKind
from huiyin.cases import categories, deadlines, intake
from huiyin.rules import clock
from huiyin.rules.models import RuleSet
from huiyin.sheets.columns import Column, Sheet

MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2}))?")
MOST = {
    "text": 20000,
    "extra": 4000,
    "title": 100,
    "tags": 120,
    "company": 120,
    "place": 120,
    "number": 60,
    "type": 40,
}
BETWEEN = " › "


def sheet_of(content: dict) -> Sheet:
    """The table as the office's profile describes it; category may take several columns."""
    columns = []
    for number, row in enumerate(content["columns"]):
        to = row["to"]
        key = f"{to}.{number}" if to in ("category", "none") else to
        columns.append(
            Column(
                key,
                row["heading"],
                required=to in ("number", "text"),
                most=MOST.get(to, 20000 if to == "none" else 200),
            )
        )
    return Sheet("upstream", "上级工单", "从上级热线系统导出的表，一行一件工单。", tuple(columns))


def values_of(row) -> dict:
    """{to: text} of what is filled; the levels of the category joined."""
    found = {key: str(value).strip() for key, value in row.values.items() if value not in (None, "")}
    levels = [found.pop(key) for key in list(found) if key.startswith("category.")]
    kept = {key: value for key, value in found.items() if not key.startswith("none.")}
    return kept | ({"category": BETWEEN.join(levels)} if levels else {})


def problems_of(values: dict, content: dict, office) -> list[tuple[str, str, str]]:
    """[(key, what is wrong, what to do)] beyond single cells: moments, counts, words nobody has explained."""
    found = []
    if values.get("due") and moment(values["due"], office) is None:
        found.append(("due", f"“{values['due'][:30]}”不是时间", "写成 2026-11-22 18:00"))
    if values.get("urges") and not values["urges"].isdigit():
        found.append(("urges", f"“{values['urges'][:10]}”不是次数", "写整数"))
    for name in ("nature", "contacted", "solved", "satisfied"):
        said = values.get(name)
        if said and said not in content["words"].get(name, {}):
            known = "、".join(content["words"].get(name, {})) or "没有"
            found.append(
                (
                    name,
                    f"“{said[:20]}”不知道是什么意思",
                    f"认得的写法：{known}；新的写法加到规则 upstream_profile",
                )
            )
    return found


def moment(text: str, office) -> datetime | None:
    """'2026-11-22 18:00'; a day alone means the end of office hours on it. None for what is no moment."""
    hit = MOMENT.match(text.strip())
    if not hit:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in hit.groups())
    try:
        on = date(year, month, day)
        if hour is not None:
            return datetime.combine(on, time(hour, minute), clock.TZ)
    except ValueError:
        return None
    spans = deadlines.calendar(RuleSet.objects.current("calendar", office).pk).work_spans(on)
    return spans[-1][1] if spans else datetime.combine(on, time(23, 59), clock.TZ)


def meaning(values: dict, name: str, content: dict) -> str:
    """Our word for what the table says: 'lead' of 主办; '' for nothing or for words that mean nothing to us."""
    return content["words"].get(name, {}).get(values.get(name, ""), "")


def category_of(values: dict, content: dict, office) -> str:
    """Our category: by the profile, else the leaf of the same name; '' when nobody knows."""
    path = values.get("category", "")
    levels = [part.strip() for part in path.replace(">", "›").replace("/", "›").split("›") if part.strip()]
    named = content["categories"].get(BETWEEN.join(levels)) or content["categories"].get(path)
    if named or not levels:
        return named or ""
    hits = [
        code for code, row in categories.table(office).items() if row["is_leaf"] and row["name"] == levels[-1]
    ]
    return hits[0] if len(hits) == 1 else ""


def area_of(values: dict, office) -> Area | None:
    """The grid of the place, else the community by its name."""
    if values.get("place"):
        found = intake.area_of_place(office, values["place"])
        if found:
            return found
    name = values.get("community", "").removesuffix("居委会").removesuffix("社区").removesuffix("村")
    if not name:
        return None
    rows = (
        Area.objects.valid()
        .filter(office=office, kind=AreaKind.COMMUNITY, name__startswith=name)
        .defer("boundary")
    )
    rows = list(rows[:2])
    return rows[0] if len(rows) == 1 else None
