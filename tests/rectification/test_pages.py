"""The room's pages: who opens them, what stands on them, what is kept when something is wrong, how much is asked."""

from datetime import timedelta

import pytest
from django.test import Client

from huiyin.audit.models import AuditRecord
from huiyin.cases.models import Case
from huiyin.rectification import plans, work
from huiyin.rectification.models import (
    Accountability,
    HazardScreening,
    KeyPlace,
    LeaderDuty,
    WorkPlan,
    WorkTask,
)
from huiyin.rules import clock
from tests.rectification.conftest import fresh, measure

ROOM = "/desk/rectification/"
PAGES = ["", "tasks/", "hazards/", "screenings/", "places/", "look-backs/", "work/", "duties/"]


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def said(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_open_to_those_who_work_on_matters(world, page):
    assert desk(world.clerk).get(ROOM + page).status_code == 200
    assert desk(world.supervisor).get(ROOM + page).status_code == 200
    assert desk(world.admin).get(ROOM + page).status_code == 403
    assert Client().get(ROOM + page).status_code == 302


def test_another_community_reads_no_plan(world, walk):
    step = walk().approved()
    assert desk(world.supervisor).get(f"{ROOM}plans/{step.case.number}/").status_code == 200
    assert desk(world.outsider).get(f"{ROOM}plans/{step.case.number}/").status_code == 404
    assert step.case.title not in said(desk(world.outsider).get(f"{ROOM}?view=all"))
    assert not desk(world.outsider).get(ROOM + "tasks/?view=all").context["rows"]


def test_a_plan_with_its_versions_and_pictures(world, walk):
    step = walk().closed()
    text = said(desk(world.supervisor).get(f"{ROOM}plans/{step.case.number}/"))
    assert "已验收" in text and "装好了，逐层看过压力" in text and "/desk/files/" in text
    page = desk(world.clerk).get(f"{ROOM}?view=accepted")
    assert [row.case for row in page.context["rows"]] == [step.case]
    matter = said(desk(world.clerk).get(f"/desk/cases/{step.case.number}/"))
    assert "一般隐患" in matter and "第 1 次" in matter and "改完" in matter


def test_the_matter_says_what_comes_next_and_today_brings_it_to_the_checker(world, walk):
    step = walk().written()
    assert "check_plan" in said(desk(world.supervisor).get("/desk/"))
    assert "方案等您审" in said(desk(world.supervisor).get("/desk/"))
    assert "方案等您审" not in said(desk(world.safety_handler).get("/desk/"))
    assert "要落实：责任、措施、时限" in said(
        desk(world.clerk).get(f"/desk/cases/{walk().taken().case.number}/")
    )
    page = desk(world.safety_handler).post(
        f"/desk/cases/{step.case.number}/write_plan/", {"goal": "加强管理", "measures-0-what": "高度重视"}
    )
    assert page.status_code == 400 and "高度重视" in said(page) and "第 1 条缺" in said(page)


def test_overdue_tasks_by_community_and_department(world, walk, django_assert_max_num_queries):
    rows = [
        measure(world),
        measure(
            world, "劝二楼住户把楼梯口旧沙发搬走", person=world.east_staff, unit=world.east_station, days=1
        ),
    ]
    walk().approved(measures=rows)
    with clock.travel(clock.now() + timedelta(days=2)):
        page = desk(world.supervisor).get(ROOM + "tasks/")
        assert [row.what for row in page.context["rows"]] == ["劝二楼住户把楼梯口旧沙发搬走"]
        units = {row.name: (row.owed, row.overdue) for row in page.context["units"]}
        assert units == {"东社区服务站": (1, 1), "应急办": (1, 0)}
        assert [(row.name, row.owed, row.overdue) for row in page.context["communities"]] == [
            ("东社区", 2, 1)
        ]
        assert len(desk(world.supervisor).get(ROOM + "tasks/?view=all&unit=yingji").context["rows"]) == 1
        assert len(desk(world.east_staff).get(ROOM + "tasks/?view=mine").context["rows"]) == 1
        client = desk(world.supervisor)
        client.get(ROOM + "tasks/?view=all")
        with django_assert_max_num_queries(16):
            client.get(ROOM + "tasks/?view=all")


def test_lists_do_not_ask_more_for_more_rows(world, walk, django_assert_max_num_queries):
    for number in range(4):
        walk().approved(measures=[measure(world, f"给 {number} 号楼装好四只新的灭火器")])
    for page, most in [("?view=all", 12), ("hazards/", 18), ("look-backs/", 14)]:
        client = desk(world.supervisor)
        client.get(ROOM + page)  # rules are read once
        with django_assert_max_num_queries(most):
            client.get(ROOM + page)


def test_the_hazard_register_by_grade_and_side(world, walk):
    major = walk(grade="major").graded().case
    minor = walk(particulars={"side": "own"}).graded().case
    bare = walk().accept().case

    def numbers(query):
        return {
            row.case.number for row in desk(world.supervisor).get(f"{ROOM}hazards/{query}").context["rows"]
        }

    assert numbers("") == {major.number, minor.number, bare.number}
    assert numbers("?grade=major") == {major.number} and numbers("?grade=none") == {bare.number}
    assert numbers("?side=own") == {minor.number} and numbers("?view=closed") == set()


@pytest.fixture
def market(world):
    return KeyPlace.objects.create(
        office=world.office, name="石桥农贸市场", kind="market", area=world.east_grid, user=world.safety_handler,
        valid_from=clock.today() - timedelta(days=60),
    )  # fmt: skip


def screening_form(world, **more):
    return {
        "key": "s-1", "on": clock.today().isoformat(), "side": "government", "place": "", "area": str(world.east_grid.pk),
        "organisation": str(world.safety.pk), "inspectors": "应急办两人", "looked_at": "看了消防通道、灭火器、燃气软管", "finds": "",
        "fixed_count": "", **more,
    }  # fmt: skip


def test_a_place_nobody_looked_at_is_a_blind_spot_until_someone_does(world, market):
    page = desk(world.supervisor).get(ROOM + "screenings/")
    assert [row.place for row in page.context["blind_places"]] == [market]
    assert {row.area for row in page.context["blind_areas"]} == {world.east_grid, world.west_grid}
    assert "1 处该排查了" in said(desk(world.safety_handler).get("/desk/"))
    sent = desk(world.safety_handler).post(
        ROOM + "screenings/", screening_form(world, place=str(market.pk), area="")
    )
    assert sent.status_code == 302
    row = HazardScreening.objects.get()
    assert (row.found_count, row.area) == (0, world.east_grid), "nothing found is recorded too"
    page = desk(world.supervisor).get(ROOM + "screenings/")
    assert not page.context["blind_places"] and {r.area for r in page.context["blind_areas"]} == {
        world.west_grid
    }
    assert [(r["name"], r["number"], r["zero"]) for r in page.context["sums"]["areas"]] == [("东社区", 1, 1)]
    with clock.travel(clock.now() + timedelta(days=16)):
        page = desk(world.supervisor).get(ROOM + "screenings/")
        assert [(r.place, r.days_since) for r in page.context["blind_places"]] == [(market, 16)]


def test_each_line_of_finds_becomes_a_hazard_once(world, market):
    given = screening_form(
        world,
        place=str(market.pk),
        side="own",
        finds="东门卷帘门坏了，拉不下来\n3 号摊位液化气软管老化",
        fixed_count="1",
    )
    for _ in range(2):
        assert desk(world.clerk).post(ROOM + "screenings/", given).status_code == 302
    row = HazardScreening.objects.get()
    assert (row.found_count, row.fixed_count) == (3, 1)
    found = Case.objects.filter(hazard_screenings=row).order_by("number")
    assert [case.particulars for case in found] == [{"side": "own", "spot": "石桥农贸市场"}] * 2
    assert found[0].kind == "hazard" and found[0].area == world.east_grid
    assert "拉不下来" in said(desk(world.clerk).get(f"{ROOM}screenings/{row.pk}/"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"area": ""}, "请选场所"),
        ({"on": "2030-01-01"}, "今天以后"),
        ({"finds": "漏水"}, "太短"),
        ({"looked_at": ""}, "请填查了什么"),
    ],
)
def test_a_screening_with_something_wrong_is_kept_on_the_page(world, change, says):
    page = desk(world.clerk).post(
        ROOM + "screenings/", screening_form(world, inspectors="老张和小李", **change)
    )
    assert page.status_code == 400 and says in said(page) and "老张和小李" in said(page)
    assert not HazardScreening.objects.exists()


def test_key_places_are_entered_by_heads(world):
    given = {
        "name": "东门幼儿园", "kind": "school", "area": str(world.east_grid.pk), "address": "一号路 9 号",
        "who": "测safety_handler（应急办）", "every_days": "",
    }  # fmt: skip
    assert desk(world.handler).post(ROOM + "places/", given).status_code == 403
    assert desk(world.clerk).post(ROOM + "places/", given | {"who": "没有的人"}).status_code == 400
    assert desk(world.clerk).post(ROOM + "places/", given).status_code == 302
    assert KeyPlace.objects.get().user == world.safety_handler
    assert "死角" in said(desk(world.clerk).get(ROOM + "places/"))


def work_form(world, **more):
    start = clock.today()
    rows = {
        "tasks-0-stage": "一、动员", "tasks-0-what": "开一次场所负责人会，发一张清单", "tasks-0-target": "九十家都到",
        "tasks-0-standard": "签到和回执齐", "tasks-0-who": "测safety_handler（应急办）",
        "tasks-0-due_on": (start + timedelta(days=5)).isoformat(),
        "tasks-1-stage": "二、排查", "tasks-1-what": "逐家看一遍，查出的立成隐患", "tasks-1-target": "一家不漏",
        "tasks-1-standard": "每家一张检查单", "tasks-1-who": "测handler（综合执法队）",
        "tasks-1-due_on": (start + timedelta(days=20)).isoformat(),
    }  # fmt: skip
    return {
        "title": "冬季消防九小场所整治方案", "goal": "年底以前九十家小场所没有重大隐患", "basis": "街道办公会第 5 次",
        "organisation": str(world.safety.pk), "from_on": start.isoformat(),
        "until_on": (start + timedelta(days=40)).isoformat(), **rows, **more,
    }  # fmt: skip


@pytest.fixture
def work_plan(world):
    desk(world.clerk).post(ROOM + "work/new/", work_form(world))
    return WorkPlan.objects.get()


def test_a_work_plan_is_approved_by_another_and_followed(world, work_plan):
    page = f"{ROOM}work/{work_plan.pk}/"
    assert desk(world.clerk).post(page + "approve/").status_code == 403
    first, second = work_plan.tasks.order_by("number")
    assert (
        desk(world.safety_handler)
        .post(f"{ROOM}work/tasks/{first.pk}/done/", {"t1-text": "开过了，到了九十家"})
        .status_code
        == 409
    )
    assert desk(world.leader).post(page + "approve/").status_code == 302
    assert (
        desk(world.handler)
        .post(f"{ROOM}work/tasks/{first.pk}/done/", {"t1-text": "替他们记一笔"})
        .status_code
        == 403
    )
    assert (
        desk(world.safety_handler)
        .post(f"{ROOM}work/tasks/{first.pk}/done/", {"t1-text": "开过了，到了九十家"})
        .status_code
        == 302
    )
    assert "还有 1 项没完成" in said(
        desk(world.clerk).post(page + "end/", {"summary": "总的说来办得不错，收尾。"})
    )
    with clock.travel(clock.now() + timedelta(days=21)):
        assert [row.what for row in desk(world.clerk).get(ROOM + "tasks/").context["rows"]] == [second.what]
    desk(world.handler).post(f"{ROOM}work/tasks/{second.pk}/done/", {"t2-text": "九十家都看过，立了十一件"})
    assert (
        desk(world.clerk).post(page + "end/", {"summary": "九十家都看过，十一处都改了。"}).status_code == 302
    )
    assert WorkPlan.objects.get().state == "ended"


def test_every_task_needs_its_four_specifics(world):
    page = desk(world.clerk).post(
        ROOM + "work/new/", work_form(world, **{"tasks-1-standard": "", "tasks-1-who": ""})
    )
    assert (
        page.status_code == 400 and "第 2 条缺：标准、责任人" in said(page) and not WorkPlan.objects.exists()
    )
    late = (clock.today() + timedelta(days=90)).isoformat()
    page = desk(world.clerk).post(ROOM + "work/new/", work_form(world, **{"tasks-1-due_on": late}))
    assert "第 2 项的时限不在" in said(page)


def test_a_new_version_keeps_what_is_done_and_the_old_one_stays(world, work_plan):
    desk(world.leader).post(f"{ROOM}work/{work_plan.pk}/approve/")
    first = work_plan.tasks.get(number=1)
    work.finish(first, by=world.safety_handler, text="开过了，到了九十家")
    form = desk(world.clerk).get(f"{ROOM}work/{work_plan.pk}/change/")
    assert "开一次场所负责人会" in said(form)
    given = work_form(world, **{"tasks-1-what": "逐家看两遍，白天一遍夜里一遍"})
    assert desk(world.clerk).post(f"{ROOM}work/{work_plan.pk}/change/", given).status_code == 400
    assert (
        desk(world.clerk)
        .post(f"{ROOM}work/{work_plan.pk}/change/", given | {"change": "夜里加看一遍"})
        .status_code
        == 302
    )
    second = WorkPlan.objects.get(version=2)
    assert (
        second.code == work_plan.code
        and second.tasks.get(number=1).done_at
        and not second.tasks.get(number=2).done_at
    )
    desk(world.leader).post(f"{ROOM}work/{second.pk}/approve/")
    work_plan.refresh_from_db()
    assert work_plan.state == "superseded" and "夜里加看一遍" in said(
        desk(world.clerk).get(f"{ROOM}work/{work_plan.pk}/")
    )


def test_a_task_becomes_a_matter_once(world, work_plan):
    desk(world.leader).post(f"{ROOM}work/{work_plan.pk}/approve/")
    task = work_plan.tasks.get(number=2)
    for _ in range(2):
        assert desk(world.clerk).post(f"{ROOM}work/tasks/{task.pk}/matter/").status_code == 302
    case = WorkTask.objects.get(pk=task.pk).case
    assert Case.objects.count() == 1 and (case.kind, case.state) == ("directive", "dispatched")
    assert (
        case.lead.organisation == world.enforcement
        and case.sources.get().outside_number == f"{work_plan.code} 第 2 项"
    )
    assert case.particulars["source_level"] == "meeting"


def test_leaders_have_both_duties_and_what_is_open_under_them(world, walk, django_assert_max_num_queries):
    given = {
        "user": str(world.leader.pk), "business": "分管城建、应急", "safety": "分管行业的安全生产、消防",
        "petitions": "分管行业的信访和矛盾", "organisations": [str(world.safety.pk)], "start_on": clock.today().isoformat(),
        "source": "街道党工委〔2026〕3 号",
    }  # fmt: skip
    assert desk(world.clerk).post(ROOM + "duties/", given).status_code == 403
    assert desk(world.director).post(ROOM + "duties/", given).status_code == 302
    duty = LeaderDuty.objects.get()
    walk().taken()
    walk().graded()
    row = desk(world.director).get(ROOM + "duties/").context["rows"][0]
    assert row.counts == {"all": 1, "hazard": 1, "petition": 0, "late": 0}
    for what, number in row.counts.items():
        found = desk(world.director).get(f"{ROOM}duties/{duty.pk}/?what={what}").context["rows"]
        assert len(found) == number, what
    later = given | {
        "business": "分管城建、应急、物业",
        "start_on": (clock.today() + timedelta(days=9)).isoformat(),
    }
    assert desk(world.director).post(ROOM + "duties/", given).status_code == 400, "from the same day"
    assert desk(world.director).post(ROOM + "duties/", later).status_code == 302
    duty.refresh_from_db()
    assert duty.end_on == clock.today() + timedelta(days=9) and LeaderDuty.objects.count() == 2
    client = desk(world.director)
    client.get(ROOM + "duties/")
    with django_assert_max_num_queries(20):
        client.get(ROOM + "duties/")


def test_decisions_on_accountability_are_for_few_and_every_reading_is_noted(world):
    given = {
        "user": str(world.handler.pk), "number": "", "what_for": "重大隐患逾期二十天没有过问", "decision": "talk",
        "authority": "街道纪工委", "document": "鹤纪〔2026〕4号", "decided_on": clock.today().isoformat(),
    }  # fmt: skip
    assert desk(world.clerk).post(ROOM + "decisions/", given).status_code == 403
    assert (
        desk(world.director).post(ROOM + "decisions/", given | {"user": str(world.director.pk)}).status_code
        == 400
    )
    for _ in range(2):
        assert desk(world.auditor).post(ROOM + "decisions/", given).status_code == 302
    row = Accountability.objects.get()
    assert "逾期" not in str(
        Accountability.objects.filter(pk=row.pk)
        .extra(select={"raw": "what_for"})
        .values_list("raw", flat=True)[0]
    )
    assert "逾期二十天" in said(desk(world.director).get(ROOM + "decisions/"))
    assert "逾期二十天" not in said(desk(world.leader).get(ROOM + "decisions/"))
    assert AuditRecord.objects.filter(action="看问责决定", actor=world.director).count() == 1
    assert desk(world.handler).get(ROOM + "decisions/").status_code == 403
    assert "鹤纪" not in said(desk(world.clerk).get(ROOM + "decisions/"))


def test_the_plan_of_a_program_is_a_list_of_objects(world, walk):
    from huiyin.api.fill import form_data
    from huiyin.cases.offers import offer_for

    step = walk().taken()
    offer = offer_for(step.case, world.safety_handler, "write_plan")
    schema = offer.as_json("/x")["fields"]["properties"]["measures"]
    assert schema["type"] == "array" and schema["items"]["required"] == [
        "what",
        "target",
        "standard",
        "who",
        "due_on",
    ]
    due = (clock.today() + timedelta(days=3)).isoformat()
    body = {
        "goal": "楼道灭火器配齐、通道清空", "leader": "safety_handler", "due_on": due,
        "measures": [{"what": "给三楼到六楼装好四只灭火器", "target": "每层一只", "standard": "压力在绿区", "who": "safety_handler", "due_on": due}],
    }  # fmt: skip
    offer.form(form_data(offer.form(), body)).perform()
    assert plans.current(fresh(step.case)).measures.count() == 1
