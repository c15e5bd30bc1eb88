"""设置 › 消息通道: set up, try, repair, send again; secrets never shown; administrators only."""

import pytest

from huiyin.audit.models import AuditRecord
from huiyin.cases.intake import Person
from huiyin.notices import outbox
from huiyin.notices.models import Delivery, Sender
from huiyin.rules import clock
from tests.cases.walks import bring
from tests.notices.gateway import Hook, closed_port, post_office

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/messages/"


@pytest.fixture
def admin(client, world):
    client.force_login(world.admin)
    return client


def test_from_the_card_to_a_robot_that_works(admin, world):
    assert "消息通道" in admin.get("/desk/settings/").text
    assert "还没有往外发的通道" in admin.get(PAGE).text
    with Hook() as hook:
        form = {"name": "执法群", "url": hook.url, "organisation": world.enforcement.pk}
        assert admin.post(f"{PAGE}new/wecom/", form).status_code == 302
        way = Sender.objects.get()
        assert way.url == hook.url and way.organisation == world.enforcement
        shown = admin.post(f"{PAGE}{way.pk}/test/", follow=True).text
        assert "通了，对方收下了测试消息" in shown and "测试消息" in hook.bodies[0]
        for page in (PAGE, f"{PAGE}{way.pk}/"):
            assert "key=k1" not in admin.get(page).text, "the address is a key"
    assert AuditRecord.objects.filter(action__in=["设消息通道", "试消息通道"]).count() == 2


def test_secrets_lie_encrypted_and_stay_when_not_typed_again(admin, world):
    from django.db import connection

    admin.post(
        f"{PAGE}new/dingtalk/", {"name": "群", "url": "https://robot.example/x?token=t0k", "secret": "SECabc"}
    )
    way = Sender.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(s)::text from notices_sender s")
        raw = cursor.fetchone()[0]
    assert "SECabc" not in raw and "t0k" not in raw
    page = admin.get(f"{PAGE}{way.pk}/").text
    assert "SECabc" not in page and "t0k" not in page and "已存，不再显示" in page
    admin.post(f"{PAGE}{way.pk}/", {"name": "新名字", "url": "", "secret": ""})
    way.refresh_from_db()
    assert way.name == "新名字" and way.secret == "SECabc" and way.url.endswith("t0k")
    admin.post(f"{PAGE}{way.pk}/", {"name": "新名字", "forget_secret": "on"})
    way.refresh_from_db()
    assert way.secret == ""
    assert "SECabc" not in str(list(AuditRecord.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://robot.example/", "https"),
        ("robot.example", "https"),
        ("", "必填"),
        ("https://u:p@robot.example/", "用户名"),
    ],
)
def test_wrong_addresses_come_back_with_what_was_typed(admin, url, words):
    answer = admin.post(f"{PAGE}new/wecom/", {"name": "群", "url": url})
    assert answer.status_code == 400 and words in answer.text and 'value="群"' in answer.text
    assert not Sender.objects.exists()


def test_an_address_inside_is_refused_when_sending(admin, world, settings):
    settings.PRIVATE_WEBHOOKS = False
    admin.post(f"{PAGE}new/hook/", {"name": "群", "url": "https://localhost:9/x"})
    shown = admin.post(f"{PAGE}{Sender.objects.get().pk}/test/", follow=True).text
    assert "不通" in shown and "内部网络" in shown


def test_the_pattern_of_a_gateway_is_checked(admin):
    good = {"name": "短信", "url": "https://sms.example/", "secret": "s"}
    for body, words in (
        ("{", "不是 JSON"),
        ('{"a": "{text}"}', "{phone}"),
        ('{"a": "{phone}{text}{x}"}', "不认得 x"),
    ):
        answer = admin.post(f"{PAGE}new/sms/", {**good, "body": body})
        assert answer.status_code == 400 and words in answer.text.replace("&quot;", '"'), body
    assert (
        admin.post(
            f"{PAGE}new/sms/", {**good, "body": '{"m": "{phone}", "c": "{text}"}', "ok": "code=0"}
        ).status_code
        == 302
    )
    assert (
        admin.post(
            f"{PAGE}new/sms/", {**good, "name": "又一个", "body": '{"m": "{phone}", "c": "{text}"}'}
        ).status_code
        == 409
    )


def test_trying_mail_and_text_message_needs_an_address(admin, world, sender, settings):
    with post_office() as (post, settings.MAIL):
        way = sender("mail")
        assert admin.post(f"{PAGE}{way.pk}/test/").status_code == 400
        shown = admin.post(f"{PAGE}{way.pk}/test/", {"address": "lin@street.example"}, follow=True).text
        assert "通了" in shown and post.mails[0].rcpt_tos == ["lin@street.example"]
        shown = admin.post(f"{PAGE}{way.pk}/test/", {"address": "nobody@street.example"}, follow=True).text
        assert "不收这个地址（550）" in shown


def test_a_failing_way_is_seen_and_repaired(admin, world, sender, message):
    moment = clock.local("2026-03-02T09:00:00")
    with clock.travel(moment):
        way = sender("hook", "街道群", url=f"http://127.0.0.1:{closed_port()}/")
        rows = [message(way, f"k{n}", text="不该看到的正文") for n in range(3)]
    for minute in (0, 1, 7):
        with clock.travel(moment.replace(minute=minute)):
            outbox.deliver_due()
    with clock.travel(moment.replace(minute=8)), Hook() as hook:
        page = admin.get(PAGE).text
        assert "1 个通道不通" in page and "对方不接受连接" in page and "不该看到的正文" not in page
        assert "1 个通道不通" in admin.get("/desk/settings/").text
        admin.post(f"{PAGE}{way.pk}/", {"name": "街道群", "url": hook.url})
        outbox.deliver_due()
        assert hook.keys == ["k0", "k1", "k2"]
        page = admin.get(PAGE).text
        assert "个通道不通" not in page and "都发出去了" in page
        assert (
            "k0" not in page
            and Delivery.objects.filter(pk__in=[row.pk for row in rows], state="sent").count() == 3
        )


def test_what_was_given_up_is_sent_again_or_dropped_with_a_reason(admin, world, sender, message):
    with Hook(400, 400) as hook:
        way = sender("hook", url=hook.url)
        row, other = message(way, "k"), message(way, "o")
        outbox.deliver_due()
        assert "没发成" in admin.get(f"{PAGE}?tab=given_up").text
        assert admin.post(f"{PAGE}{other.pk}/drop/", {"note": ""}).status_code == 400
        admin.post(f"{PAGE}{other.pk}/drop/", {"note": "会已经开完"})
        admin.post(f"{PAGE}again/", {"way": "robot"})
        outbox.deliver_due()
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.state == "sent" and (other.state, other.note) == ("dropped", "会已经开完")
    assert "会已经开完" in admin.get(f"{PAGE}?tab=ended").text


def test_lists_are_pages_and_ask_little(admin, world, sender, message, django_assert_max_num_queries):
    way = sender("hook", url="https://robot.example/")
    for number in range(60):
        message(way, f"k{number}", state="given_up", last_error="x")
    with django_assert_max_num_queries(18):
        page = admin.get(f"{PAGE}?tab=given_up")
    assert len(page.context["deliveries"]) == 50
    second = admin.get(f"{PAGE}?tab=given_up&after={page.context['more']}")
    assert len(second.context["deliveries"]) == 10 and second.context["more"] is None
    assert admin.get(f"{PAGE}?tab=given_up&after=x").status_code == 200


@pytest.mark.parametrize("name", ["clerk", "director", "handler", "auditor"])
def test_not_for_other_posts(client, world, sender, name):
    way = sender("hook", url="https://robot.example/")
    client.force_login(getattr(world, name))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{way.pk}/test/").status_code == 403
    assert client.post(f"{PAGE}{way.pk}/switch/", {"on": "0"}).status_code == 403


def test_another_office_is_not_there(admin, world):
    from huiyin.accounts.models import Office

    other = Office.objects.create(
        code="990101008", name="另一街道", short_name="另街", centre_name="中心", document_mark="另", phone="0", address="x", hours="x"
    )  # fmt: skip
    way = Sender.objects.create(
        office=other, transport="hook", name="群", url="https://a.example/", created_at=clock.now()
    )
    assert admin.get(f"{PAGE}{way.pk}/").status_code == 404
    assert admin.post(f"{PAGE}{way.pk}/switch/", {"on": "0"}).status_code == 404


def test_the_page_opens_where_something_went_wrong(world, client):
    """Three that were handed back and nothing that is being tried: not a word of "all sent"."""
    bring(world, "in_hand", reply_by="sms", persons=[Person(name="何阿姨", phone="10000001234")])
    client.force_login(world.admin)
    page = client.get("/desk/settings/messages/").text
    assert "街道没有设短信通道" in page and '<a href="?tab=given_up" aria-current="page">' in page
    page = client.get("/desk/settings/messages/?tab=failed").text
    assert "别的几栏里有没发成的" in page
    assert "都发出去了" not in page
