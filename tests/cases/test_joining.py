"""催办: the same thing said again is an event on the first matter, its new person a party of their own, unseen."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases import tracking
from huiyin.cases.models import Case, Draft
from huiyin.notices.models import Notice
from huiyin.rules import clock
from tests.cases.test_intake_page import SAID, fields, page
from tests.cases.walks import bring
from tests.world import later

pytestmark = pytest.mark.django_db
OTHER = {"name": "宋师傅", "phone": "10000008888", "description": "井盖一直响，我家就住楼上，501 室。"}


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


@pytest.fixture
def first(world):
    return bring(world, "in_hand")


def join(client, case, draft=None, **more):
    return client.post(page(draft), fields(do=f"join:{case.number}", **{**OTHER, **more}))


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_another_person_becomes_a_party_with_a_code_of_their_own(clerk, first):
    answer = join(clerk, first)
    assert answer.status_code == 302 and Case.objects.count() == 1
    row = first.parties.get(role="joined")
    assert row.tracking_code != first.tracking_code and row.party.name == "宋师傅"
    event = first.events.last()
    assert (event.verb, event.text, event.data["joined"], event.data["voice"]) == (
        "urge",
        OTHER["description"],
        True,
        str(row.pk),
    )
    assert fresh(first).urge_count == 1 and fresh(first).state == "in_hand"


def test_the_slip_is_theirs_alone(clerk, first):
    slip = clerk.get(join(clerk, first).url).text
    row = first.parties.get(role="joined")
    assert slip.count("登记回执</h1>") == 1 and f"/track/{row.tracking_code}/" in slip
    assert "井盖一直响" in slip and "宋*" in slip and "彼此" not in slip
    for words in (first.tracking_code, "何*", first.title, "10000008888"):
        assert words not in slip, words
    plain = clerk.get(reverse("desk_receipt", args=[first.number])).text
    assert row.tracking_code not in plain and first.tracking_code in plain


def test_the_handler_sees_it_and_is_told(clerk, client, first, world):
    join(clerk, first)
    told = Notice.objects.get(to=world.handler, text__contains="催办")
    assert "第 1 次催办" in told.text and told.group == "resident"
    client.force_login(world.handler)
    shown = client.get(f"/desk/cases/{first.number}/").text
    assert "第 1 次催办：又有人说同一件事" in shown and "催过 1 次" in shown and "宋*" in shown
    assert "宋师傅" not in shown
    assert "催 1</span>" in client.get("/desk/cases/?view=open").text


def test_persons_do_not_see_each_other(client, clerk, first):
    join(clerk, first)
    row = first.parties.get(role="joined")
    theirs = client.get(f"/track/{row.tracking_code}/").text
    assert "收到您说的事，和先来的一起办" in theirs and "井盖一直响" in theirs
    for words in (first.title, "晚上车一过就响", "何", first.tracking_code):
        assert words not in theirs, words
    ours = client.get(f"/track/{first.tracking_code}/").text
    assert "又有人来说这件事" in ours
    for words in ("501", "宋", row.tracking_code, "我家就住楼上"):
        assert words not in ours, words
    said = client.get(f"/api/v1/tracking/{row.tracking_code}").text
    assert "晚上车一过就响" not in said and "withdraw" not in said


def test_photos_of_either_are_not_shown_to_the_other(clerk, client, first, settings, tmp_path):
    from tests.cases.test_drafts import photo

    settings.MEDIA_ROOT = tmp_path
    join(clerk, first, files=[photo()])
    assert first.attachments.get().event.verb == "urge"
    row = first.parties.get(role="joined")
    for code in (first.tracking_code, row.tracking_code):
        assert "灯.jpg" not in client.get(f"/track/{code}/").text


def test_a_late_comer_may_rate_and_reopen_but_not_withdraw(clerk, first):
    join(clerk, first)
    found = tracking.look_up(first.parties.get(role="joined").tracking_code)
    assert tracking.allowed(found)["withdraw"] is False
    with pytest.raises(Refusal, match="别人先说的"):
        tracking.do(found, "withdraw", reason="不用了")
    assert fresh(first).state == "in_hand"


def test_the_same_person_again_is_counted_and_no_second_party(clerk, first):
    answer = join(clerk, first, name="何阿姨", phone="100-0000-1234")
    assert first.parties.count() == 1 and fresh(first).urge_count == 1
    assert first.tracking_code in clerk.get(answer.url).text, "their own slip once more"
    join(clerk, first, name="何阿姨", phone="10000001234")
    assert fresh(first).urge_count == 2


def test_someone_who_leaves_no_name_gets_a_code_too(clerk, first):
    answer = join(clerk, first, name="", phone="", reply_by="")
    row = first.parties.get(role="joined")
    assert row.tracking_code in clerk.get(answer.url).text and row.reply_by == "web"


def test_each_is_told_the_way_they_chose(clerk, first):
    join(clerk, first, reply_by="sms")
    assert first.parties.get(role="joined").reply_by == "sms"


def test_pressed_twice_is_joined_once(clerk, first):
    draft = uuid7()
    one, two = join(clerk, first, draft), join(clerk, first, draft)
    assert one.url == two.url and first.parties.count() == 2 and fresh(first).urge_count == 1
    assert clerk.get(page(draft)).url == one.url
    assert not Draft.objects.exclude(joined=None).filter(content__gt=b"").exists(), "no words stay behind"
    assert "没有草稿" in clerk.get(reverse("desk_drafts")).text


@pytest.mark.django_db(transaction=True)
def test_a_double_click_joins_once(committed_world):
    world, draft, answers = committed_world, uuid7(), []
    case = bring(world, "accepted")
    gate = threading.Barrier(3)

    def send():
        client = Client()
        client.force_login(world.clerk)
        gate.wait()
        answers.append(join(client, case, draft).url)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(answers)) == 1 and fresh(case).urge_count == 1 and case.parties.count() == 2


def test_what_cannot_be_joined_is_told_and_nothing_is_lost(clerk, world):
    ended = world.register(by=world.clerk)
    ended.void(by=world.clerk, reason="登记错了")
    hidden = world.register(by=world.clerk, is_restricted=True)
    unseen = world.register(by=world.clerk_b, is_restricted=True)
    for case, words in ((ended, "不能再催"), (hidden, "限知"), (unseen, "找不到")):
        answer = join(clerk, case)
        assert answer.status_code == 400 and words in answer.text and "宋师傅" in answer.text
    open_one = world.register(by=world.clerk)
    assert "并入" in join(clerk, open_one, group_size="3").text
    assert not any(case.events.filter(verb="urge").exists() for case in Case.objects.all())


def test_the_station_may_join_in_its_own_area_only(client, world, first):
    client.force_login(world.outsider)
    assert join(client, first).status_code == 400 and fresh(first).urge_count == 0
    client.force_login(world.east_staff)
    assert join(client, first).status_code == 302


def test_a_resident_urges_once_in_some_days(client, first):
    address = f"/track/{first.tracking_code}/"
    assert "催一催" in client.get(address).text
    assert client.post(f"{address}urge/", {"text": "还在响"}).status_code == 302
    shown = client.get(address).text
    assert "您催了一次" in shown and "还在响" in shown and "催一催</button>" not in shown
    again = client.post(f"{address}urge/", {})
    assert again.status_code == 409 and "催过了" in again.text and fresh(first).urge_count == 1
    with clock.travel(later(days=3, minutes=1)):
        assert client.post(f"{address}urge/", {}).status_code == 302
    assert fresh(first).urge_count == 2


def test_one_persons_urging_does_not_use_up_the_others(client, clerk, first):
    join(clerk, first)
    row = first.parties.get(role="joined")
    for code in (first.tracking_code, row.tracking_code):
        assert (
            client.post(f"/api/v1/tracking/{code}/urge", {}, content_type="application/json").status_code
            == 200
        )
        assert (
            client.post(f"/api/v1/tracking/{code}/urge", {}, content_type="application/json").status_code
            == 409
        )
    assert fresh(first).urge_count == 3


def test_a_new_round_counts_from_nought(world):
    case = bring(world, "closed")
    assert not tracking.allowed(tracking.look_up(case.tracking_code))["urge"]
    case.reopen(by=world.clerk, reason="又响了")
    case.urge(by=world.clerk, text="快点")
    assert fresh(case).urge_count == 1


def test_urging_is_on_the_page_of_verbs(clerk, first):
    answer = clerk.post(f"/desk/cases/{first.number}/urge/", {"text": "打电话来问什么时候好"})
    assert answer.status_code in (200, 302) and fresh(first).urge_count == 1
    assert SAID not in answer.text
