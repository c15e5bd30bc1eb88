"""开通单: one-time links instead of passwords that somebody else knows."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from huiyin.accounts.models import Invitation, User
from huiyin.audit.models import AuditRecord
from huiyin.rules import clock
from tests.opening.conftest import pages, text

pytestmark = pytest.mark.django_db
MAKE = "/desk/opening/links/make/"
PASSWORD = {"new": "xin-de-mi-ma-1", "again": "xin-de-mi-ma-1"}


def link_of(answer, name: str) -> str:
    page = text(answer)
    return re.search(r"/welcome/[0-9A-Z-]+/", page[page.index(f"<b>{name}</b>") :]).group()


def test_everybody_without_a_password_gets_a_link_once(world, admin):
    page = text(admin.get("/desk/opening/links/"))
    assert "测clerk" in page and "/welcome/" not in page
    sheet = admin.post(MAKE, {"as": "print"})
    assert (
        text(sheet).count("/welcome/") >= 15
        and "<svg" in text(sheet)
        and sheet["Cache-Control"].count("no-store")
    )
    assert "/welcome/" not in text(admin.get("/desk/opening/links/"))
    row = AuditRecord.objects.get(action="开链接")
    assert "clerk" in row.detail["账号"] and "/welcome/" not in str(row.detail)


def test_the_link_sets_the_own_password_and_signs_in(world, admin):
    address = link_of(admin.post(MAKE, {"user": ["clerk"]}), "测clerk")
    browser = Client()
    assert "请设您的密码" in text(browser.get(address))
    assert browser.post(address, {"new": "short", "again": "short"}).status_code == 400
    answer = browser.post(address, PASSWORD)
    assert answer.status_code == 302 and answer.url == "/desk/"
    assert browser.get("/desk/").status_code == 200
    assert User.objects.get(username="clerk").check_password("xin-de-mi-ma-1")
    assert Client().get(address).status_code == 403
    assert AuditRecord.objects.filter(action="开通账号", actor=world.clerk).count() == 1


def test_a_new_link_ends_the_old_one_and_each_ends_by_itself(world, admin):
    old = link_of(admin.post(MAKE, {"user": ["clerk"]}), "测clerk")
    new = link_of(admin.post(MAKE, {"user": ["clerk"]}), "测clerk")
    assert Client().get(old).status_code == 403 and Client().get(new).status_code == 200
    with clock.travel(clock.now() + timedelta(days=15)):
        assert Client().get(new).status_code == 403


def test_as_a_table(world, admin):
    answer = admin.post(MAKE, {"as": "xlsx"})
    lines = pages(answer.content)["开通单"]
    assert lines[3][1] and "/welcome/" in lines[3][4]
    assert Invitation.objects.filter(used_at=None).count() == len(lines) - 3


def test_who_has_forgotten_a_password_is_found_by_name(world, admin):
    supervisor = world.supervisor
    supervisor.set_password("alt-und-vergessen")
    supervisor.save()
    assert "测supervisor" not in text(admin.get("/desk/opening/links/"))
    assert "测supervisor" in text(admin.get("/desk/opening/links/?q=supervisor"))
    assert admin.post(MAKE, {"user": ["nobody"]}).status_code == 400


def test_someone_who_may_not_sign_in_gets_none(world, admin):
    address = link_of(admin.post(MAKE, {"user": ["clerk"]}), "测clerk")
    User.objects.filter(username="clerk").update(is_active=False)
    assert Client().get(address).status_code == 403
    assert admin.post(MAKE, {"user": ["clerk"]}).status_code == 400


def test_people_of_another_office_stay_out(world, admin):
    from huiyin.accounts.models import Office

    other = Office.objects.create(
        code="1",
        name="别处",
        short_name="别处",
        centre_name="",
        document_mark="",
        phone="",
        address="",
        hours="",
    )
    User.objects.create_user("foreign", "外人", office=other)
    assert "外人" not in text(admin.get("/desk/opening/links/?q=foreign"))
    assert admin.post(MAKE, {"user": ["foreign"]}).status_code == 400
