"""What another body passed on: the notice, the five working days over the holiday, who must agree; the statutory routes."""

from datetime import date

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.offers import offers
from huiyin.petitions import transfers
from huiyin.rules import clock
from tests.petitions.conftest import at, fresh

REASON = "信里说的厂房在邻街的工业园，不在本街道辖区，本街道没有执法权。"


@pytest.fixture
def passed_on(world):
    """A letter passed on by the district's petition office on Tuesday 29 September."""

    def make(when: str = "2026-09-29 10:00", **fields):
        source = {"system": "区信访局", "outside_number": "区信〔2026〕77号", "owed_to": "区信访局"}
        with clock.travel(at(when)):
            return fresh(
                world.register(
                    by=world.clerk,
                    kind="petition",
                    channel="letter",
                    reply_by="web",
                    sources=[source],
                    **fields,
                )
            )

    return make


def codes(case) -> dict:
    return {row.code: clock.local(row.due_at).date() for row in case.deadlines.all() if not row.dropped_at}


def object_to(world, case, when: str, **more):
    given = {"source": case.sources.get(), "reason": REASON, "belongs_to": "邻街街道办事处", **more}
    with clock.travel(at(when)):
        fresh(case).do("raise_objection", by=world.clerk, **given)


def test_clocks_of_what_was_passed_on(world, passed_on):
    found = codes(passed_on())
    assert found["XF-NTC-T"] == date(2026, 10, 14) and "XF-NTC-D" not in found
    assert found["XF-FWD"] == date(2026, 10, 14)
    assert found["XF-OBJ"] == date(
        2026, 10, 12
    )  # 30, then 8 and 9, the make-up Saturday 10, Monday 12 October
    with clock.travel(at("2026-09-29 10:00")):
        direct = codes(world.register(by=world.clerk, kind="petition", channel="visit"))
    assert "XF-NTC-D" in direct and not {"XF-NTC-T", "XF-OBJ"} & set(direct)


def test_no_notice_where_nobody_can_be_told(world, passed_on):
    found = codes(passed_on(persons=[]))
    assert not {"XF-NTC-T", "XF-NTC-D"} & set(found) and "XF-FWD" in found


def test_one_query_a_move(world, passed_on, django_assert_num_queries):
    case = passed_on()
    with django_assert_num_queries(1):
        assert all(deadlines.traits(case)["transferred"] for _ in range(5))
    other = world.register(by=world.clerk)
    with django_assert_num_queries(0):
        assert not transfers.is_transferred(other)


def test_the_other_body_agrees_and_it_goes_back(world, passed_on):
    case = passed_on()
    object_to(world, case, "2026-10-12 17:00")
    case = fresh(case)
    row = case.jurisdiction_objections.get()
    with clock.travel(at("2026-10-13 10:00")):
        for verb, given in [
            ("accept", {}),
            ("refer", {"to": "邻街", "text": "这件事归邻街管，我们替您转过去了。"}),
        ]:
            with pytest.raises(Refusal, match="答复以前不能"):
                fresh(case).do(verb, by=world.clerk, **given)
        fresh(case).do(
            "answer_objection",
            by=world.clerk,
            subject=row,
            agreed=True,
            text="同意，函已收",
            document="区信函〔2026〕9号",
        )
    case = fresh(case)
    assert case.state == "referred"
    event = case.events.get(verb="answer_objection")
    assert event.is_told and "邻街街道办事处" in event.text
    assert all(item.met_at or item.dropped_at for item in case.deadlines.all())
    assert next(d for d in case.deadlines.all() if d.code == "XF-OBJ").met_at


def test_the_other_body_refuses_and_it_stays(world, passed_on):
    case = passed_on()
    object_to(world, case, "2026-10-09 10:00")
    with clock.travel(at("2026-10-12 10:00")):
        fresh(case).do(
            "answer_objection",
            by=world.clerk,
            subject=case.jurisdiction_objections.get(),
            agreed=False,
            text="厂房跨界，仍由你街道办",
        )
        case = fresh(case)
        assert case.state == "received" and codes(case)["ACCEPT-AFTER-OBJECTION"] == date(2026, 10, 13)
        case.accept(by=world.clerk)
    assert fresh(case).state == "accepted"


@pytest.mark.parametrize(
    ("when", "more", "says"),
    [("2026-10-13 09:00", {}, "5个工作日"), ("2026-10-09 09:00", {"reason": "不归我们"}, "写清理由"),
     ("2026-10-09 09:00", {"clause": "没有-1"}, "没有这一条")],
)  # fmt: skip
def test_refused_objections(world, passed_on, when, more, says):
    case = passed_on()
    with pytest.raises(Refusal, match=says):
        object_to(world, case, when, **more)
    assert not case.jurisdiction_objections.exists()


def test_only_once_and_only_what_was_passed_on(world, passed_on):
    case = passed_on()
    object_to(world, case, "2026-10-09 10:00")
    with pytest.raises(Refusal, match="已经提过一次"):
        object_to(world, case, "2026-10-09 11:00")
    direct = world.register(by=world.clerk, kind="petition")
    assert "raise_objection" not in {row.verb for row in offers(direct, world.clerk)}
    with pytest.raises(Refusal, match="谈不上管辖异议"):
        direct.do(
            "raise_objection", by=world.clerk, source=case.sources.get(), reason=REASON, belongs_to="邻街"
        )
    with pytest.raises(Refusal) as refused, clock.travel(at("2026-10-09 10:00")):
        fresh(case).do(
            "answer_objection",
            by=world.handler,
            subject=case.jurisdiction_objections.get(),
            agreed=True,
            text="好",
        )
    assert refused.value.status == 403


def test_accept_says_that_the_routes_were_checked(world):
    case = world.register(by=world.clerk, kind="petition")
    offer = next(row for row in offers(fresh(case), world.clerk) if row.verb == "accept")
    assert {"of_route", "of_purpose"} <= set(offer.form().fields)
    case.accept(by=world.clerk)
    case = fresh(case)
    assert case.particulars == {"purpose": "appeal", "route": "none"}
    event = case.events.get(verb="accept")
    assert event.data["route_checked"] == "program" and event.data["particulars"]["route"] == "none"


@pytest.mark.parametrize("route", ["court", "arbitration", "party", "review"])
def test_a_route_by_law_comes_first(world, route):
    case = world.register(by=world.clerk, kind="petition")
    with pytest.raises(Refusal, match="第三十一条") as refused:
        case.do("accept", by=world.clerk, particulars={"route": route})
    assert "of_route" in refused.value.errors and fresh(case).state == "received"


def test_words_that_call_for_a_route_need_a_persons_answer(world):
    case = world.register(by=world.clerk, kind="petition", description="法院判决我输了，街道要替我改过来。")
    with pytest.raises(Refusal, match="应当通过诉讼解决"):
        case.accept(by=world.clerk)
    case.do("accept", by=world.clerk, particulars={"route": "none"})
    assert fresh(case).events.get(verb="accept").data["route_checked"] == "person"


def test_duty_to_act_is_taken_on_and_kept(world):
    case = world.register(by=world.clerk, kind="petition")
    case.do("accept", by=world.clerk, particulars={"route": "duty", "purpose": "appeal"})
    assert fresh(case).state == "accepted" and fresh(case).particulars["route"] == "duty"
