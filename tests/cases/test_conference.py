"""联席会议: the list is drawn by the system, nothing leaves without measure, owner and date, all goes on record."""

from datetime import timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import conference as meetings
from huiyin.cases.models import Case, Conference, ConferenceItem
from huiyin.notices.models import Notice
from huiyin.rules import clock
from tests.world import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(world):
    """A petition registered long ago: overdue."""
    return world.register(by=world.clerk, at=later(days=-90), kind="petition", group_size=12)


@pytest.fixture
def key(world):
    case = world.register(by=world.clerk)
    case.mark_key(by=world.leader, reason="反复投诉")
    return case


@pytest.fixture
def fresh(world):
    return world.register(by=world.clerk, kind="petition")


@pytest.fixture
def overdue_problem(world):
    return world.register(by=world.clerk, at=later(days=-90), kind="city_problem")


def draw(world, days=0):
    return meetings.draw(
        by=world.director, held_on=clock.today() + timedelta(days=days), chair=world.director, place="三楼"
    )


def settle(world, item, days=7):
    return meetings.settle(
        item,
        by=world.director,
        measure="周五前把冲床搬走",
        owner=world.handler,
        next_on=item.conference.held_on + timedelta(days=days),
        **({"analysis": "厂房租约没到期，搬不走"} if item.case.is_key else {}),
    )


def test_list_holds_key_matters_and_late_petitions_with_reasons(world, late, key, fresh, overdue_problem):
    meeting = draw(world)
    rows = [(item.case, item.reason) for item in meeting.items.all()]
    assert [case for case, _ in rows] == [key, late]
    assert rows[0][1] == "重点"
    assert "超期" in rows[1][1] and "集体 12 人" in rows[1][1]


def test_list_holds_only_what_the_drawer_may_read(world, late):
    hidden = world.register(by=world.clerk_b, at=later(days=-90), kind="petition", is_restricted=True)
    drawn = meetings.draw(by=world.leader, held_on=clock.today(), chair=world.director, place="三楼")
    assert hidden not in [item.case for item in drawn.items.all()]


def test_one_list_a_day(world, key):
    draw(world)
    with pytest.raises(Refusal, match="已经列过单"):
        draw(world)


def test_nothing_to_confer_about(world, fresh):
    with pytest.raises(Refusal, match="不用开"):
        draw(world)
    with pytest.raises(Refusal, match="过去"):
        draw(world, days=-1)
    assert not Conference.objects.exists()


def test_closing_names_what_is_missing(world, late, key):
    meeting = draw(world)
    settle(world, meeting.items.get(case=late))
    item = meeting.items.get(case=key)
    item.measure = "先查一遍"
    item.save()
    with pytest.raises(Refusal) as caught:
        meetings.close(meeting, by=world.director)
    assert caught.value.missing == (f"{key.number} 缺分析、责任人、下次日期",)
    meeting.refresh_from_db()
    assert meeting.closed_at is None and not Notice.objects.filter(key__startswith="conference:").exists()
    assert not late.events.filter(verb="record").exists()


def test_closing_goes_on_record_and_tells_the_owner(world, late, key):
    meeting = draw(world)
    for item in meeting.items.all():
        settle(world, item)
    meetings.close(meeting, by=world.director)
    for case in (late, key):
        event = case.events.get(verb="record")
        assert event.act == "instruction" and event.by == world.director
        for words in ("周五前把冲床搬走", world.handler.name, str(meeting.held_on + timedelta(days=7))):
            assert words in event.text
        assert Case.objects.get(pk=case.pk).last_seq == case.events.count()
    assert Notice.objects.filter(to=world.handler, key__startswith="conference:").count() == 2
    with pytest.raises(Refusal, match="已经散会"):
        meetings.close(meeting, by=world.director)
    with pytest.raises(Refusal, match="已经散了"):
        settle(world, meeting.items.first())


def test_a_matter_that_ended_meanwhile_keeps_its_end(world, key):
    meeting = draw(world)
    settle(world, meeting.items.get())
    key.void(by=world.clerk, reason="登记错了")
    meetings.close(meeting, by=world.director)
    case = Case.objects.get(pk=key.pk)
    assert case.state == "void" and case.due_at is None and case.events.filter(verb="record").count() == 1


def test_next_date_is_after_the_meeting(world, key):
    item = draw(world).items.get()
    with pytest.raises(Refusal, match="会议日期之后"):
        settle(world, item, days=0)


def test_next_conference_brings_back_what_is_unfinished(world, late, key):
    meeting = draw(world)
    for item in meeting.items.all():
        settle(world, item)
    meetings.close(meeting, by=world.director)
    Case.objects.filter(pk=late.pk).update(due_at=later(days=9))
    key.void(by=world.clerk, reason="登记错了")
    with clock.travel(later(days=7)):
        following = draw(world)
        [item] = meetings.items_for(following, world.director)
        assert item.case == late and "上次没办完" in item.reason
        assert item.promised.measure == "周五前把冲床搬走" and item.promised.owner == world.handler
    assert meetings.conference_items(late)[0].conference == following


# ---- pages


@pytest.fixture
def desk(client, world):
    client.force_login(world.director)
    return client


def test_pages_from_list_to_minutes(desk, world, late, key):
    shown = desk.get("/desk/conference/").text
    assert late.number in shown and key.number in shown and "2 件，由系统列出" in shown
    answer = desk.post(
        "/desk/conference/", {"held_on": str(clock.today()), "chair": str(world.leader.pk), "place": "三楼"}
    )
    meeting = Conference.objects.get()
    assert answer.url == f"/desk/conference/{meeting.pk}/" and meeting.chair == world.leader
    for number in (1, 2):
        room = desk.get(answer.url)
        item = room.context["item"]
        assert item.position == number and item.case.title in room.text
        sent = desk.post(
            f"{answer.url}items/{item.pk}/",
            {
                "measure": "周五前查清",
                "analysis": "厂方一直拖着",
                "owner": str(world.handler.pk),
                "next_on": str(later(days=7).date()),
            },
        )
        assert sent.status_code == 302
    assert desk.post(f"{answer.url}close/").status_code == 302
    minutes = desk.get(f"{answer.url}minutes/").text
    for words in (late.number, key.number, "周五前查清", world.handler.name, "主持人签字"):
        assert words in minutes
    assert "散会" in desk.get("/desk/conference/").text


def test_page_refuses_to_close_and_says_why(desk, world, key):
    meeting = draw(world)
    answer = desk.post(f"/desk/conference/{meeting.pk}/close/")
    assert answer.status_code == 409 and f"{key.number} 缺分析、措施、责任人、下次日期" in answer.text


def test_wrong_item_input_stays_on_the_page(desk, world, key):
    meeting = draw(world)
    item = meeting.items.get()
    answer = desk.post(
        f"/desk/conference/{meeting.pk}/items/{item.pk}/",
        {"measure": "周五前查清", "owner": "x", "next_on": ""},
    )
    assert answer.status_code == 400 and "周五前查清" in answer.text
    item.refresh_from_db()
    assert item.measure == ""


def test_unseen_items_are_counted_not_shown(desk, world, key):
    desk.force_login(world.leader)
    meeting = draw(world)
    hidden = world.register(by=world.clerk_b, is_restricted=True, title="只给经手的人看")
    item = ConferenceItem.objects.create(
        office=world.office, conference=meeting, case=hidden, position=2, reason="重点"
    )
    shown = desk.get(f"/desk/conference/{meeting.pk}/").text
    assert hidden.number not in shown and hidden.title not in shown and "另有 1 件限知" in shown
    assert desk.post(f"/desk/conference/{meeting.pk}/items/{item.pk}/", {}).status_code == 404
    assert hidden.number not in desk.get(f"/desk/conference/{meeting.pk}/minutes/").text


@pytest.mark.parametrize("who", ["handler", "east_staff", "admin", "auditor", "east_worker"])
def test_not_for_other_posts(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get("/desk/conference/").status_code == 403


def test_verbs_are_posts(desk, world, key):
    meeting = draw(world)
    item = meeting.items.get()
    assert desk.get(f"/desk/conference/{meeting.pk}/close/").status_code == 405
    assert desk.get(f"/desk/conference/{meeting.pk}/items/{item.pk}/").status_code == 405
