"""The room's papers: what they say, whom they name, what they lack."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.documents import issuing
from huiyin.documents.offers import shelf_of
from huiyin.papers import content
from huiyin.rules import clock
from huiyin.upstream import letters
from tests.upstream.hands import MONDAY, accept, at, order, send
from tests.upstream.test_services import request

words = content.plain_text


def test_a_return_is_told_upward_with_cause_and_clause(world):
    case = order(world)
    with clock.travel(MONDAY + timedelta(hours=1)):
        case.do(
            "return_order",
            by=world.clerk,
            cause="not_ours",
            clause="配合履职-1",
            reason="何阿姨说的噪声由区分局主责",
        )
        made = issuing.issue(case, "order_return", str(case.order_returns.get().pk), by=world.clerk)
        draft = issuing.draft(case, "order_return", str(case.order_returns.get().pk))
    said = words(draft.paper)
    assert "RX-0921-001" in said and "配合履职清单 第1项" in said and "何阿姨" not in said
    assert made.number.startswith("测街退〔2026〕") and not made.names_person


def test_a_problem_order_needs_the_leaders_word_on_paper(world):
    case = order(world, due=at(9, 30, 18))
    accept(world, case, MONDAY)
    for number in range(3):
        send(world, case, MONDAY + timedelta(hours=number + 1))
        with clock.travel(MONDAY + timedelta(hours=number + 1, minutes=20)):
            case.return_work(by=world.handler, subject=case.lead, reason="不归我们管", clause="基本履职-1")
    with clock.travel(MONDAY + timedelta(hours=5)):
        assert [str(row.what) for row in issuing.draft(case, "problem_order").missing] == ["上一级领导的批示"]
        case.do("instruct_problem", by=world.leader, text="由执法队主办，三天内见到人。")
        draft = issuing.draft(case, "problem_order")
        assert "由执法队主办" in words(draft.paper) and "已退回 3 次" in words(draft.paper)
        with pytest.raises(Refusal):
            issuing.issue(case, "problem_order", by=world.clerk)
        assert issuing.issue(case, "problem_order", by=world.clerk, signed_by=world.leader).number.startswith(
            "测街提督"
        )


def test_missing_papers_and_the_result_on_paper(world):
    case = request(world)
    with clock.travel(MONDAY):
        case.do("take_papers", by=world.clerk, papers=["老人身份证"])
        case.do("tell_missing", by=world.clerk)
        notice = issuing.draft(case, "paper_notice", str(case.paper_notices.get().pk))
        assert "户口簿" in words(notice.paper) and "老人身份证（2026年9月21日交）" in words(notice.paper)
        case.accept(by=world.clerk, text="材料收下了，我们接着办。")
        case.do(
            "give_result",
            by=world.clerk,
            outcome="not_possible",
            text="还差两个月满八十",
            law="本市高龄津贴办法第三条",
        )
        result = issuing.issue(case, "service_result", str(case.service_results.get().pk), by=world.clerk)
        draft = issuing.draft(case, "service_result", str(case.service_results.get().pk))
    assert (
        "本市高龄津贴办法第三条" in words(draft.paper)
        and "为什么办不了" in words(draft.paper)
        and result.names_person
    )


def test_other_kinds_are_not_offered_these_papers(world):
    other = world.register(by=world.clerk, kind="city_problem")
    said = str(vars(shelf_of(other, world.clerk)))
    for kind in letters.ROWS:
        assert kind.label not in said
