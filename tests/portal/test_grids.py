"""Residents find their grid by words, on the map or by where they are, and read who answers for it."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from huiyin.accounts.models import User
from huiyin.areas.models import Area
from huiyin.grids import duties, finding
from huiyin.orgs.models import Organisation, Post
from huiyin.portal.models import RaiseDraft
from huiyin.rules import clock
from tests.portal.conftest import words_of

pytestmark = pytest.mark.django_db
EAST = "/grids/990109009001001/"


@pytest.fixture
def staffed(world):
    Organisation.objects.filter(pk=world.east_station.pk).update(phone="0000-600 0211", address="东街 1 号")
    Organisation.objects.filter(pk=world.party.pk).update(phone="0000-600 0100")
    User.objects.filter(pk=world.east_worker.pk).update(phone="0000-600 2001")
    for role, area, name in (
        ("grid_leader", "east_grid", "网格长某"), ("household_leader", "east_grid", "联户长某"), ("police", "east", "民警某"),
    ):  # fmt: skip
        duties.assign(
            world.office, by=world.clerk, role=role, area=world.areas[area], name=name, start_on=date(2024, 1, 1),
            source="表",
        )  # fmt: skip


@pytest.fixture
def places(world):
    """Compounds with addresses as a subdistrict has them."""
    rows = [
        ("柳湾里1幢", "柳湾街12号", "east_grid"), ("柳湾里2幢", "柳湾街12号", "east_grid"), ("裁衣街", "石桥路110—146号", "west_grid"),
        ("安石大厦", "石桥路200号", "east_grid"),
    ]  # fmt: skip
    for number, (name, address, grid) in enumerate(rows):
        world.area(
            f"p{number}", "building", name, f"P{number}", grid, address=address, lon=118.002, lat=27.003
        )


@pytest.mark.parametrize(
    ("asked", "grid"),
    [
        ("柳湾里", "东"), ("liuwanli", "东"), ("lwl", "东"), ("柳湾街12号", "东"), ("柳湾街 12 号", "东"), ("柳湾里2幢501室", "东"),
        ("我住在柳湾里2幢", "东"), ("柳湾里门口的菜摊", "东"), ("裁衣街", "西"), ("石桥路120号", "西"), ("石桥路110", "西"), ("石桥路200号", "东"),
        ("石桥路150号", "西"), ("槐荫里 3 幢", "东"), ("西社区 01 网格", "西"), ("西社区01网格", "西"),
    ],
)  # fmt: skip
def test_words_lead_to_the_grid(world, places, asked, grid):
    hits = finding.search(world.office, asked)
    assert [hit.grid and hit.grid.name for hit in hits] == [f"{grid}社区 01 网格"]


def test_a_door_between_known_ones_says_that_it_is_the_nearest(world, places, browser):
    assert "没有“石桥路150号”这个门牌，最近的是裁衣街" in words_of(browser.get("/find/", q="石桥路150号"))


@pytest.mark.parametrize("asked", ["", "   ", "天边的山", "%", "'", "x" * 300])
def test_words_that_lead_nowhere_find_nothing(world, places, browser, asked):
    assert finding.search(world.office, asked) == []
    assert browser.get("/find/", q=asked).status_code == 200


def test_the_notice_says_who_where_and_how(world, staffed, browser):
    page = browser.get(EAST)
    said = words_of(page)
    for wanted in (
        "东社区 01 网格", "网格责任公示", "测east_worker", "0000-600 2001", "网格长某", "民警某", "0000-600 0211", "东街 1 号", "0000-600 0100",
        "槐荫里3幢", "向您收钱",
    ):  # fmt: skip
        assert wanted in said, wanted
    assert "联户长某" not in said, "that kind is not printed"
    content = page.content.decode()
    assert 'class="qr"' in content and 'class="here"' in content and f'action="{EAST}raise/"' in content


def test_private_mobiles_never_appear(world, staffed, browser):
    User.objects.filter(office=world.office).update(phone="10000001234")
    Post.objects.filter(user=world.east_worker).update(substitute=world.east_staff)
    said = words_of(browser.get(EAST))
    assert "测east_staff" in said and "10000001234" not in said and "1000000" not in said


def test_a_grid_without_people_says_where_to_turn(world, browser):
    said = words_of(browser.get("/grids/990109009002001/"))
    assert "还没有定" in said and world.office.phone in said


def test_one_hit_opens_the_notice_with_a_pin_several_make_a_list(world, places, browser):
    page = browser.get("/find/", q="柳湾里").content.decode()
    assert 'class="board' in page and 'class="pin"' in page
    page = browser.get("/find/", q="社区")
    assert "找到" in words_of(page) and EAST in page.content.decode()


def test_the_map_is_made_of_links_and_a_list_says_the_same(world, browser):
    page = browser.get("/find/").content.decode()
    svg = page[page.index('<svg class="area-map') : page.index("</svg>", page.index('<svg class="area-map'))]
    for code in ("990109009001001", "990109009002001"):
        assert f'href="/grids/{code}/"' in svg and page.count(f'href="/grids/{code}/"') == 2
    only = browser.get("/find/", c="990109009001").content.decode()
    assert "990109009001001" in only and "/grids/990109009002001/" not in only


def test_where_the_phone_is_leads_to_the_grid_and_is_kept_nowhere(world, browser):
    answer = browser.post("/find/here/", lon="118.015", lat="27.005")
    assert answer.status_code == 302 and answer.url == "/grids/990109009002001/"
    assert "不在测试街道的网格里" in words_of(browser.post("/find/here/", lon="100", lat="20"))
    wrong = browser.post("/find/here/", lon="", lat="x")
    assert wrong.status_code == 400 and "没有告诉我们位置" in words_of(wrong)
    assert browser.get("/find/here/").status_code == 405


def test_raising_from_a_notice_has_the_grid_filled_in(world, browser):
    answer = browser.post("/grids/990109009002001/raise/")
    assert answer.url == "/raise/"
    draft = RaiseDraft.objects.get()
    assert str(world.west_grid.pk) in draft.content
    browser.post("/raise/", description="楼下井盖松了，晚上响。")
    page = browser.get("/raise/where/").content.decode()
    assert re.search(rf'value="{world.west_grid.pk}"[^>]*selected', page) and "西社区 01 网格" in words_of(
        browser.get("/raise/where/")
    )


def test_what_was_typed_stays_when_the_grid_is_taken_from_a_notice(world, browser):
    browser.post("/raise/", description="楼下井盖松了，晚上响。")
    browser.post(EAST + "raise/")
    assert "楼下井盖松了" in browser.get("/raise/").content.decode()


def test_grids_that_are_no_more_and_those_of_others_are_not_shown(world, browser):
    assert browser.get("/grids/nothing/").status_code == 404
    assert browser.get("/grids/990109009001/").status_code == 404, "a community is no grid"
    Area.objects.filter(pk=world.east_grid.pk).update(valid_until=clock.today())
    assert browser.get(EAST).status_code == 404


@pytest.mark.parametrize("path", ["/find/", "/find/?q=槐荫里", EAST])
def test_pages_are_light_and_ask_little(world, staffed, browser, path, django_assert_max_num_queries):
    browser.client.get(path)
    with django_assert_max_num_queries(19):
        page = browser.client.get(path).content
    sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page.decode())
    assert len(page) + sum(Path(finders.find(name)).stat().st_size for name in sheets) < 100_000
