"""The moves of this room, open to the kinds that name them, and what they are about."""

from huiyin.cases import kind_moves
from huiyin.cases.states import OPEN, AssignmentState, State
from huiyin.cases.workflow import CENTRE, CHECKERS, CHIEF, UNIT, WORKING, Move
from huiyin.orgs.models import Role
from huiyin.rectification import conditions, forms, hazards, plans
from huiyin.rectification.models import (
    OWED_MEASURES,
    EnforcementReferral,
    Measure,
    MeasureState,
    Plan,
    PlanState,
    StopOrder,
)

S = State
LIVE = OPEN - {S.RECEIVED}
DECIDE = CHIEF | {Role.SUPERVISOR, Role.UNIT_HEAD}
AFTER = {*WORKING, S.REPORTED, S.VERIFIED, S.ANSWERED}


def _move(verb, label, does, sources, roles, **rest) -> Move:
    return Move(verb, label, does, frozenset(sources), None, frozenset(roles), opt_in=True, **rest)


MOVES = {
    "write_plan": _move("write_plan", "编整改方案", "一个问题一份方案、一张清单", WORKING, UNIT | CENTRE, rank=23),
    "check_plan": _move("check_plan", "审方案", "内容具体、措施可行才放行", WORKING, DECIDE | {Role.CLERK},
                        subject="plan", subject_states=frozenset({PlanState.SUBMITTED}), rank=7),
    "finish_measure": _move("finish_measure", "改完一条", "写清怎么改的，附照片", WORKING, UNIT | CENTRE | {Role.LEADER},
                            subject="measure", subject_states=frozenset(OWED_MEASURES), own_unit=True, rank=15),
    "return_measure": _move("return_measure", "退回一条", "写明哪里没改好", {*WORKING, S.REPORTED, S.VERIFIED},
                            CHECKERS | CHIEF, subject="done_measure",
                            subject_states=frozenset({MeasureState.DONE}), rank=44),
    "accept_own": _move("accept_own", "自查验收", "责任单位先自己过一遍", WORKING, UNIT,
                        subject="approved_plan", subject_states=frozenset({PlanState.APPROVED}), rank=16),
    "on_spot": _move("on_spot", "现场了结", "当场改好，或者没有这个问题", {S.IN_HAND}, UNIT, rank=24),
    "grade": _move("grade", "定级", "一般还是重大，写明理由", LIVE - {S.ANSWERED}, DECIDE | CENTRE,
                   while_paused=True, rank=8),
    "regrade": _move("regrade", "重新定级", "比原先看得重了、轻了", LIVE - {S.ANSWERED}, DECIDE | CENTRE,
                     while_paused=True, rank=76),
    "stop": _move("stop", "停用停业", "危险没排除以前先停", LIVE - {S.ANSWERED}, DECIDE, while_paused=True, rank=31),
    "lift_stop": _move("lift_stop", "解除停用", "验收合格才解除", AFTER, DECIDE, subject="stop_order", rank=11),
    "refer_enforcement": _move("refer_enforcement", "移送执法", "街道无权处罚，移给有权的", LIVE, CENTRE | CHIEF | {Role.UNIT_HEAD},
                               while_paused=True, rank=66),
    "enforcement_answer": _move("enforcement_answer", "记执法结果", "对方怎么处理的", LIVE | {S.CLOSED}, CENTRE | UNIT,
                                subject="enforcement_referral", while_paused=True, rank=33),
}  # fmt: skip


def _no_subject_yet(case, user, subject):
    """A plan is written by the unit that owes the work, or by the centre."""
    if conditions.settled_on_spot(case):
        return "已经现场了结，不用编方案"
    if not any(row.state == AssignmentState.ACCEPTED for row in case.live_assignments):
        return "还没有单位签收"
    return ""


def _not_own_plan(case, user, subject):
    people = {subject.written_by_id, subject.leader_id, *(row.person_id for row in subject.measures.all())}
    return "自己写的、自己改的，要别人审" if user.pk in people else ""


def _plan_passed(case, user, subject):
    return "" if subject.plan.state == PlanState.APPROVED else "方案还没有通过，不能动工"


def _not_executor(case, user, subject):
    return "整改是您经手的，由别人来定" if user.pk in plans.executors(case) else ""


def _all_done(case, user, subject):
    if subject.self_accepted_at:
        return "已经自查验收过"
    owing = [row for row in plans.live_measures(case) if row.is_owed]
    return f"还有 {len(owing)} 条没改完" if owing else ""


def _may_settle(case, user, subject):
    if conditions.settled_on_spot(case):
        return "已经现场了结"
    return "已经有方案，按方案改" if plans.current(case) else ""


def _not_graded(case, user, subject):
    return "" if conditions.graded(case) else "这一轮定过级了"


def _graded(case, user, subject):
    return conditions.graded(case)


def _may_lift(case, user, subject):
    return conditions.accepted_by_other(case) or _not_executor(case, user, subject)


def _plan_in(*states):
    def live(case):
        plan = plans.current(case)
        return [plan] if plan and plan.state in states else []

    return live


def _measures_in(*states):
    def live(case):
        plan = plans.current(case)
        return (
            [row for row in plans.live_measures(case) if row.state in states]
            if plan and plan.is_approved
            else []
        )

    return live


def _every(model):
    return lambda case: model.objects.filter(case=case)


def register():
    """Called once, in AppConfig.ready."""
    subjects = kind_moves.add_subjects
    subjects("plan", _plan_in(PlanState.SUBMITTED), _every(Plan))
    subjects("approved_plan", _plan_in(PlanState.APPROVED), _every(Plan))
    subjects(
        "measure",
        _measures_in(*OWED_MEASURES),
        lambda case: Measure.objects.filter(case=case).select_related("plan"),
    )
    subjects("done_measure", _measures_in(MeasureState.DONE), _every(Measure))
    subjects(
        "stop_order",
        lambda case: list(StopOrder.objects.filter(case=case).standing()[:20]),
        _every(StopOrder),
    )
    subjects(
        "enforcement_referral",
        lambda case: list(EnforcementReferral.objects.filter(case=case, answered_at=None)[:20]),
        _every(EnforcementReferral),
    )
    add = kind_moves.add
    add(
        MOVES["write_plan"],
        form=forms.WritePlan,
        act=_write,
        condition=_no_subject_yet,
        events=("plan_written",),
        icon="doc",
        quiet=True,
    )
    add(MOVES["check_plan"], form=forms.CheckPlan, act=_decide, condition=_not_own_plan, icon="verify")
    add(MOVES["finish_measure"], form=forms.FinishMeasure, act=_finish, condition=_plan_passed, icon="ok")
    add(
        MOVES["return_measure"],
        form=forms.ReturnMeasure,
        act=_give_back,
        condition=_not_executor,
        icon="undo",
        quiet=True,
    )
    add(
        MOVES["accept_own"],
        form=forms.AcceptOwn,
        act=_accept_own,
        condition=_all_done,
        icon="verify",
        quiet=True,
    )
    add(MOVES["on_spot"], form=forms.OnSpot, act=_on_spot, condition=_may_settle, icon="ok", quiet=True)
    add(
        MOVES["grade"],
        form=forms.Grade,
        act=_grade,
        condition=_not_graded,
        events=("graded",),
        icon="flag",
        quiet=True,
    )
    add(
        MOVES["regrade"],
        form=forms.Regrade,
        act=_regrade,
        condition=_graded,
        events=("graded",),
        icon="flag",
        quiet=True,
    )
    add(MOVES["stop"], form=forms.Stop, act=_stop, icon="pause")
    add(MOVES["lift_stop"], form=forms.LiftStop, act=_lift, condition=_may_lift, icon="right", quiet=True)
    add(MOVES["refer_enforcement"], form=forms.ReferEnforcement, act=_refer, icon="out")
    add(MOVES["enforcement_answer"], form=forms.EnforcementAnswer, act=_answer, icon="doc")


def _write(case, *, by, subject=None, **given):
    return plans.write(case, by=by, **given)


def _decide(case, *, by, subject, **given):
    return plans.decide(case, by=by, subject=subject, **given)


def _finish(case, *, by, subject, **given):
    return plans.finish(case, by=by, subject=subject, **given)


def _give_back(case, *, by, subject, **given):
    return plans.give_back(case, by=by, subject=subject, **given)


def _accept_own(case, *, by, subject, **given):
    return plans.accept_own(case, by=by, subject=subject, **given)


def _on_spot(case, *, by, subject=None, **given):
    return plans.settle_on_spot(case, by=by, **given)


def _grade(case, *, by, subject=None, **given):
    return hazards.grade(case, by=by, **given)


def _regrade(case, *, by, subject=None, **given):
    return hazards.regrade(case, by=by, **given)


def _stop(case, *, by, subject=None, **given):
    return hazards.stop(case, by=by, **given)


def _lift(case, *, by, subject, **given):
    return hazards.lift(case, by=by, subject=subject, **given)


def _refer(case, *, by, subject=None, **given):
    return hazards.refer(case, by=by, **given)


def _answer(case, *, by, subject, **given):
    return hazards.take_answer(case, by=by, subject=subject, **given)
