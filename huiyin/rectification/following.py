"""What the records of this room do when a matter makes one of its usual moves."""

from datetime import timedelta

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, telling
from huiyin.cases.models import Case
from huiyin.cases.recipients import Recipients
from huiyin.rectification import conditions, look_backs, overdue, plans
from huiyin.rules import clock
from huiyin.rules.calendar import midnight
from huiyin.rules.models import RuleSet


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


def _their_limit(case, step):
    """The limit that the superior's paper sets goes before the rule's; without one, what the sender set by hand."""
    rows = [row.due_at for row in case.sources.all() if row.due_at and row.due_at > step.at]
    due = min(rows, default=None)
    if due is None and step.fixed_due_at:
        days = deadlines.calendar(RuleSet.objects.current("calendar", case.office_id).pk)
        last = days.add_working_days(clock.local(step.fixed_due_at).date(), DAYS_AFTER_REPORT)
        due = midnight(last) + timedelta(hours=18)
    if due is None or case.kind != "directive":
        return
    for row in case.deadlines.running().filter(round=case.round, assignment=None, notice=None):
        if deadlines.rule_of(row).duty == "close" and row.fixed_due_at != due:
            row.fixed_due_at = row.due_at = due
            row.save(update_fields=["fixed_due_at", "due_at"])
    if step.fixed_due_at:  # whoever helps has as long as the lead
        for row in case.deadlines.running().filter(assignment__part="co", assignment__sent_at=step.at):
            if deadlines.rule_of(row).duty == "report":
                row.fixed_due_at = row.due_at = step.fixed_due_at
                row.save(update_fields=["fixed_due_at", "due_at"])
    deadlines.choose_next(case)


def _sent(case, step):
    """An order from above goes out: its limit, and the leader of the line hears of it at once."""
    _their_limit(case, step)
    if case.kind == "directive":
        leaders = Recipients(case).add(["line"], line=overdue.line_leaders(case))
        users, through = leaders.find(without={step.by.pk} if step.by else set())
        telling.say(
            case, "上级交办，请优先过问：{what}", {}, users, through, group="supervision", level="alarm",
            key=f"order:{case.pk}:{case.round}",
        )  # fmt: skip


DAYS_AFTER_REPORT = 3  # to check, to answer, to feed back


def _report(case, step):
    lacking = conditions.before_report(case, step.assignment)
    if lacking:
        raise Refusal(
            "还不能“报结”：" + "；".join(words for _, words in lacking) + "。",
            missing=tuple(name for name, _ in lacking),
        )


def _redo(case, step):
    plan = plans.current(case)
    if plan:
        plans._unaccept(plan)


def _fill_in(case, step):
    """The grade of a hazard has its own move, with who and why."""
    if "grade" in step.data.get("particulars", {}) and case.kind == "hazard":
        raise Refusal(
            "隐患等级用“定级”来定、用“重新定级”来改，写明理由。",
            status=400,
            errors={"of_grade": "用“重新定级”改"},
        )


def _close(case, step):
    look_backs.plan_rounds(case, step)


def _reopen(case, step):
    look_backs.drop(case, case.round - 1)


FOLLOW = {
    "accept": _their_limit,
    "dispatch": _sent,
    "designate": _sent,
    "report": _report,
    "verify": _verify,
    "redo": _redo,
    "fill_in": _fill_in,
    "close": _close,
    "answer_at_once": _close,
    "look_back": look_backs.looked,
    "reopen": _reopen,
}
