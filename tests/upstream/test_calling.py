"""Call-backs at expiry, and the three rates with what is left out side by side."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases.offers import offers
from huiyin.rules import clock
from huiyin.upstream import orders, rates
from tests.upstream.hands import MONDAY, accept, answered, at, order

VERDICT = {"result": "reached", "contacted": "yes", "solved": "yes", "satisfied": "yes"}


class September:
    """A period as the pages make one."""

    @staticmethod
    def holds(name):
        return {f"{name}__gte": at(9, 1, 0), f"{name}__lt": at(10, 1, 0)}


def done(world, number, **more):
    return answered(world, order(world, number, due=at(9, 24, 18), **more), MONDAY)


def test_a_call_back_asks_three_questions_and_is_the_verdict_of_the_round(world):
    case = done(world, "RX-1")
    with clock.travel(at(9, 22)):
        with pytest.raises(Refusal, match="三个问题都问到"):
            case.do("call_back", by=world.supervisor, result="reached", contacted="yes")
        case.do("call_back", by=world.supervisor, **VERDICT, text="说弄得挺干净")
        with pytest.raises(Refusal, match="已经回访到"):
            case.do("call_back", by=world.supervisor, **VERDICT)
    assert case.ratings.get().taken_by == world.supervisor and orders.order_of(case).solved == "yes"
    assert case.events.get(verb="call_back").data["notes"] == ["联系过，解决了，满意"]
    rated = case.deadlines.filter(round=1, code="CALL-BACK").get()
    assert rated.met_at == at(9, 22)


def test_not_reached_three_times_is_written_as_unreachable(world):
    case = done(world, "RX-1")
    for number, result in enumerate(["no_answer", "no_answer", "wrong_number"], 1):
        with clock.travel(at(9, 22, 9 + number)):
            case.do("call_back", by=world.clerk, result=result)
    found = orders.order_of(case)
    assert found.tries == 3 and found.called_at is None and not case.ratings.exists()
    assert case.events.filter(verb="call_back").last().data["notes"] == ["第 3 次：号码不对，记为联系不上"]
    with clock.travel(at(9, 25)):
        assert rates.figures(world.clerk, September)["standing"] == {
            "due": 1,
            "called": 0,
            "unreachable": 1,
            "waiting": 0,
        }


def test_whoever_handled_it_does_not_call_back(world):
    case = done(world, "RX-1")
    with clock.travel(at(9, 22)), pytest.raises(Refusal) as refused:
        case.do("call_back", by=world.handler, **VERDICT)
    assert refused.value.status == 403


def test_before_answer_and_expiry_there_is_nothing_to_ask(world):
    case = accept(world, order(world, due=at(9, 24, 18)), MONDAY)
    with clock.travel(at(9, 23)):
        with pytest.raises(Refusal, match="不到回访的时候"):
            case.do("call_back", by=world.clerk, **VERDICT)
        assert "call_back" not in {row.verb for row in offers(case, world.clerk)}
    with clock.travel(at(9, 25)):
        case.do("call_back", by=world.clerk, result="reached", contacted="no", solved="no", satisfied="no")
    assert orders.order_of(case).solved == "no" and not case.ratings.exists()


def test_the_persons_own_word_counts_as_well(world):
    case = done(world, "RX-1")
    with clock.travel(at(9, 22)):
        case.rate(by=None, contacted="yes", solved="partly", satisfied="fair")
    found = orders.order_of(case)
    assert (found.solved, found.satisfied) == ("partly", "fair") and case.call_backs.get().source == "person"


def test_raw_left_out_and_net_side_by_side(world):
    for number, verdict in enumerate([("yes", "yes"), ("no", "no"), ("partly", "fair")]):
        case = done(world, f"RX-{number}")
        with clock.travel(at(9, 22)):
            case.do(
                "call_back",
                by=world.clerk,
                result="reached",
                contacted="yes",
                solved=verdict[0],
                satisfied=verdict[1],
            )
        if verdict[0] == "no":
            with clock.travel(at(9, 22, 11)):
                case.do(
                    "ask_exclusion", by=world.clerk, reason="no_basis", text="要求不合规定，条文已经讲过三次"
                )
                case.do(
                    "decide_exclusion",
                    by=world.supervisor,
                    subject=case.exclusions.get(),
                    approve=True,
                    text="核过条文",
                )
    done(world, "RX-9")  # nobody called yet
    with clock.travel(at(9, 25)):
        found = rates.figures(world.clerk, September)
    responded, solved, satisfied = found["rates"]
    assert (solved.raw.shown_score, solved.raw.base, solved.raw.percent) == ("1", 3, 33.3)
    assert (solved.net.shown_score, solved.net.base, solved.net.percent) == ("1", 2, 50.0)
    assert solved.excluded == {"no_basis": 1} and responded.excluded == {}
    assert (satisfied.raw.percent, satisfied.net.percent) == (66.7, 100.0)
    assert responded.raw.base == 4 and found["standing"]["waiting"] == 1
    assert found["whole"][1] == round((responded.raw.percent * 20 + 50 * 40 + 100 * 40) / 100, 1)
    with clock.travel(at(9, 25)):
        rows = rates.due(world.clerk, September)
        for rate in found["rates"]:
            for share, excluded in ((rate.raw, ""), (rate.net, "none")):
                behind = rates.narrowed(rows, world.office, rate=rate.code, part="base", excluded=excluded)
                assert behind.count() == share.base
                behind = rates.narrowed(rows, world.office, rate=rate.code, part="score", excluded=excluded)
                assert behind.count() == share.score
        assert rates.narrowed(rows, world.office, rate="solved", excluded="no_basis").count() == 1


def test_an_exclusion_is_reviewed_by_another(world):
    case = done(world, "RX-1")
    with clock.travel(at(9, 22)):
        with pytest.raises(Refusal, match="选一条理由"):
            case.do("ask_exclusion", by=world.clerk, reason="because", text="就是不算")
        case.do("ask_exclusion", by=world.supervisor, reason="outside", text="门牌在邻街道，附核对照片")
        asked = case.exclusions.get()
        with pytest.raises(Refusal) as refused:
            case.do("decide_exclusion", by=world.supervisor, subject=asked, approve=True, text="同意")
        assert refused.value.status == 403 and "自己" in refused.value.message
        case.do("decide_exclusion", by=world.duty_leader, subject=asked, approve=False, text="核过就在辖区里")
    assert orders.order_of(case).excluded == "" and case.exclusions.get().is_approved is False


def test_orders_given_back_are_not_due(world):
    case = order(world, due=at(9, 24, 18))
    with clock.travel(MONDAY + timedelta(hours=1)):
        case.do("return_order", by=world.clerk, cause="outside", reason="门牌在邻街道")
        case.do(
            "decide_order_return",
            by=world.clerk,
            subject=case.order_returns.get(),
            agreed=True,
            text="同意改派",
        )
    with clock.travel(at(9, 28)):
        assert rates.figures(world.clerk, September)["standing"]["due"] == 0
