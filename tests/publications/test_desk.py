"""The desk's pages of the room: who may open them, what they show, how typed words survive a refusal."""

import re

import pytest

from huiyin.accounts.models import Office, User
from huiyin.publications import reviewing
from huiyin.publications.models import PublishedAnswer, TopicNote

pytestmark = pytest.mark.django_db
DONE = "换了带胶圈的新盖，夜里去听过，不响了。"


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.fixture
def at(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def drafted(world, closed, submit=False):
    row = reviewing.draft(closed(), by=world.clerk)
    row = reviewing.rewrite(row, by=world.clerk, done=DONE)
    return reviewing.submit(row, by=world.clerk) if submit else row


def form_of(row, **change):
    return {name: getattr(row, name) for name in reviewing.TEXTS} | change


def test_from_the_list_to_the_public(world, closed, at):
    case = closed()
    page = at(world.clerk).get("/desk/publications/")
    assert case.title in page.content.decode() and "起草" in text_of(page)
    made = at(world.clerk).post(f"/desk/publications/propose/{case.number}/")
    row = PublishedAnswer.objects.get()
    assert made.url == f"/desk/publications/answers/{row.pk}/"
    page = at(world.clerk).get(made.url).content.decode()
    assert "<del" in page and "何秀兰" in page and "替换了" in page, "the writer sees what was taken out"
    answer = at(world.clerk).post(f"{made.url}write/", form_of(row, done=DONE) | {"submit": "1"})
    assert answer.status_code == 302
    waiting = at(world.leader).get("/desk/publications/?tab=submitted")
    assert row.title in waiting.content.decode()
    assert "审过，公开" in text_of(at(world.leader).get(made.url))
    assert at(world.leader).post(f"{made.url}publish/").status_code == 302
    assert PublishedAnswer.objects.public(world.office).get() == row


def test_what_was_typed_survives_a_refusal(world, closed, at):
    row = drafted(world, closed)
    words = form_of(row, said="何秀兰又说了一遍，井盖还是响") | {"submit": "1"}
    page = at(world.clerk).post(f"/desk/publications/answers/{row.pk}/write/", words)
    assert page.status_code == 400
    assert "还看得出是谁：姓名“何秀兰”" in page.content.decode() and "又说了一遍" in page.content.decode()


def test_an_empty_reason_is_asked_for(world, closed, at):
    row = drafted(world, closed, submit=True)
    page = at(world.leader).post(f"/desk/publications/answers/{row.pk}/send-back/", {"reason": ""})
    assert page.status_code == 400 and "请写一句为什么" in page.content.decode()


def test_the_writer_sees_no_publish_button_and_may_not_press_it(world, closed, at):
    row = reviewing.draft(closed(), by=world.director)
    row = reviewing.rewrite(row, by=world.director, done=DONE)
    reviewing.submit(row, by=world.director)
    page = at(world.director).get(f"/desk/publications/answers/{row.pk}/")
    assert "审过，公开" not in text_of(page)
    pressed = at(world.director).post(f"/desk/publications/answers/{row.pk}/publish/")
    assert pressed.status_code == 403 and "别人来审" in pressed.content.decode()


def test_pressed_twice_it_is_published_once(world, closed, at):
    row = drafted(world, closed, submit=True)
    assert at(world.leader).post(f"/desk/publications/answers/{row.pk}/publish/").status_code == 302
    again = at(world.leader).post(f"/desk/publications/answers/{row.pk}/publish/")
    assert again.status_code == 409 and "已公开" in again.content.decode()


@pytest.mark.parametrize("who", ["handler", "admin", "auditor", "east_worker"])
@pytest.mark.parametrize("path", ["/desk/publications/", "/desk/publications/notes/"])
def test_other_posts_find_the_door_closed(world, at, who, path):
    assert at(getattr(world, who)).get(path).status_code == 403


def test_only_reviewers_publish_and_only_writers_write(world, closed, at):
    row = drafted(world, closed, submit=True)
    tail = f"/desk/publications/answers/{row.pk}"
    assert at(world.clerk_b).post(f"{tail}/publish/").status_code == 403
    assert at(world.leader).post(f"{tail}/write/", form_of(row)).status_code == 403


def test_another_office_finds_nothing(world, closed, at):
    row = drafted(world, closed)
    note = reviewing.write_note(world.office, by=world.clerk, category="0302", text="这一带的井盖都查过了。")
    other = Office.objects.create(code="990999", name="别处", short_name="别处", centre_name="别处中心")
    User.objects.filter(pk=world.clerk_b.pk).update(office=other)
    for path in (f"answers/{row.pk}/", f"notes/{note.pk}/", f"propose/{row.case.number}/"):
        client = at(world.clerk_b)
        call = client.post if "propose" in path else client.get
        assert call(f"/desk/publications/{path}").status_code == 404, path


def test_notes_are_written_reviewed_and_sent_back(world, at):
    client = at(world.clerk)
    bad = client.post("/desk/publications/notes/new/", {"category": "0302", "text": "短"})
    assert bad.status_code == 400 and "至少 10 个字" in bad.content.decode()
    leak = {"category": "0302", "text": "这一带查过了，有事打 10012345678 找老李。", "submit": "1"}
    page = client.post("/desk/publications/notes/new/", leak)
    assert page.status_code == 400 and "号码“10012345678”" in page.content.decode()
    row = TopicNote.objects.get()
    fixed = {"category": "0302", "text": "这一带的井盖都查过了，会响的先垫上。", "submit": "1"}
    assert client.post(f"/desk/publications/notes/{row.pk}/write/", fixed).status_code == 302
    tail = f"/desk/publications/notes/{row.pk}"
    assert at(world.leader).post(f"{tail}/send-back/", {"reason": "写上哪天查完"}).status_code == 302
    assert "写上哪天查完" in at(world.clerk).get(f"{tail}/").content.decode()
    at(world.clerk).post(f"{tail}/write/", fixed)
    assert at(world.leader).post(f"{tail}/publish/").status_code == 302
    row.refresh_from_db()
    assert row.state == "published" and row.reviewed_by == world.leader


def test_the_matters_page_says_how_it_stands(world, closed, at):
    case = closed()
    assert "起草公开的答复" in at(world.clerk).get(f"/desk/cases/{case.number}/").content.decode()
    reviewing.object_to(case)
    assert "本人不同意公开" in at(world.clerk).get(f"/desk/cases/{case.number}/").content.decode()


def test_an_unknown_tab_is_refused(world, at):
    assert at(world.clerk).get("/desk/publications/?tab=secret").status_code == 400


@pytest.mark.parametrize("tab", ["proposals", "draft", "submitted", "published", "withdrawn"])
def test_lists_take_few_queries_however_long(world, closed, at, tab, django_assert_max_num_queries):
    for _ in range(3):
        drafted(world, closed)
        closed()
    client = at(world.clerk)
    client.get(f"/desk/publications/?tab={tab}")
    with django_assert_max_num_queries(14):
        client.get(f"/desk/publications/?tab={tab}")
