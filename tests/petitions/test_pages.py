"""The matter's page, 今日, papers and the person's page: what stands there and what comes of a click."""

from datetime import date

import pytest
from django.urls import reverse

from huiyin.cases.offers import offers
from huiyin.documents import issuing
from huiyin.papers import content
from huiyin.rules import clock
from tests.cases import walks
from tests.petitions.conftest import at, fresh, give


def words_of(made) -> str:
    return content.plain_text(made.paper)


def test_the_register_page_asks_for_the_purpose(world, desk):
    answer = desk("clerk", reverse("desk_intake"))
    page = (desk("clerk", answer.url) if answer.status_code == 302 else answer).content.decode()
    assert "信访目的" in page and "检举控告" in page


def test_the_matters_page_follows_the_law_step_by_step(world, reviewed, desk):
    case = reviewed()
    url = reverse("desk_case", args=[case.number])
    with clock.travel(at("2026-09-12 09:00")):
        page = desk("clerk", url).content.decode()
        assert "复查复核" in page and "前答复" in page
        verbs = {row.verb for row in offers(fresh(case), world.clerk)}
        assert "give_review_opinion" in verbs and "serve_review" not in verbs
        today = desk("clerk", reverse("desk_today")).content.decode()
        assert "信访、建议" in today and case.number in today
    give(world, case, "2026-09-20 10:00")
    with clock.travel(at("2026-09-21 10:00")):
        assert "serve_review" in {row.verb for row in offers(fresh(case), world.clerk)}


def test_a_move_from_the_page_and_what_was_typed_comes_back(world, answered, desk):
    case = answered()
    with clock.travel(at("2026-09-10 09:00")):
        url = reverse("desk_move", args=[case.number, "request_review"])
        bad = desk("clerk", url, {"text": "不", "requested_on": "2026-09-09"})
        assert bad.status_code == 400 and "2026-09-09" in bad.content.decode()
        good = desk("clerk", url, {"text": "处理意见没有说明理由，请求复查"})
        assert good.status_code in (200, 302)
        desk("clerk", url, {"text": "处理意见没有说明理由，请求复查"})
    assert case.reviews.count() == 1


def test_instructions_of_the_main_leaders(world, desk):
    case = walks.bring(world, "in_hand", kind="petition")
    case.do("seek_instructions", by=world.handler, question="厂房属两家，先封哪一家", proposal="先封住人的")
    assert "等您批示" in desk("director", reverse("desk_today")).content.decode()
    row = case.instructions.get()
    assert "instruct" not in {offer.verb for offer in offers(fresh(case), world.handler)}
    fresh(case).do("instruct", by=world.director, subject=row, decision="同意，先封住人的那家")
    event = fresh(case).events.get(verb="instruct")
    assert event.act == "instruction" and "先封哪一家" in event.data["notes"][0]
    assert "批示：同意" in desk("clerk", reverse("desk_case", args=[case.number])).content.decode()


def test_papers_of_an_objection(world):
    source = {"system": "区信访局", "outside_number": "区信〔2026〕77号", "owed_to": "区信访局"}
    case = world.register(by=world.clerk, kind="petition", channel="letter", reply_by="web", sources=[source])
    case.do(
        "raise_objection", by=world.clerk, source=case.sources.get(), belongs_to="邻街街道办事处",
        reason="何阿姨说的厂房在邻街，本街道没有执法权，进不了厂。",
    )  # fmt: skip
    row = case.jurisdiction_objections.get()
    made = issuing.issue(fresh(case), "objection", str(row.pk), by=world.clerk, signed_by=world.leader)
    text = words_of(made)
    assert "区信访局：" in text and "第二十三条" in text and "邻街街道办事处" in text and "何阿姨" not in text
    assert made.get_kind_display() == "异议函"
    fresh(case).do("answer_objection", by=world.clerk, subject=row, agreed=True, text="同意")
    made = issuing.issue(fresh(case), "objection_result", str(row.pk), by=world.clerk)
    assert "同意我单位的异议" in words_of(made) and made.names_person


def test_paper_of_an_extension(world):
    with clock.travel(at("2026-08-03 09:00")):
        case = walks.bring(world, "in_hand", kind="petition", channel="visit")
        clock_ = next(row for row in case.deadlines.all() if row.code == "XF-DO")
        case.ask_extension(by=world.clerk, deadline=clock_, amount=20, reason="要等鉴定")
        case.decide_extension(
            by=world.director,
            subject=case.extensions.get(),
            approve=True,
            text="鉴定要连看三个月，所以多用二十天。",
        )
        made = issuing.issue(fresh(case), "extension", str(case.extensions.get().pk), by=world.clerk)
    text = words_of(made)
    assert "延长20日" in text and "连看三个月" in text and "第三十四条" in text and "2026年10月22日" in text


@pytest.mark.parametrize("level", ["review", "recheck"])
def test_opinions_that_are_ours(world, answered, level):
    case = answered()
    with clock.travel(at("2026-09-10 10:00")):
        case.do("request_review", by=world.clerk, text="请求复查", is_ours=True)
    give(world, case, "2026-09-15 10:00", document="")
    with clock.travel(at("2026-09-15 11:00")):
        row = case.reviews.get()
        made = issuing.issue(
            fresh(case), "review_opinion", str(row.pk), by=world.clerk, signed_by=world.leader
        )
        assert (
            "第三十五条" in words_of(made)
            and "请求复核" in words_of(made)
            and "维持原处理意见" in words_of(made)
        )
        if level == "review":
            return
        fresh(case).do("serve_review", by=world.clerk, subject=row, how="当面")
        fresh(case).do("request_review", by=world.clerk, text="请求复核", is_ours=True)
        second = case.reviews.get(level="recheck")
        fresh(case).do(
            "begin_hearing",
            by=world.director,
            subject=second,
            reason="各说各的",
            held_on=date(2026, 9, 15),
            place="二楼",
        )
        paper = issuing.issue(fresh(case), "hearing", str(case.hearings.get().pk), by=world.clerk)
        assert "听证通知书" in words_of(paper) and "2026年9月15日" in words_of(paper)
        fresh(case).do(
            "end_hearing", by=world.director, subject=case.hearings.get(), held_on=date(2026, 9, 15), place="二楼",
            people="各方", summary="一致认为整改到位",
        )  # fmt: skip
    give(world, case, "2026-09-16 10:00", document="")
    with clock.travel(at("2026-09-16 11:00")):
        made = issuing.issue(
            fresh(case), "review_opinion", str(second.pk), by=world.clerk, signed_by=world.leader
        )
        assert "信访终结意见" in words_of(made) and "一致认为整改到位" in words_of(made)


def test_the_person_asks_by_tracking_code(world, answered, client):
    case = answered()
    url = reverse("portal_track", args=[case.tracking_code])
    ask = reverse("portal_review", args=[case.tracking_code])
    with clock.travel(at("2026-09-10 10:00")):
        assert "请求复查" in client.get(url).content.decode()
        assert client.post(ask, {"text": ""}).status_code == 400 and not case.reviews.exists()
        assert client.post(ask, {"text": "夜里还是响，不同意"}).status_code == 302
        page = client.get(url).content.decode()
        assert "正在办" in page and "重新打开这件事" not in page
        assert client.post(ask, {"text": "再来一次"}).status_code == 409
    row = case.reviews.get()
    assert row.taken_by is None and row.request == "夜里还是响，不同意"
    late = answered("2026-07-01")
    with clock.travel(at("2026-09-10 10:00")):
        assert (
            client.post(
                reverse("portal_review", args=[late.tracking_code]), {"text": "太晚了也要"}
            ).status_code
            == 409
        )
    assert not late.reviews.exists()
