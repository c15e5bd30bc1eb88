"""The rules of this room: the rule set `rectification`, and what a kind's procedure says of plans and look-backs."""

from huiyin.cases import procedures
from huiyin.rulebook.shapes import Book, Flag, Number, Rows, Table, Text
from huiyin.rules.models import RuleSet

# 五落实, in their order.
FIVE = {
    "responsibility": "责任",
    "measures": "措施",
    "funds": "资金",
    "deadline": "时限",
    "emergency": "预案",
}
ALL = "all"
# What the lead's report may wait for; whoever helps only waits for the own measures.
BEFORE_REPORT = {"plan_approved": "方案通过", "measures_done": "措施改完", "self_accepted": "自查验收"}


def content(office) -> dict:
    """The rule set `rectification` of today."""
    return RuleSet.objects.current("rectification", office).content


def has_plan(case) -> bool:
    """Does this kind know plans of measures at all?"""
    return "plan" in procedures.of(case)


def photo_wanted(case) -> bool:
    """Does a measure need a picture to be done?"""
    return bool(procedures.of(case).get("plan", {}).get("photo"))


def five_of(case) -> list[str]:
    """Which of FIVE a plan of this matter must have before work starts, by its grade where the procedure says so."""
    row = procedures.of(case).get("plan", {})
    table = row.get("five", {})
    grade = case.particulars.get(row.get("five_by", ""), "")
    return list(table.get(grade) or table.get(ALL) or ["responsibility", "measures", "deadline"])


def look_back_days(case) -> list[int]:
    """Days after closing on which the matter is looked at again; [] where the procedure asks for none.

    `rounds` more than there are days go on in steps of the last gap.
    """
    row = procedures.of(case).get("look_back")
    if not row:
        return []
    days = list(row.get("when", {}).get(str(case.particulars.get(row.get("by", ""), "")), row["days"]))
    gap = days[-1] - days[-2] if len(days) > 1 else days[-1]
    while len(days) < row.get("rounds", 0):
        days.append(days[-1] + gap)
    return days


DAYS = Rows(Number(1, 3650), least=1, most=20)
KEYS = {
    "plan": Table(
        may={
            "photo": Flag(),
            "before_report": Rows(Text(one_of=BEFORE_REPORT)),
            "five_by": Text(most=30),
            "five": Book(Rows(Text(one_of=FIVE), least=1)),
            "on_spot": Rows(Text(most=30)),
        },
        what="整改方案的要求",
    ),
    "look_back": Table(
        needs={"days": DAYS},
        may={"rounds": Number(1, 20), "by": Text(most=30), "when": Book(DAYS)},
        what="回头看",
    ),
}
