"""Standing bodies: founding, members and terms as of a day, adjustment, places; refusals and who may."""

from datetime import date

import pytest
from django.urls import reverse

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.orgs import bodies, body_list
from huiyin.orgs.models import Membership, Organisation, Post
from huiyin.rules import clock

pytestmark = pytest.mark.django_db
SINCE = date(2024, 3, 1)


@pytest.fixture
def group(world):
    """A leading group founded in 2024."""
    return bodies.found(
        world.office, by=world.admin, kind="leading_group", name="测试创建领导小组", short_name="测试小组",
        area=world.street, valid_from=SINCE, basis="测〔2024〕1号",
    )  # fmt: skip


@pytest.fixture
def desk(client, world):
    def see(name, url, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return see


def page_of(body) -> str:
    return reverse("desk_org", args=[body.code])


def names(body, on=None) -> list[str]:
    return [row.who for row in body_list.one(body, on)["members"]]


def test_a_body_gets_a_code_of_its_own_and_a_trace(world, group):
    again = bodies.found(
        world.office, by=world.admin, kind="leading_group", name="测试创建领导小组", short_name="测试小组",
        area=world.street, valid_from=SINCE,
    )  # fmt: skip
    assert group.code and again.code not in ("", group.code)
    assert AuditRecord.objects.filter(subject=f"organisation:{group.code}", action="成立组织").count() == 1


def test_only_standing_bodies_are_founded_here(world):
    with pytest.raises(Refusal, match="议事和服务组织"):
        bodies.found(
            world.office, by=world.admin, kind="department", name="某办", short_name="某办", area=world.street,
            valid_from=SINCE,
        )  # fmt: skip


def test_two_heads_are_the_most(world, group):
    for who in (world.director, world.leader):
        bodies.enrol(group, by=world.admin, function="head", start_on=SINCE, user=who)
    with pytest.raises(Refusal, match="双组长"):
        bodies.enrol(group, by=world.admin, function="head", start_on=SINCE, name="第三位")


def test_a_term_needs_somebody_and_a_time_in_which_the_body_stands(world, group):
    enrol = lambda **given: bodies.enrol(group, by=world.admin, function="member", **given)  # noqa: E731
    with pytest.raises(Refusal, match="至少一样"):
        enrol(start_on=SINCE)
    with pytest.raises(Refusal, match="不能更早"):
        enrol(start_on=date(2023, 1, 1), name="早到")
    with pytest.raises(Refusal, match="止要晚于起"):
        enrol(start_on=SINCE, end_on=SINCE, name="零天")
    enrol(start_on=SINCE, unit=world.enforcement)
    with pytest.raises(Refusal, match="已经是"):
        enrol(start_on=SINCE, unit=world.enforcement)


def test_an_adjustment_keeps_both_terms_and_any_day_can_be_asked(world, group):
    first = bodies.enrol(group, by=world.admin, function="deputy", start_on=SINCE, user=world.duty_leader)
    bodies.replace(first, by=world.admin, on=date(2025, 7, 1), user=world.leader, basis="测〔2025〕9号")
    assert names(group, date(2025, 6, 30)) == [world.duty_leader.name]
    assert names(group, date(2025, 7, 1)) == [world.leader.name]
    past = body_list.one(group)["past_members"]
    assert [(row.who, row.end_on) for row in past] == [(world.duty_leader.name, date(2025, 7, 1))]
    assert "测〔2025〕9号" in past[0].basis
    with pytest.raises(Refusal, match="不用再办"):
        bodies.end_term(past[0], by=world.admin, on=date(2025, 8, 1))


def test_who_left_the_office_and_whose_term_ran_out_is_named(world, group):
    bodies.enrol(group, by=world.admin, function="member", start_on=SINCE, user=world.handler)
    assert body_list.one(group)["body_warnings"] == ["没有负责人"]
    Post.objects.filter(user=world.handler).update(end_on=clock.today())
    assert any("已离任" in words for words in body_list.one(group)["body_warnings"])
    branch = bodies.found(
        world.office, by=world.admin, kind="party_branch", name="测试支部", short_name="测试支部", area=world.street,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    bodies.enrol(branch, by=world.admin, function="head", start_on=date(2020, 1, 1), user=world.leader)
    assert any("届满" in words or "任期已满" in words for words in body_list.one(branch)["body_warnings"])


def test_dissolving_ends_terms_and_places_but_not_what_stands_below(world, group):
    bodies.enrol(group, by=world.admin, function="head", start_on=SINCE, user=world.director)
    bodies.open_venue(group, by=world.admin, name="会议室", valid_from=SINCE, functions=["开会"])
    below = bodies.found(
        world.office, by=world.admin, kind="project_group", name="小组", short_name="小组", area=world.street,
        valid_from=SINCE, parent=group,
    )  # fmt: skip
    with pytest.raises(Refusal, match="下面还有") as refused:
        bodies.dissolve(group, by=world.admin, on=clock.today(), basis="结束")
    assert refused.value.missing == ("小组",)
    bodies.dissolve(below, by=world.admin, on=clock.today(), basis="结束")
    assert bodies.dissolve(group, by=world.admin, on=clock.today(), basis="结束") == 1
    assert not Membership.objects.current().filter(organisation=group).exists()
    assert group.venues.get().valid_until == clock.today()


def test_the_list_shows_kinds_heads_and_what_is_missing(world, desk, group):
    bodies.enrol(group, by=world.admin, function="head", start_on=SINCE, user=world.director, title="组长")
    page = desk("clerk", reverse("desk_bodies")).content.decode()
    assert "领导小组 <i>1</i>" in page and f"组长 {world.director.name}" in page and "设一个组织" in page
    assert "测试创建领导小组" not in desk("clerk", reverse("desk_bodies") + "?on=2024-02-01").content.decode()
    assert "设一个组织" not in desk("handler", reverse("desk_bodies")).content.decode()
    assert desk("clerk", reverse("desk_bodies") + "?kind=department").status_code == 400


def test_the_page_founds_enrols_adjusts_and_opens_a_place(world, desk):
    given = {
        "kind": "party_service_centre", "name": "测试党群服务中心", "short_name": "测试党群", "valid_from": "2024-03-01",
        "area": str(world.street.pk), "services": "阅读、议事",
    }  # fmt: skip
    answer = desk("clerk", reverse("desk_body_found"), given)
    body = Organisation.objects.get(name="测试党群服务中心")
    assert answer.status_code == 302 and body.services == ["阅读", "议事"]
    member = {
        "member-function": "head",
        "member-user": str(world.duty_leader.pk),
        "member-start_on": "2024-03-01",
    }
    assert desk("clerk", reverse("desk_body_member", args=[body.code]), member).status_code == 302
    venue = {"venue-name": "图书室", "venue-functions": "阅读", "venue-valid_from": "2024-03-01"}
    assert desk("clerk", reverse("desk_body_venue", args=[body.code]), venue).status_code == 302
    term = {"on": "2025-01-01", "basis": "会议", "name": "新来的"}
    assert desk("clerk", reverse("desk_term", args=[body.memberships.get().pk]), term).status_code == 302
    page = desk("handler", page_of(body)).content.decode()
    assert (
        "新来的" in page and "图书室" in page and world.duty_leader.name in page and "添一名成员" not in page
    )


def test_what_was_typed_stays_when_it_is_refused(world, desk, group):
    wrong = {"member-function": "head", "member-name": "早到的人", "member-start_on": "2020-01-01"}
    answer = desk("clerk", reverse("desk_body_member", args=[group.code]), wrong)
    page = answer.content.decode()
    assert answer.status_code == 400 and "不能更早" in page and 'value="早到的人"' in page
    assert not group.memberships.exists()


def test_only_those_who_keep_the_lists_may_change_and_only_in_their_office(world, desk, group):
    member = {"member-function": "head", "member-name": "某人", "member-start_on": "2024-03-01"}
    for name in ("handler", "auditor", "outsider"):
        assert desk(name, reverse("desk_body_member", args=[group.code]), member).status_code == 403
    assert desk("clerk", reverse("desk_body_member", args=["zhifa"]), member).status_code == 404
    assert not group.memberships.exists()


def test_the_list_asks_few_questions(world, client, django_assert_max_num_queries):
    for number in range(60):
        body = bodies.found(
            world.office, by=world.admin, kind="party_branch", name=f"第{number}支部", short_name=f"{number}支部",
            area=world.street, valid_from=SINCE,
        )  # fmt: skip
        bodies.enrol(body, by=world.admin, function="head", start_on=SINCE, name=f"某{number}")
    client.force_login(world.clerk)
    with django_assert_max_num_queries(16):
        page = client.get(reverse("desk_bodies")).content.decode()
    assert "后面的" in page and "第0支部" in page
    more = client.get(
        reverse("desk_bodies")
        + page.split('class="pages"><a class="btn" href="')[1].split('"')[0].replace("&amp;", "&")
    )
    assert more.content.decode().count("支部</a>") == 10
