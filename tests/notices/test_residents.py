"""Residents hear by the channel they chose; what cannot reach them goes back to people, never lost."""

import json
from datetime import timedelta

import pytest

from huiyin.cases import joining
from huiyin.cases.intake import Person
from huiyin.notices import outbox
from huiyin.notices.models import Delivery, Notice
from huiyin.rules import clock
from tests.cases.walks import ANSWER, bring
from tests.notices.gateway import Hook, post_office

pytestmark = pytest.mark.django_db
NOON = "2026-03-02T12:00:00"
BODY = (
    '{"to": ["{phone}"], "words": "{text}", "vars": {"code": "{code}", "number": "{number}"}, "id": "{key}"}'
)
ONE = [Person(name="何阿姨", phone="10000001234", email="he@home.example")]


@pytest.fixture
def gateway(sender):
    with Hook() as hook:
        sender("sms", url=hook.url, secret="tok", options={"gateway": "http", "body": BODY, "ok": "code=0"})
        yield hook


def test_by_text_message_from_receipt_to_answer(world, gateway, settings):
    settings.PUBLIC_ADDRESS = "https://street.example"
    with clock.travel(NOON):
        case = bring(world, "answered", reply_by="sms", persons=ONE)
        outbox.deliver_due()
    sent = [json.loads(body) for body in gateway.bodies]
    assert [row.verb for row in Delivery.objects.order_by("pk")] == ["register", "accept", "answer"]
    receipt, accepted, answer = (row["words"] for row in sent)
    assert (
        receipt.startswith("【测试街道】您说的事收到了")
        and case.number in receipt
        and case.tracking_code in receipt
    )
    assert f"https://street.example/track/{case.tracking_code}/" in receipt and case.number in accepted
    assert ANSWER in answer and "井盖松了" not in receipt
    assert sent[0]["to"] == ["10000001234"] and sent[0]["vars"] == {
        "code": case.tracking_code,
        "number": case.number,
    }
    assert gateway.seen[0][1]["Authorization"] == "Bearer tok" and len(set(gateway.keys)) == 3
    assert gateway.keys[0] == sent[0]["id"]


def test_by_mail(world, sender, settings):
    with clock.travel(NOON), post_office() as (post, settings.MAIL):
        sender("mail")
        bring(world, "answered", reply_by="email", persons=ONE)
        outbox.deliver_due()
        assert [mail.rcpt_tos for mail in post.mails] == [["he@home.example"]] * 3


@pytest.mark.parametrize("reply_by", ["phone", "visit", "web", "letter"])
def test_what_people_tell_is_left_to_people(world, gateway, reply_by):
    bring(
        world,
        "answered",
        reply_by=reply_by,
        persons=[Person(name="何阿姨", phone="10000001234", address="一号路")],
    )
    assert not Delivery.objects.exists()


def test_the_answer_goes_by_the_way_it_was_given(world, gateway):
    case = bring(world, "verified", reply_by="sms", persons=ONE)
    case.answer(by=world.clerk, text=ANSWER, reply_by="phone", delivered="打通了电话")
    assert not Delivery.objects.filter(verb="answer").exists()


def test_each_representative_gets_an_own_code(world, gateway):
    persons = [Person(name=f"代表{n}", phone=f"1000000123{n}") for n in range(3)]
    case = world.register(by=world.clerk, reply_by="sms", group_size=30, channel="visit", persons=persons)
    outbox.deliver_due()
    sent = {json.loads(body)["to"][0]: json.loads(body)["vars"]["code"] for body in gateway.bodies}
    assert sent == {row.party.phone: row.tracking_code for row in case.parties.select_related("party")}
    assert len(set(sent.values())) == 3


def test_each_person_hears_by_the_way_they_chose(world, sender, gateway, settings):
    """The first is telephoned, the second has chosen text messages, the one who joined later mail."""
    persons = [
        Person(name="何阿姨", phone="10000001234"),
        Person(name="宋师傅", phone="10000001235", reply_by="sms"),
    ]
    with clock.travel(NOON), post_office() as (post, settings.MAIL):
        sender("mail")
        case = bring(world, "in_hand", reply_by="phone", group_size=2, channel="visit", persons=persons)
        outbox.deliver_due()
        assert {json.loads(body)["to"][0] for body in gateway.bodies} == {"10000001235"} and not post.mails
        late = Person(name="施老师", phone="10000001236", email="shi@home.example")
        joining.join(case, late, by=world.clerk, text="我家也一样", channel="call", reply_by="email")
        case.tell(by=world.handler, text="材料订好了，后天来修。")
        outbox.deliver_due()
        assert [mail.rcpt_tos for mail in post.mails] == [["shi@home.example"]]
    assert Delivery.objects.filter(verb="tell").count() == 2
    codes = {row.party.party.name: row.fields["code"] for row in Delivery.objects.filter(verb="tell")}
    assert codes == {row.party.name: row.tracking_code for row in case.parties.exclude(role="raiser")}


def test_a_restricted_matter_is_told_without_its_content(world, gateway):
    with clock.travel(NOON):
        bring(world, "answered", reply_by="sms", persons=ONE, is_restricted=True)
        outbox.deliver_due()
    assert len(gateway.bodies) == 3 and not [body for body in gateway.bodies if "井盖" in body]


def test_long_words_are_cut_and_numbers_veiled(world, gateway):
    case = bring(world, "in_hand", reply_by="sms", persons=ONE)
    case.tell(by=world.clerk, text="师傅电话 10012345678，" + "这几天都在修，" * 30)
    text = Delivery.objects.get(verb="tell").text
    assert "10012345678" not in text and "100****5678" in text and "…" in text and len(text) < 160


def test_at_night_only_the_receipt_goes(world, gateway):
    with clock.travel("2026-03-02T23:30:00"):
        case = world.register(reply_by="sms", persons=ONE)
        case.accept(by=world.clerk)
        outbox.deliver_due()
        assert len(gateway.seen) == 1
    with clock.travel("2026-03-03T07:00:00"):
        outbox.deliver_due()
        assert len(gateway.seen) == 2


def test_without_a_gateway_staff_hear_at_once(world, client):
    case = bring(world, "in_hand", reply_by="sms", persons=ONE)
    rows = Delivery.objects.filter(state="given_up")
    assert rows.count() == 2 and rows[0].last_error == "街道没有设短信通道"
    told = Notice.objects.filter(group="undelivered", level="alarm")
    assert told.filter(to=world.clerk).count() == 2
    client.force_login(world.clerk)
    page = client.get(f"/desk/cases/{case.number}/").text
    assert "没送到" in page and "街道没有设短信通道" in page and "10000001234" not in page


def test_a_gateway_that_stays_dead_hands_the_matter_back_to_who_has_it(world, gateway, client):
    gateway.answer = b'{"code": 7, "msg": "no credit"}'
    now = clock.local(NOON)
    with clock.travel(now):
        case = bring(world, "in_hand", reply_by="sms", persons=ONE)
        Delivery.objects.all().delete()
        case.tell(by=world.handler, text="材料订好了，后天来修。")
    row = Delivery.objects.get()
    for minutes in (0, 1, 6, 21, 81, 441):
        with clock.travel(now + timedelta(minutes=minutes)):
            outbox.deliver_due()
    row.refresh_from_db()
    assert row.state == "given_up" and "no credit" in row.last_error and set(gateway.keys) == {row.key}
    notice = Notice.objects.get(group="undelivered", to=world.handler)
    assert case.number in notice.text and "换个办法告诉本人" in notice.text
    assert Notice.objects.filter(group="undelivered").count() == 1

    client.force_login(world.outsider)
    assert client.post(f"/desk/cases/{case.number}/told/{row.pk}/", {"note": "打过电话"}).status_code == 404
    client.force_login(world.supervisor)
    assert client.post(f"/desk/cases/{case.number}/told/{row.pk}/", {"note": "打过电话"}).status_code == 403
    client.force_login(world.handler)
    assert client.post(f"/desk/cases/{case.number}/told/{row.pk}/", {"note": ""}).status_code == 400
    assert (
        client.post(f"/desk/cases/{case.number}/told/{row.pk}/", {"note": "打电话说过了"}).status_code == 302
    )
    row.refresh_from_db()
    assert row.state == "told" and row.ended_by == world.handler
    assert "打电话说过了" in client.get(f"/desk/cases/{case.number}/").text
    assert client.post(f"/desk/cases/{case.number}/told/{row.pk}/again/").status_code == 409


def test_again_reaches_the_person(world, gateway, client):
    gateway.plan = [400]
    with clock.travel(NOON):
        case = world.register(by=world.clerk, reply_by="sms", persons=ONE)
        outbox.deliver_due()
        row = Delivery.objects.get()
        assert row.state == "given_up"
        client.force_login(world.clerk)
        client.post(f"/desk/cases/{case.number}/told/{row.pk}/again/")
        outbox.deliver_due()
    row.refresh_from_db()
    assert row.state == "sent" and gateway.keys == [row.key, row.key]


def test_addresses_and_words_lie_encrypted(world, gateway):
    from django.db import connection

    world.register(by=world.clerk, reply_by="sms", persons=ONE)
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(d)::text from notices_delivery d")
        raw = cursor.fetchone()[0]
    assert "10000001234" not in raw and "查询码" not in raw


def test_neighbours_whose_matters_were_joined_hear_the_answer(world, gateway):
    with clock.travel(NOON):
        case = bring(world, "accepted", reply_by="phone", persons=ONE)
        near = [Person(name="林婆婆", phone="10000009999")]
        other = world.register(
            by=world.clerk, reply_by="sms", persons=near, description="三幢楼下也响，睡不着"
        )
        other.merge(by=world.clerk, into=case)
        case.dispatch(by=world.clerk, lead=world.enforcement)
        case.take(by=world.handler, subject=case.lead)
        case.report(by=world.handler, subject=case.lead, text="垫好了")
        case.verify(by=world.supervisor, text="不响了")
        case.answer(by=world.clerk, text=ANSWER, reply_by="phone")
        outbox.deliver_due()
    sent = [json.loads(body) for body in gateway.bodies]
    assert {row["to"][0] for row in sent} == {"10000009999"} and len(sent) == 3
    assert (
        ANSWER in sent[-1]["words"]
        and other.number in sent[-1]["words"]
        and case.number not in sent[-1]["words"]
    )
