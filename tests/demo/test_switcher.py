"""The post switcher: there on loopback in a demo world, and nowhere else – each condition on its own."""

import pytest

from huiyin.accounts.models import Office, User
from huiyin.audit.models import AuditRecord
from huiyin.demo import switching

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(world, settings, monkeypatch):
    """The small world taken as the demo one, with the switcher on."""
    settings.SWITCHER, settings.WORLD = True, "demo"
    monkeypatch.setattr(switching, "read", lambda name: {"office": {"code": world.office.code}})
    return world


def ask(client, **meta):
    return client.get("/demo/", **{"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", **meta})


def enter(client, user, **meta):
    return client.post(
        f"/demo/switch/{user.pk}/", **{"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", **meta}
    )


def test_signs_in_as_any_post_on_this_machine(client, demo):
    page = ask(client)
    assert page.status_code == 200 and "综合执法队" in page.text
    answer = enter(client, demo.handler)
    assert answer.status_code == 302 and answer.url == "/desk/"
    assert client.session["_auth_user_id"] == str(demo.handler.pk)
    assert AuditRecord.objects.filter(
        action="换岗位（演示）", actor=demo.handler, address="127.0.0.1"
    ).exists()


def test_switching_leaves_nothing_of_the_former_session(client, demo):
    enter(client, demo.clerk)
    session = client.session
    session["planted"] = "1"
    session.save()
    enter(client, demo.handler)
    assert "planted" not in client.session


ELSEWHERE = [
    {"REMOTE_ADDR": "192.168.1.20"},
    {"REMOTE_ADDR": ""},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_VIA": "1.1 proxy"},
    {"HTTP_HOST": "huiyin.example.test"},
]


@pytest.mark.parametrize("meta", ELSEWHERE, ids=lambda meta: next(iter(meta)))
def test_is_not_there_for_requests_from_elsewhere(client, demo, settings, meta):
    settings.ALLOWED_HOSTS = ["*"]
    assert ask(client, **meta).status_code == 404
    assert enter(client, demo.handler, **meta).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("switcher", "world_name"), [(False, "demo"), (True, "none"), (False, "none")])
def test_is_not_there_unless_switched_on_in_a_demo_world(client, demo, settings, switcher, world_name):
    settings.SWITCHER, settings.WORLD = switcher, world_name
    assert ask(client).status_code == 404
    assert enter(client, demo.handler).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "/demo/" not in client.get("/sign-in/").text


def test_users_of_another_office_cannot_be_entered(client, demo):
    other = Office.objects.create(
        code="990102001", name="别处街道", short_name="别处", centre_name="别处中心", document_mark="别",
        phone="0000-600 0001", address="二号路 1 号", hours="每天",
    )  # fmt: skip
    user = User.objects.create(username="bie.chu", name="别初", office=other)
    assert enter(client, user).status_code == 404


def test_without_a_demo_office_nobody_can_be_entered(client, demo, monkeypatch):
    monkeypatch.setattr(switching, "read", lambda name: {"office": {"code": "000000000"}})
    assert enter(client, demo.handler).status_code == 404
    homeless = User.objects.create(username="wu.ju", name="吴居", office=None)
    assert enter(client, homeless).status_code == 404


def test_switching_is_a_post(client, demo):
    assert client.get(f"/demo/switch/{demo.clerk.pk}/", HTTP_HOST="localhost").status_code == 405


@pytest.mark.parametrize("text", ["综合执法", "zonghe", "zhzf", "经办人", "handler"])
def test_finds_posts_by_word_pinyin_and_initials(client, demo, text):
    page = client.get("/demo/", {"q": text}, HTTP_HOST="localhost").text
    assert "综合执法队" in page and "西社区服务站" not in page


def test_the_account_menu_leads_there_only_when_it_is_open(client, demo, settings):
    assert "/demo/" in client.get("/sign-in/", HTTP_HOST="localhost").text
    assert "/demo/" not in client.get("/sign-in/", HTTP_X_FORWARDED_FOR="10.1.1.1").text
