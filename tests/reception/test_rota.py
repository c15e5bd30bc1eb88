"""The weekly rota: gaps block publication, swaps need both, who receives now."""

from datetime import date, timedelta

import pytest
from django.test import Client

from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Post
from huiyin.reception import rota
from huiyin.reception.models import RotaDay, RotaSwap
from huiyin.reception.rota import Plan
from huiyin.rules import clock

MONDAY = date(2026, 11, 23)
HOLIDAY_WEEK = date(2026, 9, 28)  # 2026 国庆：10-01 至 10-07 放假


@pytest.fixture
def then():
    with clock.travel("2026-11-23T09:00"):
        yield


def whole_week(world, monday=MONDAY, days=5, leader=None):
    plans = [
        Plan(monday + timedelta(days=n), "whole", leader or world.duty_leader, "deputy", "接访室")
        for n in range(days)
    ]
    return rota.save_week(world.office, monday, plans, by=world.clerk)


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_gap_blocks_publication_and_is_named(world, then):
    whole_week(world, days=4)
    with pytest.raises(Refusal) as refused:
        rota.publish(world.office, MONDAY, by=world.director)
    assert refused.value.missing == ("周五（11月27日）",)
    assert rota.published_week(world.office, MONDAY) is None


def test_half_a_day_is_a_gap_too(world, then):
    whole_week(world, days=4)
    week = rota.week_of(world.office, MONDAY)
    RotaDay.objects.create(
        office=world.office, week=week, on=date(2026, 11, 27), part="morning", leader=world.leader
    )
    assert rota.gap_words(rota.gaps(world.office, MONDAY)) == ("周五（11月27日）下午",)


def test_holidays_need_nobody_and_make_up_days_do(world):
    days = {day for day, _ in rota.gaps(world.office, HOLIDAY_WEEK)}
    calendar = rota.house_rules.calendar(world.office)
    assert days == {day for day in rota.days_of(HOLIDAY_WEEK) if calendar.is_workday(day)}
    assert date(2026, 10, 1) not in days and len(days) < 5
    october = {
        day
        for n in range(3)
        for day, _ in rota.gaps(world.office, date(2026, 9, 14) + timedelta(weeks=n + 1))
    }
    made_up = {day for day in october if day.weekday() >= 5}
    assert made_up, "a Saturday or Sunday worked in exchange for the holidays must be filled"


def test_published_is_frozen_and_shown(world, then):
    whole_week(world)
    rota.publish(world.office, MONDAY, by=world.director)
    shown = rota.published_week(world.office, date(2026, 11, 25))
    assert len(shown["days"]) == 5 and shown["days"][0]["name"] == world.duty_leader.name
    with pytest.raises(Refusal, match="调班"):
        whole_week(world, leader=world.leader)
    again = rota.publish(world.office, MONDAY, by=world.director)
    assert again.published_at == shown["published_at"], "a second click publishes nothing anew"


def test_a_swap_needs_the_other_and_both_are_recorded(world, then):
    week = whole_week(world)
    rota.publish(world.office, MONDAY, by=world.director)
    day, other = week.days.get(on=date(2026, 11, 25)), week.days.get(on=date(2026, 11, 26))
    RotaDay.objects.filter(pk=other.pk).update(leader=world.leader)
    other.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        rota.ask_swap(day, by=world.leader, takes=world.leader, reason="开会")
    assert refused.value.status == 403, "only the leader of the day or the centre asks"
    swap = rota.ask_swap(day, by=world.duty_leader, takes=world.leader, reason="区里开会", in_return=other)
    with pytest.raises(Refusal) as refused:
        rota.answer_swap(swap, by=world.duty_leader, agree=True)
    assert refused.value.status == 403 and RotaDay.objects.get(pk=day.pk).leader == world.duty_leader
    rota.answer_swap(swap, by=world.leader, agree=True)
    swap.refresh_from_db()
    assert RotaDay.objects.get(pk=day.pk).leader == world.leader
    assert RotaDay.objects.get(pk=other.pk).leader == world.duty_leader
    assert swap.asked_by == world.duty_leader and swap.agreed_at and swap.takes == world.leader
    swapped = [
        row["on"].day for row in rota.published_week(world.office, MONDAY)["days"] if row["is_swapped"]
    ]
    assert swapped == [25, 26]
    with pytest.raises(Refusal, match="已经答过"):
        rota.answer_swap(swap, by=world.leader, agree=False)


def test_on_duty_follows_the_published_rota_and_the_half_day(world, then):
    plans = [
        Plan(MONDAY, "morning", world.leader, "deputy"),
        Plan(MONDAY, "afternoon", world.duty_leader, "director"),
        *[Plan(MONDAY + timedelta(days=n), "whole", world.leader, "deputy") for n in range(1, 5)],
    ]
    rota.save_week(world.office, MONDAY, plans, by=world.clerk)
    assert rota.on_duty(world.office, clock.now()) is None, "a plan is not a rota until it is published"
    rota.publish(world.office, MONDAY, by=world.director)
    assert rota.on_duty(world.office, clock.now()) == world.leader
    with clock.travel("2026-11-23T15:00"):
        assert rota.on_duty(world.office, clock.now()) == world.duty_leader


def test_intake_proposes_who_receives_today(world, then):
    whole_week(world)
    rota.publish(world.office, MONDAY, by=world.director)
    page = desk(world.clerk).get("/desk/intake/", follow=True)
    assert page.context["form"].fields["received_by"].initial == world.duty_leader.pk
    assert page.context["frame"].duty == {"text": "今日接访", "name": world.duty_leader.name, "waiting": 0}
    world.register(by=world.clerk, channel="visit", group_size=3)
    assert desk(world.clerk).get("/desk/").context["frame"].duty["waiting"] == 3


def test_an_absent_leader_is_warned_about(world, then):
    Post.objects.filter(user=world.duty_leader).update(
        away_from=date(2026, 11, 24), away_until=date(2026, 11, 24)
    )
    whole_week(world)
    page = desk(world.clerk).get(f"/desk/reception/rota/?week={MONDAY}")
    assert page.context["absent"] == [f"{world.duty_leader.name}那天请假到 11月24日"]


def test_the_grid_is_filled_copied_and_published_on_the_pages(world, then):
    clerk, director = desk(world.clerk), desk(world.director)
    data = {f"leader_{n}": str(world.duty_leader.pk) for n in range(4)}
    data |= {f"kind_{n}": "director" for n in range(4)}
    assert clerk.post(f"/desk/reception/rota/{MONDAY}/save/", data).status_code == 302
    refused = director.post(f"/desk/reception/rota/{MONDAY}/publish/")
    assert refused.status_code == 409 and "周五（11月27日）" in refused.content.decode()
    data["leader_4"] = str(world.leader.pk)
    clerk.post(f"/desk/reception/rota/{MONDAY}/save/", data)
    assert clerk.post(f"/desk/reception/rota/{MONDAY}/publish/").status_code == 403
    assert director.post(f"/desk/reception/rota/{MONDAY}/publish/").status_code == 302
    following = MONDAY + timedelta(days=7)
    assert clerk.post(f"/desk/reception/rota/{following}/copy/").status_code == 302
    assert [row.leader for row in rota.entries(world.office, following)] == [world.duty_leader] * 4 + [
        world.leader
    ]
    day = rota.entries(world.office, MONDAY)[1]
    asked = {"takes": str(world.leader.pk), "reason": "区里开会"}
    assert clerk.post(f"/desk/reception/rota/days/{day.pk}/swap/", asked).status_code == 302
    swap = RotaSwap.objects.get()
    assert "请您" in desk(world.leader).get("/desk/reception/rota/swaps/").content.decode()
    desk(world.leader).post(f"/desk/reception/rota/swaps/{swap.pk}/", {"agree": "yes"})
    assert RotaDay.objects.get(pk=day.pk).leader == world.leader


def test_wrong_input_is_kept_and_strangers_stay_out(world, then):
    kept = desk(world.clerk).post(
        f"/desk/reception/rota/{MONDAY}/save/", {"leader_0": "nobody", "place_0": "一号室"}
    )
    assert kept.status_code == 400 and "一号室" in kept.content.decode()
    assert desk(world.admin).get("/desk/reception/rota/").status_code == 403
    assert desk(world.handler).post(f"/desk/reception/rota/{MONDAY}/save/", {}).status_code == 403
