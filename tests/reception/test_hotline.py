"""The hotline: a call is logged once, answered at once or made a matter; response times and open calls."""

from datetime import timedelta

import pytest
from django.test import Client

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.reception import hotline
from huiyin.reception.models import HotlineCall
from huiyin.reception.period import Period
from huiyin.rules import clock

NOW = "2026-11-23T02:30:00"


@pytest.fixture(autouse=True)
def night():
    with clock.travel(NOW):
        yield


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def fields(**more):
    return {
        "key": "one", "rang_at": "2026-11-23T02:11:03", "answered_at": "2026-11-23T02:11:15", "subject": "楼里有煤气味",
        "person_name": "闵师傅", "person_phone": "10000001234", "place": "槐荫里 3 幢", "outcome": "answered",
        "answer": "让他开窗离开，已通知燃气抢修。", **more,
    }  # fmt: skip


def test_a_call_is_logged_once_with_its_response_time(world):
    client = desk(world.clerk)
    for _ in range(2):
        assert client.post("/desk/reception/hotline/new/", fields()).status_code == 302
    call = HotlineCall.objects.get()
    assert call.number.endswith("-0001") and call.response_seconds == 12 and call.ended_at
    assert call.person_name == "闵师傅" and call.masked_name == "闵*"
    page = client.get(f"/desk/reception/hotline/{call.pk}/").content.decode()
    assert "夜班" in page and "闵师傅" not in page and "10000001234" not in page


def test_a_night_call_becomes_a_matter_by_one_form(world):
    given = fields(outcome="dispatched", answer="", description="闻到煤气味，一整栋都有。", category="030201")
    desk(world.clerk).post("/desk/reception/hotline/new/", given)
    call = HotlineCall.objects.select_related("case__area").get()
    assert (
        call.case.channel == "call"
        and call.case.area == world.east_grid
        and call.case.title == "楼里有煤气味"
    )
    assert call.case.parties.get().party.name == "闵师傅" and Case.objects.count() == 1


def test_what_lacks_is_said_and_nothing_is_lost_or_made(world):
    page = desk(world.clerk).post("/desk/reception/hotline/new/", fields(answer=""))
    assert page.status_code == 400 and "闵师傅" in page.content.decode()
    assert "answer" in page.context["form"].errors
    early = desk(world.clerk).post("/desk/reception/hotline/new/", fields(answered_at="2026-11-23T02:10:00"))
    assert early.status_code == 400 and "answered_at" in early.context["form"].errors
    assert not HotlineCall.objects.exists() and not Case.objects.exists()


def test_open_calls_are_reminded_of_and_settled_once(world):
    clerk = desk(world.clerk)
    clerk.post("/desk/reception/hotline/new/", fields(outcome="", answer=""))
    call = HotlineCall.objects.get()
    assert "1 个来电还没写结果" in clerk.get("/desk/").content.decode()
    assert (
        clerk.post(
            f"/desk/reception/hotline/{call.pk}/", {"outcome": "answered", "answer": "打过去说清了。"}
        ).status_code
        == 302
    )
    call.refresh_from_db()
    with pytest.raises(Refusal, match="已经写过结果"):
        hotline.settle(call, {"outcome": "answered", "answer": "再写一遍"}, by=world.clerk)
    assert "还没写结果" not in clerk.get("/desk/").content.decode()


def test_figures_and_their_records(world):
    for number, (hour, seconds, outcome) in enumerate(
        [(1, 10, "answered"), (9, 20, "answered"), (19, 30, ""), (23, 40, "")]
    ):
        rang = clock.local("2026-11-22T00:00") + timedelta(hours=hour)
        given = {
            "rang_at": rang, "answered_at": rang + timedelta(seconds=seconds), "subject": "问事", "outcome": outcome,
            "answer": "答了四个字", "person_name": "", "person_phone": "", "place": "",
        }  # fmt: skip
        hotline.log(world.office, given, by=world.clerk, key=str(number))
    found = hotline.figures(world.clerk, Period.around("day", clock.local("2026-11-22").date()))
    assert (found["calls"], found["answered"], found["open"], found["at_night"]) == (4, 2, 2, 2)
    assert found["median"] == 25 and found["p90"] == pytest.approx(37) and found["night_share"] == 50
    page = desk(world.clerk).get("/desk/reception/hotline/?since=2026-11-22&until=2026-11-22")
    for label, number, address in page.context["boxes"]:
        assert len(desk(world.clerk).get(address).context["calls"]) == number, label


def test_who_may(world, django_assert_max_num_queries):
    desk(world.clerk).post("/desk/reception/hotline/new/", fields())
    call = HotlineCall.objects.get()
    assert desk(world.handler).get("/desk/reception/hotline/").status_code == 403
    assert desk(world.supervisor).get("/desk/reception/hotline/new/").status_code == 403
    revealed = desk(world.clerk).post(f"/desk/reception/persons/call/{call.pk}/", {"purpose": "电话联系"})
    assert "10000001234" in revealed.content.decode()
    assert (
        desk(world.supervisor)
        .post(f"/desk/reception/persons/call/{call.pk}/", {"purpose": "电话联系"})
        .status_code
        == 403
    )
    assert desk(world.clerk).post(f"/desk/reception/persons/call/{call.pk}/", {}).status_code == 400
    client = desk(world.clerk)
    client.get("/desk/reception/hotline/?period=day")
    with django_assert_max_num_queries(16):
        client.get("/desk/reception/hotline/?period=day")
