"""The people of a grid: each fact once, office numbers only, and who handles its matters."""

from datetime import date

import pytest

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.grids import duties, people, staffing, today
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.grids.conftest import SOURCE, text

pytestmark = pytest.mark.django_db


def of(world):
    return people.people_of(world.office, [world.east_grid])[world.east_grid.pk]


def test_grid_workers_come_from_posts_and_are_never_entered_again(world, leader):
    assert [(row.title, row.name) for row in of(world)] == [
        ("专职网格员", "测east_worker"),
        ("网格长", "测east_staff"),
    ]
    with pytest.raises(Refusal, match="从岗位来"):
        duties.assign(
            world.office, by=world.clerk, role="full_time", area=world.east_grid, user=world.east_worker,
            start_on=date(2024, 1, 1), source=SOURCE,
        )  # fmt: skip
    Post.objects.filter(user=world.east_worker).update(end_on=clock.today())
    assert [row.name for row in of(world)] == ["测east_staff"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0000-600 0211", "0000-600 0211"), ("10000001234", ""), ("+86 100 0000 1234", ""), ("", "")],
)
def test_only_office_numbers_are_shown(number, shown):
    assert people.office_phone(number) == shown


def test_the_people_of_a_former_day_are_those_of_that_day(world, leader):
    duties.end(leader, by=world.clerk, on=clock.today(), reason="调走")
    assert len(of(world)) == 1
    then = people.people_of(world.office, [world.east_grid], date(2024, 6, 1))[world.east_grid.pk]
    assert len(then) == 2


def test_default_handlers_are_the_people_of_the_grid(world, leader):
    handlers = people.default_handlers(world.east_grid)
    assert handlers == [world.east_worker, world.east_staff]
    assert people.default_handlers(world.east_house) == handlers
    assert people.default_handlers(world.east) == []
    day = clock.today()
    Post.objects.filter(user=world.east_worker).update(
        away_from=day, away_until=day, substitute=world.outsider
    )
    assert people.default_handlers(world.east_grid) == [world.outsider, world.east_staff]


def test_a_grid_below_the_rule_is_named_with_what_it_lacks(world, desk, leader):
    gaps = {row.grid.name: row.words for row in staffing.gaps(world.office)}
    assert set(gaps) == {"西社区 01 网格"}
    assert "缺网格长" in gaps["西社区 01 网格"] and "应有 2 人，现有 0 人" in gaps["西社区 01 网格"]
    assert "西社区 01 网格" in text(desk("clerk", "/desk/grids/gaps/"))
    page = text(desk("handler", "/desk/areas/"))
    assert "1 个网格人没配齐" in page and "应有 2 人，现有 0 人" in page
    assert "人没配齐" in text(desk("handler", "/desk/grids/of/990109009002001/"))
    duties.end(leader, by=world.clerk, on=clock.today(), reason="调走")
    assert "2 个网格人没配齐" in text(desk("handler", "/desk/areas/"))


def test_one_person_in_two_roles_counts_once(world):
    duties.assign(
        world.office, by=world.clerk, role="grid_leader", area=world.east_grid, user=world.east_worker,
        start_on=date(2024, 1, 1), source=SOURCE,
    )  # fmt: skip
    standing = staffing.standings(world.office, [world.east_grid])[0]
    assert standing.counted == 1 and standing.lacks == ["应有 2 人，现有 1 人"]


def test_an_exclusive_grid_has_a_rule_of_its_own(world):
    grid = world.west_grid
    grid.is_exclusive = True
    assert "缺网格长" not in staffing.standings(world.office, [grid])[0].lacks


def test_gaps_are_for_those_who_mend_them(world, desk, leader):
    assert desk("handler", "/desk/grids/gaps/").status_code == 403
    assert desk("admin", "/desk/grids/gaps/").status_code == 200
    assert "缺人的网格" in text(desk("admin", "/desk/settings/")) and "1 个网格缺人" in text(
        desk("admin", "/desk/settings/")
    )
    assert today.part(world.handler) is None
    part = today.part(world.clerk)
    assert [row.grid.name for row in part["gaps"]] == ["西社区 01 网格"] and len(part["never"]) == 2


def test_queries_do_not_grow_with_the_number_of_grids(world, client, leader, django_assert_max_num_queries):
    for number in range(2, 12):
        world.area(f"g{number}", "grid", f"东社区 {number:02d} 网格", f"9901090090010{number:02d}", "east")
    client.force_login(world.clerk)
    for url in ("/desk/grids/", "/desk/grids/gaps/", "/desk/grids/notices/", "/desk/grids/roster/"):
        client.get(url)
        with django_assert_max_num_queries(22):
            assert client.get(url).status_code == 200
    assert User.objects.exists()
