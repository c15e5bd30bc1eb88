"""What this room shows on the matter's page and on 今日."""

from datetime import timedelta

from huiyin.cases.states import State
from huiyin.rectification import conditions, hazards, look_backs, plans, rules, screening
from huiyin.rectification.models import (
    EnforcementReferral,
    KeyPlace,
    Measure,
    Plan,
    PlanState,
    StopOrder,
    WorkTask,
)
from huiyin.rectification.moves import DECIDE
from huiyin.rules import clock

MOST = 5
SOON = timedelta(days=3)


def of_matter(case, user) -> dict | None:
    """Plan, measures, stops, referrals and rounds of looking back; None where the kind has none of them."""
    verbs = {event.verb for event in case.events.all()}
    planned = rules.has_plan(case)
    looked = verbs & {"close", "look_back", "answer_at_once"}
    rounds = look_backs.rows_of(case) if looked else []
    if not planned and not rounds:
        return None
    plan = plans.current(case) if "write_plan" in verbs else None
    measures = plans.live_measures(case) if plan else []
    spot = conditions.settled_on_spot(case) if "on_spot" in verbs else None
    return {
        "case": case,
        "grade": hazards.grade_name(case) if case.kind == "hazard" else "",
        "is_major": hazards.is_major(case),
        "plan": plan,
        "measures": measures,
        "spot": spot,
        "waits": _waits(case),
        "stops": list(StopOrder.objects.filter(case=case).order_by("issued_at")[:10])
        if "stop" in verbs
        else [],
        "referrals": list(EnforcementReferral.objects.filter(case=case)[:10])
        if "refer_enforcement" in verbs
        else [],
        "rounds": rounds,
        "settled": case.state == State.CLOSED and bool(rounds) and all(row.done_at for row in rounds),
    }


def _waits(case) -> str:
    """What comes first."""
    if case.kind == "hazard" and not case.particulars.get("grade"):
        return "先定级，再派单、编方案。"
    five = "、".join(rules.FIVE[code] for code in rules.five_of(case))
    return f"签收以后编整改方案，要落实：{five}。" if case.is_open else "没有编过方案。"


def today(user) -> dict | None:
    """Plans to check, my measures and tasks that are due, rounds to look at, my key places that nobody screened."""
    until = clock.today() + SOON
    found = {"plans": [], "rounds": [], "blind": 0}
    if user.roles & DECIDE:
        rows = Plan.objects.visible_to(user).filter(state=PlanState.SUBMITTED).exclude(written_by=user)
        rows = rows.exclude(leader=user).select_related("case").defer("case__words")
        found["plans"] = list(rows.order_by("written_at")[:MOST])
    rows = Measure.objects.visible_to(user).owed().filter(person=user, due_on__lte=until)
    found["measures"] = list(rows.select_related("case").defer("case__words").order_by("due_on")[:MOST])
    tasks = WorkTask.objects.visible_to(user).owed().filter(person=user, due_on__lte=until)
    found["tasks"] = list(tasks.select_related("plan").order_by("due_on")[:MOST])
    if KeyPlace.objects.visible_to(user).current().filter(user=user).exists():
        found["blind"] = sum(row.is_blind for row in screening.places(user) if row.place.user_id == user.pk)
    if user.roles & LOOKERS:
        found["rounds"] = list(look_backs.due(user, clock.today())[:MOST])
    return found if any(found.values()) else None


LOOKERS = frozenset({"supervisor", "grid_worker"})
