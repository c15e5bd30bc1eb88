"""The printed papers of hazards and orders: when they can be issued, what they say, under which number."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.documents import issuing
from huiyin.papers import content, docx, pdf
from huiyin.rectification.models import EnforcementReferral, StopOrder
from tests.rectification.conftest import fresh
from tests.rectification.test_orders import SOURCE, order

SPOT = {"side": "government", "spot": "东街旅店"}


def words(paper) -> str:
    return content.plain_text(paper)


def both(paper):
    """It can be written as Word and as PDF."""
    assert docx.render(paper)[:2] == b"PK" and pdf.render(paper)[:5] == b"%PDF-"


def test_a_notice_to_put_right_waits_for_grade_and_plan(world, walk):
    step = walk(particulars=SPOT).accept()
    with pytest.raises(Refusal, match="还没有定级"):
        issuing.draft(fresh(step.case), "rectify_notice")
    step = walk(particulars=SPOT).taken()
    with pytest.raises(Refusal, match="整改方案"):
        issuing.draft(fresh(step.case), "rectify_notice")
    step = walk(particulars=SPOT).approved()
    made = issuing.issue(fresh(step.case), "rectify_notice", by=world.clerk)
    text = words(made.paper)
    for part in (
        "东街旅店",
        "一般隐患",
        "给三楼到六楼楼道装好四只灭火器",
        "压力表在绿区",
        "没有参与整改的人",
        "送达回执",
    ):
        assert part in text, part
    assert "测街改〔" in made.number
    both(made.paper)


def test_without_the_place_there_is_nobody_to_send_it_to(world, walk):
    step = walk().approved()
    with pytest.raises(Refusal, match="隐患单位或场所"):
        issuing.issue(fresh(step.case), "rectify_notice", by=world.clerk)


def test_stop_and_start_again_bear_their_own_numbers(world, walk):
    step = walk(particulars=SPOT).done()
    case = fresh(step.case)
    case.do("stop", by=world.leader, kind="advice", what="地下室锅炉", reason="压力表不回零，验好再烧")
    row = StopOrder.objects.get()
    made = issuing.issue(fresh(case), "stop_notice", str(row.pk), by=world.clerk)
    assert (
        made.number == row.document
        and "地下室锅炉" in words(made.paper)
        and "不是行政处罚" in words(made.paper)
    )
    both(made.paper)
    with pytest.raises(Refusal, match="还停着"):
        issuing.draft(fresh(case), "lift_notice", str(row.pk))
    from huiyin.rectification import plans

    fresh(case).do(
        "accept_own", by=world.safety_handler, subject=plans.current(fresh(case)), text="都到位了，可以验"
    )
    case = fresh(case)
    case.report(by=world.safety_handler, subject=case.lead, text="改好了")
    fresh(case).verify(by=world.supervisor, text="压力表换了，烧到顶回零")
    fresh(case).do("lift_stop", by=world.leader, subject=row, text="验收合格，今晚起可以烧")
    lifted = issuing.issue(fresh(case), "lift_notice", str(row.pk), by=world.clerk)
    assert (
        row.document in words(lifted.paper)
        and "验收合格" in words(lifted.paper)
        and lifted.number != row.document
    )
    both(lifted.paper)


def test_an_order_of_an_authority_is_not_our_paper(world, walk):
    step = walk(particulars=SPOT).taken()
    step.case.do(
        "stop",
        by=world.leader,
        kind="order",
        what="锅炉",
        reason="没有检验",
        authority="区应急管理局",
        document="应急〔2026〕3号",
    )
    with pytest.raises(Refusal):
        issuing.draft(fresh(step.case), "stop_notice", str(StopOrder.objects.get().pk))


def test_a_referral_says_that_the_street_may_not_punish(world, walk):
    step = walk(particulars=SPOT).taken()
    step.case.do(
        "refer_enforcement",
        by=world.clerk,
        to="区消防救援大队",
        facts="两次到场，安全出口上锁，通知两次没有改",
        basis="请贵单位认定",
    )
    row = EnforcementReferral.objects.get()
    made = issuing.issue(fresh(step.case), "enforce_referral", str(row.pk), by=world.clerk)
    text = words(made.paper)
    assert (
        made.number == row.number
        and "没有行政处罚权" in text
        and "区消防救援大队：" in text
        and "安全出口上锁" in text
    )
    both(made.paper)


def test_one_feedback_report_for_each_body_that_is_owed_one(world, walk):
    second = {"system": "市督导组", "outside_number": "督〔2026〕9号", "owed_to": "市安委办"}
    step = walk(kind="directive", sources=[SOURCE, second]).reported()
    case = fresh(step.case)
    case.verify(by=world.supervisor, text="两处都看过，改好了")
    with pytest.raises(Refusal, match="还没有反馈"):
        issuing.draft(fresh(case), "feedback_report", str(case.sources.first().pk))
    for source in case.sources.all():
        fresh(case).feed_back(by=world.clerk, source=source, text=f"已改好，请{source.owed_to}查收")
    for source in case.sources.all():
        made = issuing.issue(fresh(case), "feedback_report", str(source.pk), by=world.clerk)
        text = words(made.paper)
        assert f"{source.owed_to}：" in text and source.outside_number in text and "测safety_handler" in text
        assert "装好了，逐层看过压力" in text and "两处都看过" in text
        both(made.paper)
    assert case.documents.filter(kind="feedback_report").count() == 2


def test_an_order_without_a_plan_says_so(world, walk):
    case = fresh(order(walk).accept().case)
    with pytest.raises(Refusal, match="整改方案"):
        issuing.draft(case, "feedback_report", str(case.sources.get().pk))
