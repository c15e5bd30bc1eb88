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
