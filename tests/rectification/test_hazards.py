"""Hazards: graded with reasons, stopped and let go only after acceptance, referred, watched by the leaders."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.notices.models import Notice
from huiyin.rectification import hazards, overdue, plans
from huiyin.rectification.models import EnforcementReferral, LeaderAlert, StopOrder
from huiyin.rules import clock
from tests.rectification.conftest import fresh, measure, plan_of

FIVE = {"funds": "业主维修资金三万二", "emergency": "改好以前夜里两人值守，先报消防站再疏散"}


def due_of(case, code):
    return clock.local(case.deadlines.get(code=code, round=case.round, dropped_at=None).due_at)


def test_what_is_not_graded_is_not_sent_out(world, walk):
    step = walk().accept()
    with pytest.raises(Refusal, match="还没有定级"):
        step.case.dispatch(by=world.clerk, lead=world.safety)


def test_who_grades_and_why_stays_in_the_history(world, walk):
    step = walk().accept()
    with pytest.raises(Refusal) as refused:
        step.case.do("grade", by=world.east_worker, particulars={"grade": "minor"}, reason="看着不大")
    assert refused.value.status == 403
    step.case.do("grade", by=world.supervisor, particulars={"grade": "minor"}, reason="当场能改")
    with pytest.raises(Refusal, match="用“重新定级”"):
        fresh(step.case).do("grade", by=world.supervisor, particulars={"grade": "major"}, reason="看错了")
    with pytest.raises(Refusal, match="没有改动"):
        fresh(step.case).do("regrade", by=world.supervisor, particulars={"grade": "minor"}, reason="还是一般")
    with pytest.raises(Refusal, match="重新定级"):
        fresh(step.case).do("fill_in", by=world.clerk, particulars={"grade": "major"})
    fresh(step.case).do(
        "regrade",
        by=world.duty_leader,
        particulars={"grade": "major", "basis": "住人的楼"},
        reason="楼上住着四十户",
    )
    case = fresh(step.case)
    assert hazards.grade_name(case) == "重大" and hazards.is_major(case)
    first, second = hazards.gradings(case)
    assert (first.by, second.by) == (world.supervisor, world.duty_leader)
    assert second.data["was"] == {"grade": "minor"} and second.data["old"] == "minor"


def test_limits_follow_the_grade_over_a_holiday(world, walk):
    """29 April 2026 is a Wednesday: the May holiday 1–5 May, with 9 May worked, lies within the ten working days."""
    with clock.travel("2026-04-29T10:00"):
        case = fresh(walk().graded().case)
        minor = due_of(case, "HAZ-MINOR")
        days = deadlines.calendar(case.deadlines.get(code="HAZ-MINOR").calendar_id)
        assert minor.date() == days.add_working_days(clock.today(), 10)
        assert minor.date() - clock.today() > timedelta(days=14)
        assert case.deadlines.get(code="HAZ-GRADE").met_at
    with clock.travel("2026-04-30T09:00"):
        case.do("regrade", by=world.supervisor, particulars={"grade": "major"}, reason="又看了，梁上有裂缝")
        case = fresh(case)
        assert case.deadlines.get(code="HAZ-MINOR").dropped_at
        assert due_of(case, "HAZ-MAJOR").date().isoformat() == "2026-06-29"


def test_grading_itself_has_a_limit(world, walk):
    with clock.travel("2026-11-20T16:00"):  # a Friday: eight working hours end on Monday
        case = fresh(walk().accept().case)
        due = clock.local(case.deadlines.get(code="HAZ-GRADE").due_at)
        assert due.isoformat().startswith("2026-11-23T16:00")


def test_a_street_may_ask_to_stop_only_an_authority_orders_it(world, walk):
    step = walk(grade="major").taken()
    with pytest.raises(Refusal, match="有权机关"):
        step.case.do("stop", by=world.leader, kind="order", what="二楼喷漆间", reason="漆雾遇火会炸")
    step.case.do("stop", by=world.leader, kind="advice", what="二楼喷漆间", reason="漆雾遇火会炸")
    row = StopOrder.objects.get()
    assert row.authority == "测试街道办事处" and "停" in row.document
    with pytest.raises(Refusal, match="已经停着"):
        fresh(step.case).do("stop", by=world.leader, kind="advice", what="二楼喷漆间", reason="漆雾遇火会炸")
    with pytest.raises(Refusal) as refused:
        fresh(step.case).do("stop", by=world.handler, kind="advice", what="烘箱", reason="温度探头坏了")
    assert refused.value.status == 403


def test_what_stands_still_runs_again_only_after_acceptance(world, walk):
    step = walk(grade="major").taken()
    step.case.do("stop", by=world.leader, kind="advice", what="二楼喷漆间", reason="漆雾遇火会炸")
    row = StopOrder.objects.get()
    with pytest.raises(Refusal, match="验收合格才能恢复"):
        fresh(step.case).do("lift_stop", by=world.leader, subject=row, text="说改好了")
    case = fresh(step.case)
    case.do(
        "write_plan",
        by=world.safety_handler,
        **plan_of(world, measure(world, "给喷漆间装防爆风机和可燃气体报警器"), **FIVE),
    )
    case.do("check_plan", by=world.supervisor, subject=plans.current(case), approve=True)
    for measure_row in plans.live_measures(case):
        step.finish(measure_row)
    case = fresh(case)
    case.do("accept_own", by=world.safety_handler, subject=plans.current(case), text="试了三次都报警")
    case = fresh(case)
    case.report(by=world.safety_handler, subject=case.lead, text="装好了")
    with pytest.raises(Refusal, match="验收合格"):
        case.do("lift_stop", by=world.leader, subject=row, text="可以了")
    fresh(case).verify(by=world.supervisor, text="喷了一罐气，十秒报警，风机自己转")
    case = fresh(case)
    case.answer(by=world.clerk, text="喷漆间装了防爆风机和报警器，试过三次都灵。", reply_by=case.reply_by)
    with pytest.raises(Refusal) as refused:
        fresh(case).close(by=world.clerk)
    assert "停用解除" in refused.value.missing
    fresh(case).do("lift_stop", by=world.leader, subject=row, text="验收合格，从今天起可以开工")
    fresh(case).close(by=world.clerk)
    assert fresh(case).state == "closed" and StopOrder.objects.get().lifted_by == world.leader


def test_a_referral_for_enforcement_and_its_answer(world, walk):
    step = walk().taken()
    given = {
        "to": "区消防救援大队",
        "facts": "11月3日、9日两次到场，安全出口上锁，通知两次没有改",
        "basis": "《消防法》第二十八条",
    }
    step.case.do("refer_enforcement", by=world.clerk, **given)
    with pytest.raises(Refusal, match="还没有回复"):
        fresh(step.case).do("refer_enforcement", by=world.clerk, **given)
    row = EnforcementReferral.objects.get()
    assert "移" in row.number and fresh(step.case).state == "in_hand"
    fresh(step.case).do(
        "enforcement_answer",
        by=world.clerk,
        subject=row,
        text="罚款五千元，限三日开锁",
        document="消罚〔2026〕8号",
    )
    row.refresh_from_db()
    assert row.answered_at and row.answer_document == "消罚〔2026〕8号"
    with pytest.raises(Refusal):
        fresh(step.case).do("enforcement_answer", by=world.clerk, subject=row, text="罚款五千元")


def test_leaders_hear_of_an_overdue_major_hazard_once_and_the_same_day(world, walk):
    with clock.travel("2026-09-01T09:00"):
        minor = walk().graded().case
        step = walk(grade="major").approved(
            measures=[measure(world, "给南楼换六扇防火门", days=5)],
            due_on=clock.today() + timedelta(days=20),
            **FIVE,
        )
    with clock.travel("2026-09-06T23:00"):
        assert overdue.watch() == 0
    with clock.travel("2026-09-07T08:00"):
        assert overdue.watch() == 1
        assert overdue.watch() == 0
        told = Notice.objects.filter(text__contains="重大隐患第 1 条措施")
        assert {row.to for row in told} >= {world.leader, world.duty_leader} and all(
            row.is_alarm for row in told
        )
    with clock.travel("2026-11-15T08:00"):
        assert overdue.watch() >= 1
        assert overdue.watch() == 0
    assert not LeaderAlert.objects.filter(case=minor).exists()
    assert LeaderAlert.objects.filter(case=step.case).count() >= 2


def test_a_relapsed_hazard_is_graded_anew(world, walk):
    case = walk().closed().case
    with clock.travel(clock.now() + timedelta(days=30)):
        case.look_back(by=world.supervisor, text="三楼又堆上了", has_relapsed=True)
        case = fresh(case)
        assert case.state == "accepted" and case.round == 2
        with pytest.raises(Refusal, match="还没有定级"):
            case.dispatch(by=world.clerk, lead=world.safety)
        case.do("grade", by=world.supervisor, particulars={"grade": "minor"}, reason="同一处又堆，量不大")
        fresh(case).dispatch(by=world.clerk, lead=world.safety)
        assert plans.current(fresh(case)) is None
