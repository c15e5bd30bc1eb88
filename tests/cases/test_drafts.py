"""Drafts: kept while typing, encrypted, one's own, gone when registered."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from huiyin.base.ids import uuid7
from huiyin.cases import drafts
from huiyin.cases.models import Attachment, Case, Draft

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
