"""An empty house: a code, the first administrator, the subdistrict; no account that nobody named."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from huiyin.accounts import invitations
from huiyin.accounts.models import Invitation, Office, User
from huiyin.areas.models import Area
from huiyin.audit.models import AuditRecord
from huiyin.opening import founding
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.opening.conftest import text
from tests.world import later

pytestmark = pytest.mark.django_db
PERSON = {"name": "易明", "username": "yi.ming", "new": "hao-tian-qi-2026", "again": "hao-tian-qi-2026"}
STREET = {
    "name": "青浦路街道办事处", "short_name": "青浦路街道", "city": "测试市", "district": "测试区", "code": "990203004",
    "document_mark": "青街", "centre_name": "青浦路街道联动中心", "phone": "0000-600 0700", "address": "青浦路 1 号",
    "hours": "工作日 8:30—17:30",
}  # fmt: skip


def begin() -> str:
    call_command("open_house", "--address", "http://127.0.0.1:8000/")
    written = (Path(settings.DATA) / founding.FILE).read_text()
    return written.split("/welcome/")[1].split("/")[0]


def test_an_empty_house_says_so_and_how(empty_house, client):
    begin()
    home = client.get("/")
    assert home.status_code == 503 and "还没有开办" in text(home) and "first-administrator.txt" in text(home)
    door = client.get("/sign-in/")
    assert door.status_code == 200 and "还没有任何账号" in text(door)
    assert client.get("/desk/").status_code == 302


def test_the_address_is_for_the_owner_of_the_folder_only(empty_house):
    first = begin()
    path = Path(settings.DATA) / founding.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first not in {row.digest for row in Invitation.objects.all()}
    assert begin() != first and invitations.find(first) is None
    path.unlink()


def test_from_the_code_to_the_set_up(empty_house, client):
    code = begin()
    assert "没有任何账号和默认密码" in text(client.get(f"/welcome/{code}/"))
    answer = client.post(f"/welcome/{code.lower().replace('-', ' ')}/", PERSON)
    assert answer.status_code == 302 and answer.url == "/welcome/"
    user = User.objects.get()
    assert user.check_password(PERSON["new"]) and user.office is None
    assert not (Path(settings.DATA) / founding.FILE).exists()
    assert client.get("/sign-in/").url == "/welcome/" and client.get("/sign-in/no-post/").url == "/welcome/"
    assert client.post("/welcome/", STREET).url == "/desk/opening/"
    office = Office.objects.get()
    assert office.code == "990203004" and Area.objects.count() == 3
    post = Post.objects.get()
    assert post.role == "admin" and post.area.parent.parent.code == "990200"
    page = text(client.get("/desk/opening/"))
    assert "还差" in page and "联动部门" in page
    assert client.get("/welcome/").url == "/desk/"
    assert set(AuditRecord.objects.values_list("action", flat=True)) == {founding.NAMED, "设街道"}
    assert client.get("/").status_code == 200


def test_the_administrator_lands_there_while_things_are_missing(empty_house, client):
    client.post(f"/welcome/{begin()}/", PERSON)
    client.post("/welcome/", STREET)
    client.post("/sign-out/")
    answer = client.post("/sign-in/", {"username": "yi.ming", "password": PERSON["new"]})
    assert answer.url == "/desk/opening/"
    assert client.get("/sign-in/?next=/desk/network/").url == "/desk/network/"


def test_the_code_works_once(empty_house, client):
    code = begin()
    client.post(f"/welcome/{code}/", PERSON)
    client.post("/sign-out/")
    assert client.get(f"/welcome/{code}/").status_code == 403
    assert client.post(f"/welcome/{code}/", PERSON | {"username": "zwei"}).status_code == 403
    assert User.objects.count() == 1
    assert founding.prepare() == "" and not Invitation.objects.filter(used_at=None).exists()


def test_the_code_expires(empty_house, client):
    code = begin()
    with clock.travel(clock.now() + timedelta(days=3, minutes=1)):
        assert client.get(f"/welcome/{code}/").status_code == 403


def test_guessing_is_slowed_down_and_written_down(empty_house, client):
    code = begin()
    answers = [
        client.get(f"/welcome/{number:016d}/".replace("0", "2").replace("1", "3")).status_code
        for number in range(11)
    ]
    assert answers[:10] == [403] * 10 and answers[10] == 429
    assert client.get(f"/welcome/{code}/").status_code == 429
    assert AuditRecord.objects.filter(action="开通码不对", outcome="失败").count() == 10
    with clock.travel(later(minutes=16)):
        assert client.get(f"/welcome/{code}/").status_code == 200


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"new": "kurz", "again": "kurz"}, "至少"),
        ({"new": "12345678901", "again": "12345678901"}, "数字"),
        ({"again": "anders-2026-x"}, "不一样"),
        ({"username": "易 明"}, "登录名至少"),
        ({"name": ""}, "请填姓名"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(empty_house, client, change, why):
    answer = client.post(f"/welcome/{begin()}/", PERSON | change)
    assert answer.status_code == 400 and why in text(answer)
    assert not User.objects.exists()
    assert "yi.ming" in text(answer) or "username" in change


def test_the_subdistrict_is_named_once_and_by_the_first_administrator(empty_house, client):
    client.post(f"/welcome/{begin()}/", PERSON)
    bad = client.post("/welcome/", STREET | {"code": "12", "phone": "问门卫"})
    assert bad.status_code == 400 and "9 位数字" in text(bad) and "青浦路街道联动中心" in text(bad)
    other = User.objects.create_user("second", "乙", "hao-tian-qi-2026")
    client.force_login(other)
    assert client.get("/welcome/").status_code == 403 and client.post("/welcome/", STREET).status_code == 403
    assert not Office.objects.exists()


def test_demo_people_do_not_get_into_a_real_house(db, tmp_path, settings):
    settings.DATA = tmp_path
    (tmp_path / "world").write_text("none\n")
    with pytest.raises(CommandError, match="正式使用"):
        call_command("load_world")


def test_correcting_the_subdistrict(world, admin):
    office = world.office
    form = {
        name: getattr(office, name)
        for name in (
            "name",
            "short_name",
            "code",
            "document_mark",
            "centre_name",
            "phone",
            "address",
            "hours",
        )
    }
    assert admin.post("/desk/opening/office/", form | {"hours": "全年"}).status_code == 302
    office.refresh_from_db()
    assert office.hours == "全年"
    refused = admin.post("/desk/opening/office/", form | {"code": "990109010"})
    assert refused.status_code == 409 and "不能再改" in text(refused)
    assert AuditRecord.objects.get(action="改街道").detail == {"hours": ["每天 8:30—17:30", "全年"]}
