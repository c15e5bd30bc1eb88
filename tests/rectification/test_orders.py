"""Orders from above: their own limit, the plan, feedback before the end, tracked until settled."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.notices.models import Notice
from huiyin.rectification import look_backs, plans
from huiyin.rectification.models import LeaderDuty, LookBackRound
from huiyin.rules import clock
from tests.rectification.conftest import fresh, measure, photo, plan_of

SOURCE = {
    "system": "区生态环境委办公室",
    "outside_number": "云环交〔2026〕88号",
    "owed_to": "区生态环境委办公室",
}


def order(walk, **source):
    return walk(kind="directive", sources=[{**SOURCE, **source}])


def due(case):
    return clock.local(case.deadlines.get(code="DIRECTIVE-DO", dropped_at=None).due_at)


def test_the_level_must_be_known(world, walk):
    step = walk(kind="directive", particulars={})
    with pytest.raises(Refusal, match="交办层级"):
        step.accept()


def test_their_limit_goes_before_the_rule(world, walk):
    with clock.travel("2026-09-21T09:00"):
        last = clock.local("2026-10-30T18:00")
        case = fresh(order(walk, due_at=last).accept().case)
        assert due(case) == last
        plain = fresh(order(walk).accept().case)
        # ten working days: 25 September and 1–7 October are off, Saturday 10 October is worked
        assert due(plain).date().isoformat() == "2026-10-12"


def test_a_day_set_at_sending_moves_the_end_and_the_helpers(world, walk):
    with clock.travel("2026-11-02T09:00"):
        case = fresh(order(walk).accept().case)
        sent = clock.local("2026-11-27T18:00")
        case.dispatch(by=world.clerk, lead=world.safety, co=[world.environment], task="改好", due_at=sent)
        case = fresh(case)
        assert due(case).date().isoformat() == "2026-12-02"
        reports = [
            row.due_at
            for row in case.deadlines.filter(code__startswith="ASSIGN").exclude(code__contains="TAKE")
        ]
        assert [clock.local(row) for row in reports] == [sent, sent]


def test_an_order_walks_to_its_end_and_is_settled_only_after_tracking(world, walk):
    step = order(walk).reported()
    case = fresh(step.case)
    case.verify(by=world.supervisor, text="两处都看过，改好了")
    case.answer(by=world.clerk, text="两处都改好了，照片和数字一并送上，请查收。", reply_by=case.reply_by)
    with pytest.raises(Refusal) as refused:
        fresh(case).close(by=world.clerk)
    assert f"向{SOURCE['owed_to']}反馈" in refused.value.missing
    case = fresh(case)
    case.feed_back(by=world.clerk, source=case.sources.get(), text="两处改好，每月看一次防止反复")
    fresh(case).close(by=world.clerk)
    case = fresh(case)
    days = [
        (row.due_on - clock.today()).days
        for row in LookBackRound.objects.filter(case=case).order_by("number")
    ]
    assert days == [15, 45, 90] and not look_backs.is_settled(case)
    for day in days:
        with clock.travel(clock.now() + timedelta(days=day)):
            fresh(case).look_back(by=world.supervisor, text=f"第 {day} 天看，没有反复", has_relapsed=False)
    assert look_backs.is_settled(fresh(case))


def test_a_plan_beyond_their_limit_is_refused(world, walk):
    with clock.travel("2026-11-02T09:00"):
        step = order(walk, due_at=clock.local("2026-11-09T18:00")).taken()
        with pytest.raises(Refusal, match="晚于这件事的期限"):
            step.case.do("write_plan", by=world.safety_handler, **plan_of(world, measure(world, days=20)))


def test_whoever_helps_reports_when_the_own_measures_are_done(world, walk):
    step = order(walk).accept()
    step.case.dispatch(by=world.clerk, lead=world.safety, co=[world.environment], task="改好")
    case = fresh(step.case)
    lead, co = case.live_assignments
    case.take(by=world.safety_handler, subject=lead)
    fresh(case).take(by=world.environment_handler, subject=co)
    rows = [
        measure(world),
        measure(world, "给排污口装一道格栅", person=world.environment_handler, unit=world.environment),
    ]
    case = fresh(case)
    case.do("write_plan", by=world.safety_handler, **plan_of(world, *rows))
    case.do("check_plan", by=world.supervisor, subject=plans.current(case), approve=True)
    with pytest.raises(Refusal, match="您单位的措施没改完：第 2 条"):
        fresh(case).report(by=world.environment_handler, subject=co, text="办好了")
    row = plans.live_measures(case)[1]
    fresh(case).do("finish_measure", by=world.environment_handler, subject=row, text="格栅装好了",
                   attachments=[photo(world, world.environment_handler)])  # fmt: skip
    fresh(case).report(by=world.environment_handler, subject=co, text="办好了")
    with pytest.raises(Refusal, match="第 1 条"):
        fresh(case).report(by=world.safety_handler, subject=lead, text="都好了")


def test_the_leader_of_the_line_hears_of_an_order_once(world, walk):
    given = {
        "business": "分管应急",
        "safety": "应急和消防",
        "petitions": "分管行业的信访",
        "source": "街道分工",
    }
    duty = LeaderDuty.objects.create(office=world.office, user=world.leader, start_on=clock.today(), **given)
    duty.organisations.add(world.safety)
    case = fresh(order(walk).taken().case)
    told = Notice.objects.filter(text__startswith="上级交办，请优先过问")
    assert [row.to for row in told] == [world.leader] and case.number in told.get().text
    walk().taken()
    assert told.count() == 1, "a hazard is no order from above"
