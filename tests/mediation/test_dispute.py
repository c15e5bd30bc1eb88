"""The kind dispute: what only it refuses, its clocks on a real calendar, and its way through the levels to the end."""

from datetime import date, timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, particulars
from huiyin.cases.models import Case
from huiyin.mediation import agreeing, mediating
from huiyin.rules import clock

ANSWER = "两家都签了字：楼上铺地毯、十点以后不拖椅子，楼下有事先打电话。有反复随时找社区，电话在协议上。"


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(world):
    return taken(world)


def taken(world, **more):
    words = {
        "kind": "dispute", "channel": "visit", "description": "楼上夜里拖椅子，说了几次吵起来。", "wants": "夜里安静",
        "particulars": {"quarrel": "neighbours"},
    }  # fmt: skip
    case = world.register(by=world.clerk, **{**words, **more})
    case.do(
        "accept", by=world.clerk, particulars={"heat": "tense"}, text="两家的事我们先上门听听，再请到一起谈。"
    )
    fresh(case).dispatch(by=world.clerk, lead=world.east_station, task="上门调解")
    fresh(case).take(by=world.east_staff, subject=fresh(case).lead)
    return fresh(case)


def open_level(world, case, level=1):
    return mediating.open_mediation(
        fresh(case),
        by=world.clerk,
        level=level,
        organisation=world.east_station,
        mediators=[world.east_staff],
    )


def sit(world, mediation):
    return mediating.hold(
        mediation, by=world.clerk, held_at=clock.now(), place="服务站", present="两家各一人", minutes="各说了难处",
        result="愿意再谈",
    )  # fmt: skip


def agree(world, case, mediation, *, due=10):
    promise = agreeing.Promise("楼上铺地毯", clock.today() + timedelta(days=due))
    return agreeing.agree(
        fresh(case), by=world.clerk, form="written", content="两家互相体谅", agreed_on=clock.today(),
        promises=[promise], mediation=mediation,
    )  # fmt: skip


def report(world, case):
    fresh(case).report(by=world.east_staff, subject=fresh(case).lead, text="两家签了协议")


def up_to_closing(world, case):
    report(world, case)
    fresh(case).verify(by=world.supervisor, text="问了两家，都说好")
    fresh(case).answer(by=world.clerk, text=ANSWER, reply_by="phone", outcome="solved")


def test_nobody_tried_nothing_is_done(world, case):
    with pytest.raises(Refusal) as refused:
        report(world, case)
    assert refused.value.missing == ("调解",)
    sit(world, open_level(world, case))
    report(world, case)


def test_a_talk_written_down_counts(world, case):
    fresh(case).record(by=world.east_staff, act="mediation", text="上门两次，说通了")
    report(world, case)


def test_a_level_left_open_keeps_the_matter_open(world, case):
    first = open_level(world, case)
    sit(world, first)
    up_to_closing(world, case)
    with pytest.raises(Refusal) as refused:
        fresh(case).close(by=world.clerk)
    assert "调解结果" in refused.value.missing
    agree(world, case, first)
    fresh(case).close(by=world.clerk)
    assert fresh(case).state == "closed"


def test_a_broken_promise_keeps_the_matter_open(world, case):
    first = open_level(world, case)
    sit(world, first)
    row = agree(world, case, first, due=3).obligations.get()
    up_to_closing(world, case)
    with clock.travel(clock.now() + timedelta(days=4)):
        with pytest.raises(Refusal) as refused:
            fresh(case).close(by=world.clerk)
        assert "协议履行" in refused.value.missing
        agreeing.fulfil(row, by=world.clerk, kind="act", on=clock.today(), paper="照片一张")
        fresh(case).close(by=world.clerk)


def test_up_the_levels_to_an_agreement_confirmed_and_kept(world, case):
    first = open_level(world, case)
    with pytest.raises(Refusal, match="一次也没有调解"):
        mediating.pass_up(
            first,
            by=world.clerk,
            organisation=world.east_station,
            mediators=[world.east_staff],
            reason="谈不拢",
        )
    sit(world, first)
    second = mediating.pass_up(
        first, by=world.clerk, organisation=world.east_station, mediators=[world.east_staff], reason="谈不拢"
    )
    sit(world, second)
    row = agree(world, case, second)
    agreeing.ask_confirmation(row, by=world.clerk, on=clock.today())
    agreeing.decide_confirmation(row, by=world.clerk, on=clock.today())
    agreeing.fulfil(row.obligations.get(), by=world.clerk, kind="act", on=clock.today(), paper="照片一张")
    up_to_closing(world, case)
    fresh(case).close(by=world.clerk)
    done = fresh(case)
    assert done.state == "closed" and dict(particulars.shown(done)) == {
        "纠纷类型": "邻里",
        "激烈程度": "对立，要尽快",
    }


def test_the_clocks(world):
    with clock.travel("2026-09-30T16:00"):  # the last working hour before the National Day holidays
        calm, hot = taken(world), taken(world, is_urgent=True, channel="web")
        by_code = {rule.code: row for row, rule, _ in deadlines.readings(hot)}
        assert by_code["DISPUTE-HOT"].due_at == clock.now() + timedelta(hours=2)
        closing = next(row for row, rule, _ in deadlines.readings(calm) if rule.code == "DISPUTE-DO")
        assert clock.local(closing.due_at).date() == date(2026, 10, 30)
