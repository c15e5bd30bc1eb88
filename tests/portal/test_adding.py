"""What the person may still say on the page of their matter: more words, photos, thanks, urging."""

import pytest

from huiyin.cases.models import Attachment, Case
from huiyin.publications.models import Objection
from huiyin.reception.models import Thanks
from tests.portal.conftest import picture, words_of

pytestmark = pytest.mark.django_db


def test_more_words_and_photos_reach_those_who_work_on_it(world, browser, stage, client):
    case = stage("in_hand")
    path = f"/track/{case.tracking_code}/"
    assert "补充情况，加照片" in words_of(browser.get(path))
    sent = browser.post(
        f"{path}supplement/", text="昨晚又松了一个", photos=[picture("二.jpg"), picture("三.jpg")]
    )
    assert sent.status_code == 302
    event = Case.objects.get(pk=case.pk).events.get(verb="supplement")
    assert event.by is None and event.text == "昨晚又松了一个" and event.attachments.count() == 2
    said = words_of(browser.get(path))
    assert "您补充了情况和 2 张照片" in said and "昨晚又松了一个" in said and "二.jpg" in said
    client.force_login(world.handler)
    assert "昨晚又松了一个" in client.get(f"/desk/cases/{case.number}/").content.decode()


def test_nothing_typed_is_lost_and_nothing_half_added(world, browser, stage):
    case = stage("in_hand")
    path = f"/track/{case.tracking_code}/supplement/"
    short = browser.post(path, text="嗯")
    assert (
        short.status_code == 400
        and "至少 4 个字" in words_of(short)
        and '<details class="more again" id="add" open>' in short.content.decode()
    )
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("病毒.jpg", b"MZ not a picture", "image/jpeg")
    refused = browser.post(path, text="昨晚又松了一个", photos=[picture(), bad])
    assert refused.status_code == 400
    assert "“病毒.jpg”不是照片" in words_of(refused) and "昨晚又松了一个" in refused.content.decode()
    assert not Attachment.objects.exists() and not case.events.filter(verb="supplement").exists()


@pytest.mark.parametrize("state", ["closed"])
def test_after_the_end_it_is_opened_again_instead(world, browser, stage, state):
    case = stage(state)
    assert "补充情况" not in words_of(browser.get(f"/track/{case.tracking_code}/"))
    late = browser.post(f"/track/{case.tracking_code}/supplement/", text="昨晚又松了一个")
    assert late.status_code == 409


def test_a_wrong_code_adds_nothing(world, browser):
    for verb in ("supplement", "thanks", "objection"):
        assert browser.post(f"/track/ABC-DEF-GHJ/{verb}/", text="谢谢你们").status_code == 404


def test_the_person_urges_once_and_then_waits(world, browser, stage):
    case = stage("in_hand")
    path = f"/track/{case.tracking_code}/"
    assert "催一催" in words_of(browser.get(path))
    assert browser.post(f"{path}urge/", text="还响着").status_code == 302
    said = words_of(browser.get(path))
    assert "您催了一次" in said and "催一催" not in said
    assert browser.post(f"{path}urge/", text="还响着").status_code == 409


def test_thanks_are_kept_once_with_the_unit_that_worked(world, browser, stage):
    case = stage("answered")
    path = f"/track/{case.tracking_code}/"
    assert "想谢谁，写一句" in words_of(browser.get(path))
    for _ in range(2):
        sent = browser.post(
            f"{path}thanks/", text="夜里能睡了，谢谢你们", sender="三楼的老何", is_public="on"
        )
        assert sent.status_code == 302
    row = Thanks.objects.get()
    assert (row.case, row.organisation, row.is_public) == (case, world.enforcement, True)
    assert "您的感谢收到了" in words_of(browser.get(path))
    assert "夜里能睡了" in words_of(browser.get("/thanks/"))


def test_thanks_wait_for_the_answer(world, browser, stage):
    case = stage("in_hand")
    assert browser.post(f"/track/{case.tracking_code}/thanks/", text="谢谢你们").status_code == 409
    assert not Thanks.objects.exists()


def test_an_objection_is_kept_once(world, browser, stage):
    case = stage("in_hand")
    for _ in range(2):
        browser.post(f"/track/{case.tracking_code}/objection/")
    assert Objection.objects.count() == 1
