"""Tip-offs: restricted from the start, the informant apart, seen by keepers only and never by who handles it."""

import pytest
from django.test import Client

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Person
from huiyin.cases.models import Case, CaseParty
from huiyin.reception import tipoffs
from huiyin.reception.models import Informant
from huiyin.reception.period import Period
from huiyin.rules import clock

GIVEN = {
    "description": "沿街作坊夜里往雨水口倒油污。", "channel": "call", "title": "夜里偷排", "category": "", "area": None,
    "place": "", "person_name": "举报人甲", "person_phone": "10022334455", "address": "",
}  # fmt: skip


def desk(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def tip(world):
    case = tipoffs.take(world.office, {**GIVEN, "area": world.east_grid}, by=world.director, key="tip")
    case.accept(by=world.director)
    case.dispatch(by=world.director, lead=world.enforcement)
    case.take(by=world.handler, subject=case.lead)
    return case


def test_the_matter_knows_no_person_and_is_restricted(world, tip):
    assert tip.is_restricted and tip.is_anonymous and not CaseParty.objects.filter(case=tip).exists()
    row = Informant.objects.get(case=tip)
    assert row.person_name == "举报人甲"
    assert not Case.objects.visible_to(world.east_worker).filter(pk=tip.pk).exists()
    again = tipoffs.take(world.office, {**GIVEN, "area": world.east_grid}, by=world.director, key="tip")
    assert again.pk == tip.pk and Informant.objects.count() == 1


def test_the_general_door_refuses_to_take_the_informant(world):
    with pytest.raises(Refusal, match="另册"):
        world.register(by=world.clerk, kind="tipoff", persons=[Person(name="举报人甲", phone="10022334455")])


def test_the_handler_never_sees_who_it_was(world, tip):
    page = desk(world.handler).get(f"/desk/cases/{tip.number}/").content.decode()
    assert (
        "身份另册" in page
        and "举报人甲" not in page
        and "10022334455" not in page
        and "informant-purpose" not in page
    )
    address = f"/desk/reception/tipoffs/{tip.number}/informant/"
    assert desk(world.handler).post(address, {"purpose": "核对身份"}).status_code == 403
    with pytest.raises(Refusal) as refused:
        tipoffs.reveal(tip, by=world.handler, purpose="好奇")
    assert refused.value.status == 403


def test_a_keeper_says_why_and_leaves_a_trace(world, tip):
    address = f"/desk/reception/tipoffs/{tip.number}/informant/"
    assert desk(world.supervisor).post(address, {}).status_code == 400
    assert not AuditRecord.objects.filter(action="查看举报人").exists()
    page = desk(world.supervisor).post(address, {"purpose": "核对身份"})
    assert "10022334455" in page.content.decode()
    trace = AuditRecord.objects.get(action="查看举报人")
    assert (
        trace.actor == world.supervisor
        and trace.subject == f"case:{tip.number}"
        and trace.detail["purpose"] == "核对身份"
    )


def test_anonymous_ones_ask_with_their_code(world):
    given = {**GIVEN, "person_name": "", "person_phone": "", "area": world.east_grid}
    case = tipoffs.take(world.office, given, by=world.director, key="no-name")
    assert not Informant.objects.exists()
    with pytest.raises(Refusal, match="不留姓名"):
        tipoffs.reveal(case, by=world.supervisor, purpose="核对身份")
    assert Client().get(f"/track/{case.tracking_code}/").status_code == 200


def test_the_text_must_not_give_the_informant_away(world):
    data = {**GIVEN, "key": "x", "description": "我是举报人甲，看见他们倒油污。", "area": ""}
    page = desk(world.clerk).post("/desk/reception/tipoffs/new/", data)
    assert page.status_code == 400 and "举报人的姓名" in page.content.decode() and not Case.objects.exists()


def test_numbers_without_content_per_period(world, tip):
    tip.record(by=world.handler, act="site_check", text="夜里到现场守候。")
    counts = tipoffs.counts(world.clerk, Period.around("month", clock.today()))
    assert counts == {"received": 1, "named": 1, "checked": 1, "answered": 0, "closed": 0, "open": 1}
    page = desk(world.clerk).get("/desk/reception/tipoffs/").content.decode()
    assert "夜里偷排" not in page, "a clerk who is not named sees numbers only"
    assert desk(world.handler).get("/desk/reception/tipoffs/").status_code == 403
