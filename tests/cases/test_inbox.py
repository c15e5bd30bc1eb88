"""消息: mine only, unread first, read on opening, pages by keyset."""

import pytest

from huiyin.notices.models import Notice, send
from huiyin.rules import clock
from tests.world import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


def tell(world, *keys, to="clerk", url="/desk/cases/"):
    for minute, key in enumerate(keys):
        with clock.travel(later(hours=-2, minutes=minute)):
            send([getattr(world, to)], f"消息 {key}", office=world.office, url=url, key=key)


def test_shows_mine_and_counts_on_the_rail(clerk, world):
    tell(world, "a", "b")
    tell(world, "c", to="clerk_b")
    shown = clerk.get("/desk/inbox/").text
    assert "消息 a" in shown and "消息 b" in shown and "消息 c" not in shown and "没读 2 条" in shown
    assert shown.index("消息 b") < shown.index("消息 a")


def test_opening_marks_read_and_goes_on(clerk, world):
    tell(world, "a")
    row = Notice.objects.get()
    assert clerk.get(f"/desk/inbox/{row.pk}/open/").status_code == 405
    answer = clerk.post(f"/desk/inbox/{row.pk}/open/")
    assert answer.url == "/desk/cases/"
    row.refresh_from_db()
    first = row.read_at
    assert first is not None
    clerk.post(f"/desk/inbox/{row.pk}/open/")
    row.refresh_from_db()
    assert row.read_at == first
    assert "都读过了" in clerk.get("/desk/inbox/").text


def test_a_message_cannot_lead_off_the_site(clerk, world):
    tell(world, "a", url="https://evil.example/")
    assert clerk.post(f"/desk/inbox/{Notice.objects.get().pk}/open/").url == "/desk/inbox/"


def test_somebody_elses_message_is_not_there(clerk, world):
    tell(world, "c", to="clerk_b")
    assert clerk.post(f"/desk/inbox/{Notice.objects.get().pk}/open/").status_code == 404
    assert Notice.objects.filter(read_at=None).count() == 1


def test_read_all_leaves_what_came_since(clerk, world):
    tell(world, "a", "b")
    until = clerk.get("/desk/inbox/").context["now"]
    send([world.clerk], "消息 新", office=world.office, url="/desk/", key="new")
    tell(world, "c", to="clerk_b")
    clerk.post("/desk/inbox/read-all/", {"until": until})
    assert list(Notice.objects.filter(read_at=None).values_list("key", flat=True).order_by("key")) == [
        "c",
        "new",
    ]
    assert clerk.get("/desk/inbox/read-all/").status_code == 405
    assert clerk.post("/desk/inbox/read-all/", {"until": "x"}).status_code == 400


def test_pages_put_unread_first_and_do_not_overlap(clerk, world, monkeypatch):
    monkeypatch.setattr("huiyin.cases.inbox.PAGE", 3)
    tell(world, *"abcdefgh")
    Notice.objects.filter(key__in="bdfh").update(read_at=clock.now())
    seen, address = [], "/desk/inbox/"
    while address:
        context = clerk.get(address).context
        seen += [row.key for row in context["unread"] + context["read"]]
        address = f"/desk/inbox/?after={context['more']}".replace("+", "%2B") if context["more"] else ""
    assert seen == list("geca") + list("hfdb")


def test_a_made_up_cursor_starts_at_the_top(clerk, world):
    tell(world, "a")
    assert "消息 a" in clerk.get("/desk/inbox/?after=old~x~y").text


def test_the_bell_asks_little(clerk, world, django_assert_max_num_queries):
    tell(world, "a", "b")
    since = clock.now()
    quiet = clerk.get("/desk/inbox/pulse/", {"since": since.isoformat()}).json()
    assert quiet["count"] == 2 and quiet["alarms"] == []
    send([world.clerk], "督办 1 号", office=world.office, url="/desk/", key="alarm", level="alarm")
    with django_assert_max_num_queries(5):  # session, user, posts – and one of its own
        loud = clerk.get("/desk/inbox/pulse/", {"since": since.isoformat()}).json()
    assert loud["count"] == 3 and loud["alarms"] == ["督办 1 号"]
    assert clerk.get("/desk/inbox/pulse/", {"since": loud["at"]}).json()["alarms"] == []
    assert clerk.get("/desk/inbox/pulse/", {"since": "x"}).status_code == 200


def test_the_page_tells_the_bell_where_to_ask(clerk):
    assert 'data-behaviour="bell" data-url="/desk/inbox/pulse/"' in clerk.get("/desk/inbox/").text


def test_one_sort_of_messages(clerk, world):
    send([world.clerk], "快到期了", office=world.office, url="/desk/", key="due", group="due")
    tell(world, "a")
    shown = clerk.get("/desk/inbox/?group=due").text
    assert "快到期了" in shown and "消息 a" not in shown


def test_choosing_is_for_the_own_post(clerk, world):
    from huiyin.notices.models import Preference

    page = clerk.get("/desk/inbox/settings/").text
    assert "总是" in page and "还没有群机器人" in page
    mine, other = world.clerk.posts.get(), world.clerk_b.posts.get()
    form = {"post": mine.pk, "chosen": ["progress:robot", "arrived:mail"]}
    assert clerk.post("/desk/inbox/settings/", form).status_code == 302
    rows = {row.group: row for row in Preference.objects.filter(post=mine)}
    assert (
        rows["progress"].robot
        and not rows["progress"].in_app
        and rows["arrived"].in_app
        and rows["arrived"].mail
    )
    assert clerk.post("/desk/inbox/settings/", {**form, "post": other.pk}).status_code == 404
    assert not Preference.objects.filter(post=other).exists()


def test_a_mail_address_counts_once_its_code_came_back(clerk, world, settings):
    from huiyin.notices.models import Delivery, Sender, StaffAddress

    def put(**form):
        return clerk.post("/desk/inbox/settings/mail/", form)

    assert put(mail="lin@street.example").status_code == 409, "no mail server yet"
    Sender.objects.create(office=world.office, transport="mail", name="邮件", created_at=clock.now())
    wrong = put(mail="lin@")
    assert wrong.status_code == 400 and 'value="lin@"' in wrong.text
    assert put(mail="lin@street.example").status_code == 302
    row, letter = StaffAddress.objects.get(), Delivery.objects.get()
    assert row.verified_at is None and row.code in letter.text and letter.address == "lin@street.example"
    assert put(mail="lin@street.example").status_code == 429, "no flood of codes"
    for _ in range(5):
        assert put(code="x").status_code == 400
    assert put(code=row.code).status_code == 409, "five wrong ones end it"
    with clock.travel(later(minutes=2)):
        put(mail="lin@street.example")
        assert put(code=StaffAddress.objects.get().code).status_code == 302
    assert StaffAddress.objects.get().verified_at is not None
    put(mail="")
    assert not StaffAddress.objects.exists()
