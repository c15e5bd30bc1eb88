"""辖区基本情况: dated values with their source, as of any day; several at once; the opening paragraph."""

from datetime import date
from decimal import Decimal

import pytest

from huiyin.areas import profile
from huiyin.areas.models import AreaFact
from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.rules import clock

pytestmark = pytest.mark.django_db
PAGE = "/desk/areas/990109009001/profile/"


@pytest.fixture
def desk(client, world):
    def see(name, url, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return see


@pytest.fixture
def years(world):
    for year, homes in ((2023, 300), (2024, 320), (2025, 341)):
        profile.add(
            world.east, by=world.clerk, on=date(year, 12, 31), source=f"{year} 年年报",
            values=[("户数", "户", Decimal(homes)), ("人口", "人", Decimal(homes * 3))],
        )  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("on", "value"),
    [(date(2023, 12, 30), None), (date(2023, 12, 31), 300), (date(2025, 6, 1), 320), (None, 341)],
)
def test_the_value_of_a_day_is_the_newest_one_known_by_then(world, years, on, value):
    found = profile.value_at(world.east, "户数", on)
    assert (found and found.value) == value
    assert profile.values_at(world.east, on).get("户数") == found


def test_every_value_stays_with_its_day_and_source(world, years, desk):
    page = text(desk("handler", PAGE))
    for year, homes in ((2023, 300), (2024, 320), (2025, 341)):
        assert f"{homes} 户" in page and f"{year} 年年报" in page
    assert "+21" in page and "登记几项" not in page
    page = text(desk("handler", PAGE + "?on=2024-12-31"))
    assert "<b>320</b>" in page and "+20" in page
    assert desk("handler", PAGE + "?on=昨天").status_code == 400


def test_the_opening_paragraph_says_what_was_known_and_leaves_out_the_rest(world, years):
    assert profile.opening_paragraph(world.east) == (
        "东社区位于测试街道，划分1个网格，共341户、1023人。（数据截至2025年12月31日；来源：2025 年年报）"
    )
    assert "共320户、960人" in profile.opening_paragraph(world.east, date(2025, 6, 1))
    assert profile.opening_paragraph(world.west) == "西社区位于测试街道，划分1个网格。"
    profile.add(
        world.east,
        by=world.clerk,
        on=date(2020, 5, 1),
        source="测绘",
        values=[("面积", "平方公里", Decimal("1.8500"))],
    )
    said = profile.opening_paragraph(world.east)
    assert "辖区面积1.85平方公里" in said and "面积为2020年5月1日" in said and "测绘" in said


def test_several_values_are_added_at_once_usual_and_free_ones(world, desk):
    data = {
        "on": "2025-12-31",
        "source": "普查",
        "v1": "341",
        "v2": "1023",
        "n0": "电梯",
        "x0": "17",
        "u0": "部",
    }
    assert desk("clerk", PAGE + "add/", data).status_code == 302
    found = {row.name: (row.plain, row.unit) for row in AreaFact.objects.filter(area=world.east)}
    assert found == {"户数": ("341", "户"), "人口": ("1023", "人"), "电梯": ("17", "部")}
    desk("clerk", PAGE + "add/", data)
    assert AreaFact.objects.count() == 3


def test_the_same_day_again_corrects_and_the_trail_keeps_what_stood_there(world, years):
    given = {"by": world.clerk, "on": date(2025, 12, 31), "source": "勘误"}
    assert profile.add(world.east, values=[("户数", "户", Decimal(342))], **given) == 1
    assert profile.value_at(world.east, "户数").plain == "342"
    trail = AuditRecord.objects.filter(action="登记辖区数据").order_by("-at").first()
    assert trail.detail["before"] == {"户数": "341 户（2025 年年报）"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"v1": "很多"}, "请写数字"), ({"v1": "-3"}, "不能是负数"), ({"v1": "3", "source": ""}, "请写来源"),
        ({"v1": "3", "on": "2199-01-01"}, "还没到"), ({}, "还没有填任何数"), ({"n0": "电梯"}, "还没写数"),
        ({"x0": "3", "n0": "电梯"}, "请写单位"), ({"v1": "3", "n0": "户数", "x0": "4", "u0": "户"}, "填了两次"),
    ],
)  # fmt: skip
def test_what_is_wrong_comes_back_with_what_was_typed(world, desk, data, words):
    answer = desk("clerk", PAGE + "add/", {"on": "2025-12-31", "source": "某某年报", **data})
    page = text(answer)
    assert answer.status_code == 400 and words in page
    assert data.get("source") == "" or "某某年报" in page
    assert not AreaFact.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("clerk", 302), ("admin", 302), ("handler", 403), ("east_worker", 403)]
)
def test_the_centre_and_the_administrator_change(world, desk, name, status):
    data = {"on": "2025-12-31", "source": "年报", "v1": "3"}
    assert desk(name, PAGE + "add/", data).status_code == status


def test_the_city_is_kept_by_others(world, desk):
    assert desk("clerk", "/desk/areas/990100/profile/add/", {"on": "2025-12-31"}).status_code == 403
    assert "登记几项" not in text(desk("clerk", "/desk/areas/990100/profile/"))


def test_a_value_is_withdrawn_with_a_reason(world, years, desk):
    fact = profile.value_at(world.east, "户数")
    url = f"{PAGE}{fact.pk}/withdraw/"
    assert desk("handler", url, {"reason": "x"}).status_code == 403
    assert desk("clerk", url, {"reason": ""}).status_code == 400
    assert desk("clerk", url, {"reason": "抄错了社区"}).status_code == 302
    assert profile.value_at(world.east, "户数").plain == "320"
    assert AuditRecord.objects.get(action="撤下辖区数据").detail["value"] == "341 户"


def test_nothing_and_the_future_are_refused(world):
    given = {"by": world.clerk, "source": "年报"}
    with pytest.raises(Refusal, match="至少填一项"):
        profile.add(world.east, on=date(2025, 1, 1), values=[], **given)
    with pytest.raises(Refusal, match="还没到"):
        profile.add(
            world.east, on=clock.today().replace(year=2199), values=[("户数", "户", Decimal(1))], **given
        )


def test_the_page_keeps_to_its_budget(world, years, client, django_assert_max_num_queries):
    client.force_login(world.clerk)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
