"""The front door: what it offers, how heavy it is, finding one's grid."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from huiyin.areas.models import Area
from huiyin.rules import clock
from tests.portal.conftest import bring, words_of

pytestmark = pytest.mark.django_db


def test_home_offers_the_three_verbs_and_the_telephone(world, browser):
    page = browser.get("/").content.decode()
    assert 'href="/raise/"' in page and 'action="/track/"' in page and 'action="/find/"' in page
    assert world.office.phone in page and world.office.address in page


def test_every_link_of_home_leads_somewhere(world, browser):
    page = browser.get("/").content.decode()
    links = set(re.findall(r'(?:href|action)="(/[^"#?]*)"', page)) - {"/size/", "/sign-in/"}
    for link in links:
        if not link.startswith("/static/"):
            assert browser.get(link).status_code == 200, link


def test_first_view_weighs_less_than_100_kb(world, browser):
    page = browser.get("/").content
    sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page.decode())
    assert sheets
    total = len(page) + sum(Path(finders.find(name)).stat().st_size for name in sheets)
    assert total < 100_000


def test_home_needs_few_queries(world, browser, django_assert_max_num_queries):
    browser.get("/")
    with django_assert_max_num_queries(15):
        browser.get("/")


def test_home_tells_of_last_week_in_true_numbers(world, browser):
    with clock.travel("2026-11-11T10:00"):
        bring(world, world.register(), "answered")
        world.register()
        mistaken = world.register(by=world.clerk)
        mistaken.void(by=world.clerk, reason="重复登记了")
    with clock.travel("2026-11-17T10:00"):
        said = words_of(browser.get("/"))
        assert "居民说了 2 件事， 1 件已经答复" in said or "居民说了 2 件事，1 件已经答复" in said
        assert "还有 1 件在办" in said
    with clock.travel("2026-11-25T10:00"):
        assert "上一周" not in words_of(browser.get("/"))


@pytest.mark.parametrize("query", ["槐荫里", "槐荫里3幢", "我家住槐荫里 3 幢二单元", "hyl"])
def test_finding_a_house_names_grid_community_and_station(world, browser, query):
    world.east_station.__class__.objects.filter(pk=world.east_station.pk).update(phone="0000-600 0211")
    Area.objects.filter(pk=world.east_house.pk).update(name="槐荫里3幢")
    said = words_of(browser.get("/find/", q=query))
    assert "东社区 01 网格" in said and "东社区服务站" in said and "0000-600 0211" in said


def test_finding_nothing_says_what_to_do(world, browser):
    said = words_of(browser.get("/find/", q="天边的山"))
    assert "没有找到“天边的山”" in said and "换个说法" in said and world.office.phone in said


@pytest.mark.parametrize("path", ["/", "/find/", "/track/"])
def test_pages_to_read_take_no_post(world, browser, path):
    assert browser.post(path).status_code == 405
