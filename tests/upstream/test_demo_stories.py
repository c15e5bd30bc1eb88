"""The stories of the hotline and of services are played by the real verbs, to where today leaves them."""

from collections import Counter

import pytest
import yaml

from huiyin.accounts.models import User
from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.demo import replay, upstream_world
from huiyin.demo.scripts import STORIES
from huiyin.rules import clock
from huiyin.upstream import replying
from huiyin.upstream.models import ImportBatch, PaperNotice, ReplyBatch, ServiceResult, UpstreamOrder

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo-world")]
OWN = {row["key"] for row in yaml.safe_load((STORIES / "13_hotline.yaml").read_text())}
MORE = {"cover-118", "dibao-review"}  # told before: bounced thrice, a request without an item

read_all = replay.read_stories


def own_stories():
    return [story for story in read_all() if story.key in OWN | MORE]


def test_they_all_play(demo_office, monkeypatch):
    monkeypatch.setattr(replay, "read_stories", own_stories)
    lines = []
    with clock.travel("2026-11-25T10:20"):
        replay.replay_year(demo_office, lines.append)
        assert "\n".join(line for line in lines if "没有演成" in line) == ""
        for _ in range(2):
            upstream_world.load_files(demo_office)
        orders = {row.case.intake_key[5:]: row for row in UpstreamOrder.objects.select_related("case")}
        files_come_and_go(demo_office)
    assert (
        orders["who-owns-the-wall"].problem_why == "已退回 3 次"
        and orders["who-owns-the-wall"].problem_settled_at
    )
    assert orders["smoke-three-times"].problem_why == "已重办 3 次"
    assert orders["across-the-street"].case.state == State.REFERRED
    assert orders["nobody-answers"].tries == 3 and orders["nobody-answers"].excluded == "false_number"
    assert orders["slow-is-our-fault"].excluded == "" and orders["still-noisy-square"].case.round == 2
    assert Case.objects.get(intake_key="demo:window-open-now").state == State.RECEIVED
    assert {row.outcome for row in ServiceResult.objects.all()} == {"granted", "handed_over", "not_possible"}
    assert PaperNotice.objects.exclude(reason="").exists()


def files_come_and_go(office):
    """Two files of the same orders, the second with changes; one reply out, one answered order still to be told."""
    first, second = ImportBatch.objects.order_by("uploaded_at")
    assert Counter(first.lines.values_list("result", flat=True)) == {"new": 6, "refused": 3}
    assert Counter(second.lines.values_list("result", flat=True)) == {"updated": 3, "same": 2}
    reply = ReplyBatch.objects.get()
    assert "answered-not-told" in {
        line.order.case.intake_key[5:] for line in reply.lines.select_related("order__case")
    }
    left = replying.waiting(User.objects.get(username="ni.qinghe"))
    assert "answered-this-morning" in {row.case.intake_key[5:] for row in left.select_related("case")}
