"""片区: the tree and its map, one area, the grid of a point, the administrator's changes, closed areas."""

from datetime import date

import pytest
from django.urls import reverse

from huiyin.accounts.models import Office, User
from huiyin.areas import changing, locate
from huiyin.areas.maps import grid_map, overlaps
from huiyin.areas.models import Area, AreaFact
from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.world import START, square

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


@pytest.fixture(autouse=True)
def fresh_trees():
    locate._trees.clear()
    yield
    locate._trees.clear()


@pytest.fixture
def desk(client, world):
    """`desk("clerk", url)` → the page; with `data` a POST."""

    def see(name, url, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return see


def text(answer) -> str:
    return answer.content.decode()


def page_of(area):
    return reverse("desk_area", args=[area.code])


@pytest.mark.parametrize("reader", READERS)
def test_every_holder_of_a_post_reads_tree_and_areas(world, desk, reader):
    page = text(desk(reader, reverse("desk_areas")))
    assert "东社区 01 网格" in page and "西社区" in page and "测试市" in page
    for name in ("city", "district", "street", "east", "east_grid", "east_house"):
        assert desk(reader, page_of(world.areas[name])).status_code == 200


def test_visitors_are_sent_to_the_entrance(client, world):
    for url in (reverse("desk_areas"), page_of(world.east)):
        assert "/sign-in/" in client.get(url).url


def test_the_tree_says_households_workers_and_source(world, desk):
    for day, value in ((date(2024, 12, 31), 300), (date(2025, 12, 31), 381)):
        AreaFact.objects.create(
            area=world.east_grid, name="户数", value=value, unit="户", on=day, source="年报"
        )
    page = text(desk("clerk", reverse("desk_areas")))
    assert ">381<" in page and ">300<" not in page
    assert "测east_worker" in page
    page = text(desk("clerk", page_of(world.east_grid)))
    assert "2024-12-31" in page and "2025-12-31" in page and "年报" in page


def test_a_grid_without_people_is_warned_of(world, desk):
    page = text(desk("clerk", reverse("desk_areas")))
    assert "1 个网格今天没有人在岗" in page and "西社区 01 网格：没有网格员" in page
    assert "没有人在岗" in text(desk("clerk", page_of(world.west_grid)))
    assert "没有人在岗" not in text(desk("clerk", page_of(world.east_grid)))
    today = clock.today()
    Post.objects.filter(user=world.east_worker).update(away_from=today, away_until=today)
    assert "网格员请假，没有 B 角" in text(desk("clerk", page_of(world.east_grid)))
    Post.objects.filter(user=world.east_worker).update(substitute=world.east_staff)
    page = text(desk("clerk", page_of(world.east_grid)))
    assert "没有人在岗" not in page and "测east_staff顶岗" in page


def test_the_map_names_grids_and_communities_and_leads_to_them(world, desk):
    page = text(desk("clerk", reverse("desk_areas")))
    svg = page[page.index('<svg class="area-map') : page.index("</svg>", page.index('<svg class="area-map'))]
    assert svg.count("<path") == 4 and "东社区</text>" in svg and "01!</text>" in svg
    assert page_of(world.east_grid) in svg and "style=" not in svg
    assert 'href="#lists"' in page and "各网格互不重叠" in page


def test_overlapping_grids_are_named_touching_ones_are_not(world, desk):
    assert overlaps([world.east_grid, world.west_grid]) == []
    world.area("wrong", "grid", "压线网格", "990109009001002", "east", boundary=square(118.005, 27.0))
    page = text(desk("clerk", reverse("desk_areas")))
    assert "东社区 01 网格和压线网格的范围有重叠" in page
    Area.objects.filter(code="990109009001002").update(is_exclusive=True)
    assert "有重叠" not in text(desk("clerk", reverse("desk_areas")))


@pytest.mark.parametrize(
    ("lon", "lat", "wanted"),
    [
        (118.005, 27.005, "东社区 01 网格"),
        (118.01, 27.005, "东社区 01 网格"),  # the shared edge: the first code
        (118.0, 27.0, "东社区 01 网格"),  # a corner
        (118.015, 27.005, "西社区 01 网格"),
        (118.02, 27.01, "西社区 01 网格"),
        (118.03, 27.005, ""),
    ],
)
def test_a_point_finds_its_grid(world, desk, lon, lat, wanted):
    page = text(desk("clerk", reverse("desk_areas") + f"?lon={lon}&lat={lat}"))
    if wanted:
        assert f">{wanted}</a></h2>" in page and 'class="pin"' in page
    else:
        assert "这个点不在本街道任何网格里" in page


def test_an_exclusive_grid_wins_over_the_one_around_it(world, desk):
    inner = square(118.004, 27.004, 0.002)
    world.area("campus", "grid", "学校专属网格", "990109009001009", "east", boundary=inner, is_exclusive=True)
    assert ">学校专属网格</a></h2>" in text(desk("clerk", reverse("desk_areas") + "?lon=118.005&lat=27.005"))
    assert ">东社区 01 网格</a></h2>" in text(
        desk("clerk", reverse("desk_areas") + "?lon=118.001&lat=27.001")
    )


@pytest.mark.parametrize("query", ["lon=abc&lat=27", "lon=118&lat=", "lon=200&lat=27"])
def test_a_wrong_point_is_told_and_kept(desk, query):
    answer = desk("clerk", reverse("desk_areas") + "?" + query)
    assert answer.status_code == 400
    assert 'class="error"' in text(answer) and f'value="{query.split("&")[0][4:]}"' in text(answer)


@pytest.mark.parametrize("words", ["东社区", "dongshequ", "dsq", "990109009001"])
def test_areas_are_found_by_name_pinyin_initials_and_code(world, desk, words):
    page = text(desk("clerk", reverse("desk_areas") + "?q=" + words))
    assert page_of(world.east) in page and page_of(world.west) not in page


def test_an_address_finds_its_building_and_one_grid(world, desk):
    Area.objects.filter(pk=world.east_house.pk).update(address="石板街12号")
    page = text(desk("clerk", reverse("desk_areas") + "?q=石板街12"))
    assert page_of(world.east_house) in page and page.count(page_of(world.east_grid)) == 1


def test_found_areas_come_page_by_page(world, desk):
    for n in range(60):
        world.area(f"b{n}", "building", f"临水苑{n}幢", f"LS{n:03d}", "east_grid")
    page = text(desk("clerk", reverse("desk_areas") + "?q=临水苑"))
    assert page.count("临水苑") > 50 and ">LS049<" in page and ">LS050<" not in page
    more = page.split('class="pages"><a class="btn" href="')[1].split('"')[0].replace("&amp;", "&")
    page = text(desk("clerk", reverse("desk_areas") + more))
    assert ">LS050<" in page and ">LS059<" in page and ">LS049<" not in page
    assert desk("clerk", reverse("desk_areas") + "?q=临&after=x~y").status_code == 400


CHANGES = {
    "desk_area_rename": {"rename-name": "新名字", "rename-reason": "勘误"},
    "desk_area_close": {"close-on": "2026-01-01", "close-reason": "撤并"},
    "desk_area_renew": {"renew-on": "2026-01-01", "renew-name": "新名字", "renew-reason": "区划调整"},
}


@pytest.mark.parametrize("verb", CHANGES)
def test_only_the_administrator_changes_areas_and_only_by_post(world, desk, verb):
    url = reverse(verb, args=[world.east_house.code])
    before = Area.objects.get(pk=world.east_house.pk)
    for name in ("clerk", "director", "east_staff", "auditor"):
        assert desk(name, url, CHANGES[verb]).status_code == 403
    assert desk("admin", url).status_code == 405
    after = Area.objects.get(pk=before.pk)
    assert (after.name, after.valid_until) == (before.name, None)
    assert "管理</h2>" not in text(desk("clerk", page_of(world.east_house)))
    assert "管理</h2>" in text(desk("admin", page_of(world.east_house)))


def test_a_name_is_corrected_once_and_audited(world, desk):
    url = reverse("desk_area_rename", args=[world.east.code])
    assert desk("admin", url, {"rename-name": "东桥社区", "rename-reason": "勘误"}).status_code == 302
    area = Area.objects.get(pk=world.east.pk)
    assert (area.name, area.initials) == ("东桥社区", "dqsq")
    noted = AuditRecord.objects.get(subject=f"area:{area.pk}")
    assert noted.actor == world.admin and noted.detail["before"] == "东社区"
    answer = desk("admin", url, {"rename-name": "东桥社区", "rename-reason": "再来一次"})
    assert answer.status_code == 400 and "没有要改的" in text(answer) and 'value="再来一次"' in text(answer)
    answer = desk("admin", url, {"rename-name": "", "rename-reason": ""})
    assert answer.status_code == 400 and "请填名称" in text(answer)


def test_an_area_with_people_or_parts_in_it_is_not_closed(world, desk):
    url = reverse("desk_area_close", args=[world.east_grid.code])
    answer = desk("admin", url, {"close-on": "2026-01-01", "close-reason": "撤并"})
    assert answer.status_code == 409
    assert "1 个下级片区" in text(answer) and "1 个岗位" in text(answer) and 'value="撤并"' in text(answer)
    assert Area.objects.get(pk=world.east_grid.pk).valid_until is None
    assert not AuditRecord.objects.filter(subject=f"area:{world.east_grid.pk}").exists()


def test_a_closed_area_leaves_todays_lists_and_stays_readable(world, desk):
    today = clock.today()
    case = world.register(by=world.clerk, area=world.west_grid)
    url = reverse("desk_area_close", args=[world.west_grid.code])
    assert desk("admin", url, {"close-on": str(today), "close-reason": "撤并"}).status_code == 302
    page = text(desk("clerk", reverse("desk_areas")))
    assert page_of(world.west_grid) not in page
    assert page_of(world.west_grid) not in text(desk("clerk", reverse("desk_areas") + "?q=西社区"))
    assert page_of(world.west_grid) in text(desk("clerk", reverse("desk_areas") + "?q=西社区&old=1"))
    assert "不在本街道任何网格里" in text(desk("clerk", reverse("desk_areas") + "?lon=118.015&lat=27.005"))
    page = text(desk("clerk", page_of(world.west_grid)))
    assert f"这一版只用到 {today}" in page
    case.refresh_from_db()
    assert case.area_id == world.west_grid.pk
    with pytest.raises(Refusal, match="已定在"):
        changing.close(world.west_grid, by=world.admin, on=today, reason="又一次")


def test_a_new_version_keeps_code_people_and_matters_and_leaves_the_old_one(world, desk):
    case = world.register(by=world.clerk)
    day = date(2026, 3, 1)
    url = reverse("desk_area_renew", args=[world.east_grid.code])
    data = {"renew-on": str(day), "renew-name": "东社区 一号网格", "renew-reason": "网格调整"}
    assert desk("admin", url, data).status_code == 302
    old, new = Area.objects.filter(code=world.east_grid.code).order_by("valid_from")
    assert (old.name, old.valid_from, old.valid_until) == ("东社区 01 网格", START, day)
    assert (new.name, new.valid_from, new.valid_until) == ("东社区 一号网格", day, None)
    assert case.area_id == new.pk and new.posts.current().exists() and new.children.exists()
    assert [row.pk for row in Area.objects.filter(code=new.code).valid(date(2025, 1, 1))] == [old.pk]
    page = text(desk("clerk", page_of(new)))
    assert "<h1>东社区 一号网格</h1>" in page and f"?since={START}" in page
    page = text(desk("clerk", page_of(new) + f"?since={START}"))
    assert "<h1>东社区 01 网格</h1>" in page and "这一版只用到 2026-03-01" in page


@pytest.mark.parametrize("day", ["2019-12-31", "2020-01-01", "2999-01-01"])
def test_a_new_version_begins_after_the_old_one_and_not_later_than_today(world, desk, day):
    url = reverse("desk_area_renew", args=[world.west_grid.code])
    answer = desk("admin", url, {"renew-on": day, "renew-name": "新", "renew-reason": "调整"})
    assert answer.status_code == 400 and f'value="{day}"' in text(answer)
    assert Area.objects.filter(code=world.west_grid.code).count() == 1


def test_a_code_that_was_given_up_is_taken_up_again(world):
    changing.close(world.west_grid, by=world.admin, on=date(2025, 1, 1), reason="撤并")
    with pytest.raises(Refusal, match="才空出来"):
        changing.renew(world.west_grid, by=world.admin, on=date(2024, 12, 1), name="早了", reason="x")
    fresh = changing.renew(
        world.west_grid, by=world.admin, on=date(2026, 1, 1), name="西桥网格", reason="恢复"
    )
    assert fresh.pk != world.west_grid.pk and fresh.is_valid and fresh.boundary
    with pytest.raises(Refusal, match="后来已有"):
        changing.renew(world.west_grid, by=world.admin, on=date(2026, 1, 2), name="再来", reason="x")


def test_another_offices_areas_are_not_there(world, desk, client):
    office = Office.objects.create(
        code="990102001", name="别处街道办", short_name="别处", centre_name="别处中心", document_mark="别",
        phone="0000-600 9999", address="二号路", hours="白天",
    )  # fmt: skip
    other = Area.objects.create(
        office=office, code="990102001", kind="subdistrict", name="别处街道", parent=world.district, valid_from=START,
        boundary=square(119.0, 28.0),
    )  # fmt: skip
    assert desk("clerk", page_of(other)).status_code == 404
    assert (
        desk("admin", reverse("desk_area_rename", args=[other.code]), CHANGES["desk_area_rename"]).status_code
        == 404
    )
    assert "别处" not in text(desk("clerk", reverse("desk_areas")))
    assert "没有找到" in text(desk("clerk", reverse("desk_areas") + "?q=别处街道&old=1"))
    user = User.objects.create(username="bc.admin", name="别处管理", office=office)
    Post.objects.create(
        office=office, user=user, role="admin", title="系统管理员", area=other, start_on=START,
        organisation=office_unit(office, other),
    )  # fmt: skip
    client.force_login(user)
    assert client.get(page_of(world.east)).status_code == 404
    assert (
        client.post(
            reverse("desk_area_close", args=[world.east_house.code]), CHANGES["desk_area_close"]
        ).status_code
        == 404
    )
    answer = client.post(reverse("desk_area_rename", args=[world.city.code]), CHANGES["desk_area_rename"])
    assert answer.status_code == 403 and "由上级维护" in text(answer)


def office_unit(office, area):
    from huiyin.orgs.models import Organisation

    return Organisation.objects.create(
        office=office,
        code="bc",
        kind="centre",
        name="别处中心",
        short_name="别处中心",
        area=area,
        valid_from=START,
    )


def test_pages_hold_no_residents_data(world, desk):
    world.register(by=world.clerk)
    for url in (reverse("desk_areas"), page_of(world.east_grid), page_of(world.east), page_of(world.street)):
        page = text(desk("clerk", url))
        assert "10000001234" not in page and "何阿姨" not in page and "井盖" not in page


def test_query_budgets(world, client, django_assert_max_num_queries):
    client.force_login(world.clerk)
    pages = [page_of(area) for area in (world.street, world.east, world.east_grid, world.east_house)]
    tree = reverse("desk_areas")
    for url in (tree, tree + "?q=东", tree + "?lon=118.005&lat=27.005", *pages):
        client.get(url)
        with django_assert_max_num_queries(18):
            assert client.get(url).status_code == 200


def test_grid_map_for_other_rooms(world):
    svg = str(grid_map(world.east_grid, 118.002, 27.003))
    assert svg.startswith("<svg") and 'class="here"' in svg and 'class="pin"' in svg
    assert 'class="pin"' in str(grid_map(world.east_house)) and 'class="here"' in str(
        grid_map(world.east_house)
    )
    assert str(grid_map(world.street)) == ""
