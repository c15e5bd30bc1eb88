"""What the API tells the person is what the page tells, and no more."""

import html
import re

import pytest

from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from tests.cases.walks import ANSWER, STEPS, advance, bring

pytestmark = pytest.mark.django_db
WITH_NUMBERS = "请打小区李师傅的电话 10000005678，他来开门。"


def track(anyone, code):
    answer = anyone.get(f"/api/v1/tracking/{code}")
    assert answer.status_code == 200
    return answer.data


def page(anyone, code) -> tuple[str, list[str]]:
    """The heading of the tracking page and the lines of its way, newest first."""
    text = anyone.client.get(f"/track/{code}/").content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", text, re.S)[1]
    lines = re.findall(r"<li[^>]*><svg.*?<b>(.*?)</b>", text, re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", heading)).replace("\u00a0", " "), lines


@pytest.mark.parametrize("state", STEPS)
def test_at_every_stage_the_same_words_as_the_page(anyone, world, state):
    case = bring(world, state)
    seen, (heading, lines) = track(anyone, case.tracking_code), page(anyone, case.tracking_code)
    assert seen["state"] == state and seen["state_label"] == heading
    assert [step["words"] for step in seen["trail"]] == lines[::-1]
    assert (seen["due_at"] is None) == (state in ("received", "answered", "closed"))
    assert seen["answer"] is None or seen["answer"]["text"] == ANSWER


def test_numbers_in_told_words_are_starred_and_struck_out_ones_gone(anyone, world):
    case = bring(world, "in_hand")
    case.tell(by=world.handler, text="下周二来换新的井盖。")
    case.void_entry(by=world.handler, entry=case.events.get(verb="tell"), reason="日子写错")
    case.tell(by=world.handler, text=WITH_NUMBERS)
    told = [row["text"] for row in track(anyone, case.tracking_code)["told"]]
    assert told[-1] == WITH_NUMBERS.replace("10000005678", "100****5678")
    assert not any("下周二" in text for text in told)


def test_nothing_of_the_offices_own_affairs(anyone, world):
    case = bring(world, "in_hand", description="来电人情绪激动，说了三遍。")
    case.record(by=world.handler, act="refused", text="内部：店主不肯")
    case.return_work(by=world.handler, subject=case.lead, reason="内部推脱", clause="基本履职-28")
    said = str(track(anyone, case.tracking_code))
    for secret in ("内部", "情绪激动", "测handler", "测clerk", "退回", "何阿姨"):
        assert secret not in said
    assert "换一家来办" in said


def test_own_words_are_not_among_what_was_told(anyone, world):
    case = bring(world, "closed")
    path = f"/api/v1/tracking/{case.tracking_code}/reopen"
    seen = anyone.post(path, {"reason": "昨晚车一过又响了"}).data
    assert "又响了" not in str(seen) and seen["state_label"].startswith("重新打开了，编号不变。")
    assert ANSWER in [row["text"] for row in seen["told"]], "the answer of the first round stays readable"
    assert seen["answer"] is None


def test_a_merged_person_finds_the_answer_of_the_other_matter(anyone, world):
    goal = world.register(description="别人的隐情", persons=[Person(name="丁小禾", phone="10000008888")])
    case = world.register(description="我们这里井盖也响")
    case.merge(by=world.clerk, into=goal)
    goal = Case.objects.get(pk=goal.pk)
    for target in STEPS[1:7]:
        advance(world, goal, target)
    seen = track(anyone, case.tracking_code)
    assert seen["state"] == "merged" and "那一件现在：已经答复您了" in seen["state_label"]
    assert seen["answer"]["text"] == ANSWER and ANSWER in [row["text"] for row in seen["told"]]
    assert {"交给综合执法队来办"} <= {row["words"] for row in seen["trail"] if row["is_joined"]}
    for secret in ("隐情", "丁小禾", "8888", goal.tracking_code, goal.number):
        assert secret not in str(seen)


def test_a_refused_verb_names_no_staff(anyone, world):
    case = bring(world, "verified")
    verdict = {"contacted": "yes", "solved": "yes", "satisfied": "fair"}
    answer = anyone.post(f"/api/v1/tracking/{case.tracking_code}/rating", verdict)
    assert answer.status_code == 409 and "这一步现在做不了" in answer.data["error"]
    assert "测" not in answer.data["error"]
