"""Uploads: judged by content, without metadata, seen only by those who see the matter; orphans go."""

import io
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huiyin.base import pictures
from huiyin.base.refusal import Refusal
from huiyin.cases import attachments
from huiyin.cases.models import Attachment
from huiyin.rules import clock
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(name="现场.jpg", form="JPEG", size=(64, 48), tail=b"", **more):
    out = io.BytesIO()
    Image.new("RGB", size, "#887766").save(out, form, **more)
    return SimpleUploadedFile(name, out.getvalue() + tail)


def bound(world, upload, case=None):
    case = case or bring(world, "in_hand")
    row = attachments.store(upload, world.office, by=world.handler)
    case.record(by=world.handler, act="work", text="附照片", attachments=[row])
    return case, Attachment.objects.get(pk=row.pk)


def test_place_and_device_do_not_survive(world):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "某牌手机", 6
    exif.get_ifd(0x8825)[2] = (27.0, 30.0, 1.0)
    row = attachments.store(picture(size=(80, 40), exif=exif, comment=b"secret"), world.office)
    kept = Image.open(attachments.file_of(row))
    assert not kept.getexif() and "comment" not in kept.info
    assert kept.size == (40, 80)  # turned the right way before the turn was forgotten


def test_a_picture_with_something_behind_it_loses_it(world):
    row = attachments.store(picture(tail=b"<script>alert(1)</script>PK\x03\x04"), world.office)
    raw = attachments.file_of(row).read_bytes()
    assert b"<script" not in raw and b"PK\x03\x04" not in raw and row.size_bytes == len(raw)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<html><script>1</script>"),
        ("a.pdf", b"<html>%PDF-1.4 %%EOF"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.jpg", b"\xff\xd8\xff\xe0 broken"),
        ("a.pdf", b"%PDF-1.4 cut off"),
        ("a.jpg", b""),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused(world, folder, name, content):
    with pytest.raises(Refusal) as refused:
        attachments.store(SimpleUploadedFile(name, content), world.office)
    assert refused.value.status == 400 and name in refused.value.message and "请" in refused.value.message
    assert not Attachment.objects.exists() and not [path for path in folder.rglob("*") if path.is_file()]


def test_too_big_is_refused_before_it_is_read(world):
    with pytest.raises(Refusal, match="10 MB"):
        attachments.store(SimpleUploadedFile("a.pdf", PDF + b" " * attachments.MOST_BYTES), world.office)
    bomb = picture("a.png", "PNG", size=(9000, 6000))
    with pytest.raises(Refusal, match="尺寸太大"):
        attachments.store(bomb, world.office)


def test_only_the_program_may_read_the_file(world, folder):
    row = attachments.store(picture("../../etc/x<b>.jpg"), world.office, by=world.clerk)
    path = attachments.file_of(row)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.is_relative_to(folder)
    assert path.relative_to(folder).parts[0] == world.office.code and "etc" not in row.path
    assert row.name == "x<b>.jpg" and len(row.sha256) == 64
    small = Image.open(attachments.small_of(row))
    assert max(small.size) <= pictures.SMALL_SIDE


def test_large_pictures_are_made_smaller(world):
    row = attachments.store(picture(size=(4000, 1000)), world.office)
    assert Image.open(attachments.file_of(row)).size == (2560, 640)


def test_a_file_is_for_those_who_see_the_matter(client, world):
    case, row = bound(world, picture("<b>名.html"))
    client.force_login(world.clerk)
    answer = client.get(f"/desk/files/{row.pk}/")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline") and ".html" not in answer["Content-Disposition"]
    assert answer["Cache-Control"].startswith("private")
    small = b"".join(client.get(f"/desk/files/{row.pk}/?small").streaming_content)
    assert Image.open(io.BytesIO(small)).format == "JPEG"
    client.force_login(world.outsider)
    assert client.get(f"/desk/files/{row.pk}/").status_code == 404
    client.logout()
    assert client.get(f"/desk/files/{row.pk}/").status_code == 302
    assert client.post(f"/desk/files/{row.pk}/").status_code in (302, 405)


def test_a_waiting_file_is_for_its_uploader(client, world):
    row = attachments.store(SimpleUploadedFile("信.pdf", PDF), world.office, by=world.clerk)
    client.force_login(world.clerk)
    assert b"".join(client.get(f"/desk/files/{row.pk}/").streaming_content) == PDF
    client.force_login(world.clerk_b)
    assert client.get(f"/desk/files/{row.pk}/").status_code == 404


def test_orphans_go_after_a_day_and_nothing_else(world, folder):
    old = clock.now() - timedelta(days=2)
    with clock.travel(old):
        case, kept = bound(world, picture())
        lost = attachments.store(picture(), world.office, by=world.clerk)
    fresh = attachments.store(picture(), world.office, by=world.clerk)
    lost_path = attachments.file_of(lost)
    assert attachments.purge_orphans() == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {kept.pk, fresh.pk}
    assert not lost_path.exists() and attachments.file_of(kept).exists()
    assert len([path for path in Path(folder).rglob("*") if path.is_file()]) == 4
    assert attachments.purge_orphans() == 0
