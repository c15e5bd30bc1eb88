"""The legal station: slots, advice for legal posts and heads only, referral by one click."""

import pytest
from django.db import connection
from django.test import Client

from huiyin.reception import service_use
from huiyin.reception.models import Consultation, ConsultationDay
from huiyin.rules import clock


def desk(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lawyer(world):
    world.unit("justice", "department", "司法所", code="sifa")
    world.person("lawyer", "justice", "handler", "司法助理")
    with clock.travel("2026-11-23T09:00"):
        data = {
            "on": "2026-11-24",
            "worker": str(world.lawyer.pk),
            "starts": "14:30",
            "minutes": "30",
            "slots": "2",
            "place": "法律咨询站",
        }
        assert desk(world.lawyer).post("/desk/reception/consulting/", data).status_code == 302
        yield world.lawyer


BOOKING = {
    "key": "one",
    "slot": "1",
    "topic": "labour",
    "person_name": "单师傅",
    "person_phone": "10000001234",
}
ADVICE = {
    "topic": "labour",
    "question": "工地四个月没发工资。",
    "advice": "收好考勤和微信记录，可以申请法律援助。",
}


def booked(world):
    day = ConsultationDay.objects.get()
    desk(world.clerk).post(f"/desk/reception/consulting/days/{day.pk}/", BOOKING)
    return Consultation.objects.get()


def test_a_slot_is_given_once(world, lawyer):
    day = ConsultationDay.objects.get()
    address = f"/desk/reception/consulting/days/{day.pk}/"
    for _ in range(2):
        assert desk(world.clerk).post(address, BOOKING).status_code == 302
    assert Consultation.objects.count() == 1
    taken = desk(world.clerk_b).post(address, {**BOOKING, "key": "two"})
    assert taken.status_code == 409 and "约走" in taken.content.decode() and Consultation.objects.count() == 1
    row = Consultation.objects.get()
    desk(lawyer).post(f"/desk/reception/consulting/{row.pk}/cancel/")
    assert desk(world.clerk).post(address, {**BOOKING, "key": "three"}).status_code == 302


def test_what_was_asked_is_read_by_legal_posts_and_heads_only(world, lawyer):
    row = booked(world)
    address = f"/desk/reception/consulting/{row.pk}/"
    assert desk(lawyer).post(address, ADVICE).status_code == 302
    row.refresh_from_db()
    assert row.done_by == lawyer and row.advice.startswith("收好")
    with connection.cursor() as cursor:
        cursor.execute("select question, advice, person_name from reception_consultation")
        assert all(
            "工资".encode() not in bytes(cell) and "单师傅".encode() not in bytes(cell)
            for cell in cursor.fetchone()
        )
    assert "工地四个月" in desk(world.director).get(address).content.decode()
    for stranger in (world.clerk, world.handler, world.supervisor):
        assert desk(stranger).get(address).status_code == 404
    page = desk(world.clerk).get("/desk/reception/consulting/").content.decode()
    assert "单" not in page and "谈过" in page
    assert desk(world.handler).get("/desk/reception/consulting/").status_code == 403
    assert desk(world.director).post(address, ADVICE).status_code == 403, "heads read, legal posts write"


def test_one_click_refers_with_the_item_of_the_catalogue(world, lawyer):
    row = booked(world)
    address = f"/desk/reception/consulting/{row.pk}/"
    assert desk(lawyer).post(f"{address}refer/", {"to": "legal_aid"}).status_code == 409, "first the advice"
    desk(lawyer).post(address, ADVICE)
    assert desk(lawyer).post(f"{address}refer/", {"to": "legal_aid"}).status_code == 302
    row.refresh_from_db()
    assert service_use.item_of(row.case).code == "SF02" and "工资" not in row.case.description
    assert row.case.parties.get().party.name == "单师傅"
    assert desk(lawyer).post(f"{address}refer/", {"to": "mediation"}).status_code == 409
