"""Component and event classes (部件、事件) of the rule set `city_standards`: look-up by keyboard, conditions, lengths."""

from functools import lru_cache

from huiyin.base.pinyin import pinyin_keys
from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet, rule_set

NAME = "city_standards"
SORTS = {"B": "部件", "S": "事件"}
UNITS = {
    "emergency_hours": "紧急工作时",
    "emergency_days": "紧急工作日",
    "working_hours": "工作时",
    "working_days": "工作日",
}
HOURS_OF_A_DAY = 24
LABELS = ("法定", "国标", "地方", "示例")


def in_force(office) -> RuleSet:
    return RuleSet.objects.current(NAME, office)


def settings(office) -> dict:
    """The whole content: hours_per_day, pause, appeal, not_filed, on_the_spot, night, groups, standards."""
    return in_force(office).content


@lru_cache(maxsize=32)
def _table(rules_id) -> dict[str, dict]:
    content = rule_set(rules_id).content
    rows = {}
    for given in content["standards"]:
        row = dict(given)
        row["group"] = content["groups"][row["code"][:3]]
        row["sort"] = SORTS[row["code"][0]]
        row["full_name"] = f"{row['name']}（{row['sort']} · {row['group']}）"
        row["limit_words"] = limit_words(row["limit"], content["hours_per_day"])
        row["keys"] = " ".join([row["code"], *pinyin_keys(row["name"]), *row.get("words", [])])
        rows[row["code"]] = row
    return rows


def table(office) -> dict[str, dict]:
    """code → row of the version in force, with sort, group, full_name, limit_words and keys for typing."""
    return _table(in_force(office).pk)


def row_of(office, code: str) -> dict:
    """The row of a class; Refusal 400 when there is none."""
    row = table(office).get(code)
    if row is None:
        raise Refusal(
            "没有这个部件事件类别，请从列表里选。", status=400, errors={"of_city_class": "请从列表里选"}
        )
    return row


def choices(office) -> dict[str, str]:
    return {code: row["full_name"] for code, row in table(office).items()}


def of_category(office, category: str) -> list[dict]:
    """The classes that a category of matters may be."""
    return [row for row in table(office).values() if category and category in row.get("categories", [])]


def is_emergency(row: dict) -> bool:
    """Does its clock run through the night?"""
    return row["limit"]["unit"].startswith("emergency")


def length(row: dict, hours_per_day: int) -> tuple[int, str]:
    """(amount, unit of the limit engine): 紧急 runs on by day and night, the others in office hours only."""
    amount, unit = row["limit"]["amount"], row["limit"]["unit"]
    if unit == "emergency_hours":
        return amount, "continuous_hours"
    if unit == "emergency_days":
        return amount * HOURS_OF_A_DAY, "continuous_hours"
    return (amount * hours_per_day if unit == "working_days" else amount), "working_hours"


def report_length(row: dict, content: dict) -> tuple[int, str]:
    """How long the unit has until its report: a share of the whole, so that checking has its time."""
    amount, unit = length(row, content["hours_per_day"])
    share = amount * content["report_share"]
    if unit == "continuous_hours":
        return max(1, round(share * 60)), "minutes"
    return max(1, round(share)), unit


def limit_words(limit: dict, hours_per_day: int) -> str:
    """'2 紧急工作时，昼夜连续' · '5 工作日（40 工作时）'."""
    amount, unit = limit["amount"], limit["unit"]
    words = f"{amount} {UNITS[unit]}"
    if unit.startswith("emergency"):
        return f"{words}，昼夜连续"
    return f"{words}（{amount * hours_per_day} 工作时）" if unit == "working_days" else words


def find(office, query: str, limit: int = 12) -> list[dict]:
    """Rows whose name, code, pinyin, initials or everyday words match; names that begin so first."""
    query = query.strip().lower()
    found = []
    for row in table(office).values():
        if query in row["name"] or query in row["keys"].lower():
            found.append((not row["name"].startswith(query), row["code"], row))
    return [row for *_, row in sorted(found, key=lambda hit: hit[:2])[:limit]]
