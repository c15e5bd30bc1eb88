"""当场答复: registered and closed on one screen, recorded as it was, nothing faked."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, offers
from huiyin.cases.evidence import evidence_of, missing_of
from huiyin.cases.models import Case
from tests.cases.test_intake_page import fields, page
from tests.cases.walks import ANSWER

pytestmark = pytest.mark.django_db
TOLD = "高龄津贴带身份证和银行卡，到一楼二号窗口办，当天就能录上。"


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


def at_once(client, **more):
    return client.post(page(), fields(do="answer", kind="service_request", answer=TOLD, **more))


def test_one_screen_makes_one_closed_matter(clerk, world):
    answer = at_once(clerk)
    case = Case.objects.get()
    assert answer.status_code == 302 and case.state == "closed" and case.ended_at
    assert list(case.events.values_list("verb", flat=True)) == ["register", "answer_at_once"]
    event = case.events.last()
    assert event.is_told and event.text == TOLD and event.by == world.clerk
    assert event.data["reply_by"] == "visit" and "本人在场" in event.data["delivered"]
    assert case.answered_at and case.closed_at and case.first_contact_at and case.in_charge == world.clerk
    assert case.registered_by == case.received_by == world.clerk


def test_the_five_haves_say_what_was_not_asked(clerk):
    at_once(clerk)
    case = Case.objects.get()
    found = {item.name: item for item in evidence_of(case)}
    assert [name for name, item in found.items() if item.applies and item.is_there] == [
        "有接访",
        "有记录",
        "有反馈",
    ]
    for name in ("有调解", "有督办"):
        assert not found[name].applies and not found[name].is_there and "不适用" in found[name].text
    assert missing_of(case) == []
    shown = clerk.get(f"/desk/cases/{case.number}/").text
    assert "3 / 3" in shown and "不适用：当场答复，没有派人去办" in shown


def test_no_clock_of_the_office_runs_on(clerk):
    at_once(clerk)
    case = Case.objects.get()
    running = [rule for row, rule, _ in deadlines.readings(case) if not (row.met_at or row.dropped_at)]
    assert case.due_at is None and all(rule.is_window for rule in running)
    closing = [row for row, rule, _ in deadlines.readings(case) if rule.duty in ("accept", "close")]
    assert closing and all(row.met_at for row in closing), "taken on and closed in time, not dropped"


def test_the_person_reads_the_answer_and_may_say_no(client, clerk):
    at_once(clerk)
    case = Case.objects.get()
    shown = client.get(f"/track/{case.tracking_code}/").text
    assert "当场就答复您了" in shown and TOLD in shown and "重新打开" in shown
    case.reopen(by=None, reason="去了说要预约")
    fresh = Case.objects.get()
    assert fresh.state == "accepted" and {item.name for item in missing_of(fresh)} >= {
        "有调解",
        "有督办",
        "有反馈",
    }


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "petition"}, "没有“当场答复”这一步"),
        ({"kind": "city_problem"}, "没有“当场答复”这一步"),
        ({"channel": "letter"}, "不是来访来电"),
        ({"is_restricted": "on"}, "不能当场办结"),
        ({"group_size": "6"}, "不能当场办结"),
        ({"system": "区民政局", "owed_to": "区民政局"}, "不能当场办结"),
        ({"answer": ""}, "写答复的原话"),
        ({"answer": "好的"}, "太短"),
        ({"answer": "您的诉求已经派单，请等办结以后再说。"}, "内部用语"),
    ],
)
def test_where_it_may_not_be_nothing_is_registered_and_nothing_lost(clerk, more, words):
    answer = clerk.post(page(), fields(**{"do": "answer", "kind": "service_request", "answer": TOLD, **more}))
    assert answer.status_code in (400, 409) and words in answer.text
    assert "何阿姨" in answer.text and not Case.objects.exists()


def test_the_station_may_not(client, world):
    client.force_login(world.east_staff)
    assert at_once(client).status_code == 403 and not Case.objects.exists()


def test_offered_later_too_only_where_it_fits(world):
    def verbs(case):
        return {offer.verb for offer in offers.offers(case, world.clerk, with_refused=True)}

    assert "answer_at_once" in verbs(world.register(by=world.clerk, kind="suggestion"))
    assert "answer_at_once" not in verbs(world.register(by=world.clerk, kind="petition"))
    assert "answer_at_once" not in verbs(world.register(kind="suggestion"))
    with pytest.raises(Refusal):
        world.register(kind="suggestion").answer_at_once(by=world.clerk, text=ANSWER)
