"""派单规则: which rule speaks and why, the form that opens with its proposal, the duty list, who is at work."""

from datetime import date, timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import duties, nearest, present, routing, routing_check
from huiyin.cases.dispatch_forms import acting_staff
from huiyin.cases.forms import form_for
from huiyin.cases.routing import Facts, Pack
from huiyin.cases.states import AssignmentState
from huiyin.orgs.models import Post
from huiyin.rulebook import registry
from huiyin.rules import clock
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.models import RuleSet, forget
from tests.cases.walks import ANSWER

DAYS = WorkCalendar(
    {
        "years": {
            "2026": {"confirmed": True, "source": "", "holidays": {"2026-10-01": "国庆节"}, "workdays": {}}
        }
    }
)
NOON = clock.local("2026-11-18T10:00")  # a Wednesday
SAID = "楼下的井盖松了，晚上车一过就响"


def facts(**more) -> Facts:
    given = {
        "kind": "city_problem", "channel": "call", "category": "030202", "areas": ("9901", "990101001", "B1"),
        "at": NOON, "text": SAID,
    }  # fmt: skip
    return Facts(**{**given, **more})


def use(world, *rules, **content):
    """Activate these rules for the test office."""
    row = RuleSet.objects.create(
        office=world.office, name="routing", version=RuleSet.objects.filter(name="routing").count() + 1,
        valid_from=date(2020, 1, 1), source="试", content={"rules": list(rules), **content},
        activated_at=clock.now(),
    )  # fmt: skip
    forget()
    return row


def accepted(world, **more):
    case = world.register(by=world.clerk, **more)
    case.accept(by=world.clerk)
    return case


# Which rule fits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({}, True),
        ({"kind": "city_problem"}, True),
        ({"kind": ["petition", "hotline"]}, False),
        ({"channel": ["call", "visit"]}, True),
        ({"channel": "web"}, False),
        ({"category": "0302"}, True),
        ({"category": ["01", "030202"]}, True),
        ({"category": "05"}, False),
        ({"area": "990101001"}, True),
        ({"area": ["990102"]}, False),
        ({"words": {"any": ["井盖", "路灯"]}}, True),
        ({"words": {"all": ["井盖", "路灯"]}}, False),
        ({"words": {"all": ["井盖"], "none": ["缺失"]}}, True),
        ({"words": {"none": ["响"]}}, False),
        ({"group": 5}, False),
        ({"restricted": True}, False),
        ({"restricted": False}, True),
        ({"kind": "city_problem", "channel": "web"}, False),
        ({"time": {"is": "work"}}, True),
        ({"time": {"is": "off"}}, False),
        ({"time": {"is": ["night", "workday"]}}, True),
        ({"time": {"is": "rest"}}, False),
        ({"time": {"between": ["09:00", "11:00"]}}, True),
        ({"time": {"between": ["22:00", "06:00"]}}, False),
        ({"time": {"from": "2026-11-18", "until": "2026-11-18"}}, True),
        ({"time": {"until": "2026-11-17"}}, False),
        ({"time": {"from": "2026-11-19"}}, False),
    ],
)
def test_conditions(condition, fits):
    pack = Pack({"rules": [{"name": "甲", "if": condition, "lead": "a"}]}, DAYS)
    assert bool(pack.decide(facts()).rule) is fits


@pytest.mark.parametrize(
    ("at", "moments"),
    [
        ("2026-11-18T12:30", {"off", "workday"}),
        ("2026-11-18T23:30", {"off", "workday", "night"}),
        ("2026-11-18T06:00", {"off", "workday"}),
        ("2026-11-21T10:00", {"off", "rest"}),
        ("2026-10-01T10:00", {"off", "rest"}),
        ("2026-11-18T14:00", {"work", "workday"}),
    ],
)
def test_moments_follow_the_working_calendar(at, moments):
    fit = set()
    for moment in routing.MOMENTS:
        pack = Pack({"rules": [{"name": "甲", "if": {"time": {"is": moment}}, "lead": "a"}]}, DAYS)
        if pack.decide(facts(at=clock.local(at))).rule:
            fit.add(moment)
    assert fit == moments


def test_a_span_over_midnight():
    pack = Pack(
        {"rules": [{"name": "夜", "if": {"time": {"between": ["22:00", "06:00"]}}, "lead": "a"}]}, DAYS
    )
    fits = [
        bool(pack.decide(facts(at=clock.local(f"2026-11-18T{at}"))).rule)
        for at in ("21:59", "22:00", "05:59", "06:00")
    ]
    assert fits == [False, True, True, False]


def test_the_first_that_fits_wins_then_the_category_then_nobody():
    rules = [
        {"name": "网上的", "if": {"channel": "web"}, "lead": "a"},
        {"name": "井盖", "if": {"words": {"any": "井盖"}}, "lead": "b", "co": ["c"], "urgent": True},
        {"name": "都行", "lead": "d"},
    ]
    found = Pack({"rules": rules}, DAYS).decide(facts(), "z", explain=True)
    assert (found.called, found.lead, found.co, found.is_urgent) == ("井盖", "b", ("c",), True)
    assert found.missed == (("网上的", "channel"),)
    assert Pack({"rules": rules[:1]}, DAYS).decide(facts(), "z").lead == "z"
    assert Pack({"rules": []}, DAYS).decide(facts()).called == ""
    stop = [{"name": "停", "if": {"words": {"any": ["井盖"]}}, "stop": True}, rules[2]]
    assert Pack({"rules": stop}, DAYS).decide(facts(), "z").lead == ""


# Proposing ----------------------------------------------------------------------------------------------


def test_proposal_names_rule_version_and_reason(world):
    version = use(world, {"name": "井盖响归执法", "if": {"words": {"any": ["井盖", "响"]}, "area": "990109009001"},
                          "lead": "zhifa", "co": ["@station"], "note": "先垫好", "urgent": True})  # fmt: skip
    found = routing.propose(accepted(world))
    assert (found.lead, found.co, found.version) == (world.enforcement, [world.east_station], version.version)
    assert found.why == ["在东社区 01 网格", "话里有“井盖”“响”"]
    assert "测handler" in found.acting and not found.trouble


def test_what_no_rule_fits_stays_with_the_centre(world):
    use(world, {"name": "网上的", "if": {"channel": "web"}, "lead": "zhifa"})
    case = accepted(world)
    found = routing.propose(case)
    assert (
        found.lead is None
        and found.trouble == "没有规则适合，由中心定"
        and found.missed == [("网上的", "渠道")]
    )
    assert case.state == "accepted"


def test_the_categorys_own_unit_is_the_last_rule(world):
    use(world)
    found = routing.propose(accepted(world, category="020101"))
    assert found.lead == world.enforcement and found.called == "分类默认" and "流动摊贩占道" in found.why[0]


@pytest.mark.parametrize("how", ["no unit", "unit ended", "posts ended", "returned", "no station"])
def test_a_unit_that_cannot_take_it_is_not_proposed(world, how):
    code = {"no unit": "nirgends", "no station": "@station"}.get(how, "zhifa")
    use(world, {"name": "甲", "lead": code})
    case = accepted(world, **({"area": world.street} if how == "no station" else {}))
    if how == "unit ended":
        unit = world.enforcement
        unit.valid_until = clock.today()
        unit.save()
    if how == "posts ended":
        Post.objects.filter(organisation=world.enforcement).update(end_on=clock.today())
    if how == "returned":
        case.dispatch(by=world.clerk, lead=world.enforcement)
        case.return_work(by=world.handler, subject=case.lead, reason="不归我们", clause="配合履职-1")
    found = routing.propose(case)
    assert found.lead is None and "由中心定" in found.trouble


def test_the_form_opens_filled_in_and_one_key_sends(client, world):
    use(
        world,
        {
            "name": "井盖响归执法",
            "if": {"words": {"any": "井盖"}},
            "lead": "zhifa",
            "co": ["huanjing"],
            "note": "先垫好",
        },
    )
    case = accepted(world)
    client.force_login(world.clerk)
    page = client.get(f"/desk/cases/{case.number}/dispatch/form/").content.decode()
    assert "规则“井盖响归执法”" in page and "话里有“井盖”" in page
    assert f'<option value="{world.enforcement.pk}" selected>' in page
    assert f'<option value="{world.environment.pk}" selected>' in page
    assert "先垫好" in page and '<button class="btn main" autofocus>照此派单' in page
    sent = {"lead": world.enforcement.pk, "co": [world.environment.pk], "task": "先垫好"}
    assert client.post(f"/desk/cases/{case.number}/dispatch/", sent).status_code == 302
    case.refresh_from_db()
    assert case.lead.organisation == world.enforcement
    event = case.events.get(verb="dispatch")
    assert event.data["routing"] == {
        "rule": "井盖响归执法", "version": 2, "proposed": "综合执法队", "followed": True, "automatic": False
    }  # fmt: skip
    assert "按派单规则“井盖响归执法”（第 2 版）" in client.get(f"/desk/cases/{case.number}/").content.decode()


def test_the_form_costs_a_bounded_number_of_queries(client, world, django_assert_max_num_queries):
    use(
        world, *({"name": f"规则{n}", "if": {"words": {"any": f"词{n}"}}, "lead": "zhifa"} for n in range(60))
    )
    for _ in range(6):
        closed(world, world.enforcement)
    case = accepted(world, category="020101")
    client.force_login(world.clerk)
    client.get(f"/desk/cases/{case.number}/dispatch/form/")
    with django_assert_max_num_queries(42):
        client.get(f"/desk/cases/{case.number}/dispatch/form/")


def test_the_clerk_may_decide_otherwise(world):
    use(world, {"name": "甲", "lead": "zhifa"})
    case = accepted(world)
    case.dispatch(by=world.clerk, lead=world.environment, urgent=True)
    assert case.events.get(verb="dispatch").data["routing"]["followed"] is False
    case.refresh_from_db()
    assert case.is_urgent


# By itself ----------------------------------------------------------------------------------------------

AUTO = {"name": "井盖直派", "if": {"words": {"any": "井盖"}}, "lead": "zhifa", "auto": True, "note": "先垫好"}


def test_automatic_dispatch_at_acceptance(world):
    version = use(world, AUTO, automatic=True)
    case = accepted(world)
    case.refresh_from_db()
    assert case.state == "dispatched" and case.lead.task == "先垫好"
    event = case.events.get(verb="dispatch")
    assert event.by == world.clerk
    assert (event.data["routing"]["rule"], event.data["routing"]["version"]) == ("井盖直派", version.version)
    assert event.data["routing"]["automatic"] is True


@pytest.mark.parametrize("how", ["not switched on", "not auto", "restricted", "duty list", "nobody there"])
def test_no_automatic_dispatch(world, how):
    rule = {**AUTO, "auto": how != "not auto"}
    use(world, rule, automatic=how != "not switched on")
    if how == "nobody there":
        Post.objects.filter(organisation=world.enforcement).update(away_from=clock.today())
    more = {"restricted": {"is_restricted": True}, "duty list": {"category": "050101"}}.get(how, {})
    case = world.register(by=world.clerk, **more)
    if how == "restricted":
        case.named_readers = [*case.named_readers, world.clerk.pk]
        case.save()
    case.accept(by=world.clerk)
    assert case.state == "accepted"


# The duty list ------------------------------------------------------------------------------------------


def test_a_unit_that_the_clause_does_not_name_needs_a_reason(client, world):
    case = accepted(world, category="020101")
    client.force_login(world.clerk)
    path = f"/desk/cases/{case.number}/dispatch/"
    page = client.post(path, {"lead": world.environment.pk, "task": "看一看"})
    text = page.content.decode()
    assert page.status_code == 400 and "基本履职清单 第23项" in text and "点名由综合执法队办" in text
    assert "看一看" in text
    assert (
        client.post(path, {"lead": world.environment.pk, "duty_reason": "执法队今天都在外地集训"}).status_code
        == 302
    )
    assert case.events.get(verb="dispatch").data["duty_reason"] == "执法队今天都在外地集训"
    other = accepted(world, category="020101")
    assert (
        client.post(f"/desk/cases/{other.number}/dispatch/", {"lead": world.enforcement.pk}).status_code
        == 302
    )


def test_what_was_taken_back_from_above_needs_a_reason_whoever_gets_it(client, world):
    content = RuleSet.objects.current("categories", world.office).content
    rows = [
        {**row, "clause": "上级收回-16"} if row["code"] == "020101" else row for row in content["categories"]
    ]
    RuleSet.objects.create(
        office=world.office, name="categories", version=9, valid_from=date(2020, 1, 1), source="试",
        content={"categories": rows}, activated_at=clock.now(),
    )  # fmt: skip
    forget()
    case = accepted(world, category="020101")
    client.force_login(world.clerk)
    page = client.get(f"/desk/cases/{case.number}/dispatch/form/").content.decode()
    assert "上级收回的事项" in page and "区公安分局" in page and "转送别处" in page
    page = client.post(f"/desk/cases/{case.number}/dispatch/", {"lead": world.enforcement.pk})
    assert page.status_code == 400 and "上级收回清单 第16项" in page.content.decode()


def test_words_that_sound_like_something_taken_back_are_a_hint_only(client, world):
    case = accepted(world, description="路口的斑马线磨没了，过马路害怕")
    client.force_login(world.clerk)
    page = client.get(f"/desk/cases/{case.number}/dispatch/form/").content.decode()
    assert "上级收回清单 第15项" in page
    assert (
        client.post(f"/desk/cases/{case.number}/dispatch/", {"lead": world.enforcement.pk}).status_code == 302
    )


def test_a_return_points_to_the_next_unit(world):
    """After a return that cites the clause of another unit, sending it there asks for no reason."""
    case = accepted(world, category="050101")
    case.dispatch(by=world.clerk, lead=world.environment)
    assert duties.objection(case, world.enforcement) is not None
    case.return_work(
        by=world.environment_handler, subject=case.lead, reason="是商铺音响", clause="配合履职-3"
    )
    assert duties.objection(case, world.enforcement) is None
    assert duties.objection(case, world.safety) is not None


def test_return_offers_first_what_speaks_for_the_unit(world):
    case = accepted(world, category="050101", description="隔壁厂里的机器夜里响，工业噪声吵得睡不着")
    case.dispatch(by=world.clerk, lead=world.enforcement)
    form = form_for("return_work", case, world.handler, subject=case.lead)
    groups = form.fields["clause"].choices[1:]
    assert groups[0][0] == "说这类事归别家的" and groups[0][1][0][0] == "配合履职-1", (
        "the matter's own clause"
    )
    every = [key for _, rows in groups for key, _ in rows]
    assert len(every) == len(set(every))
    assert not any(duties.names_unit(world.office, key, world.enforcement) for key in every)
    bad = form_for(
        "return_work", case, world.handler, {"reason": "不归我们", "clause": "基本履职-23"}, case.lead
    )
    assert "clause" in bad.errors, "a clause that names the very unit is no ground"


# Where its like went ------------------------------------------------------------------------------------


def closed(world, unit, **more):
    handler = world.handler if unit == world.enforcement else world.environment_handler
    with clock.travel(clock.now() - timedelta(days=20)):
        case = accepted(world, **{"category": "020101", "description": "菜场门口摆摊把路堵了", **more})
        case.dispatch(by=world.clerk, lead=unit)
        case.take(by=handler, subject=case.lead)
        case.record(by=handler, act="work", text="清走了两个摊位")
        case.report(by=handler, subject=case.lead, text="已经清走了，劝导三次")
        case.verify(by=world.supervisor, text="去看过，摊位没有了", is_true=True)
        case.answer(by=world.clerk, text=ANSWER, reply_by=case.reply_by, delivered="电话里说过了")
        case.close(by=world.clerk)
    return case


def test_nearest_closed_matters_are_told_with_their_evidence(client, world):
    for _ in range(3):
        closed(world, world.enforcement)
    closed(world, world.environment)
    closed(world, world.enforcement, category="070101", description="低保怎么申请，要哪些材料")
    case = accepted(world, category="020101", description="菜场门口又有人摆摊")
    found = nearest.suggestion(case, world.clerk)
    assert (found.unit, found.count, found.of) == (world.enforcement, 3, 4)
    assert found.others == [(world.environment, 1)]
    client.force_login(world.clerk)
    page = client.get(f"/desk/cases/{case.number}/dispatch/form/").content.decode()
    assert "最像的 4 件已办结的事里" in page and all(row.number in page for row in found.rows)
    assert client.get(f"/desk/cases/{found.rows[0].number}/").status_code == 200


def test_nearest_counts_only_what_the_user_may_read(world):
    for _ in range(3):
        closed(world, world.enforcement, area=world.west_grid)
    case = accepted(world, category="020101", description="菜场门口又有人摆摊")
    assert nearest.suggestion(case, world.clerk).count == 3
    assert nearest.suggestion(case, world.east_staff) is None


def test_nearest_needs_enough(world):
    closed(world, world.enforcement)
    assert nearest.suggestion(accepted(world, category="020101"), world.clerk) is None


# Who is at work -----------------------------------------------------------------------------------------


def away(user, substitute=None):
    today = clock.today()
    Post.objects.filter(user=user).update(away_from=today, away_until=today, substitute=substitute)


def test_the_substitute_acts_and_is_named(client, world):
    Post.objects.filter(user=world.handler_b).update(end_on=clock.today())
    away(world.handler, world.handler_b)
    roll = present.roll(world.office, [world.enforcement.pk])
    assert roll.names(world.enforcement.pk) == ["测handler_b（代测handler）"]
    use(world, {"name": "甲", "lead": "zhifa"})
    case = accepted(world)
    client.force_login(world.clerk)
    assert (
        "测handler_b（代测handler）"
        in client.get(f"/desk/cases/{case.number}/dispatch/form/").content.decode()
    )
    case.dispatch(by=world.clerk, lead=world.enforcement)
    assert acting_staff(world.enforcement.pk, world.office) == {
        world.handler_b.pk: "测handler_b（代测handler）"
    }
    case.take(by=world.handler_b, subject=case.lead)
    assert case.in_charge == world.handler_b, "专人负责 is whoever stands in"


def test_who_is_away_is_not_offered_as_handler(world):
    case = accepted(world)
    case.dispatch(by=world.clerk, lead=world.enforcement)
    away(world.handler)
    form = form_for("assign_person", case, world.handler_b, subject=case.lead)
    assert list(form.fields["handler"].queryset) == [world.handler_b]


@pytest.mark.parametrize("helper", [None, "away too", "account closed"])
def test_a_unit_where_nobody_is_at_work_is_flagged(client, world, helper):
    if helper == "away too":
        away(world.handler_b)
    if helper == "account closed":
        user = world.handler_b
        user.is_active = False
        user.save()
    away(world.handler, world.handler_b if helper else None)
    away(world.handler_b)
    use(world, {"name": "甲", "lead": "zhifa"})
    found = routing.propose(accepted(world))
    assert found.lead == world.enforcement and "今天没有人在岗" in found.trouble
    client.force_login(world.clerk)
    case = accepted(world)
    assert (
        "综合执法队（今天没有人在岗）"
        in client.get(f"/desk/cases/{case.number}/dispatch/form/").content.decode()
    )


def test_acting_for(world):
    away(world.handler, world.handler_b)
    assert present.acting_for([world.handler, world.clerk]) == [world.handler_b, world.clerk]
    away(world.handler_b)
    assert present.acting_for([world.handler]) == [world.handler], (
        "nobody stands in: it stays with the holder"
    )


# Checking and trying ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "said", "is_warning"),
    [
        ([{"name": "甲", "lead": "nirgends"}], "没有代码是“nirgends”的单位", False),
        ([{"name": "甲", "lead": "party"}], "不能派事项", False),
        ([{"name": "甲", "lead": "west_station"}], "", False),
        ([{"name": "甲", "if": {"area": "123"}, "lead": "zhifa"}], "没有“123”开头的片区", False),
        ([{"name": "甲", "if": {"category": "77"}, "lead": "zhifa"}], "没有“77”开头的分类", False),
        ([{"name": "甲", "if": {"kind": "gossip"}, "lead": "zhifa"}], "没有“gossip”这个种类", False),
        ([{"name": "甲", "if": {"chanel": "web"}, "lead": "zhifa"}], "不认识“chanel”", False),
        ([{"name": "甲", "if": {"time": {"is": "noon"}}, "lead": "zhifa"}], "没有“noon”", False),
        ([{"name": "甲"}], "二选一", False),
        ([{"name": "甲", "lead": "zhifa", "co": "zhifa"}], "同一家", False),
        ([{"name": "甲", "lead": "zhifa"}, {"name": "甲", "lead": "zhifa"}], "重复", False),
        ([{"name": "甲", "lead": "zhifa", "auto": True}], "不会自动派", True),
        ([{"name": "甲", "lead": "zhifa"}, {"name": "乙", "lead": "huanjing"}], "都轮不到", True),
    ],
)
def test_unsound_rules_are_found(world, rules, said, is_warning):
    found = list(routing_check.check({"rules": rules}, world.office))
    if not said:
        assert found == []
        return
    assert any(said in row.message and row.is_warning is is_warning for row in found), found


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ({"category": "03"}, {"category": ["0301", "0302"], "channel": "web"}, True),
        ({"category": "0301"}, {"category": "03"}, False),
        ({"words": {"any": ["井盖", "路灯"]}}, {"words": {"any": ["井盖响"]}}, True),
        ({"words": {"any": ["井盖"]}}, {"words": {"any": ["井盖", "路灯"]}}, False),
        ({"words": {"any": ["井盖"]}}, {"words": {"all": ["井盖", "夜里"]}}, True),
        ({"words": {"any": ["井盖"], "none": ["缺"]}}, {"words": {"any": ["井盖"]}}, False),
        ({"group": 5}, {"group": 10}, True),
        ({"time": {"is": ["off", "night"]}}, {"time": {"is": "night"}}, True),
        ({"time": {"from": "2026-06-01"}}, {"time": {"until": "2026-09-01"}}, False),
        ({"restricted": True}, {}, False),
    ],
)
def test_shadowed_rules(wide, narrow, covers):
    rules = [{"name": "前", "if": wide, "lead": "a"}, {"name": "后", "if": narrow, "lead": "b"}]
    found = [row.message for row in routing_check.shadowed({"rules": rules})]
    assert bool(found) is covers


def test_trial_tells_what_would_change(world):
    one = closed(world, world.enforcement)
    two = closed(world, world.environment, description="菜场门口喇叭太响")
    secret = world.register(by=world.clerk, is_restricted=True, description="菜场里有人收保护费")
    old = {"rules": [{"name": "旧", "if": {"words": {"any": "菜场"}}, "lead": "zhifa"}]}
    new = {
        "rules": [
            {"name": "喇叭", "if": {"words": {"any": "喇叭"}}, "lead": "huanjing"},
            {"name": "菜场", "if": {"words": {"any": "菜场"}, "restricted": False}, "lead": "zhifa"},
            {
                "name": "菜场夜里",
                "if": {"words": {"any": "菜场"}, "restricted": False, "time": {"is": "night"}},
                "lead": "yingji",
            },
        ]
    }
    trial = registry.entry("routing").trial
    found = trial.run(new, old, world.office, by=world.admin, many=200)
    assert (found["counted"], found["known"], found["agreed_old"], found["agreed_new"]) == (3, 2, 1, 2)
    changed = {row["case"]: row for row in found["rows"]}
    assert set(changed) == {str(two.pk), str(secret.pk)} and found["changed"] == 2
    assert changed[str(two.pk)]["better"] and changed[str(two.pk)]["new_rule"] == "喇叭"
    assert changed[str(secret.pk)]["number"] == "" and changed[str(secret.pk)]["new"] == "由中心定"
    assert found["never"] == ["菜场夜里"] and "菜场夜里" in found["shadowed"][0]
    assert {row["name"]: row["hits"] for row in found["rules"]}["菜场"] == 1
    assert one.title not in str(found) and "保护费" not in str(found), (
        "the stored result holds no words of matters"
    )
    seen = {row["case"]: row["seen"] for row in trial.shown(found, world.clerk_b)["rows"]}
    assert seen[str(two.pk)] == (two.number, two.title) and seen[str(secret.pk)] is None
    assert all(row["seen"] is None for row in trial.shown(found, world.admin)["rows"])


def test_trial_takes_matters_as_they_were_registered(world):
    case = accepted(world, category="020101")
    case.dispatch(by=world.clerk, lead=world.enforcement)
    case.amend(by=world.clerk, reason="登记错了", category="050101")
    rule = {"rules": [{"name": "摊贩", "if": {"category": "0201"}, "lead": "huanjing"}]}
    found = registry.entry("routing").trial.run(rule, None, world.office, by=world.admin, many=200)
    assert {row["name"]: row["hits"] for row in found["rules"]}["摊贩"] == 1


def test_trial_is_bounded(world, django_assert_max_num_queries):
    for number in range(5):
        world.register(by=world.clerk, at=clock.now() - timedelta(days=800 if number == 4 else number))
    rules = {"rules": [{"name": "甲", "lead": "zhifa"}]}
    with django_assert_max_num_queries(14):
        found = registry.entry("routing").trial.run(rules, None, world.office, by=world.admin, many=3)
    assert found["counted"] == 3
    assert (
        registry.entry("routing").trial.run(rules, None, world.office, by=world.admin, many=2000)["counted"]
        == 4
    )


def test_returned_lead_cannot_be_cited_by_an_unknown_clause(world):
    case = accepted(world)
    case.dispatch(by=world.clerk, lead=world.enforcement)
    with pytest.raises(Refusal, match="清单里的一条"):
        case.return_work(by=world.handler, subject=case.lead, reason="不归我们", clause="没有-1")
    assert case.assignments.get().state == AssignmentState.SENT
