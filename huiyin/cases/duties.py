"""The duty lists (基本履职 / 配合履职 / 上级收回): looked up at dispatch, cited when work is returned."""

from huiyin.base.refusal import Refusal
from huiyin.cases import categories
from huiyin.rules.models import RuleSet


def clauses(office) -> dict[str, dict]:
    """'基本-12' → {list, number, text, unit}; in the order of the lists."""
    content = RuleSet.objects.current("duty_lists", office).content
    return {
        f"{part['name']}-{row['number']}": {"list": part["name"], **row}
        for part in content["lists"]
        for row in part["clauses"]
    }


def item_for(case, unit) -> str:
    """The clause under which `unit` owes this matter: the category's own, if it names this unit; else ''."""
    row = categories.table(case.office).get(case.category) or {}
    clause = clauses(case.office).get(row.get("clause", ""))
    if clause and clause.get("unit") == unit.code:
        return wording(clause)
    return ""


def clause_text(office, key: str) -> str:
    """The clause as cited: '基本履职清单 第12项：…'. Refused when there is none of that name."""
    clause = clauses(office).get(key)
    if clause is None:
        raise Refusal("退回要引用职责清单里的一条，请从列表里选。", status=400, errors={"clause": "请选一条"})
    return wording(clause)


def wording(clause: dict) -> str:
    return f"{clause['list']}清单 第{clause['number']}项：{clause['text']}"
