"""Rounds of looking back: laid down at closing by kind and grade, walked through, relapse reopens and is counted."""

from datetime import timedelta

from huiyin.cases.offers import offers
from huiyin.rectification import look_backs
from huiyin.rectification.models import LookBackRound
from huiyin.rules import clock
from tests.cases.walks import bring
from tests.rectification.conftest import fresh


def rounds(case):
    return [
        (row.number, row.due_on, row.result)
        for row in LookBackRound.objects.filter(case=case).order_by("number")
    ]


def test_rounds_by_grade(world, walk):
    today = clock.today()
    case = walk().closed().case
    assert rounds(case) == [(1, today + timedelta(30), "planned"), (2, today + timedelta(90), "planned")]
    assert case.look_back_on == today + timedelta(30)


def test_kept_twice_is_settled(world, walk):
    case = walk().closed().case
    assert not look_backs.is_settled(case)
    with clock.travel(clock.now() + timedelta(days=30)):
        case.look_back(by=world.supervisor, text="都在，压力正常", has_relapsed=False)
    case = fresh(case)
    assert [row[2] for row in rounds(case)] == ["kept", "planned"]
    assert case.look_back_on == rounds(case)[1][1]
    assert "第 1 次，共 2 次" in case.events.last().data["notes"][0]
    with clock.travel(clock.now() + timedelta(days=90)):
        case.look_back(by=world.supervisor, text="还在", has_relapsed=False)
    case = fresh(case)
    assert look_backs.is_settled(case) and case.look_back_on is None


def test_a_relapse_reopens_and_the_rest_is_not_looked_at(world, walk):
    case = walk().closed().case
    case.look_back(by=world.supervisor, text="灭火器被人拿走了", has_relapsed=True)
    case = fresh(case)
    assert case.state == "accepted" and [row[2] for row in rounds(case)] == ["relapsed", "dropped"]


def test_reopened_by_the_person_drops_the_rounds(world, walk):
    case = walk().closed().case
    case.reopen(by=world.clerk, reason="楼上说又坏了一只")
    assert [row[2] for row in rounds(case)] == ["dropped", "dropped"]


def test_a_round_of_ones_own_day_comes_in_between(world, walk):
    case = walk().closed().case
    soon = clock.today() + timedelta(days=5)
    case.look_back(by=world.supervisor, text="都好，下周再来看一眼", has_relapsed=False, next_on=soon)
    assert fresh(case).look_back_on == soon
    assert [row[1] for row in rounds(case)][-1] == soon


def test_other_kinds_are_counted_too(world):
    case = bring(world, "closed", kind="service_request")
    case.look_back(by=world.supervisor, text="没再响", has_relapsed=False)
    case.look_back(by=world.supervisor, text="又响了", has_relapsed=True)
    assert [row[2] for row in rounds(case)] == ["kept", "relapsed"]


def test_the_rate_counts_matters_not_visits(world, walk):
    case = walk().closed().case
    with clock.travel(clock.now() + timedelta(days=30)):
        case.look_back(by=world.supervisor, text="好着", has_relapsed=False)
        fresh(case).look_back(by=world.supervisor, text="又堆了", has_relapsed=True)
        other = fresh(case)
        found = look_backs.rates(world.supervisor, clock.today() - timedelta(days=40), clock.today())
    assert other.state == "accepted"
    [rate] = [row for row in found if row.kind == "hazard"]
    assert (rate.rounds, rate.matters, rate.relapsed, rate.share) == (2, 1, 1, 100.0)
    assert (
        look_backs.rates(
            world.outsider, clock.today() - timedelta(days=40), clock.today() + timedelta(days=40)
        )
        == []
    )


def test_whoever_handled_it_does_not_look_back(world, walk):
    case = walk().closed().case
    assert "look_back" in {row.verb for row in offers(case, world.supervisor)}
    assert "look_back" not in {row.verb for row in offers(fresh(case), world.safety_handler)}
