"""Rate, open again, withdraw: by the code alone, once, in the right state, with one event each."""

import pytest

from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from tests.portal.conftest import bring, words_of

pytestmark = pytest.mark.django_db

GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "yes", "words": "谢谢"}
BAD = {"contacted": "yes", "solved": "no", "satisfied": "no"}


def go(browser, code, verb, **data):
    return browser.post(f"/track/{code}/{verb}/", **data)


def events(case):
    return Case.objects.get(pk=case.pk).last_seq


@pytest.mark.parametrize("verb", ["rate", "reopen", "withdraw"])
def test_verbs_are_posts(world, stage, browser, verb):
    case = stage("answered")
    assert browser.get(f"/track/{case.tracking_code}/{verb}/").status_code == 405


@pytest.mark.parametrize("verb", ["rate", "reopen", "withdraw"])
def test_verbs_need_a_right_code_and_a_token(world, stage, browser, verb):
    case = stage("answered")
    assert go(browser, "ZZZ-ZZZ-ZZZ", verb, **GOOD, reason="还是响得厉害").status_code == 404
    path = f"/track/{case.tracking_code}/{verb}/"
    assert browser.client.post(path, GOOD).status_code == 403
    assert not case.ratings.exists()


def test_rating_is_kept_and_shown(world, stage, browser):
    case = stage("answered")
    before = events(case)
    answer = go(browser, case.tracking_code, "rate", **GOOD)
    assert answer.status_code == 302 and answer.url == f"/track/{case.tracking_code}/#rated"
    rating = case.ratings.get()
    assert (rating.solved, rating.words, rating.voice, rating.taken_by) == ("yes", "谢谢", "", None)
    assert events(case) == before + 1
    said = words_of(browser.get(answer.url.split("#")[0]))
    assert "您评过了，谢谢" in said and "三个问题" not in said


def test_rating_twice_counts_once(world, stage, browser):
    case = stage("answered")
    go(browser, case.tracking_code, "rate", **GOOD)
    again = go(browser, case.tracking_code, "rate", **BAD)
    assert again.status_code == 409 and "已经评过了" in words_of(again)
    assert case.ratings.get().solved == "yes"


@pytest.mark.parametrize("missing", ["contacted", "solved", "satisfied"])
def test_an_unanswered_question_keeps_the_others(world, stage, browser, missing):
    case = stage("closed")
    data = {**GOOD, "words": "要说的话"}
    data.pop(missing)
    answer = go(browser, case.tracking_code, "rate", **data)
    page = answer.content.decode()
    assert answer.status_code == 400 and "这一问还没选" in page and "要说的话" in page
    assert page.count(" checked") == 2 and not case.ratings.exists()


def test_each_representative_has_a_voice(world, stage, browser):
    persons = [Person(name="何阿姨", phone="10000001234"), Person(name="丁小禾", phone="10000004321")]
    case = stage("answered", persons=persons, group_size=6)
    other = case.parties.get(role="representative")
    assert go(browser, case.tracking_code, "rate", **GOOD).status_code == 302
    assert go(browser, other.tracking_code, "rate", **BAD).status_code == 302
    assert {row.voice for row in case.ratings.all()} == {"", str(other.pk)}
    assert go(browser, other.tracking_code, "rate", **BAD).status_code == 409


@pytest.mark.parametrize("state", ["received", "in_hand", "verified"])
def test_rating_before_the_answer_is_refused_without_naming_staff(world, stage, browser, state):
    case = stage(state)
    answer = go(browser, case.tracking_code, "rate", **GOOD)
    said = words_of(answer)
    assert (
        answer.status_code == 409 and "这一步现在做不了" in said and "测" not in said.replace("测试街道", "")
    )
    assert not case.ratings.exists()


def test_not_solved_offers_to_open_again(world, stage, browser):
    case = stage("answered")
    go(browser, case.tracking_code, "rate", **BAD)
    page = browser.get(f"/track/{case.tracking_code}/").content.decode()
    assert '<details class="more again" open>' in page and "没解决好，可以在下面重新打开" in page


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_opening_again_starts_a_new_round_under_the_same_number(world, stage, browser, state):
    case = stage(state)
    before = events(case)
    answer = go(browser, case.tracking_code, "reopen", reason="昨晚车一过又响了")
    assert answer.status_code == 302
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.state, fresh.round, fresh.number, fresh.last_seq) == (
        "accepted",
        2,
        case.number,
        before + 1,
    )
    said = words_of(browser.get(f"/track/{case.tracking_code}/"))
    assert "重新打开了，编号不变" in said and "昨晚车一过又响了" in said


def test_a_new_round_can_be_rated_again(world, stage, browser):
    case = stage("answered")
    go(browser, case.tracking_code, "rate", **BAD)
    go(browser, case.tracking_code, "reopen", reason="昨晚车一过又响了")
    bring(world, Case.objects.get(pk=case.pk), "answered")
    assert go(browser, case.tracking_code, "rate", **GOOD).status_code == 302
    assert list(case.ratings.order_by("round").values_list("round", "solved")) == [(1, "no"), (2, "yes")]


def test_opening_again_twice_is_one_round(world, stage, browser):
    case = stage("answered")
    go(browser, case.tracking_code, "reopen", reason="昨晚车一过又响了")
    again = go(browser, case.tracking_code, "reopen", reason="昨晚车一过又响了")
    assert again.status_code == 409 and "测clerk" not in again.content.decode()
    assert Case.objects.get(pk=case.pk).round == 2


def test_opening_again_asks_what_is_wrong(world, stage, browser):
    case = stage("answered")
    answer = go(browser, case.tracking_code, "reopen", reason="响")
    assert (
        answer.status_code == 400
        and "请写清楚一点" in words_of(answer)
        and ">响<" in answer.content.decode().replace("\n", "")
    )
    assert Case.objects.get(pk=case.pk).state == "answered"


@pytest.mark.parametrize("state", ["received", "in_hand", "verified"])
def test_withdrawing_ends_it_and_can_be_undone(world, stage, browser, state):
    case = stage(state)
    before = events(case)
    assert go(browser, case.tracking_code, "withdraw", reason="物业已经修好了").status_code == 302
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.state == "withdrawn" and fresh.last_seq == before + 1
    assert "您说不用办了" in words_of(browser.get(f"/track/{case.tracking_code}/"))
    assert go(browser, case.tracking_code, "reopen", reason="又坏了，还要办").status_code == 302


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_what_is_answered_cannot_be_withdrawn(world, stage, browser, state):
    case = stage(state)
    answer = go(browser, case.tracking_code, "withdraw")
    assert answer.status_code == 409 and Case.objects.get(pk=case.pk).state == state
