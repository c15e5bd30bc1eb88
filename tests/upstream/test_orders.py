"""An upstream order's own limit, its return within the window, problem orders, work that stays off the communities."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.offers import offers
from huiyin.notices.models import Notice
from huiyin.rules import clock
from huiyin.upstream import orders, returning
from tests.upstream.hands import MONDAY, accept, answered, at, closing, order, send


def test_its_own_limit_is_that_of_closing(world):
    case = accept(world, order(world, due=at(9, 23, 12)), MONDAY)
    assert closing(case).due_at == at(9, 23, 12)
    assert orders.known(case).expires_at == at(9, 23, 12)
    send(world, case, MONDAY + timedelta(minutes=5))
    lead = case.deadlines.running().exclude(assignment=None)
    assert max(row.due_at for row in lead if deadlines.rule_of(row).duty == "report") <= at(9, 23, 12)


def test_a_longer_own_limit_counts_too_and_without_one_the_rule_over_holidays(world):
    longer = accept(world, order(world, due=at(10, 30, 18)), MONDAY)
    assert closing(longer).due_at == at(10, 30, 18)
    plain = accept(world, order(world, "RX-0921-002", category=""), at(9, 24))
    # 5 working days after Thursday 24 September: 25 to 27 and 1 to 7 October are off, so 28, 29, 30, 8 and 9
    assert clock.local(closing(plain).due_at).date() == at(10, 9).date()
    assert orders.order_of(plain).expires_at == closing(plain).due_at


def test_a_limit_of_law_is_never_stretched(world):
    source = {"system": "区信访局", "outside_number": "X-1", "owed_to": "区信访局", "due_at": at(12, 30)}
    with clock.travel(MONDAY):
        case = world.register(
            by=world.clerk, kind="petition", channel="letter", sources=[source], reply_by="phone"
        )
        case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    assert closing(case).due_at < at(12, 30)


def test_the_upstream_moves_the_limit_and_the_past_reads_as_before(world):
    case = accept(world, order(world, due=at(9, 23, 12)), MONDAY)
    with clock.travel(at(9, 22)):
        returning.change_limit(case, by=world.clerk, due_at=at(9, 28, 18), text="上级电话通知延到 28 日")
    assert closing(case).due_at == at(9, 28, 18)
    assert case.events.get(verb="change_limit").data["notes"] == ["上级时限：9月23日 12:00 → 9月28日 18:00"]
    then = [row for row, rule, _ in deadlines.readings(case, at(9, 21, 20)) if rule.duty == "close"]
    assert [row.fixed_due_at for row in then] == [at(9, 23, 12)]
    case.refresh_from_db()
    with clock.travel(at(9, 22, 10)), pytest.raises(Refusal, match="不用改"):
        returning.change_limit(case, by=world.clerk, due_at=at(9, 28, 18), text="再说一遍")
    with clock.travel(at(9, 22, 10)), pytest.raises(Refusal, match="已经过去"):
        returning.change_limit(case, by=world.clerk, due_at=at(9, 20, 18), text="写错了")


def test_a_report_cut_short_by_the_limit_goes_with_it(world):
    case = accept(world, order(world, due=at(9, 23, 12)), MONDAY)
    send(world, case, MONDAY, due_at=at(10, 15))
    with clock.travel(at(9, 22)):
        case.take(by=world.handler, subject=case.lead)
        returning.change_limit(case, by=world.clerk, due_at=at(9, 28, 18), text="上级电话通知延到 28 日")
    report = [row for row in case.deadlines.running() if deadlines.rule_of(row).duty == "report"]
    assert [row.due_at for row in report] == [at(9, 28, 18)]


def test_a_return_needs_its_window_and_its_clause(world):
    case = order(world, due=at(9, 28, 18))
    with clock.travel(MONDAY + timedelta(hours=1)):
        with pytest.raises(Refusal, match="清单里的一条"):
            case.do("return_order", by=world.clerk, cause="not_ours", reason="这是市里的事")
        case.do(
            "return_order",
            by=world.clerk,
            cause="not_ours",
            clause="配合履职-1",
            reason="工业噪声由区分局主责",
        )
    row = case.order_returns.get()
    assert row.clause.startswith("配合履职清单 第1项") and row.until == returning.window_of(case).due_at
    assert returning.window_of(case).met_at is not None
    with clock.travel(MONDAY + timedelta(hours=2)), pytest.raises(Refusal, match="等上级答复"):
        case.do("return_order", by=world.clerk, cause="outside", reason="再退一次")
    late = accept(world, order(world, "RX-0921-009"), MONDAY)
    with clock.travel(at(9, 23)), pytest.raises(Refusal, match="已经过了"):
        late.do("return_order", by=world.clerk, cause="outside", reason="不在我们这边")
    with clock.travel(at(9, 23)):
        assert "return_order" not in {row.verb for row in offers(late, world.clerk)}


def test_the_upstream_agrees_and_the_person_is_told(world):
    case = order(world)
    with clock.travel(MONDAY + timedelta(hours=1)):
        case.do("return_order", by=world.clerk, cause="outside", reason="门牌在邻街道")
        case.do(
            "decide_order_return",
            by=world.clerk,
            subject=case.order_returns.get(),
            agreed=True,
            text="同意改派",
        )
    case.refresh_from_db()
    assert case.state == "referred" and case.events.get(verb="decide_order_return").is_told
    assert not case.deadlines.running().exists() and orders.known(case).bounces == 0


def test_three_times_back_is_a_problem_order_one_level_up(world):
    case = order(world, due=at(9, 30, 18))
    with clock.travel(MONDAY + timedelta(hours=1)):
        case.do("return_order", by=world.clerk, cause="outside", reason="门牌在邻街道")
        case.do(
            "decide_order_return",
            by=world.clerk,
            subject=case.order_returns.get(),
            agreed=False,
            text="核对过在你们辖区",
        )
    accept(world, case, MONDAY + timedelta(hours=2))
    for number, (unit, who) in enumerate(
        [("enforcement", "handler"), ("environment", "environment_handler")]
    ):
        send(world, case, MONDAY + timedelta(hours=3 + number), lead=getattr(world, unit))
        with clock.travel(MONDAY + timedelta(hours=3 + number, minutes=30)):
            case.return_work(
                by=getattr(world, who), subject=case.lead, reason="不归我们管", clause="基本履职-1"
            )
    found = orders.order_of(case)
    assert found.bounces == 3 and found.problem_why == "已退回 3 次" and found.first_unit == world.enforcement
    assert (
        "成为问题工单：已退回 3 次，提一级督办" in case.events.filter(verb="return_work").last().data["notes"]
    )
    clocks = {deadlines.rule_of(row).duty: row for row in case.deadlines.running()}
    assert clocks["problem"].due_at > found.problem_at
    told = set(Notice.objects.filter(key=f"problem:{case.pk}").values_list("to__username", flat=True))
    assert told == {"leader", "duty_leader"}
    with clock.travel(MONDAY + timedelta(hours=6)):
        assert "instruct_problem" not in {row.verb for row in offers(case, world.clerk)}
        case.do("instruct_problem", by=world.leader, text="由执法队主办，三天内见到人。")
        with pytest.raises(Refusal, match="批示过"):
            case.do("instruct_problem", by=world.leader, text="再批示一遍试试")
    assert not [r for r in case.deadlines.running() if deadlines.rule_of(r).duty == "problem"]


def test_redone_three_times_counts_over_the_rounds(world):
    case = answered(world, order(world, due=at(9, 30, 18)), MONDAY)
    with clock.travel(at(9, 22)):
        case.reopen(by=world.clerk, reason="居民说还是老样子")
    send(world, case, at(9, 22, 10))
    with clock.travel(at(9, 22, 11)):
        case.take(by=world.handler, subject=case.lead)
        for _ in range(2):
            case.report(by=world.handler, subject=case.lead, text="又去弄了一遍，好了。")
            case.redo(by=world.east_worker, text="还是没弄好，缝还在。")
    found = orders.order_of(case)
    assert found.redos == 3 and found.problem_why == "已重办 3 次" and found.called_at is None


def test_off_list_work_does_not_go_to_a_community(world):
    case = accept(world, order(world, category="020301"), MONDAY)
    with pytest.raises(Refusal, match="不在社区的事务清单"):
        send(world, case, MONDAY, lead=world.east_station)
    case.refresh_from_db()
    assert case.state == "accepted" and not case.assignments.exists()
    send(world, case, MONDAY, co=[world.east_station])
    assert any("只协助" in note for note in case.events.get(verb="dispatch").data["notes"])
    on_list = accept(world, order(world, "RX-0921-003", category="010203"), MONDAY)
    send(world, on_list, MONDAY, lead=world.east_station)
    assert on_list.lead.organisation == world.east_station


def test_the_first_unit_goes_on_reading(world):
    case = accept(world, order(world), MONDAY)
    send(world, case, MONDAY)
    with clock.travel(MONDAY + timedelta(hours=1)):
        case.take(by=world.handler, subject=case.lead)
        case.return_work(by=world.handler, subject=case.lead, reason="归别家管", clause="基本履职-1")
    send(world, case, MONDAY + timedelta(hours=2), lead=world.environment)
    case.refresh_from_db()
    assert world.handler.pk in case.named_readers
    assert "首接单位综合执法队继续跟进" in case.events.filter(verb="dispatch").last().data["notes"][0]


def test_only_orders_from_upstream_can_be_given_back(world):
    with clock.travel(MONDAY):
        case = world.register(by=world.clerk, kind="hotline", channel="call")
        with pytest.raises(Refusal, match="没有可退的上级"):
            case.do("return_order", by=world.clerk, cause="outside", reason="不在我们这边")
        other = world.register(by=world.clerk, kind="city_problem")
        with pytest.raises(Refusal, match="没有“退单”这一步"):
            other.do("return_order", by=world.clerk, cause="outside", reason="不在我们这边")
