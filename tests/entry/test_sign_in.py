"""Signing in and out: the right page, the audit trail, the lock after five failures."""

import pytest
from django.test import Client

from huiyin.accounts.models import User
from huiyin.audit.models import AuditRecord
from huiyin.rules import clock
from tests.world import later

pytestmark = pytest.mark.django_db
SECRET = "gulou-qiao-3-dong"


@pytest.fixture
def clerk(world):
    user = world.clerk
    user.set_password(SECRET)
    user.save()
    return user


def post(client, username="clerk", password=SECRET, **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_page_opens_and_signs_in(client, clerk):
    page = client.get("/sign-in/")
    assert page.status_code == 200 and "工作人员登录" in page.text
    before = client.session.session_key
    answer = post(client)
    assert answer.status_code == 302 and answer.url == "/desk/"
    assert client.session.session_key != before
    row = AuditRecord.objects.get(action="登录")
    assert (row.actor, row.address, row.subject) == (clerk, "127.0.0.1", "账号 clerk")


def test_session_key_changes_at_the_door(client, clerk):
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    post(client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("/desk/inbox/", "/desk/inbox/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("/sign-out/", "/desk/"),
    ],
)
def test_goes_only_to_pages_of_this_site(client, clerk, goal, expected):
    assert post(client, next=goal).url == expected


def test_wrong_password_is_told_kept_and_counted(client, clerk):
    answer = post(client, password="no")
    assert answer.status_code == 403 and "再错 4 次" in answer.text and 'value="clerk"' in answer.text
    assert SECRET not in answer.text
    row = AuditRecord.objects.get(action="登录失败")
    assert row.outcome == "失败" and row.address == "127.0.0.1"


def test_empty_fields_are_named(client, clerk):
    answer = post(client, username="", password="")
    assert answer.status_code == 400 and "请填登录名" in answer.text and "请填密码" in answer.text
    assert not AuditRecord.objects.filter(action="登录失败").exists()


def test_a_password_typed_as_name_is_not_written_down(client, clerk):
    post(client, username=SECRET, password="x")
    assert SECRET not in AuditRecord.objects.get(action="登录失败").subject


def test_five_failures_lock_this_name_from_this_address_for_a_quarter(client, clerk):
    for _ in range(5):
        answer = post(client, password="no")
    assert answer.status_code == 429 and "之后再试" in answer.text
    assert post(client).status_code == 429, "the right password does not open a locked door"
    assert post(Client()).status_code == 429, "another session is the same address"
    assert post(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302, "another address is not locked"
    with clock.travel(later(minutes=14)):
        assert post(Client()).status_code == 429
    with clock.travel(later(minutes=16)):
        assert post(client).status_code == 302


def test_unknown_names_lock_in_the_same_way(client, clerk):
    answers = [post(client, username="nobody", password="no") for _ in range(5)]
    assert [a.status_code for a in answers] == [403] * 4 + [429]


def test_success_starts_the_count_again(client, clerk):
    for _ in range(4):
        post(client, password="no")
    assert post(client).status_code == 302
    client.post("/sign-out/")
    assert "再错 4 次" in post(client, password="no").text


def test_a_made_up_forwarding_header_does_not_reset_the_count(client, clerk):
    for n in range(5):
        client.post(
            "/sign-in/", {"username": "clerk", "password": "no"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )
    assert post(client).status_code == 429


def test_blocked_account_does_not_get_in(client, clerk):
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert post(client).status_code == 403


def test_sign_out_is_a_post_and_is_audited(client, clerk):
    post(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert AuditRecord.objects.filter(action="退出登录", actor=clerk).exists()
    assert client.get("/desk/inbox/").status_code == 302


def test_without_a_post_there_is_a_clear_page(client, clerk):
    clerk.posts.update(end_on=clock.today())
    assert post(client).url == "/sign-in/no-post/"
    assert "没有在任的岗位" in client.get("/sign-in/no-post/").text


def test_signed_in_already_goes_on(client, clerk):
    post(client)
    assert client.get("/sign-in/?next=/desk/inbox/").url == "/desk/inbox/"


def change(client, old=SECRET, new="xin-de-mi-ma-77", again="xin-de-mi-ma-77"):
    return client.post("/password/", {"old": old, "new": new, "again": again})


def test_password_change_keeps_this_session_and_ends_others(client, clerk):
    other = Client()
    post(client), post(other)
    assert change(client).url == "/desk/"
    assert client.get("/password/").status_code == 200
    assert other.get("/password/").status_code == 302
    assert post(Client(), password="xin-de-mi-ma-77").status_code == 302
    assert AuditRecord.objects.filter(action="改密码", actor=clerk).count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": "wrong"}, "现在的密码不对"),
        ({"again": "other"}, "两遍不一样"),
        ({"new": "short", "again": "short"}, "10"),
        ({"new": SECRET, "again": SECRET}, "和现在的一样"),
    ],
)
def test_password_change_says_what_is_wrong(client, clerk, given, words):
    post(client)
    answer = change(client, **given)
    assert answer.status_code == 400 and words in answer.text
    clerk.refresh_from_db()
    assert clerk.check_password(SECRET)


def test_password_page_needs_an_account(client):
    assert client.get("/password/").url.startswith("/sign-in/")
