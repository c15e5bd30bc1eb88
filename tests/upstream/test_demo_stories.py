"""The stories of the hotline and of services are played by the real verbs, whatever day the year ends on."""

import pytest

from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.demo import replay
from huiyin.rules import clock
from huiyin.upstream.models import PaperNotice, ServiceResult, UpstreamOrder

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo-world")]
OWN = ("hotline", "service_request")
BESIDE = {"press-shop"}  # another matter is joined to it

read_all = replay.read_stories


def own_stories():
    return [story for story in read_all() if story.data["kind"] in OWN or story.key in BESIDE]


@pytest.mark.parametrize("day", ["2026-11-25T10:20", "2026-10-12T15:00"])
def test_they_all_play(demo_office, monkeypatch, day):
    monkeypatch.setattr(replay, "read_stories", own_stories)
    lines = []
    with clock.travel(day):
        replay.replay_year(demo_office, lines.append)
        assert not [line for line in lines if "没有演成" in line], lines
        orders = {row.case.intake_key[5:]: row for row in UpstreamOrder.objects.select_related("case")}
    assert orders["who-owns-the-wall"].problem_why == "已退回 3 次" and orders["who-owns-the-wall"].problem_settled_at
    assert orders["smoke-three-times"].problem_why == "已重办 3 次"
    assert orders["across-the-street"].case.state == State.REFERRED
    assert orders["nobody-answers"].tries == 3 and orders["nobody-answers"].excluded == "false_number"
    assert orders["slow-is-our-fault"].excluded == "" and orders["still-noisy-square"].case.round == 2
    assert Case.objects.get(intake_key="demo:window-open-now").state == State.RECEIVED
    assert {row.outcome for row in ServiceResult.objects.all()} == {"granted", "handed_over", "not_possible"}
    assert PaperNotice.objects.exclude(reason="").exists()
