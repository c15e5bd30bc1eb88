"""Is a plan more than words? Checks by rule before a person looks: content concrete, feasible, form right (W11)."""

import hashlib
import re
from dataclasses import dataclass

from huiyin.cases import deadlines, record
from huiyin.rectification import rules
from huiyin.rectification.models import Measure, Plan
from huiyin.rules import clock

MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Finding:
    """One thing the rules noticed: `row` 0 is the plan itself, else the number of the measure."""

    code: str
    row: int
    text: str
    refuses: bool

    def as_data(self) -> dict:
        return {"code": self.code, "row": self.row, "text": self.text}


def bare(text: str) -> str:
    """`text` without blanks and marks: what is compared and counted."""
    return MARKS.sub("", text)


def digest_of(given) -> str:
    """Two plans with the same measures have the same digest, however they are spaced."""
    words = "|".join(bare(row.what) for row in given.measures)
    return hashlib.sha256(words.encode()).hexdigest()


def is_vague(text: str, rule: dict) -> bool:
    """Nothing is left that one could go and do once the words of intent are taken away."""
    left = bare(text)
    for word in sorted(rule["vague"], key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < rule["object_least"]


def limit_day(case):
    """The last day that the running limits of the matter allow, or None."""
    due = [
        row.due_at
        for row in record.rows(case, "deadlines")
        if row.round == case.round
        and not (row.met_at or row.dropped_at)
        and (deadlines.rule_of(row).duty == "close" or _is_leads_report(row))
    ]
    return clock.local(min(due)).date() if due else None


def _is_leads_report(row) -> bool:
    return bool(row.assignment and row.assignment.is_lead and deadlines.rule_of(row).duty == "report")


def check(case, given) -> list[Finding]:
    """Everything the rules notice about `given` (plans.Written) for this matter, refusals first."""
    rule = rules.content(case.office_id)["substance"]
    found = []

    def note(code: str, row: int, more: str = ""):
        where = f"第 {row} 条" if row else "方案"
        text = f"{where}：{rule['words'][code]}{f'（{more}）' if more else ''}"
        found.append(Finding(code, row, text, code in rule["refuse"]))

    if len(bare(given.goal)) < rule["least"]["goal"]:
        note("short", 0, "目标")
    elif is_vague(given.goal, rule):
        note("vague", 0, "目标")
    _days(case, given, note)
    for number, row in enumerate(given.measures, 1):
        _measure(number, row, rule, note)
    _alike(given, note)
    _same(case, given, note)
    _crowded(case, given, rule, note)
    lacking = [rules.FIVE[code] for code in rules.five_of(case) if not has(given, code)]
    if lacking:
        note("five", 0, "、".join(lacking))
    return sorted(found, key=lambda row: (not row.refuses, row.row))


def has(given, code: str) -> bool:
    """Is this one of the five (五落实) settled in the plan?"""
    return {
        "responsibility": given.leader is not None,
        "measures": bool(given.measures),
        "funds": bool(given.funds.strip()),
        "deadline": given.due_on is not None,
        "emergency": len(bare(given.emergency)) >= 6,
    }[code]


def _measure(number: int, row, rule: dict, note):
    for name in ("what", "target", "standard"):
        if len(bare(getattr(row, name))) < rule["least"][name]:
            note("short", number, {"what": "措施", "target": "目标", "standard": "标准"}[name])
            return
    if is_vague(row.what, rule):
        note("vague", number)


def _days(case, given, note):
    today, last = clock.today(), limit_day(case)
    for number, day in [(0, given.due_on), *((n, row.due_on) for n, row in enumerate(given.measures, 1))]:
        if day < today:
            note("past", number, f"{day}")
        elif last and last >= today and day > last:
            note("late", number, f"最晚 {last}")
        elif number and day > given.due_on:
            note("late", number, f"方案定的是 {given.due_on}")


def _alike(given, note):
    seen: dict[str, int] = {}
    for number, row in enumerate(given.measures, 1):
        if bare(row.what) in seen:
            note("alike", number, f"同第 {seen[bare(row.what)]} 条")
        seen.setdefault(bare(row.what), number)


def _same(case, given, note):
    """The plan of another matter, word by word."""
    rows = Plan.objects.filter(office_id=case.office_id, digest=digest_of(given)).exclude(case=case)
    other = rows.select_related("case").only("case__number").first()
    if other:
        note("same", 0, other.case.number)


def _crowded(case, given, rule: dict, note):
    people = {row.person.pk: row.person for row in given.measures}
    counts: dict = {}
    held = Measure.objects.owed().filter(office_id=case.office_id, person__in=people).exclude(case=case)
    for pk in held.values_list("person_id", flat=True)[:1000]:
        counts[pk] = counts.get(pk, 0) + 1
    for pk, number in counts.items():
        if number > rule["most_for_one"]:
            note("crowded", 0, f"{people[pk].name} {number} 条")
