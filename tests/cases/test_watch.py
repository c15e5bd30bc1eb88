"""What the clock does by itself: notices for the late, second notices, confirmed calendars, handover."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import watch
from huiyin.cases.evidence import evidence_of
from huiyin.cases.models import Case, Deadline
from huiyin.notices.models import Notice
from huiyin.orgs.handover import end_post
from huiyin.orgs.models import Post
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget

pytestmark = pytest.mark.django_db
MONDAY = "2026-03-02T09:00:00"


@pytest.fixture
def in_hand(world):
    """A matter taken by world.handler on a Monday morning."""
    with clock.travel(MONDAY):
        case = world.register(by=world.clerk)
        case.accept(by=world.clerk)
        case.dispatch(by=world.clerk, lead=world.enforcement)
        case.take(by=world.handler, subject=case.lead)
    return case


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_late_matter_gets_one_notice_and_only_one(world, in_hand):
    with clock.travel("2026-03-03T09:00:00"):
        assert watch.supervise_late() == 0
    with clock.travel("2026-03-20T09:00:00"):
        assert watch.supervise_late() == 1
        assert watch.supervise_late() == 0
    notice = in_hand.notices.get()
    assert notice.level == 1 and notice.cause == "late" and notice.number == "测街督〔2026〕1号"
    assert Notice.objects.filter(to=world.handler, text__contains=notice.number).count() == 1
    event = in_hand.events.last()
    assert event.verb == "supervise" and event.by is None and event.by_title == "系统"


def test_an_unanswered_notice_is_followed_by_a_second_and_no_third(world, in_hand):
    with clock.travel("2026-03-20T09:00:00"):
        watch.supervise_late()
    due = in_hand.notices.get().due_at
    with clock.travel(due + timedelta(minutes=1)):
        assert watch.supervise_late() == 1
    with clock.travel(due + timedelta(days=30)):
        assert watch.supervise_late() == 0
    assert list(in_hand.notices.order_by("level").values_list("level", flat=True)) == [1, 2]


def test_an_answered_notice_is_not_repeated(world, in_hand):
    with clock.travel("2026-03-20T09:00:00"):
        watch.supervise_late()
        case = fresh(in_hand)
        case.answer_notice(by=world.handler, subject=case.notices.get(), text="材料今天到，周五装好")
    with clock.travel("2026-04-20T09:00:00"):
        assert watch.supervise_late() == 0


def test_late_matters_cannot_close_before_notice_answer_and_check(world, in_hand):
    with clock.travel("2026-03-20T09:00:00"):
        case = fresh(in_hand)
        case.record(by=world.handler, act="work", text="井盖垫好了")
        case.report(by=world.handler, subject=case.lead, text="垫好了")
        missing = {item.name: item.text for item in evidence_of(case) if not item.is_there}
        assert missing["有督办"] == "超过期限，没有督办通知"
        case.supervise(by=world.supervisor, text="请说明为什么晚了")
        assert {i.name: i.text for i in evidence_of(case)}["有督办"].endswith("没有回复")
        case.answer_notice(by=world.handler, subject=case.notices.get(), text="配件晚到两天")
        assert {i.name: i.text for i in evidence_of(case)}["有督办"] == "督办之后没有旁人核查进度"
        case.check_progress(by=world.supervisor, text="到现场看过，已经垫好")
        assert {i.name: i.is_there for i in evidence_of(case)}["有督办"]


def test_a_confirmed_calendar_moves_running_limits_and_says_so(world, in_hand):
    case = fresh(in_hand)
    close = case.deadlines.get(code__startswith="CITY")
    before = close.due_at
    old = RuleSet.objects.current("calendar")
    content = {**old.content, "years": {**old.content["years"]}}
    year = dict(content["years"]["2026"])
    year["holidays"] = {**year.get("holidays", {}), "2026-03-04": "临时放假"}
    content["years"]["2026"] = year
    with clock.travel(MONDAY):
        RuleSet.objects.create(
            name="calendar",
            version=2,
            valid_from="2026-01-01",
            source="测试",
            content=content,
            activated_at=clock.now(),
        )
        forget()
        assert watch.recompute_calendar() == 1
        assert watch.recompute_calendar() == 0
    close = Deadline.objects.get(pk=close.pk)
    assert close.due_at - before >= timedelta(days=1)
    assert fresh(in_hand).events.last().verb == "recompute"


def test_ending_a_post_hands_its_open_work_to_the_substitute(world, in_hand):
    post = Post.objects.get(user=world.handler)
    with pytest.raises(Refusal, match="指定接手的人"):
        end_post(post, by=world.director)
    assert Post.objects.get(pk=post.pk).end_on is None
    Post.objects.filter(pk=post.pk).update(substitute=world.handler_b)
    assert end_post(post, by=world.director) == 1
    case = fresh(in_hand)
    assert case.in_charge == world.handler_b and case.lead.handler == world.handler_b
    assert case.events.last().verb == "hand_over"
    assert not Case.objects.visible_to(world.handler).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(world.handler_b).filter(pk=case.pk).exists()


def test_a_substitute_acts_only_while_the_holder_is_away(world, in_hand):
    Post.objects.filter(user=world.handler).update(substitute=world.safety_handler)
    case = fresh(in_hand)
    assert not Case.objects.visible_to(world.safety_handler).filter(pk=case.pk).exists()
    today = clock.today()
    Post.objects.filter(user=world.handler).update(away_from=today, away_until=today)
    assert Case.objects.visible_to(world.safety_handler).filter(pk=case.pk).exists()
    case.record(by=world.safety_handler, act="work", text="替班去看过")
    Post.objects.filter(user=world.handler).update(away_until=today - timedelta(days=1))
    with pytest.raises(Refusal):
        case.record(by=world.safety_handler, act="work", text="不该能写")
