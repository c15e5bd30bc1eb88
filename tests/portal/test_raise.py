"""Three steps to say what is the matter: each keeps what was typed, one draft makes one matter."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from huiyin.cases.models import Attachment, Case
from huiyin.people.models import Party
from huiyin.portal.models import RaiseDraft
from huiyin.publications.models import Objection
from huiyin.reception.models import ServiceUse
from huiyin.rules import clock
from tests.portal.conftest import picture, words_of

pytestmark = pytest.mark.django_db

NAMED = {"reply_by": "phone", "phone": "10000004321", "name": "丁小禾", "address": "槐荫里3幢501"}


def test_three_steps_make_one_matter_and_a_receipt(world, browser):
    answer = browser.raise_matter(reach=NAMED)
    case = Case.objects.get()
    assert answer.status_code == 302 and answer.url == f"/receipt/{case.tracking_code}/"
    assert (case.channel, case.state, case.kind, case.reply_by) == (
        "web",
        "received",
        "city_problem",
        "phone",
    )
    assert case.area == world.east_grid and case.place == "槐荫里 3 幢门口"
    party = Party.objects.get()
    assert (party.name, party.phone, party.address) == ("丁小禾", "10000004321", "槐荫里3幢501")


def test_an_anonymous_person_needs_no_telephone(world, browser):
    browser.raise_matter(reach={"reply_by": "web"})
    case = Case.objects.get()
    assert case.is_anonymous and not case.parties.exists()


def test_handing_in_twice_makes_one_matter(world, browser):
    first = browser.raise_matter()
    again = browser.post("/raise/check/")
    assert again.status_code == 302 and again.url == first.url
    assert Case.objects.count() == 1


def test_handing_in_from_two_windows_makes_one_matter(world, browser):
    """The second press comes before the first is noted in the draft."""
    browser.raise_matter()
    draft = RaiseDraft.objects.get()
    draft.content = json.dumps(
        {
            "what": {"description": "楼下井盖松了，晚上车一过就响。"},
            "where": {"place": "门口"},
            "reach": {"reply_by": "web"},
        }
    )
    draft.save()
    assert browser.post("/raise/check/").url == f"/receipt/{Case.objects.get().tracking_code}/"


def test_after_handing_in_a_new_matter_starts_empty(world, browser):
    browser.raise_matter("第一件：路灯不亮")
    assert "第一件" not in browser.get("/raise/").content.decode()
    browser.raise_matter("第二件：垃圾没人收")
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "text,says", [("", "还没写是什么事"), ("坏", "至少 4 个字"), ("长" * 20001, "2 万字")]
)
def test_step_one_keeps_what_was_typed_and_says_what_to_do(world, browser, text, says):
    answer = browser.post("/raise/", description=text)
    page = answer.content.decode()
    assert answer.status_code == 400 and says in page and text in page


def test_going_back_loses_nothing(world, browser):
    browser.post("/raise/", description="楼下井盖松了，晚上车一过就响。")
    answer = browser.post("/raise/where/", place="槐荫里那边", back="1")
    assert answer.url == "/raise/"
    assert "井盖松了" in browser.get("/raise/").content.decode()
    assert "槐荫里那边" in browser.get("/raise/where/").content.decode()
    browser.post("/raise/reach/", **NAMED, back="1")
    assert "10000004321" in browser.get("/raise/reach/").content.decode()


def test_step_two_asks_for_some_place(world, browser):
    browser.post("/raise/", description="楼下井盖松了")
    answer = browser.post("/raise/where/", place="  ")
    assert answer.status_code == 400 and "请写个地方" in answer.content.decode()


def test_step_two_shows_the_grid_of_a_place(world, browser):
    browser.post("/raise/", description="楼下井盖松了")
    said = words_of(browser.post("/raise/where/", place="槐荫里 3 幢", look="1"))
    assert "东社区 东社区 01 网格" in said
    assert "认不出是哪个网格" in words_of(browser.post("/raise/where/", place="天边", look="1"))


@pytest.mark.parametrize("place", ["槐荫里3幢", "槐荫里 3 幢门口", "槐荫里门口的路上"])
def test_a_compound_without_its_building_is_found_too(world, browser, place):
    browser.post("/raise/", description="楼下井盖松了")
    assert "东社区 01 网格" in words_of(browser.post("/raise/where/", place=place, look="1"))


def test_the_point_of_the_phone_finds_the_grid(world, browser):
    browser.post("/raise/", description="楼下井盖松了")
    browser.post("/raise/where/", place="", lon="118.015", lat="27.005")
    browser.post("/raise/reach/", reply_by="web")
    browser.post("/raise/check/")
    case = Case.objects.get()
    assert case.area == world.west_grid and case.lon == 118.015


def test_a_broken_point_is_left_out(world, browser):
    browser.post("/raise/", description="楼下井盖松了")
    assert browser.post("/raise/where/", place="门口", lon="abc", lat="999").url == "/raise/reach/"
    browser.post("/raise/reach/", reply_by="web")
    browser.post("/raise/check/")
    assert Case.objects.get().lon is None


@pytest.mark.parametrize("grid", ["不是网格", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_grid_is_refused_in_words(world, browser, grid):
    browser.post("/raise/", description="楼下井盖松了")
    answer = browser.post("/raise/where/", place="门口", grid=grid)
    assert answer.status_code == 400 and "没有这个网格" in answer.content.decode()


@pytest.mark.parametrize(
    "reach,says",
    [
        ({}, "请选一种回话的办法"),
        ({"reply_by": "phone"}, "请留个号码"),
        ({"reply_by": "letter", "name": "丁小禾"}, "请留地址"),
        ({"reply_by": "visit"}, "请留住址或电话"),
        ({"reply_by": "web", "phone": "打我手机"}, "看着不对"),
        ({"reply_by": "pigeon"}, "请从这几种里选一种"),
    ],
)
def test_step_three_says_what_is_missing_and_keeps_the_rest(world, browser, reach, says):
    browser.post("/raise/", description="楼下井盖松了")
    browser.post("/raise/where/", place="门口")
    answer = browser.post("/raise/reach/", **reach)
    page = answer.content.decode()
    assert answer.status_code == 400 and says in page
    assert reach.get("name", "") in page and reach.get("phone", "") in page


@pytest.mark.parametrize("path", ["/raise/where/", "/raise/reach/", "/raise/check/"])
def test_a_later_step_without_the_first_leads_to_the_first(world, browser, path):
    assert browser.get(path).url == "/raise/"
    assert browser.post(path, place="x").url == "/raise/"


def test_the_check_page_leads_to_the_step_that_is_missing(world, browser):
    browser.post("/raise/", description="楼下井盖松了")
    assert browser.get("/raise/check/").url == "/raise/where/"
    browser.post("/raise/where/", place="门口")
    assert browser.get("/raise/check/").url == "/raise/reach/"


def test_personal_data_lies_nowhere_in_clear(world, browser):
    browser.post("/raise/", description="丁小禾家楼下井盖松了")
    browser.post("/raise/where/", place="槐荫里3幢501")
    browser.post("/raise/reach/", **NAMED)
    cookies = str(browser.client.cookies)
    with connection.cursor() as cursor:
        cursor.execute("select content from portal_raisedraft")
        draft = bytes(cursor.fetchone()[0])
        cursor.execute("select count(*) from django_session")
        assert cursor.fetchone()[0] == 0
    for secret in ("丁小禾", "10000004321", "槐荫里3幢501"):
        assert secret.encode() not in draft and secret not in cookies


def test_what_was_typed_is_gone_after_handing_in(world, browser):
    browser.raise_matter(reach=NAMED)
    assert "丁小禾" not in RaiseDraft.objects.get().content


def test_a_draft_of_another_browser_cannot_be_read(world, browser, client):
    browser.post("/raise/", description="楼下井盖松了，别人看不到")
    client.cookies["raise"] = str(RaiseDraft.objects.get().pk)
    assert "别人看不到" not in client.get("/raise/").content.decode()


def test_a_draft_and_its_photos_are_gone_after_a_day(world, browser, client, settings):
    browser.post("/raise/", description="楼下井盖松了", photos=picture(), add="1")
    path = Path(settings.MEDIA_ROOT) / Attachment.objects.get().path
    assert path.exists()
    with clock.travel(clock.now() + timedelta(days=1, minutes=1)):
        client.get("/raise/")
        assert not RaiseDraft.objects.exists() and not Attachment.objects.exists()
        assert not path.exists()


def test_photos_come_along_without_their_metadata(world, browser, settings):
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "某牌手机", "2026:11:11 11:11:11"
    browser.raise_matter(photos=[picture(exif=exif.tobytes()), picture("二.png", "PNG")])
    first, second = Case.objects.get().attachments.order_by("uploaded_at")
    assert first.is_from_person and first.event.verb == "register"
    assert (first.content_type, second.content_type) == ("image/jpeg", "image/png")
    stored = Image.open(Path(settings.MEDIA_ROOT) / first.path)
    assert not stored.getexif() and stored.size == (60, 40)


@pytest.mark.parametrize(
    "upload,says",
    [
        (SimpleUploadedFile("照片.jpg", b"MZ\x90\x00 not a picture", "image/jpeg"), "不是照片或 PDF"),
        (SimpleUploadedFile("页.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"), "不是照片或 PDF"),
        (SimpleUploadedFile("空.jpg", b"", "image/jpeg"), "是空的"),
        (
            SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024), "image/jpeg"),
            "超过 10 MB",
        ),
    ],
)
def test_a_file_that_is_no_photo_is_refused_and_the_words_stay(world, browser, upload, says):
    answer = browser.post("/raise/", description="楼下井盖松了", photos=[picture(), upload])
    page = answer.content.decode()
    assert answer.status_code == 400 and says in page and "楼下井盖松了" in page
    assert Attachment.objects.count() == 1 and "井盖.jpg" in page


def test_six_photos_are_the_most(world, browser):
    answer = browser.post(
        "/raise/", description="楼下井盖松了", photos=[picture(f"{n}.jpg") for n in range(7)]
    )
    assert answer.status_code == 400 and "最多 6 张，“6.jpg”没有收" in answer.content.decode()
    assert Attachment.objects.count() == 6


def test_a_photo_can_be_looked_at_and_taken_away_by_its_owner_only(world, browser, client):
    browser.post("/raise/", description="楼下井盖松了", photos=picture(), add="1")
    photo = Attachment.objects.get()
    path = f"/raise/photos/{photo.pk}/"
    answer = browser.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).format == "JPEG"
    assert client.get(path).status_code == 404
    page = browser.post("/raise/", description="楼下井盖松了，改过", remove=str(photo.pk))
    assert not Attachment.objects.exists() and "改过" in page.content.decode()


def test_a_post_without_a_token_is_refused(world, browser):
    assert browser.client.post("/raise/", {"description": "楼下井盖松了"}).status_code == 403


@pytest.mark.parametrize("path", ["/raise/", "/raise/where/", "/raise/reach/", "/raise/check/"])
def test_steps_need_few_queries(world, browser, path, django_assert_max_num_queries):
    browser.post("/raise/", description="楼下井盖松了")
    browser.post("/raise/where/", place="槐荫里 3 幢")
    browser.post("/raise/reach/", reply_by="web")
    with django_assert_max_num_queries(15):
        assert browser.get(path).status_code == 200


def test_a_grids_notice_brings_its_grid_along(world, browser):
    page = browser.get("/raise/", grid=world.east_grid.code)
    assert "地方先写成：东社区 东社区 01 网格" in words_of(page)
    browser.post("/raise/", description="楼下井盖松了，很响", from_grid=world.east_grid.code)
    assert f'<option value="{world.east_grid.pk}" selected>' in browser.get("/raise/where/").content.decode()
    browser.post("/raise/where/", grid=str(world.east_grid.pk))
    browser.post("/raise/reach/", reply_by="web")
    browser.post("/raise/check/")
    assert Case.objects.get().area == world.east_grid


def test_an_unknown_grid_or_item_in_the_link_is_left_out(world, browser):
    page = browser.get("/raise/", grid="nowhere", service="NO99")
    assert page.status_code == 200 and "您要办" not in words_of(page)
    assert (
        browser.post("/raise/", description="楼下井盖松了", service="NO99", from_grid="x").status_code == 302
    )


def test_an_item_of_the_guide_becomes_a_request_for_it(world, browser):
    page = browser.get("/raise/", service="YL01").content.decode()
    assert "您要办：" in page and "我想办：高龄津贴申领。" in page
    browser.post("/raise/", description="我想办：高龄津贴申领。老人走不动", service="YL01")
    browser.post("/raise/where/", place="槐荫里 3 幢")
    browser.post("/raise/reach/", reply_by="web")
    assert "高龄津贴申领" in words_of(browser.get("/raise/check/"))
    browser.post("/raise/check/")
    case = Case.objects.get()
    assert (case.kind, case.category) == ("service_request", "070201")
    assert ServiceUse.objects.get(case=case).service == "YL01"


def test_not_that_item_after_all(world, browser):
    browser.post("/raise/", description="楼下井盖松了，很响", service="YL01", no_service="1")
    browser.post("/raise/where/", place="槐荫里 3 幢")
    browser.post("/raise/reach/", reply_by="web")
    browser.post("/raise/check/")
    assert Case.objects.get().kind == "city_problem" and not ServiceUse.objects.exists()


@pytest.mark.parametrize(
    ("reach", "where", "why"),
    [
        ({"reply_by": "sms"}, "phone", "要发短信给您，请留个号码"),
        ({"reply_by": "sms", "phone": "0000-600 0000"}, "phone", "短信只能发到手机"),
        ({"reply_by": "email"}, "email", "要发邮件给您，请留邮箱"),
        ({"reply_by": "email", "email": "不是邮箱"}, "email", "这个邮箱看着不对"),
    ],
)
def test_what_a_way_of_reply_needs_is_asked_beside_its_field(world, browser, reach, where, why):
    browser.post("/raise/", description="楼下井盖松了，很响")
    browser.post("/raise/where/", place="槐荫里 3 幢")
    page = browser.post("/raise/reach/", **reach)
    assert page.status_code == 400 and why in words_of(page)
    assert f'id="id_{where}-error"' in page.content.decode()


@pytest.mark.parametrize(
    "reach",
    [
        {"reply_by": "sms", "phone": "10012345678", "name": "何阿姨"},
        {"reply_by": "email", "email": "he@example.com", "name": "何阿姨"},
    ],
)
def test_a_reply_by_message_keeps_where_to_send_it(world, browser, reach):
    assert browser.raise_matter(reach=reach).url.startswith("/receipt/")
    case = Case.objects.get()
    party = case.parties.get().party
    assert case.reply_by == reach["reply_by"] and (party.phone or party.email) == (
        reach.get("phone") or reach["email"]
    )
    assert reach.get("email", "") == party.email


def test_places_are_offered_while_one_types_and_without_script(world, browser):
    found = browser.get("/raise/places/", q="槐荫").json()["results"]
    assert found[0] == {
        "value": str(world.east_grid.pk),
        "label": "槐荫里 3 幢",
        "path": "东社区 东社区 01 网格",
    }
    assert browser.get("/raise/places/", q="").json() == {"results": []}
    browser.post("/raise/", description="楼下井盖松了，很响")
    page = browser.post("/raise/where/", place="东社", look="1").content.decode()
    assert f'name="take" value="{world.east.pk}"' in page
    taken = browser.post("/raise/where/", place="东社", take=str(world.east_grid.pk)).content.decode()
    assert "东社区 01 网格" in taken and f'<option value="{world.east_grid.pk}" selected>' in taken
    browser.post("/raise/where/", place="x", take="rubbish")


def test_not_to_be_told_in_public_is_kept_with_the_matter(world, browser):
    browser.raise_matter(reach={"reply_by": "web", "keep_private": "on"})
    assert Objection.objects.get().case == Case.objects.get()


def test_photos_of_both_inputs_survive_steps_and_errors(world, browser):
    page = browser.get("/raise/").content.decode()
    assert 'capture="environment"' in page and page.count('name="photos"') == 2
    bad = browser.post("/raise/", description="短", photos=[picture("一.jpg"), picture("二.jpg")])
    assert bad.status_code == 400 and bad.content.decode().count('<img src="/raise/photos/') == 2
    browser.post("/raise/", description="楼下井盖松了，很响")
    browser.get("/raise/where/")
    assert browser.get("/raise/").content.decode().count('<img src="/raise/photos/') == 2
