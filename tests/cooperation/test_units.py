"""What units do together on one matter: reports upward and back, whistles, one joint record, a leader behind it."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import offers
from huiyin.cases.evidence import evidence_of
from huiyin.cases.models import Case
from huiyin.cooperation import together, whistling
from huiyin.cooperation.models import Call, Champion, JointRecord, Upward
from huiyin.notices.models import Notice
from huiyin.rules import clock
from tests.cases.walks import advance, bring
from tests.world import later

pytestmark = pytest.mark.django_db


def fresh(case):
    return Case.objects.get(pk=case.pk)


def do(case, verb, by, **given):
    return fresh(case).do(verb, by=by, **given)


def on(days):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def case(world):
    return bring(world, "in_hand")


# Upward and back --------------------------------------------------------------------------------------------------


@pytest.fixture
def reported(world, case):
    do(
        case, "escalate", world.clerk, to="区住建局", text="管网在地下三米，社区修不了。", asked="请派管网公司改造",
        document="测街〔2026〕9号", due_on=on(20), review_on=on(10),
    )  # fmt: skip
    return Upward.objects.get(case=case)


def test_what_was_asked_of_whom_and_by_when(world, case, reported):
    assert (reported.to, reported.document, reported.asked) == (
        "区住建局",
        "测街〔2026〕9号",
        "请派管网公司改造",
    )
    assert (reported.due_on, reported.review_on, reported.sent_by) == (on(20), on(10), world.clerk)
    notes = fresh(case).events.get(verb="escalate").data["notes"]
    assert "请求：请派管网公司改造" in notes and f"{on(10)} 再看" in notes
    with pytest.raises(Refusal, match="同样的请求"):
        do(case, "escalate", world.clerk, to="区住建局", text="再报一次", asked="请派管网公司改造")
    with pytest.raises(Refusal, match="过去"):
        do(case, "escalate", world.clerk, to="区水务局", text="请看一下", due_on=on(-1))


def test_pending_with_a_next_day(world, case, reported):
    do(case, "review_upward", world.handler, subject=reported, text="区里说还在协商资金。", next_on=on(30))
    reported.refresh_from_db()
    assert (reported.review_on, reported.reviews, reported.is_open) == (on(30), 1, True)
    with pytest.raises(Refusal, match="今天之后"):
        do(case, "review_upward", world.clerk, subject=reported, text="还在协商", next_on=clock.today())


@pytest.mark.parametrize("result", ["solved", "partly", "declined"])
def test_the_answer_brings_the_matter_back_to_work(world, case, reported, result):
    do(
        case,
        "pause",
        world.clerk,
        reason="等区里答复",
        review_on=on(10),
        told="管子在地下三米，要区里来修，我们报上去了，先等一等。",
    )
    assert fresh(case).is_paused
    do(
        case,
        "hear_upward",
        world.clerk,
        subject=reported,
        result=result,
        text="区里列入明年改造，今年先疏通。",
        document="测建〔2026〕77号",
    )
    held, row = fresh(case), Upward.objects.get()
    assert not held.is_paused and held.state == "in_hand" and held.pauses.get().until_at is not None
    assert (row.result, row.answer_document, row.is_open) == (result, "测建〔2026〕77号", False)
    with pytest.raises(Refusal, match="已经有了结果"):
        do(case, "hear_upward", world.clerk, subject=reported, result="solved", text="又来一份答复")
    report = fresh(case)
    report.report(by=world.handler, subject=report.lead, text="疏通了，长远的等改造")


def test_two_reports_wait_for_both(world, case, reported):
    do(case, "escalate", world.clerk, to="区水务局", text="请一起看", asked="请测一测水位")
    do(
        case,
        "pause",
        world.clerk,
        reason="等两家",
        review_on=on(10),
        told="这件事要等区里两个部门的答复，等到了我们马上告诉您。",
    )
    do(case, "hear_upward", world.clerk, subject=reported, result="partly", text="先修一段管子。")
    assert fresh(case).is_paused
    do(
        case,
        "hear_upward",
        world.clerk,
        subject=Upward.objects.get(to="区水务局"),
        result="declined",
        text="不归水务管。",
    )
    assert not fresh(case).is_paused


def test_the_end_of_the_matter_ends_the_waiting(world, case, reported):
    fresh(case).withdraw(by=world.clerk, reason="自己修好了")
    reported.refresh_from_db()
    assert reported.ended_at and not reported.is_open
    assert "报上去的不再等答复" in fresh(case).events.get(verb="withdraw").data["notes"]


# Whistles ---------------------------------------------------------------------------------------------------------


def blow(world, case, *units, level="same_day", by=None, **more):
    given = {"text": "污水漫到路上，请各来一个人看。", "place": "石桥路口", **more}
    return do(case, "whistle", by or world.east_staff, units=list(units), level=level, **given)


def call_of(case, unit):
    return Call.objects.get(case=case, organisation=unit)


def test_each_called_unit_has_a_time_of_its_own_and_reads_the_matter(world, case):
    assert not Case.objects.visible_to(world.environment_handler).filter(pk=case.pk).exists()
    blow(world, case, world.environment, world.safety)
    assert Case.objects.visible_to(world.environment_handler).filter(pk=case.pk).exists()
    assert {str(row) for row in Call.objects.all()} == {"生态环境站", "应急办"}
    notice = Notice.objects.get(to=world.safety_handler, key__startswith="whistle:")
    assert case.number in notice.text and notice.level == "alarm"
    verbs = {row.verb for row in offers.offers(fresh(case), world.environment_handler)}
    assert "answer_call" in verbs and "report" not in verbs


@pytest.mark.parametrize(
    ("level", "blown", "due"),
    [
        ("at_once", "2026-09-30T17:20", "2026-09-30T17:50"),  # minutes run through the evening
        ("same_day", "2026-09-30T16:00", "2026-10-08T10:00"),  # four working hours across National Day
        ("same_day", "2026-10-10T09:00", "2026-10-10T15:00"),  # a Saturday worked instead
        ("discuss", "2026-09-30T10:00", "2026-10-09T18:00"),
    ],
)
def test_the_time_runs_on_the_real_calendar(world, level, blown, due):
    at = clock.local(blown)
    case = world.register(by=world.clerk, at=at)
    with clock.travel(at):
        fresh(case).accept(by=world.clerk)
        blow(world, case, world.environment, level=level)
    assert f"{clock.local(call_of(case, world.environment).due_at):%Y-%m-%dT%H:%M}" == due


def test_arrived_signed_off_and_late_stays_late(world, case):
    blow(world, case, world.environment, world.safety)
    row, other = call_of(case, world.environment), call_of(case, world.safety)
    do(
        case,
        "answer_call",
        world.environment_handler,
        subject=row,
        way="arrived",
        text="到了现场，取了水样。",
    )
    with pytest.raises(Refusal) as refused:
        do(case, "answer_call", world.handler, subject=other, way="arrived", text="替应急办来的。")
    assert refused.value.status == 403
    do(case, "sign_call", world.east_staff, subject=row, good=False, text="水样结果没有给")
    row.refresh_from_db()
    first = row.first_answered_at
    assert row.answered_at is None and row.sent_back == 1
    with clock.travel(later(days=20)):
        do(
            case,
            "answer_call",
            world.environment_handler,
            subject=row,
            way="answered",
            text="水样合格，报告附上。",
        )
        do(case, "answer_call", world.safety_handler, subject=other, way="remote", text="电话里会商过了。")
        do(case, "sign_call", world.east_staff, subject=row, good=True)
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.first_answered_at == first <= row.due_at and row.signed_by == world.east_staff
    told = Notice.objects.filter(to=world.east_staff, text__contains="请销哨")
    assert told.count() == 3, "whoever blew hears of each answer"
    assert "再来" in Notice.objects.get(to=world.environment_handler, key__startswith="again:").text
    assert other.first_answered_at > other.due_at
    assert fresh(case).events.filter(verb="answer_call", data__late=True).count() == 1


def test_nobody_signs_off_what_they_answered_themselves(world, case):
    blow(world, case, world.east_station, by=world.clerk)
    row = call_of(case, world.east_station)
    do(case, "answer_call", world.east_staff, subject=row, way="arrived", text="站里的人到了现场。")
    with pytest.raises(Refusal) as refused:
        do(case, "sign_call", world.east_staff, subject=row, good=True)
    assert refused.value.status == 403


def test_closing_waits_for_every_sign_off(world, case):
    blow(world, case, world.environment, world.safety)
    do(
        case,
        "answer_call",
        world.environment_handler,
        subject=call_of(case, world.environment),
        way="arrived",
        text="到场看过了。",
    )
    for state in ("reported", "verified", "answered"):
        advance(world, fresh(case), state)
    with pytest.raises(Refusal) as refused:
        fresh(case).close(by=world.clerk)
    assert "应急办 还没答复" in refused.value.message and "生态环境站 答复了还没销哨" in refused.value.message
    do(case, "sign_call", world.clerk, subject=call_of(case, world.environment), good=True)
    do(case, "release_call", world.clerk, subject=call_of(case, world.safety), reason="已经没有险情")
    fresh(case).close(by=world.clerk)


def test_what_a_whistle_refuses(world, case):
    blow(world, case, world.environment)
    with pytest.raises(Refusal, match="已经叫了"):
        blow(world, case, world.environment)
    with pytest.raises(Refusal, match="至少|请选要叫"):
        blow(world, case)
    with pytest.raises(Refusal) as refused:
        blow(world, case, world.safety, by=world.environment_handler)
    assert refused.value.status == 403
    done = bring(world, "closed")
    with pytest.raises(Refusal):
        blow(world, done, world.safety, by=world.clerk)


def test_a_restricted_matter_refuses_units_that_are_not_named(world):
    case = bring(world, "accepted", is_restricted=True)
    with pytest.raises(Refusal) as refused:
        blow(world, case, world.environment, by=world.director)
    assert refused.value.status == 403 and "知情名单" in refused.value.message
    assert not Case.objects.visible_to(world.environment_handler).filter(pk=case.pk).exists()
    with pytest.raises(Refusal) as refused:
        do(
            case,
            "joint",
            world.director,
            host=world.centre,
            units=[world.environment],
            held_at=clock.now(),
            place="石桥路口",
            summary="一起去看",
        )
    assert refused.value.status == 403
    Case.objects.filter(pk=case.pk).update(named_readers=[*case.named_readers, world.environment_handler.pk])
    blow(world, case, world.environment, by=world.director)
    assert Case.objects.visible_to(world.environment_handler).filter(pk=case.pk).exists()


@pytest.mark.parametrize("way", ["withdraw", "void"])
def test_the_end_of_the_matter_lets_everybody_go(world, way):
    case = bring(world, "accepted")
    blow(world, case, world.environment)
    do(
        case,
        "joint",
        world.clerk,
        host=world.centre,
        units=[world.safety],
        held_at=clock.now(),
        place="石桥路口",
        summary="看了积水",
    )
    do(case, "champion", world.leader, leader=world.director, goal="不再积水", due_on=on(30))
    fresh(case).withdraw(by=world.clerk) if way == "withdraw" else fresh(case).void(
        by=world.clerk, reason="登错了"
    )
    assert Call.objects.get().released_at and JointRecord.objects.get().ended_at
    assert Champion.objects.get().outcome == "ended"


def test_levels_are_data(world):
    rows = whistling.levels(world.office)
    assert [row.length for row in rows.values()] == ["30分钟", "4个工作时", "2个工作日"]
    assert {row.source_kind for row in rows.values()} == {"示例"}


# Joint handling ---------------------------------------------------------------------------------------------------


@pytest.fixture
def visit(world, case):
    return do(
        case, "joint", world.handler, host=world.enforcement, units=[world.environment, world.safety],
        held_at=clock.now() - timedelta(hours=1), place="石桥路 12 号门前", summary="井盖下沉三公分，边上有油污。",
    )  # fmt: skip


def sign(world, case, unit, by, **more):
    row = JointRecord.objects.get(case=case).units.get(organisation=unit)
    words = {"people": "纪测 中队长\n闻测 队员", "finding": "井座松了，要重做。", **more}
    return do(case, "joint_sign", by, subject=row, **words)


def test_one_record_signed_by_each(world, case, visit):
    assert [str(row) for row in visit.units.order_by("pk")] == ["综合执法队", "生态环境站", "应急办"]
    sign(world, case, world.enforcement, world.handler)
    assert evidence_of(fresh(case))[2].is_there is False, "a record not yet whole proves nothing"
    with pytest.raises(Refusal) as refused:
        sign(world, case, world.safety, world.handler)
    assert refused.value.status == 403
    sign(world, case, world.environment, world.environment_handler)
    sign(world, case, world.safety, world.safety_handler)
    visit.refresh_from_db()
    assert visit.completed_at and evidence_of(fresh(case))[2].is_there
    with pytest.raises(Refusal, match="已经签过"):
        sign(world, case, world.safety, world.safety_handler)


def test_measures_with_who_and_when(world, case, visit):
    given = {"organisation": world.environment, "text": "清掉油污", "person": "纪测", "due_on": on(3)}
    do(case, "joint_measure", world.clerk, subject=visit, **given)
    with pytest.raises(Refusal, match="已经记了"):
        do(case, "joint_measure", world.clerk, subject=visit, **given)
    with pytest.raises(Refusal, match="到场"):
        do(case, "joint_measure", world.clerk, subject=visit, **{**given, "organisation": world.centre})
    with pytest.raises(Refusal, match="过去"):
        do(case, "joint_measure", world.clerk, subject=visit, **{**given, "text": "别的", "due_on": on(-1)})
    row = visit.measures.get()
    with clock.travel(later(days=5)):
        do(case, "measure_done", world.environment_handler, subject=row, text="冲洗了两遍，没有油了")
    row.refresh_from_db()
    assert row.done_by == world.environment_handler
    assert fresh(case).events.get(verb="measure_done").data["late"]


def test_closing_waits_for_signatures_and_measures(world, case, visit):
    do(
        case,
        "joint_measure",
        world.clerk,
        subject=visit,
        organisation=world.safety,
        text="立警示牌",
        due_on=on(3),
    )
    for unit, by in ((world.enforcement, world.handler), (world.environment, world.environment_handler)):
        sign(world, case, unit, by)
    for state in ("reported", "verified", "answered"):
        advance(world, fresh(case), state)
    with pytest.raises(Refusal) as refused:
        fresh(case).close(by=world.clerk)
    assert "应急办 签字" in refused.value.message and "立警示牌" in refused.value.message
    sign(world, case, world.safety, world.safety_handler)
    do(case, "measure_done", world.safety_handler, subject=visit.measures.get(), text="立好了")
    fresh(case).close(by=world.clerk)


def test_what_a_joint_visit_refuses(world, case, visit):
    given = {"host": world.enforcement, "units": [world.safety], "place": "石桥路口", "summary": "一起去看了"}
    with pytest.raises(Refusal, match="以后"):
        do(case, "joint", world.clerk, held_at=later(hours=3), **given)
    with pytest.raises(Refusal, match="两家"):
        do(case, "joint", world.clerk, held_at=clock.now(), **{**given, "units": [world.enforcement]})
    with pytest.raises(Refusal, match="已经记过"):
        do(case, "joint", world.clerk, held_at=visit.held_at, **{**given, "place": visit.place})


# Champion ---------------------------------------------------------------------------------------------------------


def name(world, case, **more):
    given = {
        "leader": world.duty_leader, "secretary": world.east_staff, "goal": "旱厕改完，不再有味", 
        "steps": f"和住户谈定位置 {on(5)}\n拆旧建新",
    }  # fmt: skip
    return do(case, "champion", more.pop("by", world.leader), **{**given, "due_on": on(40), **more})


def test_a_leader_and_the_secretary_stand_behind_it(world):
    case = bring(world, "accepted", is_restricted=True)
    assert not Case.objects.visible_to(world.duty_leader).filter(pk=case.pk).exists()
    row = name(world, case, by=world.director)
    assert [(step.text, step.due_on) for step in row.steps.order_by("pk")] == [
        ("和住户谈定位置", on(5)),
        ("拆旧建新", on(40)),
    ]
    assert Case.objects.visible_to(world.duty_leader).filter(pk=case.pk).exists(), "both are named in it"
    assert Notice.objects.filter(key=f"champion:{row.pk}").count() == 2
    with pytest.raises(Refusal, match="已经由"):
        name(world, case, by=world.director)


def test_progress_is_said_by_those_who_stand_behind_it(world, case):
    row = name(world, case)
    first, second = row.steps.order_by("pk")
    with pytest.raises(Refusal) as refused:
        do(case, "champion_report", world.handler, subject=first, text="谈好了位置")
    assert refused.value.status == 403
    do(case, "champion_report", world.east_staff, subject=first, text="十一户都同意挪到东头。")
    do(case, "champion_step", world.leader, subject=row, text="验收", due_on=on(39))
    with pytest.raises(Refusal, match="还有没做完"):
        do(case, "champion_end", world.leader, subject=row, outcome="solved", text="攻下来了")
    with pytest.raises(Refusal) as refused:
        do(case, "champion_end", world.duty_leader, subject=row, outcome="steady", text="稳住了先转常态")
    assert refused.value.status == 403
    for step in row.steps.filter(done_at=None):
        do(case, "champion_report", world.duty_leader, subject=step, text="做完并验收了。")
    do(case, "champion_end", world.leader, subject=row, outcome="solved", text="旱厕改完了。")
    row.refresh_from_db()
    assert row.outcome == "solved" and not together.of(fresh(case)).champion


def test_another_takes_over_and_the_first_is_kept(world, case):
    first = name(world, case)
    name(world, case, leader=world.director)
    first.refresh_from_db()
    assert first.outcome == "changed" and together.of(fresh(case)).champion.leader == world.director


def test_what_naming_refuses(world, case):
    for given, words in (
        ({"due_on": on(-1)}, "过去"),
        ({"secretary": world.duty_leader}, "同一个人"),
        ({"steps": "谈一谈 2026-13-45"}, "日期要写成"),
        ({"steps": f"谈一谈 {on(90)}"}, "之间"),
    ):
        with pytest.raises(Refusal, match=words):
            name(world, case, **given)
    with pytest.raises(Refusal) as refused:
        do(case, "champion", world.clerk, leader=world.leader, goal="办好它", due_on=on(9))
    assert refused.value.status == 403


def test_one_leader_does_not_stand_behind_everything(world):
    for _ in range(12):
        name(world, bring(world, "accepted"))
    with pytest.raises(Refusal, match="12 件"):
        name(world, bring(world, "accepted"))
