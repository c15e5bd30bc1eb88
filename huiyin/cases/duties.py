"""The duty lists (基本履职 / 配合履职 / 上级收回): looked up at dispatch, cited when work is returned."""

from dataclasses import dataclass

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


def clause_of(case) -> dict | None:
    """The clause that the matter's category stands under."""
    row = categories.table(case.office).get(case.category) or {}
    return clauses(case.office).get(row.get("clause", ""))


def item_for(case, unit) -> str:
    """The clause under which `unit` owes this matter: the category's own, if it names this unit; else ''."""
    clause = clause_of(case)
    if clause and clause.get("unit") == unit.code:
        return wording(clause)
    return ""


@dataclass(frozen=True)
class Objection:
    """What the duty list says against a dispatch; it may be confirmed with a reason."""

    clause: dict
    is_withdrawn: bool
    text: str


def objection(case, unit) -> Objection | None:
    """The clause of the matter's category was taken back from above, or names somebody else than `unit`.

    A unit that a returned assignment's clause names is fine: the return itself pointed there.
    """
    clause, fine = clause_of(case), undisputed(case)
    if fine is None or unit.code in fine:
        return None
    if is_withdrawn(clause):
        return Objection(
            clause,
            True,
            f"{wording(clause)}。这一项已经收回，现由{clause['now_with']}承接，平常用“转送别处”。",
        )
    named = unit_name(case.office, clause["unit"])
    return Objection(clause, False, f"{wording(clause)}。这一项点名由{named}办，没有点名{unit}。")


def undisputed(case) -> set[str] | None:
    """Codes of the units to which this matter may go without a word; None: to any."""
    clause = clause_of(case)
    if clause is None or not (clause.get("unit") or is_withdrawn(clause)):
        return None
    return _pointed_to(case) | ({clause["unit"]} if clause.get("unit") else set())


def _pointed_to(case) -> set[str]:
    """Codes of the units that clauses cited in returns of this round name."""
    cited = case.assignments.filter(round=case.round).exclude(return_clause="")
    cited = set(cited.values_list("return_clause", flat=True))
    if not cited:
        return set()
    return {
        row["unit"]
        for row in clauses(case.office).values()
        if row.get("unit") and wording(row)[:200] in cited
    }


def sounds_withdrawn(office, text: str) -> dict | None:
    """A clause taken back from above that the words point to: a hint, not a verdict."""
    for row in clauses(office).values():
        if is_withdrawn(row) and any(str(word) in text for word in row.get("words", ())):
            return row
    return None


def is_withdrawn(clause: dict) -> bool:
    return "now_with" in clause


def unit_name(office, code: str) -> str:
    from huiyin.orgs.models import Organisation

    unit = Organisation.objects.filter(office=office, code=code).only("short_name", "name").first()
    return str(unit) if unit else f"“{code}”"


def for_return(case, unit) -> tuple[list, list]:
    """(clauses that speak for this unit, the others) as (key, wording): for it speak the matter's own clause,
    if it names another, what was taken back from above, and clauses of others that read like the matter."""
    from huiyin.cases.search import tokens

    own = clause_of(case)
    said = {token for token in tokens(f"{case.title} {case.description}") if len(token) > 1}
    ranked, others = [], []
    for place, (key, row) in enumerate(clauses(case.office).items()):
        if row.get("unit") == unit.code:
            continue  # names this very unit: no ground for a return
        shared = len(said & {token for token in tokens(row["text"]) if len(token) > 1})
        hinted = any(str(word) in case.description for word in row.get("words", ()))
        is_own = own is not None and row["list"] == own["list"] and row["number"] == own["number"]
        score = 100 * is_own + 10 * hinted + shared
        (ranked if score >= 2 else others).append((score, -place, (key, wording(row))))
    ranked.sort(reverse=True)
    most = 8
    others += ranked[most:]
    others.sort(key=lambda row: -row[1])
    return [row[2] for row in ranked[:most]], [row[2] for row in others]


def names_unit(office, key: str, unit) -> bool:
    """Does this clause say that `unit` does it?"""
    clause = clauses(office).get(key)
    return bool(clause) and clause.get("unit") == unit.code


def clause_text(office, key: str) -> str:
    """The clause as cited: '基本履职清单 第12项：…'. Refused when there is none of that name."""
    clause = clauses(office).get(key)
    if clause is None:
        raise Refusal("退回要引用职责清单里的一条，请从列表里选。", status=400, errors={"clause": "请选一条"})
    return wording(clause)


def wording(clause: dict) -> str:
    return f"{clause['list']}清单 第{clause['number']}项：{clause['text']}"
