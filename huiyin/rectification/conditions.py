"""What procedures may ask for before a move: plan approved, measures done, accepted by another, graded, lifted."""

from huiyin.cases import procedures, record, requirements
from huiyin.rectification import plans
from huiyin.rectification.models import PlanState, StopOrder


def settled_on_spot(case):
    """The event by which this round was settled on the spot, or None."""
    rows = [row for row in record.rows(case, "events") if row.round == case.round]
    struck = {row.voids_id for row in rows}
    return next((row for row in reversed(rows) if row.verb == "on_spot" and row.pk not in struck), None)


def plan_approved(case) -> str:
    if settled_on_spot(case):
        return ""
    plan = plans.current(case)
    if plan is None:
        return "还没有整改方案"
    if plan.state == PlanState.APPROVED:
        return ""
    return "整改方案在等别人审" if plan.state == PlanState.SUBMITTED else "整改方案被退回，要改好再送审"


def measures_done(case) -> str:
    if settled_on_spot(case):
        return ""
    reason = plan_approved(case)
    if reason:
        return reason
    owing = [f"第 {row.number} 条" for row in plans.live_measures(case) if row.is_owed]
    return f"措施没改完：{'、'.join(owing)}" if owing else ""


def self_accepted(case) -> str:
    if settled_on_spot(case):
        return ""
    plan = plans.current(case)
    return "" if plan and plan.self_accepted_at else "责任单位还没有自查验收"


def accepted_by_other(case) -> str:
    spot = settled_on_spot(case)
    if spot:
        checks = [
            row for row in record.rows(case, "events") if row.verb == "verify" and row.round == case.round
        ]
        return "" if any(row.by_id != spot.by_id for row in checks) else "当场了结的，还没有别人核实"
    plan = plans.current(case)
    return "" if plan and plan.accepted_at else "还没有经没动手的人核实验收"


def graded(case) -> str:
    """Graded in this round: what came back may be graver than it was."""
    rows = [
        row
        for row in record.rows(case, "events")
        if row.verb in ("grade", "regrade") and row.round == case.round
    ]
    return "" if rows and case.particulars.get("grade") else "还没有定级"


def stops_lifted(case) -> str:
    names = list(StopOrder.objects.filter(case=case).standing().values_list("what", flat=True)[:5])
    return f"停着的还没解除：{'、'.join(names)}" if names else ""


def before_report(case, assignment) -> list[tuple]:
    """[(name, what is missing)] before this unit may report: the lead all that the procedure names, others their measures."""
    codes = procedures.of(case).get("plan", {}).get("before_report", ())
    if not codes:
        return []
    if assignment.is_lead:
        found = [(requirements.KNOWN[code].name, requirements.KNOWN[code].unmet(case)) for code in codes]
        return list(dict((words, (name, words)) for name, words in reversed(found) if words).values())[::-1]
    plan = plans.current(case)
    mine = plans.live_measures(case) if plan and plan.is_approved else []
    owing = [
        f"第 {row.number} 条"
        for row in mine
        if row.is_owed and row.organisation_id == assignment.organisation_id
    ]
    return [("措施逐条完成", f"您单位的措施没改完：{'、'.join(owing)}")] if owing else []


def report_waits(case, user, subject) -> str:
    """Why the button of the report would be a dead one now, or ''."""
    return "；".join(words for _, words in before_report(case, subject))


def register():
    """Called once, in AppConfig.ready."""
    requirements.add("plan_approved", "整改方案通过", plan_approved)
    requirements.add("measures_done", "措施逐条完成", measures_done)
    requirements.add("self_accepted", "自查验收", self_accepted)
    requirements.add("accepted_by_other", "别人验收", accepted_by_other)
    requirements.add("graded", "隐患定级", graded)
    requirements.add("stops_lifted", "停用解除", stops_lifted)
