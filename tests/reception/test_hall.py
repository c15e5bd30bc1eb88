"""The hall: tickets, the next one (two windows at once get two), results, one tap for the service."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.orgs.models import Post
from huiyin.reception import hall, service_use
from huiyin.reception.models import HallVisit, Window, WindowDuty

SINCE = date(2025, 1, 1)


def open_window(world, number, groups, unit="enforcement", user="handler"):
    window = Window.objects.create(
        office=world.office,
        number=number,
        name=f"{number} 号窗",
        organisation=world.units[unit],
        groups=groups,
        opened_on=SINCE,
    )
    post = Post.objects.get(user=getattr(world, user), role__in=["handler", "clerk"])
    WindowDuty.objects.create(office=world.office, window=window, post=post, start_on=SINCE)
    return window


def ticket(world, key, service="YL01", **more):
    return hall.take_ticket(world.office, {"service": service, **more}, by=world.clerk, key=key)[0]


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def test_numbers_follow_and_a_double_click_takes_one(world):
    open_window(world, 1, ["YL"])
    assert [ticket(world, "a").ticket, ticket(world, "a").ticket, ticket(world, "b").ticket] == [1, 1, 2]
    with pytest.raises(Refusal, match="没有窗口"):
        ticket(world, "c", service="SF01")
    with pytest.raises(Refusal, match="服务目录"):
        ticket(world, "d", service="ZZ99")


def test_next_serves_its_groups_in_order_and_one_at_a_time(world):
    window = open_window(world, 1, ["YL"])
    open_window(world, 2, ["SB"], user="handler_b")
    first, other, third = ticket(world, "a"), ticket(world, "b", service="SB01"), ticket(world, "c")
    assert hall.call_next(window, by=world.handler) == first
    with pytest.raises(Refusal, match="还在窗口"):
        hall.call_next(window, by=world.handler)
    first.refresh_from_db()
    hall.finish(first, {"result": "finished"}, by=world.handler)
    assert hall.call_next(window, by=world.handler) == third
    third.refresh_from_db()
    hall.pass_over(third, by=world.handler)
    assert hall.call_next(window, by=world.handler) is None
    other.refresh_from_db()
    assert other.state == "waiting"


def test_only_who_sits_there_serves(world):
    window = open_window(world, 1, ["YL"])
    ticket(world, "a")
    with pytest.raises(Refusal) as refused:
        hall.call_next(window, by=world.environment_handler)
    assert refused.value.status == 403
    assert desk(world.handler).post("/desk/reception/hall/windows/1/next/").status_code == 302


def test_papers_are_named_at_once_or_it_becomes_a_matter(world):
    window = open_window(world, 1, ["YL"])
    visit = ticket(world, "a", person_name="冉婆婆", person_phone="10000001234")
    hall.call_next(window, by=world.handler)
    client = desk(world.handler)
    address = f"/desk/reception/hall/visits/{visit.pk}/finish/"
    refused = client.post(address, {"result": "supplement"})
    assert refused.status_code == 400 and "papers" in refused.context["form"].errors
    refused = client.post(address, {"result": "transferred", "description": ""})
    assert refused.status_code == 400 and not Case.objects.exists()
    client.post(address, {"result": "supplement", "papers": ["户口簿"], "more": "银行卡复印件\n"})
    visit.refresh_from_db()
    assert visit.missing == ["户口簿", "银行卡复印件"] and visit.state == "done"
    again = ticket(world, "b", person_name="冉婆婆", person_phone="10000001234")
    hall.call_next(window, by=world.handler)
    client.post(
        f"/desk/reception/hall/visits/{again.pk}/finish/",
        {"result": "transferred", "description": "老人下不来楼，想请人上门办。"},
    )
    again.refresh_from_db()
    assert again.case.kind == "service_request" and service_use.item_of(again.case).code == "YL01"
    assert client.post(address, {"result": "finished"}).status_code == 409, "done is done"


def test_one_tap_rates_the_service_once(world):
    window = open_window(world, 1, ["YL"])
    visit = ticket(world, "a")
    page, own = Client(), f"/ticket/{visit.code}/"
    assert "前面还有" in page.get(own).content.decode()
    assert page.post(own, {"rating": "yes"}).status_code == 409
    hall.call_next(window, by=world.handler)
    visit.refresh_from_db()
    hall.finish(visit, {"result": "finished"}, by=world.handler)
    page.post(own, {"rating": "yes"})
    page.post(own, {"rating": "no"})
    visit.refresh_from_db()
    assert visit.rating == "yes" and "满意" in page.get(own).content.decode()
    assert page.get("/ticket/AAA-AAA-AAA/").status_code == 404


def test_whoever_serves_cannot_rate_the_own_service(world):
    window = open_window(world, 1, ["YL"])
    visit = ticket(world, "a")
    own, slip = f"/ticket/{visit.code}/", f"/desk/reception/hall/visits/{visit.pk}/slip/"
    assert visit.code in desk(world.clerk).get(slip).content.decode()
    hall.call_next(window, by=world.handler)
    visit.refresh_from_db()
    assert desk(world.clerk).get(slip).status_code == 409, "once it is called the code is the person's alone"
    hall.finish(visit, {"result": "finished"}, by=world.handler)
    for who in (world.handler, world.clerk, world.admin):
        at_work = desk(who)
        assert 'name="rating"' not in at_work.get(own).content.decode()
        assert at_work.post(own, {"rating": "yes"}).status_code == 403
    for address in ("", "windows/1/", "visits/"):
        assert visit.code not in desk(world.handler).get(f"/desk/reception/hall/{address}").content.decode()
    visit.refresh_from_db()
    assert visit.rating == "" and 'name="rating"' in Client().get(own).content.decode()


def test_sums_open_their_records(world, django_assert_max_num_queries):
    window = open_window(world, 1, ["YL"])
    for key in "abc":
        ticket(world, key)
        visit = hall.call_next(window, by=world.handler)
        hall.finish(visit, {"result": "finished"}, by=world.handler)
    hall.rate(visit.code, "yes")
    page = desk(world.clerk).get("/desk/reception/hall/")
    assert [number for number, _ in page.context["whole"]] == [3, 3, 0, 0, 0, 1, 0, 0]
    for number, address in page.context["whole"] + page.context["lines"][0][2]:
        assert len(desk(world.clerk).get(address).context["visits"]) == number
    client = desk(world.clerk)
    client.get("/desk/reception/hall/")
    with django_assert_max_num_queries(16):
        client.get("/desk/reception/hall/")


def test_two_windows_at_once_never_get_the_same_ticket(committed_world):
    world = committed_world
    windows = [open_window(world, 1, ["YL"]), open_window(world, 2, ["YL"], user="handler_b")]
    for key in "abcdef":
        ticket(world, key)
    people, got, barrier = [world.handler, world.handler_b], [], threading.Barrier(2)

    def serve(window, user):
        barrier.wait()
        for _ in range(3):
            visit = hall.call_next(window, by=user)
            got.append(visit.ticket)
            hall.finish(visit, {"result": "finished"}, by=user)
        connection.close()

    threads = [threading.Thread(target=serve, args=pair) for pair in zip(windows, people, strict=True)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(got) == [1, 2, 3, 4, 5, 6] and HallVisit.objects.filter(state="done").count() == 6
