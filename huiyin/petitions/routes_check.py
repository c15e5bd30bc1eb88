"""Before a petition is taken on: is there a route by law for it? (第三十一条 names them; another way comes first.)"""

from huiyin.base.refusal import Refusal
from huiyin.cases import carried_over, routes

LAW = "《信访工作条例》第三十一条"
NONE, DUTY = "none", "duty"
# What special_routes.yaml calls a route → what this field calls it.
OF_HINT = {
    "court": "court", "police_case": "court", "arbitration": "arbitration", "party_discipline": "party",
    "review": "review",
}  # fmt: skip
NAMES = {
    "court": "诉讼（审判、检察、公安的法律程序）", "arbitration": "仲裁", "party": "党员申诉、申请复审",
    "review": "行政复议、裁决、许可、处罚等行政程序",
}  # fmt: skip
PURPOSE = "appeal"


def hint_of(case):
    """The route that the words of the matter call for, of those that come before a petition; None when no word does."""
    found = routes.recognise(case.office, f"{case.title}{case.description}{case.wants}", case.category)
    return next((row for row in found if row.way == routes.DECLINE and row.code in OF_HINT), None)


def check(case, step):
    """On taking a petition on: what was found on the routes is kept; one that fits goes its own way instead.

    Nothing ticked and no word that calls for a route: kept as checked by the program, so that a program or a rule
    may take a petition on. Where a word does call for one, a person must say that it does not fit.
    """
    if step.verb != "accept" or case.kind != "petition" or carried_over.is_carrying():
        return
    said = case.particulars.get("route")
    fits = [NAMES[code] for code in NAMES if said == code]
    if fits:
        raise Refusal(
            f"这件事应当走{fits[0]}，不按信访受理（{LAW}）：用“不予受理”写明理由和去处，再出告知书。",
            status=400, errors={"of_route": "属于这条途径的，用“不予受理”告知"},
        )  # fmt: skip
    purpose = case.particulars.get("purpose")
    if not said:
        hint = hint_of(case) if purpose in (None, "", PURPOSE) else None
        if hint:
            raise Refusal(
                f"话里有“{hint.said}”，像是{hint.name}。先查法定途径：属于的用“不予受理”告知；不属于的在“法定途径”里选明。",
                status=400, errors={"of_route": f"话里有“{hint.said}”，请选一项"},
            )  # fmt: skip
    filled = {"purpose": purpose or PURPOSE, "route": said or NONE}
    new = {code: value for code, value in filled.items() if case.particulars.get(code) != value}
    if new:
        case.particulars = case.particulars | new
        step.data["particulars"] = step.data.get("particulars", {}) | new
    step.data["route_checked"] = "person" if said else "program"
