"""服务网络 on screen: the centre, four tiers, departments, stations, points, one organisation; the demo world's numbers."""

from datetime import date

import pytest
from django.urls import reverse

from huiyin.accounts.models import Office, User
from huiyin.areas.models import Area
from huiyin.demo.load import load_world
from huiyin.orgs import network
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock
from tests.world import START

pytestmark = pytest.mark.django_db
READERS = [
    "director",
    "clerk",
    "leader",
    "supervisor",
    "handler",
    "east_worker",
    "east_staff",
    "admin",
    "auditor",
]
NETWORK = "/desk/network/"


@pytest.fixture
def desk(client, world):
    def see(name, url):
        client.force_login(getattr(world, name))
        return client.get(url)

    return see


@pytest.fixture
def tiers(world):
    """A station with two points in the east, one in the west, a team of seven."""
    station = world.east_station
    Organisation.objects.filter(pk=station.pk).update(
        services=["劳动保障", "法律援助"], phone="0000-600 0201"
    )

    def add(code, kind, name, area, parent, **more):
        return Organisation.objects.create(
            office=world.office, code=code, kind=kind, name=name, short_name=name, area=area, parent=parent,
            valid_from=START, **more,
        )  # fmt: skip

    add(
        "p1", "service_point", "东桥早餐铺", world.east_grid, station, services=["便民早餐"], hours="5:30—10:00",
        address="石板街3号",
    )  # fmt: skip
    add("p2", "service_point", "东桥菜店", world.east_grid, station, services=["便民菜店"])
    add("p3", "service_point", "西岭早餐铺", world.west_grid, world.west_station, services=["便民早餐"])
    add("t1", "volunteer_team", "东桥邻里队", world.east, station, member_count=7)
    return station


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("reader", READERS)
def test_every_holder_of_a_post_reads_the_network(desk, tiers, reader):
    page = text(desk(reader, NETWORK))
    assert "联动中心" in page and "测director" in page and "综合执法队" in page
    assert desk(reader, NETWORK + "zhifa/").status_code == 200
    assert desk(reader, NETWORK + "?kind=service_point").status_code == 200


def test_visitors_are_sent_to_the_entrance(client, world):
    for url in (NETWORK, NETWORK + "zhifa/"):
        assert "/sign-in/" in client.get(url).url


def test_the_centre_says_who_leads_since_when_and_how_many_work_there(world, desk, tiers):
    page = text(desk("clerk", NETWORK))
    assert "2020年1月1日" in page and "2020-01-01 起" in page
    assert ">6 人</a>" in page and "在任岗位 6 个" in page
    Post.objects.filter(user=world.director).update(end_on=clock.today())
    assert "没有在任的主任" in text(desk("clerk", NETWORK))


def test_the_centres_numbers_are_those_of_the_list_behind(world, desk):
    world.register(by=world.clerk)
    page = text(desk("clerk", NETWORK))
    assert '<a class="link" href="/desk/cases/?view=open">在办 1</a>' in page
    page = text(desk("handler", NETWORK + "zhifa/"))
    assert "/desk/cases/?view=open&amp;unit=zhifa" in page and "在办 0" in page


def test_counts_of_the_tiers_open_the_records(desk, tiers):
    page = text(desk("clerk", NETWORK))
    for kind, number in (("centre", 1), ("station", 2), ("service_point", 3), ("volunteer_team", 1)):
        assert f'<a href="/desk/network/?kind={kind}"><b>{number}</b>' in page
        listed = text(desk("clerk", f"{NETWORK}?kind={kind}"))
        assert f"服务网络 · {number} 个" in listed
    assert "7 名志愿者" in page and "劳动保障、法律援助" in page


def test_points_are_found_by_service_community_and_text(desk, tiers):
    page = text(desk("clerk", NETWORK + "?kind=service_point&service=便民早餐"))
    assert "东桥早餐铺" in page and "西岭早餐铺" in page and "东桥菜店" not in page.split("<tbody>")[1]
    assert "东社区 1</a>" in page and "西社区 1</a>" in page
    page = text(desk("clerk", NETWORK + "?service=便民早餐&community=990109009001"))
    assert "东桥早餐铺" in page and "5:30—10:00" in page and "石板街3号" in page and "西岭早餐铺" not in page
    for words in ("早餐铺", "dongqiao", "dqzcp", "便民早餐", "石板街"):
        found = text(desk("clerk", f"{NETWORK}?q={words}"))
        assert "/desk/network/p1/" in found and "/desk/network/zhifa/" not in found


def test_found_ones_come_page_by_page(world, desk, tiers):
    Organisation.objects.bulk_create(
        Organisation(
            office=world.office, code=f"w{n:03d}", kind="service_point", name=f"点{n}", short_name=f"点{n}",
            area=world.east_grid, valid_from=START,
        )
        for n in range(70)
    )  # fmt: skip
    page = text(desk("clerk", NETWORK + "?kind=service_point"))
    more = page.split('class="pages"><a class="btn" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = text(desk("clerk", NETWORK + more))
    shown = [body.count("<tr>") - 1 for body in (page, rest)]
    assert shown == [50, 23] and "服务网络 · 73 个" in page and "服务网络 · 73 个" in rest


def test_an_unknown_kind_is_named_and_nothing_found_is_said(desk):
    answer = desk("clerk", NETWORK + "?kind=nonsense")
    assert answer.status_code == 400 and "没有“nonsense”这个类别" in text(answer)
    assert "没有符合的组织或网点" in text(desk("clerk", NETWORK + "?q=查无此店"))


def test_departments_show_duties_case_types_ab_and_who_is_away(world, desk):
    today = clock.today()
    Post.objects.filter(user=world.handler).update(
        substitute=world.handler_b, away_from=today, away_until=today
    )
    Post.objects.filter(user=world.handler_b).update(substitute=world.handler)
    page = text(desk("clerk", NETWORK))
    row = page.split('href="/desk/network/zhifa/">')[1].split("</tr>")[0]
    assert row.count("测handler</a> · B 测handler_b") == 1 and "测handler_b</a> · B" not in row
    assert "测handler_b顶岗" in row and "没有负责人" in row and " 类</a>" in row
    page = text(desk("clerk", NETWORK + "zhifa/"))
    assert "流动摊贩占道" in page and "职责清单" in page


def test_an_organisation_shows_facts_posts_and_former_posts(world, desk, tiers):
    Post.objects.filter(user=world.east_staff).update(end_on=date(2024, 5, 1))
    page = text(desk("clerk", NETWORK + "east_station/"))
    assert "0000-600 0201" in page and "东桥菜店" in page and "东桥邻里队" in page
    now, former = page.split("以前的岗位")
    assert "测east_worker" in now and "测east_staff" not in now
    assert "测east_staff" in former and "2024-05-01" in former


def test_a_dissolved_organisation_leaves_the_lists_and_stays_readable(world, desk, tiers):
    Organisation.objects.filter(code="p1").update(valid_until=clock.today())
    assert "东桥早餐铺" not in text(desk("clerk", NETWORK + "?kind=service_point"))
    assert "已在" in text(desk("clerk", NETWORK + "p1/"))
    page = text(desk("clerk", NETWORK))
    assert '<a href="/desk/network/?kind=service_point"><b>2</b>' in page
    assert 'community=990109009001">1</a>' in page


def test_another_office_is_invisible(world, desk, client):
    office = Office.objects.create(
        code="990102001", name="别处街道办", short_name="别处", centre_name="别处中心", document_mark="别",
        phone="0000-600 9999", address="二号路", hours="白天",
    )  # fmt: skip
    area = Area.objects.create(
        office=office,
        code="990102001",
        kind="subdistrict",
        name="别处街道",
        parent=world.district,
        valid_from=START,
    )
    unit = Organisation.objects.create(
        office=office,
        code="bc",
        kind="centre",
        name="别处中心",
        short_name="别处中心",
        area=area,
        valid_from=START,
    )
    user = User.objects.create(username="bc.admin", name="别处管理", office=office)
    post = Post.objects.create(
        office=office, user=user, role="admin", title="管理", area=area, start_on=START, organisation=unit
    )
    for reader in ("clerk", "admin"):
        assert desk(reader, NETWORK + "bc/").status_code == 404
        assert desk(reader, reverse("desk_post", args=[post.pk])).status_code == 404
        assert "别处" not in text(desk(reader, NETWORK))
        assert "没有符合" in text(desk(reader, NETWORK + "?q=别处"))
    client.force_login(user)
    page = text(client.get(NETWORK))
    assert "别处中心" in page and "综合执法队" not in page
    assert client.get(NETWORK + "zhifa/").status_code == 404


def test_pages_hold_no_residents_data(world, desk):
    world.register(by=world.clerk)
    for url in (NETWORK, NETWORK + "zhifa/", NETWORK + "?q=东", NETWORK + "centre/"):
        page = text(desk("clerk", url))
        assert "10000001234" not in page and "何阿姨" not in page and "井盖松了" not in page


def test_query_budgets(world, client, tiers, django_assert_max_num_queries):
    client.force_login(world.clerk)
    for url in (NETWORK, NETWORK + "?kind=service_point", NETWORK + "zhifa/", NETWORK + "east_station/"):
        client.get(url)
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


def test_the_demo_world_has_the_tiers_of_its_chronicle(world, client, django_assert_max_num_queries):
    load_world(lambda words: None)
    user = User.objects.get(username="chen.shouli")
    assert network.tiers(user)["station"][0] == 5
    assert network.tiers(user)["service_point"][0] == 160
    assert network.tiers(user)["volunteer_team"] == (21, 108)
    assert network.tiers(user)["department"][0] == 20
    client.force_login(user)
    page = text(client.get(NETWORK))
    assert "<b>5</b>" in page and "<b>160</b>" in page and "<b>21</b>" in page and "108 名志愿者" in page
    assert ">10 人</a>" in page and "联动部门 <span" in page
    stations = network.stations(user)
    assert sum(row.points for row in stations) == 160
    client.get(NETWORK)
    with django_assert_max_num_queries(15):
        client.get(NETWORK)
    areas = text(client.get(reverse("desk_areas")))
    assert "43 个网格" in areas and "各网格互不重叠" in areas
