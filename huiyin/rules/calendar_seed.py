"""Fill seeds/calendar.yaml from the `holidays` package: python -m huiyin.rules.calendar_seed [first] [last]."""

import re
import sys
from datetime import date, timedelta
from pathlib import Path

import holidays
import yaml

SEED = Path(__file__).parent / "seeds" / "calendar.yaml"
NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知（取自开源节假日库 holidays {version}）"
UNCONFIRMED = (
    "{year}年放假安排尚未公布：只列《全国年节及纪念日放假办法》规定的节日和推算的补假，没有调休；"
    "通知公布后改成 confirmed: true，涉及这一年的时限会重算"
)
# The version of `holidays` in use knows the notices up to this year.
CONFIRMED_UNTIL = 2026


def _plain(name: str) -> str:
    name = name.replace("农历除夕", "除夕").replace("; ", "、").replace("中秋节、国庆节", "国庆节、中秋节")
    return re.sub(r"（补假.*?）", "假期", name)


def _festival(day: date, table) -> str:
    """The festival whose run of free days holds this 调休 day."""
    for distance in range(1, 9):
        for near in (day - timedelta(distance), day + timedelta(distance)):
            name = table.get(near) or ""
            if name and "调休" not in name and "延长" not in name:
                return re.sub("除夕", "春节", _plain(name).removesuffix("假期"))
    return ""


def year_table(year: int) -> dict:
    """One year of rule content."""
    table = holidays.China(years=range(year - 1, year + 2), language="zh_CN")
    off, on = {}, {}
    for day, name in sorted(table.items()):
        swapped = re.search(r"由 (\d{4}-\d\d-\d\d) 调休", name)
        festival = _festival(day, table) if swapped else ""
        if swapped and swapped[1].startswith(str(year)):
            on[swapped[1]] = f"{festival}调休上班"
        if day.year == year:
            off[day.isoformat()] = f"{festival}调休" if swapped else _plain(name)
    missing = {d.isoformat() for d in table.weekend_workdays if d.year == year} ^ on.keys()
    if missing:
        raise SystemExit(f"holidays: working weekends without a counterpart: {sorted(missing)}")
    confirmed = year <= CONFIRMED_UNTIL
    source = (NOTICE if confirmed else UNCONFIRMED).format(year=year, version=holidays.__version__)
    return {"confirmed": confirmed, "source": source, "holidays": off, "workdays": dict(sorted(on.items()))}


def seed(first: int = 2016, last: int = 2027) -> dict:
    return {
        "name": "calendar",
        "version": 1,
        "valid_from": date(first, 1, 1),
        "source": "国务院办公厅历年放假通知；办公时间为示例（8–12 时、14–18 时），按本单位作息修改",
        "content": {
            "hours": [["08:00", "12:00"], ["14:00", "18:00"]],
            "years": {str(year): year_table(year) for year in range(first, last + 1)},
        },
    }


if __name__ == "__main__":
    data = seed(*(int(text) for text in sys.argv[1:3]))
    SEED.parent.mkdir(exist_ok=True)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    SEED.write_text(
        "# 工作日历。由 python -m huiyin.rules.calendar_seed 生成，之后在系统里逐年修改、启用新版。\n" + text
    )
    sys.stdout.write(f"{SEED}\n")
