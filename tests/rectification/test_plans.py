"""One problem, one plan, one list: checked for substance, by another person, done one by one, accepted by another."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases.forms import form_for
from huiyin.cases.offers import offers
from huiyin.rectification import conditions, people, plans
from huiyin.rectification.models import Measure, MeasureState, Plan, PlanState
from huiyin.rules import clock
from tests.rectification.conftest import fresh, measure, photo, plan_of


def verbs(case, user):
    return {row.verb for row in offers(fresh(case), user)}


def test_a_hazard_walks_to_its_end(world, walk):
    case = walk().closed().case
    assert case.state == "closed" and not conditions.accepted_by_other(case)
    plan = plans.current(case)
    assert plan.accepted_by == world.supervisor and plan.self_accepted_by == world.safety_handler
    told = [event.verb for event in case.events.all()]
    assert told.count("finish_measure") == 2 and "check_plan" in told
    row = Measure.objects.filter(case=case).first()
    assert row.done_event.attachments.count() == 1 and row.done_text


def test_every_step_is_offered_to_whom_it_falls(world, walk):
    step = walk().graded()
    step.case.dispatch(by=world.clerk, lead=world.safety, task="去看")
    case = fresh(step.case)
    assert "write_plan" not in verbs(case, world.safety_handler)
    case.take(by=world.safety_handler, subject=case.lead)
    assert "write_plan" in verbs(case, world.safety_handler) and "write_plan" not in verbs(case, world.leader)
    fresh(case).do("write_plan", by=world.safety_handler, **plan_of(world))
    assert "check_plan" in verbs(case, world.supervisor) and "check_plan" not in verbs(
        case, world.safety_handler
    )
    assert "finish_measure" not in verbs(case, world.safety_handler)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"goal": "高度重视，切实加强管理"}, "没有写清对什么做什么"),
        ({"goal": "改好"}, "太短"),
        ({"due_on": -1}, "已经过去"),
        ({"due_on": 400}, "期限"),
        ({"what": "进一步加强安全监管，确保落实到位"}, "没有写清对什么做什么"),
        ({"standard": "好"}, "太短"),
        ({"days": 300}, "期限"),
    ],
)
def test_words_without_substance_are_refused(world, walk, change, says):
    step = walk().taken()
    rows = {name: change[name] for name in ("what", "standard", "days") if name in change}
    given = plan_of(world, measure(world, **rows)) if rows else plan_of(world)
    if "goal" in change:
        given["goal"] = change["goal"]
    if "due_on" in change:
        given["due_on"] = clock.today() + timedelta(days=change["due_on"])
    with pytest.raises(Refusal) as refused:
        step.case.do("write_plan", by=world.safety_handler, **given)
    assert says in refused.value.message and refused.value.status == 400 and refused.value.errors
    assert not Plan.objects.exists()


def test_the_same_words_as_another_plan_are_refused(world, walk):
    walk().written()
    step = walk().taken()
    with pytest.raises(Refusal, match="一字不差"):
        step.case.do("write_plan", by=world.safety_handler, **plan_of(world))
    step.case.do(
        "write_plan", by=world.safety_handler, **plan_of(world, measure(world, "把北楼配电间的门换成防火门"))
    )


def test_a_major_hazard_needs_all_five(world, walk):
    step = walk(grade="major").taken()
    with pytest.raises(Refusal) as refused:
        step.case.do("write_plan", by=world.safety_handler, **plan_of(world))
    assert "资金、预案" in refused.value.message
    step.case.do(
        "write_plan", by=world.safety_handler,
        **plan_of(world, funds="业主维修资金三万二", emergency="改好以前夜里两人值守，先报消防站再疏散"),
    )  # fmt: skip
    form = form_for("write_plan", fresh(step.case), world.safety_handler)
    assert form.fields["funds"].required and form.fields["emergency"].required
    assert not form_for("write_plan", walk().taken().case, world.safety_handler).fields["funds"].required


def test_nobody_checks_their_own_plan(world, walk):
    step = walk().written()
    plan = plans.current(step.case)
    with pytest.raises(Refusal) as refused:
        step.case.do("check_plan", by=world.safety_handler, subject=plan, approve=True)
    assert refused.value.status == 403
    with pytest.raises(Refusal, match="退回要写明"):
        step.case.do("check_plan", by=world.supervisor, subject=plan, approve=False)


def test_a_returned_plan_is_written_anew_and_every_version_stays(world, walk):
    step = walk().written()
    step.case.do(
        "check_plan",
        by=world.supervisor,
        subject=plans.current(step.case),
        approve=False,
        text="没写谁来验灭火器",
    )
    with pytest.raises(Refusal, match="被退回"):
        fresh(step.case).report(by=world.safety_handler, subject=fresh(step.case).lead, text="改好了")
    form = form_for("write_plan", fresh(step.case), world.safety_handler)
    assert len(form.initial["measures"]) == 2 and form.initial["leader"] == people.written(
        world.safety_handler, world.safety
    )
    step.case.do(
        "write_plan", by=world.safety_handler, **plan_of(world, goal="灭火器配齐并由应急办当场验压力")
    )
    rows = list(plans.versions(step.case))
    assert [(row.version, row.state) for row in rows] == [(2, "submitted"), (1, "superseded")]
    assert rows[1].reason == "没写谁来验灭火器" and rows[1].measures.count() == 2


def test_a_new_version_keeps_what_is_done(world, walk):
    step = walk().approved()
    first, second = plans.live_measures(step.case)
    step.finish(first)
    rows = [measure(world), measure(world, "把二楼楼梯口的旧沙发送到大件垃圾点", days=4)]
    step.case.do("write_plan", by=world.safety_handler, **plan_of(world, *rows))
    plan = plans.current(fresh(step.case))
    assert plan.state == PlanState.SUBMITTED
    assert [row.state for row in plan.measures.all()] == [MeasureState.DONE, MeasureState.OPEN]
    with pytest.raises(Refusal, match="没有通过"):
        step.finish(plan.measures.all()[1])


def test_work_does_not_start_before_the_plan_is_approved(world, walk):
    step = walk().written()
    row = plans.current(step.case).measures.first()
    with pytest.raises(Refusal, match="没有通过"):
        step.finish(row)


def test_a_measure_needs_a_picture(world, walk):
    step = walk().approved()
    row = plans.live_measures(step.case)[0]
    with pytest.raises(Refusal, match="照片"):
        step.case.do("finish_measure", by=world.safety_handler, subject=row, text="装好了四只")
    assert fresh(step.case).events.filter(verb="finish_measure").count() == 0


def test_another_unit_does_not_close_our_measure(world, walk):
    step = walk().approved()
    row = plans.live_measures(step.case)[0]
    with pytest.raises(Refusal) as refused:
        step.finish(row, by=world.handler)
    assert refused.value.status == 403


def test_the_report_waits_for_every_measure_and_for_the_own_check(world, walk):
    step = walk().approved()
    first, second = plans.live_measures(step.case)
    step.finish(first)
    with pytest.raises(Refusal) as refused:
        fresh(step.case).report(by=world.safety_handler, subject=fresh(step.case).lead, text="改好了")
    assert "第 2 条" in refused.value.message and "自查验收" in refused.value.missing
    with pytest.raises(Refusal, match="第 2 条还没改完"):
        step.case.do("accept_own", by=world.safety_handler, subject=plans.current(step.case), text="都看过了")


def test_whoever_carried_out_a_measure_never_accepts(world, walk):
    """A grid worker did one measure: the same person may verify other matters, not this one."""
    rows = [
        measure(world),
        measure(world, "劝二楼住户把楼梯口旧沙发搬走", person=world.east_staff, unit=world.east_station),
    ]
    step = walk().approved(measures=rows)
    first, second = plans.live_measures(step.case)
    step.finish(first)
    step.finish(second, by=world.east_staff)
    step.case.do(
        "accept_own", by=world.safety_handler, subject=plans.current(step.case), text="对着清单看过，都到位"
    )
    case = fresh(step.case)
    case.report(by=world.safety_handler, subject=case.lead, text="都改好了")
    with pytest.raises(Refusal) as refused:
        case.verify(by=world.east_staff, text="我看过了，很好")
    assert refused.value.status == 403 and "没动手的人" in refused.value.message
    fresh(case).verify(by=world.supervisor, text="一层层看过，都在")


def test_a_measure_that_is_not_good_goes_back(world, walk):
    step = walk().reported()
    case = fresh(step.case)
    row = plans.live_measures(case)[0]
    with pytest.raises(Refusal) as refused:
        case.do("return_measure", by=world.safety_handler, subject=row, text="自己觉得还差点")
    assert refused.value.status == 403
    case.do("return_measure", by=world.supervisor, subject=row, text="五楼那只压力在红区")
    with pytest.raises(Refusal, match="没改完"):
        fresh(case).verify(by=world.supervisor, text="别的都好了")
    fresh(case).redo(by=world.supervisor, text="五楼那只换一只")
    again = plans.live_measures(fresh(case))[0]
    assert again.state == MeasureState.RETURNED and again.returned_text == "五楼那只压力在红区"
    step.case = fresh(case)
    step.finish(again)
    assert plans.current(fresh(case)).self_accepted_at is None


def test_who_owes_a_measure_reads_the_matter(world, walk):
    from huiyin.cases.models import Case

    rows = [
        measure(world),
        measure(world, "给电动车棚拉一路单独的线", person=world.environment_handler, unit=world.environment),
    ]
    step = walk().approved(measures=rows)
    assert Case.objects.visible_to(world.environment_handler).filter(pk=step.case.pk).exists()
    step.finish(plans.live_measures(step.case)[1], by=world.environment_handler)


def test_the_form_of_the_page_takes_rows_and_names_what_lacks(world, walk):
    step = walk().taken()
    due = (clock.today() + timedelta(days=3)).isoformat()
    data = {
        "goal": "楼道灭火器配齐、通道清空", "leader": "测safety_handler（应急办）", "due_on": due,
        "measures-0-what": "给三楼到六楼装好四只灭火器", "measures-0-target": "每层一只", "measures-0-standard": "压力在绿区",
        "measures-0-who": "测safety_handler", "measures-0-due_on": due, "measures-3-what": "清空二楼楼梯口的旧沙发",
    }  # fmt: skip
    form = form_for("write_plan", fresh(step.case), world.safety_handler, data)
    with pytest.raises(Refusal):
        form.perform()
    assert "第 2 条缺：目标、标准、责任人、完成时限" in form.errors["measures"][0]
    data |= {
        "measures-3-target": "能过两个人",
        "measures-3-standard": "净宽一米二",
        "measures-3-who": "没这个人",
        "measures-3-due_on": due,
    }
    form = form_for("write_plan", fresh(step.case), world.safety_handler, data)
    assert "没有找到" in form.errors["measures"][0] and "清空二楼楼梯口的旧沙发" in str(form["measures"])
    data["measures-3-who"] = "测handler（综合执法队）"
    form_for("write_plan", fresh(step.case), world.safety_handler, data).perform()
    rows = list(plans.current(fresh(step.case)).measures.all())
    assert [str(row.organisation) for row in rows] == ["应急办", "综合执法队"]


def test_a_minor_hazard_fixed_on_the_spot_needs_no_plan_but_another_eye(world, walk):
    step = walk().taken()
    step.case.do("on_spot", by=world.safety_handler, how="fixed", text="把堵住的安全门打开，锁剪了",
                 attachments=[photo(world, world.safety_handler)])  # fmt: skip
    case = fresh(step.case)
    case.report(by=world.safety_handler, subject=case.lead, text="门当场打开了")
    assert conditions.accepted_by_other(fresh(case))
    fresh(case).verify(by=world.supervisor, text="晚上又去推过，门开着")
    assert not conditions.accepted_by_other(fresh(case))
    with pytest.raises(Refusal, match="不能当场了结"):
        other = walk(grade="major").taken()
        other.case.do("on_spot", by=world.safety_handler, how="fixed", text="先关了阀门再说",
                      attachments=[photo(world, world.safety_handler)])  # fmt: skip
