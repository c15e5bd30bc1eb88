"""A photograph of where a notice hangs: kept without metadata, replaced by a newer one, seen by the office only."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huiyin.base.ids import uuid7
from huiyin.grids import photos, postings
from huiyin.grids.models import NoticePosting
from huiyin.rules import clock
from tests.grids.conftest import text

pytestmark = pytest.mark.django_db
GRID = "/desk/grids/of/990109009001001/"


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(colour="#b9c1bd", name="墙.jpg"):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "某牌手机"
    Image.new("RGB", (800, 600), colour).save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def hang(desk, **more):
    data = {"hang-key": str(uuid7()), "hang-place": "北门公告栏", "hang-on": str(clock.today()), **more}
    return desk("clerk", GRID + "hang/", data)


def test_it_is_kept_without_metadata_and_shown(world, desk):
    assert hang(desk, **{"hang-photo": picture()}).status_code == 302
    row = NoticePosting.objects.get()
    kept = Image.open(photos.place_of(row))
    assert not kept.getexif() and max(Image.open(photos.place_of(row, small=True)).size) <= 288
    address = f"/desk/grids/notices/{row.pk}/photo/"
    assert address in text(desk("clerk", GRID)) and address in text(desk("clerk", "/desk/grids/notices/"))
    answer = desk("handler", address)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert desk("outsider", address).status_code == 404 or world.outsider.office_id == world.office.pk


def test_what_is_no_photo_is_refused_and_nothing_is_kept(world, desk):
    answer = hang(desk, **{"hang-photo": SimpleUploadedFile("墙.jpg", b"<script>", "image/jpeg")})
    assert answer.status_code == 400 and "JPG、PNG 或 WebP" in text(answer) and "北门公告栏" in text(answer)
    assert not NoticePosting.objects.exists()


def test_renewed_with_a_newer_one_the_former_goes(world, desk, django_capture_on_commit_callbacks):
    with clock.travel(clock.now() - timedelta(days=30)):
        row = postings.hang(world.east_grid, by=world.clerk, place="门口", on=clock.today(), photo=picture())
    former = photos.place_of(row)
    renew = f"/desk/grids/notices/{row.pk}/renew/"
    with django_capture_on_commit_callbacks(execute=True):
        assert desk("clerk", renew, {"on": str(clock.today())}).status_code == 302
    assert former.exists(), "a renewal without a photo keeps the one there is"
    with django_capture_on_commit_callbacks(execute=True):
        given = {"on": str(clock.today()), "photo": picture("#8a8478")}
        assert desk("clerk", renew, given).status_code == 302
    row.refresh_from_db()
    assert photos.place_of(row).exists() and photos.place_of(row) != former and not former.exists()


def test_without_a_photo_there_is_none(world, desk):
    assert hang(desk).status_code == 302
    assert desk("clerk", f"/desk/grids/notices/{NoticePosting.objects.get().pk}/photo/").status_code == 404
