"""What residents read: answered matters, guide, topics, reception days, thanks, protection of what they give."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.orgs.models import Organisation
from huiyin.publications import reviewing
from huiyin.publications.models import PublishedAnswer
from huiyin.reception import rota
from huiyin.reception.models import Thanks
from huiyin.rules import clock
from tests.portal.conftest import bring, words_of

pytestmark = pytest.mark.django_db
DONE = "换了带胶圈的新盖，夜里去听过，不响了。"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def told(world):
    """`told("井盖响")`: a matter closed, reviewed and published, and its row."""

    def make(title="井盖夜里响", *, category="030202", done=DONE, **words):
        case = bring(world, world.register(category=category, title=title, **words), "closed")
        row = reviewing.draft(case, by=world.clerk)
        row = reviewing.rewrite(
            row, by=world.clerk, title=title, said=title, done=done, answer=f"您好：{done}谢谢您来说。"
        )
        row = reviewing.submit(row, by=world.clerk)
        return reviewing.publish(row, by=world.leader)

    return make


def test_answered_matters_stand_on_home_and_in_the_list(world, browser, told):
    row = told()
    for path in ("/", "/answered/"):
        page = browser.get(path)
        assert row.title in words_of(page) and "不响了" in words_of(page)
        assert f"/answered/{row.pk}/" in page.content.decode()
    page = words_of(browser.get(f"/answered/{row.pk}/"))
    assert "东社区" in page and "怎么答复的" in page and "何阿姨" not in page and "10000001234" not in page


def test_the_list_says_how_many_were_answered_and_published(world, browser, told):
    told()
    world.register()
    mistaken = world.register(by=world.clerk)
    mistaken.void(by=world.clerk, reason="重复登记了")
    said = words_of(browser.get("/answered/"))
    assert "居民说了 2 件事，答复了 1 件，公开了 1 件" in said


def test_found_by_words_kind_and_community(world, browser, told):
    cover, lamp = (
        told("井盖夜里响"),
        told("路灯三天不亮", category="030301", done="换了灯，亮了，晚上去看过。", area=world.west_grid),
    )
    for query, wanted in [
        ({"q": "井盖"}, [cover]),
        ({"q": "路灯"}, [lamp]),
        ({"q": "灯 不亮"}, [lamp]),
        ({"q": "冲床"}, []),
        ({"category": "03"}, [lamp, cover]),
        ({"category": "0303"}, [lamp]),
        ({"community": world.west.code}, [lamp]),
        ({"community": world.west.code, "q": "井盖"}, []),
    ]:
        page = browser.get("/answered/", **query).content.decode()
        found = {row.title for row in (cover, lamp) if f"/answered/{row.pk}/" in page}
        assert found == {row.title for row in wanted}, query


def test_pages_follow_each_other_without_gap(world, browser, told):
    row = told()
    at = clock.today()
    copies = []
    for number in range(45):
        case = Case.objects.create(
            **{
                field.attname: getattr(row.case, field.attname)
                for field in Case._meta.concrete_fields
                if field.name not in ("id", "number", "tracking_code", "words", "intake_key")
            },
            number=f"X{number}",
        )
        copies.append(
            PublishedAnswer(
                office=row.office, case=case, round=case.round, title=f"第 {number} 件", said="说了", done=DONE,
                answer="答了", finished_on=at - timedelta(days=number // 3), days=1, outcome="solved",
                state="published", written_by=row.written_by, written_at=row.written_at, category="030202",
            )
        )  # fmt: skip
    PublishedAnswer.objects.bulk_create(copies)
    seen, path = [], "/answered/"
    for _ in range(6):
        page = browser.get(path).content.decode()
        seen += [
            pk for pk in PublishedAnswer.objects.values_list("pk", flat=True) if f"/answered/{pk}/" in page
        ]
        if "再往前的" not in page:
            break
        path = "/answered/?" + page.split('<a class="btn" href="?')[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 46


@pytest.mark.parametrize("end", ["withdraw", "object", "reopen"])
def test_gone_from_sight_at_once(world, browser, told, end):
    row = told()
    case = Case.objects.get(pk=row.case_id)
    if end == "withdraw":
        reviewing.withdraw(row, by=world.clerk, reason="当事人不愿意")
    elif end == "object":
        assert browser.post(f"/track/{case.tracking_code}/objection/").status_code == 302
        assert "您说过不公开" in words_of(browser.get(f"/track/{case.tracking_code}/"))
    else:
        case.reopen(by=None, reason="又松了，还是响")
    assert browser.get(f"/answered/{row.pk}/").status_code == 404
    assert row.title not in words_of(browser.get("/answered/"))


def test_a_bad_cursor_is_told(world, browser):
    assert browser.get("/answered/", after="gestern~1").status_code == 400
    assert browser.get("/thanks/", after="x~y").status_code == 400


def test_the_guide_lists_every_item_and_finds_by_pinyin(world, browser):
    page = browser.get("/guide/").content.decode()
    items = services.table(world.office)
    assert all(f"/guide/{code}/" in page for code in items) and len(items) > 50
    for query in ("高龄", "gaoling", "glj", "YL01", "尊老金"):
        assert "高龄津贴申领" in words_of(browser.get("/guide/", q=query)), query
    nothing = words_of(browser.get("/guide/", q="登月"))
    assert "没有找到“登月”" in nothing and world.office.phone in nothing


def test_an_item_says_who_what_where_how_long_and_where_the_limit_comes_from(world, browser):
    Organisation.objects.create(
        office=world.office, code="minzheng", kind="department", name="民政办公室", short_name="民政办",
        area=world.street, phone="0000-600 0133", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    page = browser.get("/guide/MZ01/")
    said, item = words_of(page), services.get(world.office, "MZ01")
    for part in (
        item.who,
        *item.documents,
        item.where,
        item.hours,
        item.fee,
        item.limit,
        item.label,
        *item.steps,
    ):
        assert part in said, part
    assert "0000-600 0133" in said and 'data-behaviour="print"' in page.content.decode()
    assert 'href="/raise/?service=MZ01"' in page.content.decode()
    assert browser.get("/guide/NO99/").status_code == 404


def test_hot_topics_hide_small_numbers(world, browser):
    for _ in range(2):
        world.register(category="030202")
    cache.clear()
    assert "井盖与排水" not in words_of(browser.get("/topics/"))
    world.register(category="030202")
    cache.clear()
    for path in ("/", "/topics/"):
        said = words_of(browser.get(path))
        assert "井盖与排水" in said and "3 件，前 30 天很少有人说，多在东社区" in said


def test_reception_days_stand_there_once_published(world, browser):
    with clock.travel("2026-11-18T09:00"):
        assert "这一周的还没有公布" in words_of(browser.get("/meet/"))
        monday = date(2026, 11, 16)
        days = [monday + timedelta(days=number) for number in range(5)]
        plans = [rota.Plan(day, "whole", world.leader, "leader") for day in days]
        rota.save_week(world.office, monday, plans, by=world.clerk)
        assert "这一周的还没有公布" in words_of(browser.get("/meet/")), "a plan alone is not public"
        rota.publish(world.office, monday, by=world.clerk)
        said = words_of(browser.get("/meet/"))
        assert "周三（11月18日）今天" in said and world.leader.name in said and "下一周的还没有公布" in said
        home = words_of(browser.get("/"))
        assert "今天" in home and "周五（11月20日）" in home and "周一（11月16日）" not in home


def thank(world, text, **more):
    return Thanks.objects.create(
        office=world.office, kind="pennant", sender=more.pop("sender", "何阿姨"), on=clock.today(), text=text,
        organisation=world.enforcement, received_by=world.clerk, entered_at=clock.now(), entered_by=world.clerk, **more,
    )  # fmt: skip


def test_thanks_are_shown_when_the_giver_agreed(world, browser):
    thank(world, "谢谢夜里来修灯的人，打过 10012345678", is_public=True)
    thank(world, "不想让人知道的感谢", is_public=False)
    said = words_of(browser.get("/thanks/"))
    assert "谢谢夜里来修灯的人" in said and "何阿姨" in said and "10012345678" not in said
    assert "不想让人知道" not in said
    assert "谢谢夜里来修灯的人" in words_of(browser.get("/"))


def test_thanks_for_a_restricted_matter_are_nobodys_business(world, browser):
    case = world.register()
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    thank(world, "谢谢你们救了我", is_public=True, case=case)
    assert "救了我" not in words_of(browser.get("/thanks/"))


PAGES = [
    "/",
    "/answered/",
    "/guide/",
    "/guide/YL01/",
    "/topics/",
    "/meet/",
    "/thanks/",
    "/privacy/",
    "/find/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_takes_few_queries_however_much_there_is(
    world, browser, told, path, django_assert_max_num_queries
):
    for number in range(4):
        told(f"第 {number} 件")
        thank(world, "谢谢", is_public=True)
    browser.get(path)
    with django_assert_max_num_queries(18):
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_read_only_and_says_so(world, browser, path):
    assert browser.client.head(path).status_code in (200, 405)
    assert browser.post(path).status_code == 405


@pytest.mark.parametrize("path", PAGES[:-1])
def test_pages_travel_small(world, browser, path):
    page = browser.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip" and len(page.content) < 20_000


@pytest.mark.parametrize("path", PAGES)
def test_the_size_of_letters_is_a_choice_on_every_page(world, browser, path):
    browser.client.cookies["size"] = "large"
    assert 'data-size="large"' in browser.get(path).content.decode()
