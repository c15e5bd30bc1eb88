"""Drafts: kept while typing, encrypted, one's own, gone when registered."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from huiyin.base.ids import uuid7
from huiyin.cases import drafts
from huiyin.cases.models import Attachment, Case, Draft
from huiyin.rules import clock
from tests.world import later

pytestmark = pytest.mark.django_db
TYPED = {
    "channel": "call",
    "description": "楼道灯坏了三天",
    "phone": "10000007777",
    "name": "宋婆婆",
    "group_size": "1",
}


@pytest.fixture
def clerk(client, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(world.clerk)
    return client


def save(client, draft, **more):
    return client.post(reverse("desk_draft_save", args=[draft]), {**TYPED, **more})


def photo(name="灯.jpg"):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def test_saves_and_goes_on(clerk):
    draft = uuid7()
    answer = save(clerk, draft)
    assert answer.json() == {"url": f"/desk/intake/{draft}/save/"}
    save(clerk, draft, description="楼道灯坏了四天")
    assert Draft.objects.count() == 1
    shown = clerk.get(reverse("desk_intake_draft", args=[draft])).text
    assert "楼道灯坏了四天" in shown and "10000007777" in shown and 'value="call" checked' in shown
    listed = clerk.get(reverse("desk_drafts")).text
    assert "楼道灯坏了四天" in listed and "来电" in listed


def test_row_holds_no_readable_word(clerk):
    save(clerk, uuid7())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text, content FROM cases_draft d")
        [(row, content)] = cursor.fetchall()
    for words in ("10000007777", "宋婆婆", "楼道灯"):
        assert words not in row
        assert words.encode() not in bytes(content)
        assert words.encode().hex() not in row


def test_tokens_and_buttons_are_not_kept(clerk):
    draft = uuid7()
    save(clerk, draft, do="register", csrfmiddlewaretoken="secret-token")
    assert set(drafts.content_of(Draft.objects.get(pk=draft))) == set(TYPED)


def test_survives_a_lost_session(clerk, world):
    draft = uuid7()
    save(clerk, draft)
    clerk.logout()
    assert save(clerk, draft).status_code == 302, "a signed-out save is sent to the door, not swallowed"
    clerk.force_login(world.clerk)
    assert "楼道灯坏了三天" in clerk.get(reverse("desk_intake_draft", args=[draft])).text


def test_autosave_of_a_lost_session_is_told_so(clerk):
    clerk.logout()
    answer = clerk.post(reverse("desk_draft_save", args=[uuid7()]), TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith("/sign-in/")


def test_is_nobody_elses(clerk, world):
    draft = uuid7()
    save(clerk, draft)
    other = Client()
    other.force_login(world.clerk_b)
    assert "楼道灯" not in other.get(reverse("desk_drafts")).text
    assert other.get(reverse("desk_intake_beside", args=[draft])).status_code == 404
    assert other.post(reverse("desk_draft_drop", args=[draft])).status_code == 404
    assert Draft.objects.filter(pk=draft).exists()


def test_files_come_with_the_form_and_bind_to_the_matter(clerk):
    draft = uuid7()
    address = reverse("desk_intake_draft", args=[draft])
    answer = clerk.post(address, {**TYPED, "description": "坏", "files": [photo()]})
    assert answer.status_code == 400 and "灯.jpg" in answer.text, (
        "the file is kept although the form was wrong"
    )
    clerk.post(address, {**TYPED, "files": [photo("信.jpg")]})
    case = Case.objects.get()
    assert set(case.attachments.values_list("name", flat=True)) == {"灯.jpg", "信.jpg"}
    assert not Draft.objects.exists()


def test_a_bad_file_is_refused_and_the_words_stay(clerk):
    bad = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = clerk.post(reverse("desk_intake_draft", args=[uuid7()]), {**TYPED, "files": [bad]})
    assert answer.status_code == 400 and "不是照片或 PDF" in answer.text and "楼道灯坏了三天" in answer.text
    assert not Case.objects.exists() and Draft.objects.count() == 1


def test_putting_aside_and_throwing_away(clerk):
    draft = uuid7()
    answer = clerk.post(
        reverse("desk_intake_draft", args=[draft]), {**TYPED, "do": "keep", "files": [photo()]}
    )
    assert answer.url == reverse("desk_drafts") and Attachment.objects.count() == 1
    clerk.post(reverse("desk_draft_drop", args=[draft]))
    assert not Draft.objects.exists() and not Attachment.objects.exists()


def test_saving_after_registering_makes_no_new_draft(clerk):
    draft = uuid7()
    clerk.post(reverse("desk_intake_draft", args=[draft]), TYPED)
    assert Case.objects.count() == 1
    assert save(clerk, draft).status_code == 409
    assert not Draft.objects.exists()


def test_too_long_is_told(clerk):
    answer = save(clerk, uuid7(), description="长" * 70_000)
    assert answer.status_code == 400 and "太长" in answer.text and not Draft.objects.exists()


def form(client, draft) -> dict:
    """What a window that opens the draft now sends along: when the draft that it shows was saved."""
    import re

    shown = client.get(reverse("desk_intake_draft", args=[draft])).text
    return {"seen": re.search(r'name="seen" value="([^"]*)"', shown)[1].replace("&#x2B;", "+")}


def test_two_windows_lose_nothing(clerk):
    draft = uuid7()
    save(clerk, draft, tab="one", seen="")
    two = form(clerk, draft)
    assert (
        save(clerk, draft, tab="two", description="楼道灯修好了又坏", **two)
        .json()["url"]
        .endswith(f"{draft}/save/")
    )
    moved = save(clerk, draft, tab="one", seen="", description="是三单元的灯").json()["url"]
    assert str(draft) not in moved, "the first window's words are kept apart from the second's"
    assert save(clerk, draft, tab="one", seen="", description="是三单元四楼的灯").json()["url"] == moved
    assert {json.loads(row.content)["description"] for row in Draft.objects.all()} == {
        "楼道灯修好了又坏",
        "是三单元四楼的灯",
    }


def test_the_same_window_and_a_reload_go_on_with_one_draft(clerk):
    draft = uuid7()
    save(clerk, draft, tab="one", seen="")
    save(clerk, draft, tab="one", seen="", description="楼道灯坏了四天")
    save(clerk, draft, tab="reloaded", description="楼道灯坏了五天", **form(clerk, draft))
    assert Draft.objects.count() == 1


def test_both_windows_sent_twice_make_two_matters(clerk):
    draft = uuid7()
    address = reverse("desk_intake_draft", args=[draft])
    save(clerk, draft, tab="one", seen="")
    two = form(clerk, draft)
    save(clerk, draft, tab="two", description="楼道灯修好了又坏", **two)
    first = {**TYPED, "tab": "one", "seen": "", "description": "是三单元四楼的灯"}
    one, again = clerk.post(address, first), clerk.post(address, first)
    assert one.url == again.url and Case.objects.count() == 1
    other = clerk.post(address, {**TYPED, "tab": "two", "description": "楼道灯修好了又坏", **two})
    assert other.url != one.url and Case.objects.count() == 2 and not Draft.objects.exists()


def test_words_typed_after_the_other_window_registered_are_kept(clerk):
    draft = uuid7()
    clerk.post(reverse("desk_intake_draft", args=[draft]), {**TYPED, "tab": "one", "seen": ""})
    same = save(clerk, draft, tab="two", seen="")
    assert same.status_code == 409 and not Draft.objects.exists()
    other = save(clerk, draft, tab="two", seen="", description="另一个人说水管爆了")
    assert other.status_code == 200 and Draft.objects.get().pk != draft


def test_old_drafts_are_announced_and_then_go(clerk, world):
    old, young = uuid7(), uuid7()
    with clock.travel(later(days=-24)):
        save(clerk, old, description="二十四天前的话")
        clerk.post(reverse("desk_intake_draft", args=[old]), {**TYPED, "do": "keep", "files": [photo()]})
    save(clerk, young, description="今天的话")
    shown = clerk.get(reverse("desk_drafts")).text
    assert shown.count("天就删") == 1 and "还有 29 天" in shown and "30 天没动过的自动删掉" in shown
    assert drafts.purge_old() == 0
    with clock.travel(later(days=7)):
        assert drafts.purge_old() == 1
    assert Draft.objects.get().pk == young and not Attachment.objects.exists()


def test_what_one_works_on_is_not_purged(clerk):
    draft = uuid7()
    with clock.travel(later(days=-40)):
        save(clerk, draft)
    save(clerk, draft, description="接着写")
    assert drafts.purge_old() == 0 and Draft.objects.exists()
