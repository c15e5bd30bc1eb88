"""Pages of 协同: figures with the records behind them, champions, reports upward, territory; the paper of a joint visit."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from huiyin.accounts.models import Office, User
from huiyin.base.refusal import Refusal
from huiyin.cases import record
from huiyin.cooperation import figures, papers, reading, territory
from huiyin.cooperation.models import Call
from huiyin.documents import issuing
from huiyin.documents.facts import Facts
from huiyin.grids.models import Responsibility
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock
from tests.cases.walks import bring
from tests.cooperation.test_units import blow, call_of, case, do, fresh, name, on, sign, visit  # noqa: F401
from tests.world import START, later

pytestmark = pytest.mark.django_db
PAGES = ["desk_whistles", "desk_champions", "desk_upwards", "desk_territory"]


@pytest.fixture
def calls(world, case):  # noqa: F811
    """Environment: in time, late, never. Safety: in time and sent back once, one that need not come."""
    for number, unit in enumerate(
        (world.environment, world.environment, world.environment, world.safety, world.safety)
    ):
        place = bring(world, "accepted")
        blow(world, place, unit)
        row = call_of(place, unit)
        by = world.environment_handler if unit == world.environment else world.safety_handler
        if number in (0, 3):
            do(place, "answer_call", by, subject=row, way="arrived", text="马上就到现场了。")
        if number == 3:
            do(place, "sign_call", world.east_staff, subject=row, good=False, text="没带工具来")
            do(place, "answer_call", by, subject=row, way="arrived", text="带了工具又来。")
        if number in (0, 3):
            do(place, "sign_call", world.east_staff, subject=row, good=True)
        if number == 4:
            do(place, "release_call", world.east_staff, subject=row, reason="已经好了")
        if number == 1:
            with clock.travel(later(days=8)):
                do(place, "answer_call", by, subject=row, way="answered", text="忙完了才回话。")
    return list(Call.objects.all())


def test_each_number_is_what_its_list_shows(world, calls):
    with clock.travel(later(days=9)):
        today = clock.today()
        first = today - timedelta(days=30)
        rows = {str(row.unit): row for row in figures.by_unit(world.clerk, first, today)}
        assert rows["生态环境站"].numbers == {
            "due": 3, "in_time": 1, "late": 1, "never": 1, "waiting": 0, "signed": 1, "clean": 1, "all": 3,
        }  # fmt: skip
        assert (rows["生态环境站"].responded, rows["生态环境站"].settled) == (33, 100)
        assert (rows["应急办"].responded, rows["应急办"].settled) == (100, 0)
        assert rows["应急办"].numbers["all"] == 1, "who need not come counts nowhere"
        for row in rows.values():
            for view, number in row.numbers.items():
                found, _ = figures.page(world.clerk, first, today, view, row.unit, "")
                assert len(found) == number, (row.unit, view)


def test_only_matters_that_one_may_read_are_counted(client, world, calls):
    secret = bring(world, "accepted", is_restricted=True)
    blow(world, secret, world.centre, by=world.director)
    today = clock.today()
    assert "联动中心" in {str(row.unit) for row in figures.by_unit(world.director, today, today)}
    assert "联动中心" not in {str(row.unit) for row in figures.by_unit(world.clerk_b, today, today)}
    assert figures.by_unit(world.outsider, today, today) == []


def test_the_page_of_figures(client, world, calls):
    client.force_login(world.clerk)
    with clock.travel(later(days=9)):
        page = client.get(reverse("desk_whistles"), {"show": "late", "unit": "huanjing"})
    text = page.content.decode()
    assert page.status_code == 200 and "33%" in text and text.count('class="link no"') == 1
    assert "show=never&amp;unit=huanjing" in text
    assert client.get(reverse("desk_whistles"), {"unit": "nobody"}).status_code == 404
    assert client.get(reverse("desk_whistles"), {"from": "x", "to": "9999-99-99"}).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_who_may_not(client, world, address):
    for wrong in (world.admin, world.auditor):
        client.force_login(wrong)
        assert client.get(reverse(address)).status_code == 403
    client.logout()
    assert client.get(reverse(address)).status_code == 302


def test_lists_do_not_ask_once_a_row(client, world, django_assert_max_num_queries):
    for _ in range(6):
        row = bring(world, "accepted")
        blow(world, row, world.environment)
        name(world, row)
        do(
            row,
            "escalate",
            world.clerk,
            to="区住建局",
            text="请来看",
            asked=f"请看 {row.number}",
            review_on=on(0),
        )
    client.force_login(world.clerk)
    for address in PAGES:
        client.get(reverse(address))
        with django_assert_max_num_queries(20):
            assert client.get(reverse(address)).status_code == 200


def test_progress_of_each_champion(client, world, case):  # noqa: F811
    row = name(world, case)
    first = row.steps.order_by("pk")[0]
    do(case, "champion_report", world.duty_leader, subject=first, text="都谈妥了。")
    client.force_login(world.leader)
    text = client.get(reverse("desk_champions")).content.decode()
    assert "1/2" in text and "拆旧建新" in text and world.duty_leader.name in text
    with clock.travel(later(days=60)):
        assert "1 件过了日子" in client.get(reverse("desk_champions")).content.decode()
    assert "正在包靠 1" in text
    client.force_login(world.outsider)
    assert case.number not in client.get(reverse("desk_champions")).content.decode()


def test_reports_upward_that_are_late(client, world, case):  # noqa: F811
    do(
        case,
        "escalate",
        world.clerk,
        to="区住建局",
        text="修不了",
        asked="请改造",
        due_on=on(3),
        review_on=on(2),
    )
    client.force_login(world.clerk)
    assert "该问了" not in client.get(reverse("desk_upwards")).content.decode()
    with clock.travel(later(days=5)):
        assert case.number in client.get(reverse("desk_upwards"), {"view": "late"}).content.decode()
        assert "该再问上级的" in client.get(reverse("desk_today")).content.decode()
    assert case.number not in client.get(reverse("desk_upwards"), {"view": "answered"}).content.decode()


def test_today_shows_what_waits_for_my_unit_and_me(client, world, case):  # noqa: F811
    blow(world, case, world.environment)
    name(world, case)
    client.force_login(world.environment_handler)
    assert "吹哨叫您单位的" in client.get(reverse("desk_today")).content.decode()
    client.force_login(world.duty_leader)
    assert "您包靠的" in client.get(reverse("desk_today")).content.decode()
    assert reading.today_part(world.handler_b) is None


# Territory --------------------------------------------------------------------------------------------------------


@pytest.fixture
def officials(world):
    committee = Organisation.objects.create(
        office=world.office, code="d1", kind="committee", name="东社区居委会", short_name="东社区居委会",
        area=world.east, valid_from=START,
    )  # fmt: skip
    head = User.objects.create(username="head", name="卢书记", office=world.office)
    Post.objects.create(
        office=world.office, user=head, organisation=committee, role="unit_head", title="社区书记", area=world.east,
        start_on=date(2026, 3, 1),
    )  # fmt: skip
    Responsibility.objects.create(
        office=world.office,
        role="cover_community",
        area=world.east,
        user=world.leader,
        start_on=date(2026, 1, 1),
        source="分工",
    )
    Responsibility.objects.create(
        office=world.office,
        role="grid_leader",
        area=world.east_grid,
        name="金网格长",
        start_on=START,
        source="分工",
    )
    return head


def test_the_chain_as_of_a_day(world, officials, case):  # noqa: F811
    rows = {row.level: row for row in territory.chain(fresh(case))}
    assert [rows[level].name for level in ("grid", "community", "leader", "unit")] == [
        "金网格长", "卢书记", world.leader.name, "综合执法队",
    ]  # fmt: skip
    assert rows["community"].is_first and sum(row.is_first for row in rows.values()) == 1
    before = {row.level: row for row in territory.chain(fresh(case), date(2025, 6, 1))}
    assert before["community"].name == "" and before["leader"].name == "" and before["grid"].is_first


def test_the_chain_stands_on_the_page(client, world, officials, case):  # noqa: F811
    client.force_login(world.clerk)
    text = client.get(reverse("desk_case", args=[case.number])).content.decode()
    assert "第一责任人" in text and "卢书记" in text


def test_a_letter_is_proposed_to_the_secretary(world, officials, case):  # noqa: F811
    from huiyin.cases.offers import offer_for

    form = offer_for(fresh(case), world.leader, "issue_letter").form()
    assert form.initial["organisation"] == world.east_station.pk and form.initial["persons"] == [officials.pk]
    west = world.register(by=world.clerk, area=world.west_grid)
    assert "persons" not in offer_for(west, world.leader, "issue_letter").form().initial


def test_open_matters_by_community_and_leader(client, world, officials, case):  # noqa: F811
    late = world.register(by=world.clerk, at=later(days=-90))
    bring(world, "closed")
    rows, cut = territory.by_community(world.clerk)
    east = next(row for row in rows if row.area == world.east)
    assert (east.who, east.leader, east.open, east.late, cut) == ("卢书记", world.leader.name, 2, 1, False)
    assert late.area == world.east_grid
    leader = territory.by_leader(rows)[0]
    assert (leader.who, leader.open, leader.communities) == (world.leader.name, 2, [world.east])
    client.force_login(world.clerk)
    listed = client.get(reverse("desk_list"), {"view": "open", "area": world.east.code}).content.decode()
    assert case.number in listed and late.number in listed
    page = client.get(reverse("desk_territory"), {"on": "2025-06-01"}).content.decode()
    assert "没有人" in page
    other = Office.objects.create(code="990101010", name="别处", short_name="别处", centre_name="别处")
    assert other.pk and "卢书记" in client.get(reverse("desk_territory")).content.decode()


# The paper --------------------------------------------------------------------------------------------------------


def test_the_paper_waits_for_every_signature(world, case, visit):  # noqa: F811
    assert papers.door(Facts(fresh(bring(world, "in_hand")))).subjects == ()
    sign(world, case, world.enforcement, world.handler)
    made = issuing.draft(fresh(case), "joint_record", str(visit.pk))
    assert {str(row.what) for row in made.missing} == {"生态环境站的签字", "应急办的签字"}
    with pytest.raises(Refusal, match="生态环境站的签字"):
        issuing.issue(fresh(case), "joint_record", str(visit.pk), by=world.clerk)
    sign(world, case, world.environment, world.environment_handler)
    sign(world, case, world.safety, world.safety_handler)
    do(
        case,
        "joint_measure",
        world.clerk,
        subject=visit,
        organisation=world.safety,
        text="立警示牌",
        due_on=on(3),
    )
    paper = issuing.issue(record.load(fresh(case)), "joint_record", str(visit.pk), by=world.clerk)
    assert "联" in paper.number and not paper.names_person
    text = str(paper.paper)
    for words in ("纪测 中队长", "井座松了", "立警示牌", "石桥路 12 号门前", world.environment_handler.name):
        assert words in text
    assert "何阿姨" not in text
