"""问题普查: who is sent where, each problem a matter, hard ones with a leader behind them, totals that open their records."""

import io
from datetime import date

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.cases.offers import offers
from huiyin.inspections import census, census_sheet
from huiyin.inspections.models import CensusOfficial, CensusProblem
from huiyin.rules import clock
from huiyin.sheets import template
from tests.inspections.pictures import upload

NOW = "2026-11-20T09:00"


@pytest.fixture
def campaign(world):
    """A census with a standard for each kind; the enforcement's handler is sent to the east grid."""
    with clock.travel(NOW):
        row = census.open_census(
            world.office, by=world.duty_leader, name="创城问题普查", from_on=date(2026, 11, 16), until_on=date(2026, 11, 27),
            rectify_on=date(2026, 12, 11), edition="2026 年版",
        )  # fmt: skip
        census.add_standard(
            row, text="垃圾日产日清，不外溢", kind="city_problem", city_class="S0101", unit=world.enforcement
        )
        census.add_standard(row, text="楼道不堆物", kind="hazard", category="130101")
        census.add_standard(row, text="公共场地不乱堆", kind="city_problem", category="010104")
        census.send_down(row, area=world.east_grid, users=[world.handler])
    return row


def recorded(world, campaign, number="01", **more):
    given = {
        "by": world.handler, "area": world.east_grid, "subject_kind": "compound", "subject": "槐荫里", "place": "3 幢东侧",
        "standard": campaign.standards.get(number=number), "text": "垃圾桶满了没人清，污水流了一地。",
    } | more  # fmt: skip
    with clock.travel(NOW):
        return census.record(campaign, **given)


def test_a_problem_is_a_matter_sent_at_once(world, campaign):
    problem = recorded(world, campaign, cadre=world.east_staff)
    case = Case.objects.get(pk=problem.case_id)
    assert (case.kind, case.state, case.lead.organisation) == (
        "city_problem",
        "dispatched",
        world.enforcement,
    )
    report = case.deadlines.get(assignment=case.lead, code__startswith="CITY-CLASS")
    assert clock.local(report.due_at) == clock.local("2026-12-11T18:00")
    assert "不外溢" in case.description and case.filings.get().code == "S0101"


def test_without_a_unit_the_community_has_it(world, campaign):
    assert recorded(world, campaign, "03").case.lead.organisation == world.east_station


def test_a_hazard_waits_for_the_desk_and_its_own_procedure(world, campaign):
    case = recorded(world, campaign, "02").case
    assert (case.kind, case.state) == ("hazard", "received")


def test_the_same_form_twice_is_one_matter(world, campaign):
    first, second = recorded(world, campaign, key="k1"), recorded(world, campaign, key="k1")
    assert (
        first == second
        and CensusProblem.objects.count() == 1 == Case.objects.filter(channel="patrol").count()
    )


def test_what_a_census_refuses(world, campaign):
    with clock.travel(NOW):
        with pytest.raises(Refusal, match="难在哪里"):
            recorded(world, campaign, is_hard=True)
        with pytest.raises(Refusal, match="已经有"):
            census.open_census(world.office, by=world.duty_leader, name="创城问题普查", from_on=date(2026, 11, 16),
                               until_on=date(2026, 11, 27), rectify_on=date(2026, 12, 11))  # fmt: skip
        with pytest.raises(Refusal, match="一天比一天晚"):
            census.open_census(world.office, by=world.duty_leader, name="倒着走", from_on=date(2026, 11, 16),
                               until_on=date(2026, 11, 27), rectify_on=date(2026, 11, 20))  # fmt: skip
        with pytest.raises(Refusal, match="社区或网格"):
            census.send_down(campaign, area=world.street, users=[world.handler])
        with pytest.raises(Refusal, match="长效办法"):
            census.close_census(campaign, by=world.duty_leader, lasting="好")
        census.close_census(
            campaign, by=world.duty_leader, lasting="每周由网格员看一遍，月底街道抽查，反弹的通报。"
        )
        campaign.refresh_from_db()
        with pytest.raises(Refusal, match="已经结束"):
            recorded(world, campaign)


def finish(world, case):
    with clock.travel("2026-11-21T10:00"):
        case = Case.objects.get(pk=case.pk)
        case.do("take", by=world.handler, subject=case.lead)
        case.do("report", by=world.handler, subject=case.lead, text="桶清了，地冲了。")
        case.do(
            "verify",
            by=world.supervisor,
            text="对照标准看过，桶不满，地是干的。",
            particulars={"closing_met": True},
        )


def test_totals_by_unit_grid_and_standard_open_their_records(
    world, campaign, client, django_assert_max_num_queries
):
    problem = recorded(world, campaign)
    recorded(world, campaign, "03", subject="一号院", area=world.west_grid, text="院里堆着旧家具。")
    recorded(world, campaign, "02", text="楼道里两辆旧车。")
    finish(world, problem.case)
    found = census.totals(campaign, world.clerk)
    assert (found["all"]["found"], found["all"]["subjects"]) == (3, 2)
    assert {row["subject"]: (row["found"], row["rechecked"]) for row in found["by_subject"]} == {
        "槐荫里": (2, 1),
        "一号院": (1, 0),
    }
    assert {row["standard__number"]: row["found"] for row in found["by_standard"]} == {
        "01": 1,
        "02": 1,
        "03": 1,
    }
    assert [row["area__name"] for row in found["by_area"]] == ["东社区 01 网格", "西社区 01 网格"]
    client.force_login(world.clerk)
    url = f"/desk/inspections/censuses/{campaign.pk}/"
    with django_assert_max_num_queries(45):
        page = client.get(url).content.decode()
    assert "槐荫里" in page and "标准" in page
    for query, number in (
        ("status=rechecked", 1),
        ("kind=compound&subject=槐荫里", 2),
        ("standard=03", 1),
        (f"area={world.west_grid.code}", 1),
        ("hard=1", 0),
    ):
        listed = client.get(f"{url}problems/?{query}").content.decode()
        assert listed.count("<tr data-href") == number, query
    assert client.get(f"{url}problems/?status=nothing").status_code == 400
    client.force_login(world.outsider)
    assert client.get(f"{url}problems/").content.decode().count("<tr data-href") == 1


def test_a_hard_one_gets_a_leader_and_a_secretary(world, campaign, client):
    problem = recorded(world, campaign)
    client.force_login(world.duty_leader)
    url = f"/desk/inspections/censuses/{campaign.pk}/problems/{problem.case.number}/champion/"
    goal = {"what": "champion", "champion-leader": world.leader.pk, "champion-secretary": world.east_staff.pk,
            "champion-goal": "两周内清空，派人看住", "champion-due_on": "2026-12-04"}  # fmt: skip
    with clock.travel(NOW):
        assert client.post(url, goal).status_code == 409
        assert client.post(url, {"what": "hard", "hard-why": "产权说不清，没人管"}).status_code == 302
        sent = client.post(url, goal)
        assert sent.status_code == 302, sent.content.decode()
        page = client.get(url).content.decode()
        assert world.leader.name in page and "产权说不清" in page
    assert problem.case.events.filter(verb="champion").exists()
    client.force_login(world.handler)
    assert client.post(url, goal).status_code == 403


def test_quick_entry_keeps_what_stays_the_same(world, campaign, client):
    client.force_login(world.handler)
    url = f"/desk/inspections/censuses/{campaign.pk}/problems/new/"
    data = {
        "key": "a", "standard": campaign.standards.get(number="01").pk, "subject_kind": "compound", "subject": "槐荫里",
        "area": world.east_grid.pk, "text": "桶边一地垃圾。", "place": "2 幢",
    }  # fmt: skip
    with clock.travel(NOW):
        assert "记下，接着记" in client.get(url).content.decode()
        sent = client.post(url, data | {"photos": upload(3)})
        assert sent.status_code == 302 and "subject=" in sent["Location"] and "text=" not in sent["Location"]
        page = client.get(sent["Location"]).content.decode()
        assert 'value="槐荫里"' in page and "桶边一地垃圾" in page
        missing = client.post(url, data | {"key": "b", "text": ""})
        assert missing.status_code == 400 and 'value="2 幢"' in missing.content.decode()
    client.force_login(world.environment_handler)
    assert client.get(url).status_code == 403


def filled(campaign, rows) -> bytes:
    return template.write(census_sheet.sheet(campaign), rows)


LINE = {
    "subject_kind": "小区",
    "subject": "槐荫里",
    "area": "东社区 01 网格",
    "standard": "01 垃圾日产日清，不外溢",
    "text": "桶满了，污水外流",
}


def send(client, campaign, raw, **more):
    file = io.BytesIO(raw)
    file.name = "普查.xlsx"
    return client.post(f"/desk/inspections/censuses/{campaign.pk}/upload/", {"file": file, **more})


def test_from_a_sheet_all_or_nothing_and_once(world, campaign, client):
    client.force_login(world.handler)
    rows = [LINE, LINE | {"subject": "一号院", "text": "院里堆着旧家具", "cadre": world.east_staff.name}]
    with clock.travel(NOW):
        wrong = send(
            client, campaign, filled(campaign, [*rows, LINE | {"area": "没有这一格", "cadre": "没有的人"}])
        )
        assert wrong.status_code == 400 and "没有这一格" in wrong.content.decode()
        assert not CensusProblem.objects.exists()
        raw = filled(campaign, rows)
        assert "导入了 2 个问题" in send(client, campaign, raw).content.decode()
        send(client, campaign, raw)
    assert CensusProblem.objects.count() == 2
    assert CensusProblem.objects.get(subject="一号院").cadre == world.east_staff


def test_the_sheet_comes_with_its_choices_and_back_with_its_faults(world, campaign, client):
    client.force_login(world.handler)
    sheet = client.get(f"/desk/inspections/censuses/{campaign.pk}/sheet/")
    assert sheet["Content-Type"] == template.XLSX
    with clock.travel(NOW):
        marked = send(client, campaign, filled(campaign, [LINE | {"is_hard": "是"}]), want="marked")
    assert marked["Content-Type"] == template.XLSX


def test_set_up_from_the_pages(world, campaign, client):
    client.force_login(world.duty_leader)
    with clock.travel(NOW):
        data = {
            "name": "迎检普查",
            "from_on": "2026-11-20",
            "until_on": "2026-11-30",
            "rectify_on": "2026-12-10",
        }
        url = client.post("/desk/inspections/censuses/", data)["Location"]
        assert (
            client.post(
                f"{url}standard/", {"standard-text": "门前不乱放", "standard-kind": "city_problem"}
            ).status_code
            == 400
        )
        ok = {"standard-text": "门前不乱放", "standard-kind": "city_problem", "standard-category": "140103"}
        assert client.post(f"{url}standard/", ok).status_code == 302
        down = {"down-area": world.east_grid.pk, "down-users": [world.handler.pk, world.east_staff.pk]}
        assert client.post(f"{url}down/", down).status_code == 302
        assert CensusOfficial.objects.filter(census__name="迎检普查").count() == 2
        assert "门前不乱放" in client.get(url).content.decode()
        assert (
            client.post(f"{url}close/", {"close-lasting": "每周由网格员看一遍，月底街道抽查。"}).status_code
            == 302
        )
    client.force_login(world.handler)
    assert client.post("/desk/inspections/censuses/", data).status_code == 403
    assert client.get("/desk/inspections/censuses/").status_code == 200


def test_only_a_hard_one_gets_a_plan_of_measures(world, campaign):
    problem = recorded(world, campaign)
    with clock.travel("2026-11-20T10:00"):
        case = Case.objects.get(pk=problem.case_id)
        case.do("take", by=world.handler, subject=case.lead)
        assert "write_plan" not in {row.verb for row in offers(case, world.handler)}
        census.mark_hard(problem, by=world.duty_leader, why="产权说不清")
        assert "write_plan" in {row.verb for row in offers(case, world.handler)}
