"""What leaves the house: per post and group, in the robots' formats, at the hours allowed, nothing personal in it."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from huiyin.notices import choosing, outbox, rules
from huiyin.notices.models import Delivery, Notice, StaffAddress, send
from huiyin.notices.transports import robots
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.cases.walks import bring
from tests.notices.gateway import Hook, post_office

pytestmark = pytest.mark.django_db
NOON, NIGHT = "2026-03-02T12:00:00", "2026-03-02T23:00:00"


def post_of(user) -> Post:
    return user.posts.get()


def tell(world, *names, key="k", group="arrived", level="plain", **more):
    users = [getattr(world, name) for name in names]
    send(
        users,
        "里面看的",
        office=world.office,
        url="/desk/",
        key=key,
        group=group,
        level=level,
        outside="外面看的",
        **more,
    )


def mailbox(world, name):
    return StaffAddress.objects.create(
        office=world.office, user=getattr(world, name), mail=f"{name}@street.example", verified_at=clock.now()
    )


def test_nothing_goes_out_while_no_way_is_set_up(world):
    bring(world, "closed")
    assert Notice.objects.exists() and not Delivery.objects.exists()


def test_one_message_for_a_chat_however_many_of_it_are_told(world, sender):
    with clock.travel(NOON):
        own = sender("wecom", "执法群", url="https://a.example/", organisation=world.enforcement)
        street = sender("dingtalk", "街道群", url="https://b.example/")
        tell(world, "handler", "handler_b", "clerk", "clerk_b")
        tell(world, "handler", "handler_b", "clerk", "clerk_b")
    rows = Delivery.objects.all()
    assert sorted(row.sender_id for row in rows) == sorted([own.pk, street.pk])
    assert {row.text for row in rows} == {"外面看的"}


def test_each_post_chooses(world, sender, settings):
    with post_office() as (_, settings.MAIL), clock.travel(NOON):
        sender("mail")
        sender("wecom", url="https://a.example/", organisation=world.enforcement)
        for name in ("handler", "handler_b"):
            mailbox(world, name)
        choosing.choose(post_of(world.handler), {"progress:robot", "progress:mail"}, by=world.handler)
        tell(world, "handler", "handler_b")
        assert [row.to_user for row in Delivery.objects.filter(way="mail")] == [world.handler_b]
        assert Delivery.objects.filter(way="robot").count() == 1, "the other one still wants it in the chat"
        choosing.choose(post_of(world.handler_b), set(), by=world.handler_b)
        Delivery.objects.all().delete()
        tell(world, "handler", "handler_b", key="second")
        assert not Delivery.objects.exists()
        assert Notice.objects.filter(key="second").count() == 2, "what must be told stays in the app"
        tell(world, "handler", "handler_b", key="third", group="progress")
        assert not Notice.objects.filter(key="third").exists()
        assert {row.way for row in Delivery.objects.all()} == {"mail", "robot"}
        tell(world, "handler", key="fourth", group="progress", level="alarm")
        assert Notice.objects.filter(key="fourth", to=world.handler).exists(), "alarms are always told"


def test_mail_goes_only_to_a_confirmed_address(world, sender, settings):
    with post_office() as (_, settings.MAIL), clock.travel(NOON):
        sender("mail")
        StaffAddress.objects.create(office=world.office, user=world.handler, mail="x@street.example")
        tell(world, "handler")
        assert not Delivery.objects.exists()


def test_quiet_hours_wait_for_the_morning_except_alarms(world, sender):
    with clock.travel(NIGHT):
        sender("hook", url="https://a.example/")
        tell(world, "clerk", key="plain")
        tell(world, "clerk", key="alarm", level="alarm")
    waits = {
        row.key.split("|")[0]: clock.local(row.next_try_at).isoformat() for row in Delivery.objects.all()
    }
    assert waits == {"plain": "2026-03-03T07:00:00+08:00", "alarm": "2026-03-02T23:00:00+08:00"}
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("moment", "awake"),
    [("06:59", "07:00"), ("07:00", "07:00"), ("21:59", "21:59"), ("22:00", "07:00"), ("00:00", "07:00")],
)
def test_the_night_runs_over_midnight(world, moment, awake):
    found = rules.awake_at(world.office, clock.local(f"2026-03-02T{moment}:00"))
    assert f"{found:%H:%M}" == awake


def test_nothing_personal_and_nothing_restricted_leaves_the_house(world, sender, settings):
    with post_office() as (_, settings.MAIL), clock.travel(NOON):
        sender("mail")
        sender("hook", url="https://a.example/")
        for name in ("handler", "clerk", "supervisor"):
            mailbox(world, name)
        case = bring(world, "answered", title="何阿姨家楼下井盖响", category="")
        secret = bring(world, "in_hand", is_restricted=True, title="何阿姨举报某店")
        texts = [row.text for row in Delivery.objects.all()]
        assert len(texts) > 8
        assert not [text for text in texts if "何阿姨" in text or "10000001234" in text or "井盖" in text]
        about = Delivery.objects.filter(url="").values_list("text", "way")
        assert [
            text
            for text, way in ((row.text, row.way) for row in Delivery.objects.all())
            if case.number in text
        ]
        assert {way for text, way in about if secret.number in text} <= {"mail"}
        restricted = [row for row in Delivery.objects.all() if secret.number in row.text]
        assert restricted and {row.way for row in restricted} == {"mail"}, (
            "a chat has more readers than the matter"
        )


def carry(sender, message, transport, **fields):
    with Hook() as hook:
        way = sender(transport, url=hook.url, **fields)
        message(way, "event:7", text="派来的：26-00012 井盖", fields={"occasion": "来了"})
        outbox.deliver_due()
        return hook.seen[0]


def test_the_format_of_wecom(sender, message):
    _, headers, body = carry(sender, message, "wecom")
    assert json.loads(body) == {"msgtype": "text", "text": {"content": "派来的：26-00012 井盖"}}
    assert headers["Idempotency-Key"] == "event:7" and headers["Content-Type"].startswith("application/json")


def test_the_signature_of_dingtalk(sender, message):
    with clock.travel(NOON):
        path, _, body = carry(sender, message, "dingtalk", secret="SECq")
        moment = int(clock.now().timestamp() * 1000)
    query = parse_qs(urlsplit(path).query)
    mark = hmac.new(b"SECq", f"{moment}\nSECq".encode(), hashlib.sha256).digest()
    assert query == {"key": ["k1"], "timestamp": [str(moment)], "sign": [base64.b64encode(mark).decode()]}
    assert json.loads(body)["msgtype"] == "text"


def test_the_plain_hook_is_signed(sender, message):
    with clock.travel(NOON):
        _, headers, body = carry(sender, message, "hook", secret="geheim")
    sent = json.loads(body)
    assert sent["id"] == "event:7" and sent["group"] == "other" and sent["level"] == "plain"
    moment = headers["X-Huiyin-Timestamp"]
    expected = hmac.new(b"geheim", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Huiyin-Signature"] == f"sha256={expected}" == robots.signature("geheim", moment, body)


def test_a_robot_that_says_no_has_failed(world, sender, message):
    with Hook(b'{"errcode": 310000, "errmsg": "sign not match"}', b"<html>") as hook:
        way = sender("dingtalk", url=hook.url)
        row, other = message(way, "k"), message(way, "o")
        outbox.deliver_due()
    assert Delivery.objects.get(pk=row.pk).last_error == "机器人不收：310000 sign not match"
    assert "看不懂" in Delivery.objects.get(pk=other.pk).last_error
