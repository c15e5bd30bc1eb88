"""Thanks for a matter, unit or service; the item of the catalogue that a request asks for."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from huiyin.cases import attachments
from huiyin.cases.models import Attachment
from huiyin.reception import service_use, thanks
from huiyin.reception.models import Thanks
from huiyin.reception.period import Period
from huiyin.rules import clock


def desk(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#a33").save(out, "JPEG")
    return SimpleUploadedFile("锦旗.jpg", out.getvalue(), "image/jpeg")


def fields(**more):
    return {
        "key": "one",
        "kind": "pennant",
        "on": "2026-11-20",
        "sender": "孟婆婆",
        "text": "扶手第二天就修好了。",
        **more,
    }


def test_thanks_hang_on_the_matter_and_count(world):
    case = world.register(by=world.clerk)
    with clock.travel("2026-11-23T10:00"):
        for _ in range(2):
            sent = {**fields(number=case.number), "photo": picture()}
            assert desk(world.clerk).post("/desk/reception/thanks/new/", sent).status_code == 302
        row = Thanks.objects.get()
        assert row.case == case and row.masked_sender == "孟*"
        page = desk(world.clerk).get(f"/desk/cases/{case.number}/").content.decode()
        assert "孟*" in page and "扶手第二天" in page and "孟婆婆" not in page
        assert thanks.counts(world.clerk, Period.around("month", clock.today())) == {"pennant": 1}
        chips = desk(world.clerk).get("/desk/reception/thanks/").context["chips"]
        for label, number, address, _ in chips:
            assert len(desk(world.clerk).get(address).context["thanks"]) == number, label
    assert desk(world.handler).get(f"/desk/reception/thanks/{row.pk}/photo/").status_code == 200


def test_a_photo_of_thanks_is_nobodys_orphan(world):
    with clock.travel("2026-11-20T10:00"):
        desk(world.clerk).post(
            "/desk/reception/thanks/new/",
            {**fields(organisation=str(world.enforcement.pk)), "photo": picture()},
        )
        loose = attachments.store(picture(), world.office, by=world.clerk)
    with clock.travel("2026-11-23T10:00"):
        assert attachments.purge_orphans(timedelta(days=1)) == 1
    assert not Attachment.objects.filter(pk=loose.pk).exists() and Thanks.objects.get().photo is not None


def test_thanks_need_something_to_thank_for(world):
    page = desk(world.clerk).post("/desk/reception/thanks/new/", fields())
    assert (
        page.status_code == 400
        and "number" in page.context["form"].errors
        and "孟婆婆" in page.content.decode()
    )
    page = desk(world.clerk).post("/desk/reception/thanks/new/", fields(number="99-99999"))
    assert page.status_code == 400 and not Thanks.objects.exists()


def test_only_who_agreed_is_named_and_restricted_matters_stay_out(world):
    secret = world.register(by=world.director, is_restricted=True)
    given = {
        "kind": "call",
        "sender": "乔女士",
        "on": clock.today(),
        "text": "谢谢你们。",
        "service": "",
        "organisation": None,
    }
    thanks.receive(world.office, {**given, "case": secret}, None, by=world.director, key="a")
    open_, _ = thanks.receive(
        world.office,
        {**given, "case": None, "organisation": world.enforcement, "is_public": True},
        None,
        by=world.clerk,
        key="b",
    )
    assert thanks.published(world.office) == [open_] and open_.masked_sender == "乔女士"
    assert thanks.visible(world.outsider).count() == 1 and thanks.visible(world.director).count() == 2


def test_a_request_says_which_item_it_asks_for(world):
    case = world.register(by=world.clerk, kind="service_request", category="070201")
    client = desk(world.clerk)
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "高龄津贴申领" in page, "the item that fits the category is one click away"
    year = Period.around("year", clock.today())
    assert list(service_use.without_item(world.clerk, year)) == [case]
    address = f"/desk/reception/services/matters/{case.number}/"
    assert client.post(address, {"service": "ZZ99"}).status_code == 400
    assert client.post(address, {"service": "YL01"}).status_code == 302
    assert (
        service_use.item_of(case).code == "YL01" and not service_use.without_item(world.clerk, year).exists()
    )
    assert desk(world.outsider).post(address, {"service": "YL01"}).status_code == 404
    page = client.get("/desk/reception/services/")
    rows = {row["service"].code: row for _, _, rows in page.context["groups"] for row in rows}
    assert rows["YL01"]["matters"][0] == 1
    assert len(client.get(rows["YL01"]["matters"][1]).context["rows"]) == 1
    found = client.get("/desk/reception/services/?q=gljt").context["groups"][0][2]
    assert found[0]["service"].code == "YL01"
