"""Responsibilities: taken on, handed over, ended; the table of who covers what on which day; officials."""

from datetime import date, timedelta

import pytest

from huiyin.accounts.models import Office, User
from huiyin.audit.models import AuditRecord
from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.grids import coverage, duties, sections
from huiyin.grids.models import Responsibility
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.grids.conftest import SOURCE, text

pytestmark = pytest.mark.django_db
NEW = "/desk/grids/duties/new/"


def assign(world, **fields):
    given = {
        "role": "cover_community",
        "area": world.east,
        "user": world.leader,
        "start_on": date(2024, 1, 1),
    }
    return duties.assign(world.office, by=world.clerk, source=SOURCE, **{**given, **fields})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "nothing"}, "没有这一类"),
        ({"role": "grid_leader"}, "只用于网格"),
        ({"role": "section_team"}, "只用于路段"),
        ({"area": None}, "只选一样"),
        ({"user": None}, "写上姓名"),
        ({"name": "某人"}, "只填一样"),
        ({"phone": "10000001234"}, "不印私人手机号"),
        ({"end_on": date(2023, 1, 1)}, "止日要晚于起日"),
        ({"compound": "天边小区"}, "没有叫“天边小区”的小区"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_do(world, fields, words):
    with pytest.raises(Refusal, match=words):
        assign(world, **fields)
    assert not Responsibility.objects.exists()


def test_the_same_duty_twice_at_the_same_time_is_refused_but_not_later(world):
    row = assign(world, end_on=date(2025, 1, 1))
    with pytest.raises(Refusal, match="已经担这份责任"):
        assign(world, start_on=date(2024, 6, 1))
    assert assign(world, start_on=date(2025, 1, 1)).pk != row.pk


def test_a_compound_of_the_grid_can_be_covered(world):
    row = assign(world, role="cover_compound", area=world.east_grid, compound="槐荫里")
    assert row.target == "东社区 01 网格 槐荫里"


def test_a_hand_over_ends_the_one_and_begins_the_other_on_the_same_day(world):
    row, day = assign(world, standard="每月走遍一次"), clock.today()
    fresh = duties.hand_over(row, by=world.clerk, on=day, user=world.duty_leader, source="党工委会议")
    row.refresh_from_db()
    assert row.end_on == day == fresh.start_on and fresh.standard == "每月走遍一次"
    assert [r.who for r in Responsibility.objects.current(day - timedelta(days=1))] == ["测leader"]
    assert [r.who for r in Responsibility.objects.current(day)] == ["测duty_leader"]
    with pytest.raises(Refusal, match="不能再改"):
        duties.end(row, by=world.clerk, on=day)
    assert AuditRecord.objects.filter(action="定责任").count() == 2


def test_pressed_twice_it_is_one_responsibility(world, desk):
    data = {
        "key": str(uuid7()), "role": "cover_community", "area": str(world.east.pk), "user": str(world.leader.pk),
        "start_on": "2024-01-01", "source": "文件",
    }  # fmt: skip
    for _ in range(2):
        assert desk("clerk", NEW, data).status_code == 302
    assert Responsibility.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed(world, desk):
    data = {
        "role": "grid_leader",
        "area": str(world.east.pk),
        "name": "张三丰年",
        "start_on": "2024-01-01",
        "source": "某文件",
    }
    answer = desk("clerk", NEW, data)
    assert answer.status_code == 400
    page = text(answer)
    assert "张三丰年" in page and "某文件" in page and "只用于网格" in page


@pytest.mark.parametrize(
    ("name", "status"),
    [("clerk", 200), ("admin", 200), ("director", 200), ("handler", 403), ("supervisor", 403)],
)
def test_the_centre_and_the_administrator_change(world, desk, name, status):
    assert desk(name, NEW).status_code == status


@pytest.mark.parametrize("verb", ["over", "end", "substitute"])
def test_others_only_read(world, desk, verb):
    row = assign(world)
    assert desk("handler", f"/desk/grids/duties/{row.pk}/").status_code == 200
    assert desk("handler", f"/desk/grids/duties/{row.pk}/{verb}/", {}).status_code == 403


def test_pages_change_by_their_forms(world, desk):
    row = assign(world)
    url = f"/desk/grids/duties/{row.pk}/"
    assert "请写依据" in text(
        desk("clerk", url + "over/", {"over-on": str(clock.today()), "over-name": "李四光阴"})
    )
    data = {
        "over-on": str(clock.today()),
        "over-name": "李四光阴",
        "over-source": "会议",
        "over-key": str(uuid7()),
    }
    page = text(desk("clerk", desk("clerk", url + "over/", data).url))
    assert "李四光阴" in page and "测leader" in page
    fresh = Responsibility.objects.get(name="李四光阴")
    desk(
        "clerk",
        f"/desk/grids/duties/{fresh.pk}/substitute/",
        {"substitute-substitute": str(world.clerk_b.pk)},
    )
    desk("clerk", f"/desk/grids/duties/{fresh.pk}/end/", {"end-on": str(clock.today()), "end-reason": "撤销"})
    fresh.refresh_from_db()
    assert fresh.substitute == world.clerk_b and fresh.end_on == clock.today()


def test_other_offices_see_nothing(world, desk):
    other = Office.objects.create(
        code="990101008", name="邻街", short_name="邻街", centre_name="邻街中心", document_mark="邻", phone="1",
        address="1", hours="1",
    )  # fmt: skip
    row = assign(world)
    Responsibility.objects.filter(pk=row.pk).update(office=other)
    assert desk("clerk", f"/desk/grids/duties/{row.pk}/").status_code == 404
    assert "测leader" not in text(desk("clerk", "/desk/grids/duties/"))


def lines(world, **query):
    return coverage.CoverFilter.from_query(query).page(world.clerk)[0]


def test_the_table_answers_by_person_area_kind_and_day(world, leader):
    assign(world, end_on=date(2025, 1, 1))
    assign(world, area=world.west, user=world.duty_leader)
    User.objects.filter(pk=world.duty_leader.pk).update(name="陆清", pinyin="luqing", initials="lq")
    everything = [(line.place, line.kind.name) for line in lines(world)]
    assert everything == [("东社区 01 网格", "专职网格员"), ("东社区 01 网格", "网格长"), ("西社区", "包社区")] or set(everything) == {
        ("东社区 01 网格", "专职网格员"), ("东社区 01 网格", "网格长"), ("西社区", "包社区"),
    }  # fmt: skip
    assert [line.place for line in lines(world, on="2024-06-01", kind="cover_community")] == [
        "东社区",
        "西社区",
    ]
    assert len(lines(world, on="all")) == 4
    for words in ("陆", "lq", "luq"):
        assert [line.who for line in lines(world, q=words)] == ["陆清"]
    east = {line.who for line in lines(world, area="990109009001001", on="2024-06-01")}
    assert east == {"测leader", "测east_staff", "测east_worker"}, (
        "who answers for the community answers for its grid"
    )
    assert {line.who for line in lines(world, group="grid")} == {"测east_staff", "测east_worker"}
    assert lines(world, area="nowhere") == []
    with pytest.raises(Refusal, match="日期"):
        lines(world, on="昨天")


def test_the_table_goes_on_page_by_page_without_loss(world):
    for number in range(60):
        assign(world, role="building_leader", area=world.east_grid, user=None, name=f"楼长{number:02d}")
    seen, after = [], ""
    while True:
        rows, after = coverage.CoverFilter.from_query({"after": after}).page(world.clerk)
        seen += [(line.kind.code, line.who) for line in rows]
        assert len(rows) <= coverage.PAGE
        if not after:
            break
    assert len(seen) == len(set(seen)) == 61
    with pytest.raises(Refusal, match="翻页"):
        coverage.CoverFilter.from_query({"after": "1~x"}).page(world.clerk)


def test_the_table_prints_and_keeps_to_its_budget(world, client, leader, django_assert_max_num_queries):
    assign(world)
    client.force_login(world.handler)
    client.get("/desk/grids/duties/")
    for url in ("/desk/grids/duties/", "/desk/grids/duties/?print=1", "/desk/grids/officials/"):
        with django_assert_max_num_queries(16):
            page = text(client.get(url))
        assert "测leader" in page
    assert "责任一览" in text(client.get("/desk/grids/duties/?print=1"))


def test_officials_show_what_is_open_and_late_where_they_answer(world, desk):
    assign(world)
    assign(world, area=world.west, user=world.duty_leader)
    assign(world, role="cover_compound", area=world.east_grid, compound="槐荫里")
    world.register(by=world.clerk)
    found = {row.who: row for row in coverage.officials(world.clerk)}
    assert found["测leader"].places == 2
    numbers = [[(tally.label, number) for tally, number, _ in row] for _, _, row in found["测leader"].rows]
    assert numbers[0][0] == ("在办", 1)
    assert {number for _, number, _ in found["测duty_leader"].rows[0][2]} == {0}
    page = text(desk("clerk", "/desk/grids/officials/"))
    assert "/desk/cases/?view=open&amp;area=990109009001" in page


def test_a_street_section_can_be_covered_too(world):
    row = sections.mark_out(
        world.office, by=world.clerk, name="一号路", community=world.east, valid_from=date(2024, 1, 1)
    )
    assign(world, role="cover_street", area=None, section=row)
    assert [(line.place, line.community) for line in lines(world, kind="cover_street")] == [
        ("一号路", "东社区")
    ]
    assert [line.place for line in lines(world, area="990109009001", kind="cover_street")] == ["一号路"]


def test_the_roster_counts_persons_by_role_and_community(world, desk, leader):
    for name in ("甲某人", "乙某人"):
        assign(world, role="building_leader", area=world.east_grid, user=None, name=name)
    page = text(desk("clerk", "/desk/grids/roster/"))
    assert "网格队伍 · 4 人" in page
    assert "kind=building_leader" in page and "kind=full_time" in page
    assert text(desk("clerk", "/desk/grids/roster/?on=2023-06-01")).count("<b>0</b>") >= 6
    assert desk("clerk", "/desk/grids/roster/?on=x").status_code == 400
    assert Post.objects.filter(role="grid_worker").count() == 1
