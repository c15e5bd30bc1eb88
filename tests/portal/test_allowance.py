"""What one address may do in an hour without an account: one count for the pages and the API."""

import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from huiyin.base.addresses import address_of
from huiyin.base.ids import tracking_code
from huiyin.cases import allowance
from huiyin.cases.models import Attachment, Case, PublicUse
from huiyin.rules import clock
from tests.portal.conftest import picture, words_of

pytestmark = pytest.mark.django_db
RAISE, UPLOAD, WRONG_CODE = allowance.RAISE, allowance.UPLOAD, allowance.WRONG_CODE


def used(use, count, client=None, **meta):
    """`count` of them by this address until now, without doing the work."""
    request = (client or Client()).get("/", **meta).wsgi_request
    for _ in range(count):
        allowance.note(request, use)


def post_case(client, description="楼下井盖松了，晚上很响", **meta):
    body = json.dumps({"description": description})
    return client.post("/api/v1/cases", body, content_type="application/json", **meta)


def test_wrong_codes_on_the_page_and_in_the_api_are_one_count(world, browser):
    code = world.register().tracking_code
    for number in range(allowance.MOST[WRONG_CODE]):
        path = "/track/{}/" if number % 2 else "/api/v1/tracking/{}"
        assert browser.get(path.format(tracking_code())).status_code == 404
    page, answer = browser.get(f"/track/{code}/"), browser.get(f"/api/v1/tracking/{code}")
    assert page.status_code == answer.status_code == 429
    assert "先停一停" in words_of(page) and "先停一停" in answer.json()["error"]
    other = browser.client.get(f"/api/v1/tracking/{code}", REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 200


def test_the_twenty_first_matter_waits_on_either_door(world, browser, client):
    with clock.travel("2026-11-18T09:06:20"):
        used(RAISE, allowance.MOST[RAISE] - 1)
        assert post_case(client).status_code == 201
        refused = post_case(client)
        said = refused.json()["error"]
        assert refused.status_code == 429 and "10:07 以后再交" in said and world.office.phone in said
        page = browser.raise_matter("第二十一件：路灯不亮了")
        assert page.status_code == 429 and "10:07 以后再交" in words_of(page)
        assert "路灯不亮了" in page.content.decode(), "what was typed is still there"
        assert Case.objects.count() == 1
    with clock.travel("2026-11-18T10:07:00"):
        assert browser.post("/raise/check/").url.startswith("/receipt/")
        assert not PublicUse.objects.filter(at__lt=clock.now() - allowance.SPAN).exists()


def test_what_was_refused_or_repeated_does_not_count(world, client):
    for _ in range(3):
        assert post_case(client, "短").status_code == 400
    for _ in range(3):
        answer = post_case(client, headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201
    assert PublicUse.objects.filter(use=RAISE).count() == 1


def test_the_sixty_first_file_waits_on_either_door(world, browser, client):
    used(UPLOAD, allowance.MOST[UPLOAD] - 1)
    assert client.post("/api/v1/uploads", {"file": picture()}).status_code == 201
    refused = client.post("/api/v1/uploads", {"file": picture()})
    assert refused.status_code == 429 and world.office.phone in refused.json()["error"]
    page = browser.post("/raise/", description="井盖松了，很响", photos=[picture()])
    assert page.status_code == 429
    assert re.search(r"\d\d:\d\d 以后再传", words_of(page)) and "井盖松了，很响" in words_of(page)
    assert Attachment.objects.count() == 1


def test_staff_are_not_counted(world, client):
    from huiyin.accounts.tokens import issue

    used(RAISE, allowance.MOST[RAISE])
    used(UPLOAD, allowance.MOST[UPLOAD])
    token = {"Authorization": f"Bearer {issue(world.clerk)}"}
    assert post_case(client, headers=token).status_code == 201
    assert client.post("/api/v1/uploads", {"file": picture()}, headers=token).status_code == 201


@pytest.mark.parametrize(
    ("no_limits", "meta", "status"),
    [
        (True, {}, 201),
        (False, {}, 429),
        (True, {"REMOTE_ADDR": "10.0.0.9"}, 429),
        (True, {"HTTP_X_FORWARDED_FOR": "10.0.0.9"}, 429),
    ],
)
def test_a_benchmark_is_let_off_on_this_machine_only(world, client, settings, no_limits, meta, status):
    used(RAISE, allowance.MOST[RAISE], client, **meta)
    settings.NO_LIMITS = no_limits
    assert post_case(client, **meta).status_code == status


@pytest.mark.parametrize(
    ("behind", "meta", "address"),
    [
        (False, {"HTTP_X_FORWARDED_FOR": "10.0.0.9"}, "127.0.0.1"),
        (True, {"HTTP_X_FORWARDED_FOR": "1.1.1.1, 10.0.0.9"}, "10.0.0.9"),
        (True, {"HTTP_X_FORWARDED_FOR": "10.0.0.9", "REMOTE_ADDR": "10.0.0.8"}, "10.0.0.8"),
        (True, {"HTTP_X_FORWARDED_FOR": "anything"}, "127.0.0.1"),
        (True, {}, "127.0.0.1"),
    ],
)
def test_an_address_is_believed_from_our_own_proxy_only(world, rf, settings, behind, meta, address):
    settings.BEHIND_PROXY = behind
    assert address_of(rf.get("/", **meta)) == address


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_slip_through_together(committed_world):
    used(RAISE, allowance.MOST[RAISE] - 2)
    start, statuses = threading.Barrier(6), []

    def post():
        try:
            start.wait()
            statuses.append(post_case(Client()).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 429} and len(statuses) == 6
    assert Case.objects.count() == statuses.count(201) <= 2


def test_the_address_itself_is_not_kept(world, client):
    used(WRONG_CODE, 1, client, REMOTE_ADDR="10.0.0.9")
    row = PublicUse.objects.get()
    assert "10.0.0.9" not in row.source and row.at - clock.now() < timedelta(minutes=1)
