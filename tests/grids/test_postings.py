"""Where notices hang: an outdated one is found by comparing what was printed with what is true."""

from datetime import timedelta

import pytest

from huiyin.accounts.models import User
from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.grids import duties, postings
from huiyin.grids.models import NoticePosting
from huiyin.orgs import posts
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock
from tests.grids.conftest import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def hung(world, leader, numbers):
    with clock.travel(clock.now() - timedelta(days=60)):
        return postings.hang(world.east_grid, by=world.clerk, place="槐荫里 3 幢门口", on=clock.today())


def outdated(world) -> list[str]:
    return [words for row in postings.summary(world.office.pk).outdated for words in row.changes]


def test_a_fresh_notice_is_true_and_other_grids_never_had_one(world, hung):
    summary = postings.summary(world.office.pk)
    assert [row.posting for row in summary.good] == [hung] and summary.outdated == []
    assert [grid.name for grid in summary.never] == ["西社区 01 网格"]


def test_another_person_makes_it_outdated_until_it_is_renewed(world, hung, leader):
    duties.hand_over(leader, by=world.clerk, on=clock.today(), user=world.clerk_b, source="会议")
    assert outdated(world) == ["网格长 测east_staff → 测clerk_b"]
    postings.renew(hung, by=world.clerk, on=clock.today())
    assert outdated(world) == []
    hung.refresh_from_db()
    assert hung.renewed_on == clock.today() and hung.posted_on == clock.today() - timedelta(days=60)


def test_a_grid_worker_replaced_in_the_posts_makes_it_outdated(world, hung):
    Post.objects.filter(user=world.east_worker).update(end_on=clock.today())
    assert outdated(world) == ["专职网格员 测east_worker → 没有了"]
    posts.appoint(
        by=world.admin, user=world.handler_b, organisation=world.east_station, role="grid_worker", title="网格员",
        area=world.east_grid, start_on=clock.today(),
    )  # fmt: skip
    assert outdated(world) == ["专职网格员 测east_worker → 测handler_b"]


@pytest.mark.parametrize("change", ["phone", "station", "substitute", "oversight"])
def test_numbers_and_stand_ins_count_too(world, hung, change):
    if change == "phone":
        User.objects.filter(pk=world.east_worker.pk).update(phone="0000-600 2222")
        assert outdated(world) == ["专职网格员电话 没有 → 0000-600 2222"]
    elif change == "station":
        Organisation.objects.filter(pk=world.east_station.pk).update(phone="0000-600 0299")
        assert "值守电话 0000-600 0211 → 0000-600 0299" in outdated(world)
    elif change == "substitute":
        Post.objects.filter(user=world.east_worker).update(substitute=world.east_staff)
        assert outdated(world) == ["专职网格员的 B 角 没有 → 测east_staff"]
    else:
        Organisation.objects.filter(pk=world.party.pk).update(phone="0000-600 0199")
        assert "监督电话 0000-600 0100 → 0000-600 0199" in outdated(world)


def test_what_is_not_printed_does_not_make_it_outdated(world, hung):
    day = clock.today()
    duties.assign(
        world.office,
        by=world.clerk,
        role="household_leader",
        area=world.east_grid,
        name="联户某",
        start_on=day,
        source="会议",
    )
    Post.objects.filter(user=world.east_worker).update(away_from=day, away_until=day)
    assert outdated(world) == []


def test_the_same_place_twice_wrong_days_and_gone_notices_are_refused(world, hung):
    with pytest.raises(Refusal, match="已经挂着"):
        postings.hang(world.east_grid, by=world.clerk, place=" 槐荫里  3 幢门口 ", on=clock.today())
    with pytest.raises(Refusal, match="还没到"):
        postings.renew(hung, by=world.clerk, on=clock.today() + timedelta(days=1))
    with pytest.raises(Refusal, match="不能早于"):
        postings.renew(hung, by=world.clerk, on=clock.today() - timedelta(days=90))
    postings.take_down(hung, by=world.clerk, on=clock.today())
    assert [grid.name for grid in postings.summary(world.office.pk).bare] == ["东社区 01 网格"]
    with pytest.raises(Refusal, match="已经取下"):
        postings.renew(hung, by=world.clerk, on=clock.today())


def test_the_pages_hang_renew_and_take_down(world, desk, hung, leader):
    url = "/desk/grids/of/990109009001001/"
    data = {"hang-key": str(uuid7()), "hang-place": "北门公告栏", "hang-on": str(clock.today())}
    for _ in range(2):
        assert desk("clerk", url + "hang/", data).status_code == 302
    assert NoticePosting.objects.count() == 2
    again = desk("clerk", url + "hang/", {**data, "hang-key": str(uuid7())})
    assert again.status_code == 409 and "北门公告栏" in text(again)
    duties.hand_over(leader, by=world.clerk, on=clock.today(), name="新来的网格长", source="会议")
    page = text(desk("handler", "/desk/grids/notices/"))
    assert (
        "网格长 测east_staff → 新来的网格长" in page and "换新、取下" not in page and "西社区 01 网格" in page
    )
    renew = f"/desk/grids/notices/{hung.pk}/renew/"
    assert desk("handler", renew, {"on": str(clock.today())}).status_code == 403
    assert desk("clerk", renew, {"on": "2199-01-01"}).status_code == 400
    assert desk("clerk", renew, {"on": str(clock.today()), "back": "list"}).url == "/desk/grids/notices/"
    assert (
        desk("clerk", f"/desk/grids/notices/{hung.pk}/remove/", {"on": str(clock.today())}).status_code == 302
    )
    page = text(desk("clerk", url))
    assert "取下的 1 张" in page and "1 张公示" not in page
