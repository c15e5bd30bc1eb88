"""What the records of this room do when a matter makes one of its usual moves."""

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.rectification import conditions, look_backs, plans


def follow(case: Case, step) -> None:
    """Called in the transaction of every move (cases.moving.FOLLOWERS)."""
    if step.verb in FOLLOW:
        FOLLOW[step.verb](case, step)
    plans.forget(case)


def _verify(case, step):
    """Checking a matter with a plan is its acceptance: never by whoever carried out a measure."""
    spot = conditions.settled_on_spot(case)
    if spot and step.by and spot.by_id == step.by.pk:
        raise Refusal("当场了结是您办的，核实要换一个人。", status=403)
    plan = plans.current(case)
    if plan is None or not plan.is_approved:
        return
    if step.by and step.by.pk in plans.executors(case):
        raise Refusal("整改措施里有您经手的，验收要由没动手的人来做。", status=403)
    plan.accepted_at, plan.accepted_by = step.at, step.by
    plan.save(update_fields=["accepted_at", "accepted_by"])
    count = len(plans.live_measures(case))
    step.data["notes"] = [*step.data.get("notes", ()), f"按方案第 {plan.version} 版逐条验收，共 {count} 条"]


def _redo(case, step):
    plan = plans.current(case)
    if plan:
        plans._unaccept(plan)


def _fill_in(case, step):
    """The grade of a hazard has its own move, with who and why."""
    if "grade" in step.data.get("particulars", {}) and case.kind == "hazard":
        raise Refusal("隐患等级用“定级”来定、来改，写明理由。", status=400, errors={"of_grade": "用“定级”改"})


def _close(case, step):
    look_backs.plan_rounds(case, step)


def _reopen(case, step):
    look_backs.drop(case, case.round - 1)


FOLLOW = {
    "verify": _verify,
    "redo": _redo,
    "fill_in": _fill_in,
    "close": _close,
    "answer_at_once": _close,
    "look_back": look_backs.looked,
    "reopen": _reopen,
}
