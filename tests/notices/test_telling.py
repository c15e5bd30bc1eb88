"""Who hears of which move: in the app at once and exactly once, never the actor, only who may read the matter."""

import copy
import threading
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.base.refusal import Refusal
from huiyin.cases import messages_check, reminders, watch
from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from huiyin.notices import rules
from huiyin.notices.models import Notice, send
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.cases.walks import ANSWER, bring, clause

pytestmark = pytest.mark.django_db
MONDAY = "2026-03-02T09:00:00"


def told(user, **fields) -> list[str]:
    return [row.text for row in Notice.objects.filter(to=user, **fields).order_by("created_at", "pk")]


def last(user) -> str:
    return told(user)[-1]


def test_a_whole_life_reaches_each_in_turn(world):
    with clock.travel(MONDAY):
        case = world.register()
        for name in ("clerk", "clerk_b"):
            assert last(getattr(world, name)) == f"新来的，等受理：{case.number} {case.title}"
        assert told(world.handler) == [] and told(world.outsider) == [] and told(world.admin) == []
        case.accept(by=world.clerk)
        case.dispatch(by=world.clerk, lead=world.enforcement, co=[world.environment], task="看看")
        due = case.deadlines.get(assignment=case.lead, code="ASSIGN-LEAD").due_at
        for name in ("handler", "handler_b", "environment_handler"):
            assert last(getattr(world, name)).startswith(f"派来的：{case.number} {case.title}，")
        assert f"{clock.local(due):%H:%M} 前" in last(world.handler) and told(world.safety_handler) == []
        case.take(by=world.handler, subject=case.lead)
        assert last(world.clerk) == f"综合执法队签收了：{case.number} {case.title}" and "签收了" not in last(
            world.handler
        )
        co = next(row for row in case.live_assignments if not row.is_lead)
        case.take(by=world.environment_handler, subject=co)
        case.report(by=world.environment_handler, subject=co, text="测过了")
        assert "协办的生态环境站报结了" in last(world.handler)
        case.report(by=world.handler, subject=case.lead, text="垫好了")
        for name in ("clerk", "clerk_b", "supervisor", "east_worker"):
            assert "等没经手的人核实" in last(getattr(world, name)), name
        case.redo(by=world.supervisor, text="还响")
        assert Notice.objects.get(to=world.handler, text__contains="退回重办").level == "alarm"
        case.report(by=world.handler, subject=case.lead, text="又垫了")
        case.verify(by=world.supervisor, text="不响了")
        assert "等答复居民" in last(world.handler) and "等答复居民" in last(world.clerk)
        case.answer(by=world.handler, text=ANSWER, reply_by="phone")
        assert "等办结" in last(world.clerk)
        case.close(by=world.clerk)
        assert "办结了" in last(world.handler)
        case.rate(by=None, contacted="yes", solved="no", satisfied="no", words="还响")
        assert "居民不满意或没解决" in last(world.supervisor) and "居民不满意" in last(world.clerk)
        case.reopen(by=None, reason="又响了")
        assert "重新打开了" in last(world.clerk_b)


def test_nobody_hears_of_their_own_move_and_everybody_once(world):
    case = bring(world, "closed")
    for event in case.events.exclude(by=None):
        mine = Notice.objects.filter(to_id=event.by_id, key__startswith=f"event:{case.pk}:{event.seq}:")
        assert not mine.exists(), event.verb
    for event in case.events.all():
        rows = Notice.objects.filter(key__startswith=f"event:{case.pk}:{event.seq}:").values_list(
            "to_id", flat=True
        )
        assert len(rows) == len(set(rows)), event.verb


def test_whoever_is_told_may_read_it(world):
    """In every state, for open and for restricted matters."""
    for restricted in (False, True):
        case = world.register(
            by=world.clerk, is_restricted=restricted, description="有人说某家漏水，请保密。"
        )
        case.accept(by=world.clerk)
        steps = [
            lambda case: case.dispatch(by=world.clerk, lead=world.enforcement),
            lambda case: case.take(by=world.handler, subject=case.lead),
            lambda case: case.mark_key(by=world.director, reason="领导关注"),
            lambda case: case.supervise(by=world.supervisor, text="请快些"),
            lambda case: case.answer_notice(by=world.handler, subject=case.notices.get(), text="明天"),
            lambda case: case.report(by=world.handler, subject=case.lead, text="好了"),
            lambda case: case.verify(by=world.supervisor, text="好了"),
        ]
        seen = 0
        for step in steps:
            step(case)
            for row in Notice.objects.filter(key__startswith=f"event:{case.pk}:{case.last_seq}:"):
                reads = (
                    Case.objects.visible_to(type(row.to).objects.get(pk=row.to_id))
                    .filter(pk=case.pk)
                    .exists()
                )
                assert reads, (row.to.username, row.text)
                seen += 1
                if restricted:
                    assert case.title not in row.text and case.number in row.text
        assert seen > 8


def test_a_restricted_group_visit_is_told_without_its_words(world):
    case = world.register(
        by=world.clerk, is_restricted=True, group_size=30, channel="visit", description="三十人说某厂夜里偷排",
        persons=[Person(name="何阿姨", phone="10000001234")],
    )  # fmt: skip
    rows = Notice.objects.filter(text__contains="集体反映")
    assert {row.to.username for row in rows} == {"director"}
    assert not Notice.objects.filter(text__contains="偷排").exists() and case.number in rows[0].text


def test_texts_hold_no_telephone_number(world):
    world.register(description="打 10012345678 找张三，他家漏水", title="打 10012345678 找张三")
    assert "10012345678" not in last(world.clerk) and "100****5678" in last(world.clerk)


def test_a_refused_move_tells_nobody(world):
    case = bring(world, "dispatched")
    before = Notice.objects.count()
    with pytest.raises(Refusal):
        case.take(by=world.outsider, subject=case.lead)
    assert Notice.objects.count() == before


def test_a_return_goes_to_the_centre_and_the_third_to_those_who_designate(world):
    case = bring(world, "accepted")
    for _ in range(3):
        if case.state == "accepted" and case.bounce_count < 3:
            case.dispatch(by=world.clerk, lead=world.enforcement)
        case.return_work(by=world.handler, subject=case.lead, reason="不归我们", clause=clause(world))
    assert told(world.clerk_b)[-1].startswith("综合执法队退回来了")
    assert (
        Notice.objects.filter(to=world.duty_leader, level="alarm", text__contains="等指定承办").count() == 1
    )


def test_a_unit_that_no_longer_reads_it_hears_only_the_number(world):
    case = bring(world, "in_hand")
    case.recall(by=world.clerk, reason="派错了")
    row = Notice.objects.filter(to=world.handler).latest("created_at")
    assert row.text == f"{case.number} 收回改派，不用再办了" and row.url == "/desk/inbox/"


def test_the_substitute_of_an_absent_holder_hears_it_too(world):
    Post.objects.filter(user=world.handler).update(
        away_from=clock.today(), away_until=clock.today(), substitute=world.safety_handler
    )
    case = bring(world, "dispatched")
    assert f"派来的：{case.number}" in last(world.safety_handler) and f"派来的：{case.number}" in last(
        world.handler
    )


def test_extension_asked_and_decided(world):
    case = bring(world, "in_hand")
    row = case.deadlines.get(assignment=case.lead, met_at=None)
    case.ask_extension(by=world.handler, deadline=row, amount=1, reason="等配件")
    for name in ("director", "duty_leader"):
        assert "申请延期，等您批" in last(getattr(world, name))
    case.decide_extension(by=world.duty_leader, subject=case.extensions.get(), approve=False, text="不行")
    assert Notice.objects.get(to=world.handler, text__startswith="没有同意延期").level == "alarm"


def test_clocks_are_told_once_soon_and_once_late(world):
    with clock.travel(MONDAY):
        case = bring(world, "in_hand")
        due = case.deadlines.get(assignment=case.lead, met_at=None, code="ASSIGN-LEAD").due_at
        reminders.remind()
        assert not Notice.objects.filter(text__startswith="主办报结").exists()
    soon, late = due - timedelta(minutes=30), due + timedelta(minutes=1)
    for moment, words, level in ((soon, "主办报结快到期", "plain"), (late, "主办报结超期了", "alarm")):
        with clock.travel(moment):
            assert reminders.remind() > 0
            assert reminders.remind() == 0, "the same clock and the same moment are told once"
            assert Notice.objects.filter(to=world.handler, text__startswith=words, level=level).count() == 1


def test_an_extended_clock_is_told_again(world):
    with clock.travel(MONDAY):
        case = bring(world, "in_hand")
        row = case.deadlines.get(assignment=case.lead, code="ASSIGN-LEAD")
    with clock.travel(row.due_at - timedelta(minutes=10)):
        reminders.remind()
        case.ask_extension(by=world.handler, deadline=row, amount=1, reason="等配件")
        case.decide_extension(
            by=world.duty_leader,
            subject=case.extensions.get(),
            approve=True,
            text="配件晚到，多用一天，明天一定办好。",
        )
        row.refresh_from_db()
    with clock.travel(row.due_at - timedelta(minutes=10)):
        reminders.remind()
    assert Notice.objects.filter(to=world.handler, text__startswith="主办报结快到期").count() == 2


def test_a_review_day_of_a_restricted_matter_is_told_to_its_readers_only(world):
    with clock.travel(MONDAY):
        case = bring(world, "in_hand", is_restricted=True)
        case.pause(
            by=world.clerk,
            reason="等鉴定",
            review_on=clock.today() + timedelta(days=3),
            told="等鉴定结果出来再办。",
        )
    with clock.travel("2026-03-05T09:00:00"):
        watch.remind_reviews()
        watch.remind_reviews()
    rows = Notice.objects.filter(text__startswith="到复查日了")
    assert "clerk_b" not in {row.to.username for row in rows} and rows.filter(to=world.clerk).count() == 1


def test_the_same_send_twice_is_one_message(world):
    for _ in range(2):
        send([world.clerk, world.clerk_b], "开会", office=world.office, url="/desk/", key="meeting:1")
    assert Notice.objects.filter(key="meeting:1").count() == 2


def test_the_rule_names_only_what_the_code_knows(world):
    assert list(messages_check.check(rules.content(world.office), world.office)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rule: rule["staff"][0].update(who=["nobody"]), "没有“nobody”"),
        (lambda rule: rule["staff"][0].update(verb="fly"), "没有“fly”"),
        (lambda rule: rule["staff"][0].update(group="x"), "没有“x”这一类"),
        (lambda rule: rule["staff"][0].update(text="来了 {name}"), "不认得 {name}"),
        (lambda rule: rule["groups"].pop(), "要有 other"),
        (lambda rule: rule.update(quiet={"begin": "25:00", "end": "07:00"}), "22:00 的样子"),
        (lambda rule: rule["retry_minutes"].clear(), "1 到 12 项"),
    ],
)
def test_an_edited_rule_that_would_tell_nobody_is_held_back(world, change, words):
    rule = copy.deepcopy(rules.content(world.office))
    change(rule)
    said = [problem.message for problem in messages_check.check(rule, world.office) if not problem.is_warning]
    assert any(words in line for line in said), said


@pytest.mark.django_db(transaction=True)
def test_jobs_at_the_same_time_tell_once(committed_world):
    world = committed_world
    with clock.travel(MONDAY):
        case = bring(world, "in_hand")
    due = case.deadlines.get(assignment=case.lead, code="ASSIGN-LEAD").due_at

    def work():
        with clock.travel(due + timedelta(minutes=5)):
            reminders.remind()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert Notice.objects.filter(to=world.handler, text__startswith="主办报结超期了").count() == 1
