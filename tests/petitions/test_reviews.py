"""复查 and 复核 on a real calendar: windows, clocks, the hearing's time out, the end."""

from datetime import date

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.petitions import reviewing
from huiyin.rules import clock
from tests.petitions.conftest import at, fresh, give


def due(case, duty: str) -> date:
    row = reviewing.duty_clock(case, duty)
    return row and clock.local(row.due_at).date()


def ask(world, case, when: str, **more):
    with clock.travel(at(when)):
        fresh(case).do("request_review", by=world.clerk, text="不服处理意见，请求再看一遍", **more)


def test_sixty_days_end_after_the_holiday_and_may_grow_by_thirty_only(world):
    with clock.travel(at("2026-08-03 09:00")):
        case = world.register(by=world.clerk, kind="petition", channel="visit")
        case.accept(by=world.clerk)
        case.dispatch(by=world.clerk, lead=world.enforcement, task="去看")
    assert due(case, "close") == date(2026, 10, 8)  # 2 October is a holiday, so are the days up to the 7th
    row = reviewing.duty_clock(case, "close")
    with clock.travel(at("2026-09-28 09:00")):
        with pytest.raises(Refusal, match="最多延期30日"):
            fresh(case).ask_extension(by=world.clerk, deadline=row, amount=31, reason="要等监测")
        fresh(case).ask_extension(by=world.clerk, deadline=row, amount=30, reason="要等监测")
        with pytest.raises(Refusal) as refused:
            fresh(case).decide_extension(
                by=world.director, subject=case.extensions.get(), approve=True, text=""
            )
        assert refused.value.status == 400  # the reason must be told
        fresh(case).decide_extension(
            by=world.director,
            subject=case.extensions.get(),
            approve=True,
            text="夜里的噪声要连测三次才作数，所以多用三十天。",
        )
    assert due(case, "close") == date(2026, 11, 2)  # 60 + 30 days from 3 August is Sunday 1 November
    assert fresh(case).events.get(verb="decide_extension").is_told
    with clock.travel(at("2026-10-20 09:00")), pytest.raises(Refusal, match="最多延期 1 次"):
        fresh(case).ask_extension(
            by=world.clerk, deadline=reviewing.duty_clock(case, "close"), amount=5, reason="还要"
        )


def test_delivery_of_the_opinion_opens_thirty_days(world, answered):
    case = answered(serve=False)
    assert reviewing.duty_clock(case, "review_request") is None
    with pytest.raises(Refusal, match="处理意见书还没有送达"):
        ask(world, case, "2026-09-05 10:00")
    case = answered()
    assert due(case, "review_request") == date(2026, 10, 8)  # 3 October rolls over the holiday


def test_last_day_counts_and_the_day_after_is_refused_with_the_law(world, answered):
    case = answered()
    with pytest.raises(Refusal) as refused:
        ask(world, case, "2026-10-09 08:00")
    assert "第三十五条" in refused.value.message and "2026-10-08" in refused.value.message
    assert not case.reviews.exists()
    ask(world, case, "2026-10-08 23:00")
    row = case.reviews.get()
    assert row.level == "review" and row.due_on == date(2026, 11, 9)  # 7 November is a Saturday
    assert fresh(case).state == "closed" and fresh(case).events.get(verb="request_review").is_told


def test_posted_in_time_counts_when_it_is_entered_later(world, answered):
    case = answered()
    with pytest.raises(Refusal, match="不能在今天之后"):
        ask(world, case, "2026-09-20 10:00", requested_on=date(2026, 9, 21))
    with pytest.raises(Refusal, match="送达以前"):
        ask(world, case, "2026-09-20 10:00", requested_on=date(2026, 9, 2))
    ask(world, case, "2026-10-12 10:00", requested_on=date(2026, 10, 8))
    assert case.reviews.get().requested_on == date(2026, 10, 8)


def test_the_review_clock_survives_closing(world, answered):
    case = answered(close=False)
    ask(world, case, "2026-09-04 10:00")
    with clock.travel(at("2026-09-05 10:00")):
        fresh(case).close(by=world.clerk)
    row = reviewing.duty_clock(case, "review")
    assert row.dropped_at is None and row.met_at is None and due(case, "review") == date(2026, 10, 8)


def test_opinion_needs_a_number_when_it_is_another_organ(world, reviewed):
    case = reviewed()
    with pytest.raises(Refusal, match="文号") as refused:
        give(world, case, "2026-09-15 10:00", document="")
    assert "document" in refused.value.errors
    with clock.travel(at("2026-09-15 10:00")), pytest.raises(Refusal, match="还没有作出"):
        case.do("serve_review", by=world.clerk, subject=case.reviews.get(), how="当面")


def test_serving_meets_the_clock_and_opens_the_next_window(world, reviewed):
    case = reviewed()
    give(world, case, "2026-09-20 10:00")
    with clock.travel(at("2026-09-21 10:00")):
        fresh(case).do("serve_review", by=world.clerk, subject=case.reviews.get(), how="邮寄，回执在档")
    assert reviewing.duty_clock(case, "review").met_at is not None
    assert due(case, "recheck_request") == date(2026, 10, 21)
    event = fresh(case).events.get(verb="serve_review")
    assert event.is_told and "2026年10月21日" in event.text
    with pytest.raises(Refusal, match="第三十六条"):
        ask(world, case, "2026-10-22 10:00")


def test_one_review_at_a_time(world, reviewed):
    case = reviewed()
    with pytest.raises(Refusal, match="复查还在办"):
        ask(world, case, "2026-09-12 10:00")
    with clock.travel(at("2026-09-12 10:00")), pytest.raises(Refusal, match="复查正在办"):
        fresh(case).reopen(by=world.clerk, reason="本人又来了，要重新办")


def test_a_hearing_stops_only_the_clock_of_the_recheck(world, reviewed):
    case = reviewed("recheck")
    assert due(case, "recheck") == date(2026, 11, 9)  # 8 November is a Sunday
    row = case.reviews.get(level="recheck")
    with clock.travel(at("2026-10-19 10:00")):
        case.do(
            "begin_hearing",
            by=world.director,
            subject=row,
            reason="双方对监测结果各说各的",
            held_on=date(2026, 10, 28),
            place="街道二楼会议室",
        )
        held = reviewing.duty_clock(case, "recheck")
        others = [d for d in case.deadlines.filter(round=case.round) if d.code != "XF-FH"]
        assert deadlines.reading(held, case).is_paused
        assert not any(deadlines.reading(d, case).is_paused for d in others)
        with pytest.raises(Refusal, match="听证还没有结束"):
            give(world, case, "2026-10-20 10:00")
    with clock.travel(at("2026-10-29 10:00")):
        fresh(case).do(
            "end_hearing", by=world.director, subject=case.hearings.get(), held_on=date(2026, 10, 28), place="街道二楼会议室",
            people="信访人、承办单位、人大代表、律师", summary="一致认为应当补做夜间监测",
        )  # fmt: skip
    row.refresh_from_db()
    assert row.due_on == due(case, "recheck") == date(2026, 11, 18)  # ten days of hearing
    assert case.pauses.count() == 0
    with clock.travel(at("2026-10-30 10:00")), pytest.raises(Refusal, match="已经决定过听证"):
        fresh(case).do("begin_hearing", by=world.director, subject=row, reason="再来一次")


def test_no_hearing_time_out_in_the_first_review(world, reviewed):
    case = reviewed()
    with clock.travel(at("2026-09-12 10:00")), pytest.raises(Refusal, match="第三十六条"):
        case.do("begin_hearing", by=world.director, subject=case.reviews.get(), reason="想听听")


def test_after_the_recheck_it_is_at_its_end(world, reviewed):
    case = reviewed("recheck")
    give(world, case, "2026-10-20 10:00")
    with clock.travel(at("2026-10-21 10:00")):
        fresh(case).do(
            "serve_review", by=world.clerk, subject=case.reviews.get(level="recheck"), how="当面送交"
        )
        event = fresh(case).events.filter(verb="serve_review").last()
        assert event.data["ended"] and "到此终结" in event.text and event.is_told
        with pytest.raises(Refusal, match="信访终结"):
            fresh(case).do("request_review", by=world.clerk, text="还是不服，再来一次")
        with pytest.raises(Refusal, match="复核终结"):
            fresh(case).reopen(by=world.clerk, reason="本人又来了")


def test_a_revoked_opinion_opens_the_matter_again(world, reviewed):
    case = reviewed()
    give(world, case, "2026-09-20 10:00", result="revoked")
    with clock.travel(at("2026-09-21 10:00")):
        fresh(case).do("serve_review", by=world.clerk, subject=case.reviews.get(), how="当面送交")
    case = fresh(case)
    assert (case.state, case.round, case.closed_at) == ("accepted", 2, None)
    assert due(case, "close") == date(2026, 11, 20)
    running = [row.code for row in case.deadlines.all() if not row.met_at and not row.dropped_at]
    assert "XF-FH-REQ" not in running and "XF-DO" in running


def test_double_click_makes_one(world, reviewed):
    case = reviewed()
    row = case.reviews.get()
    give(world, case, "2026-09-20 10:00")
    with pytest.raises(Refusal, match="已经登记"), clock.travel(at("2026-09-20 10:01")):
        case.do(
            "give_review_opinion",
            by=world.clerk,
            subject=row,
            result="changed",
            facts="又写",
            opinion="又写",
            basis="又写",
        )
    assert case.events.filter(verb="give_review_opinion").count() == 1


def test_who_may(world, reviewed):
    case = reviewed()
    with clock.travel(at("2026-09-20 10:00")):
        for user in (world.handler, world.east_worker, world.outsider):
            with pytest.raises(Refusal) as refused:
                case.do("serve_review", by=user, subject=case.reviews.get(), how="当面")
            assert refused.value.status == 403
    other = world.register(by=world.clerk)
    with pytest.raises(Refusal, match="没有“请求复查复核”这一步"):
        other.do("request_review", by=world.clerk, text="不服，请求复查")
