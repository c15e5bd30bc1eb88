"""The stories of streets at night, played through the real verbs in the invented subdistrict."""

import pytest

from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.demo import replay
from huiyin.demo.load import load_world
from huiyin.demo.scripts import STORIES, read_stories
from huiyin.inspections.models import Filing, OverdueAppeal
from huiyin.rules import clock

pytestmark = pytest.mark.slow
NOW = "2026-11-25T10:20"


def own_stories():
    import yaml

    keys = {row["key"] for row in yaml.safe_load((STORIES / "15_streets_at_night.yaml").read_text())}
    return [story for story in read_stories() if story.key in keys]


@pytest.fixture
def office(db):
    return load_world(lambda line: None)


def test_all_of_them_play(office, monkeypatch):
    stories = own_stories()
    assert len(stories) >= 12
    monkeypatch.setattr(replay, "read_stories", lambda: stories)
    with clock.travel(NOW):
        replay.replay_year(office, lambda line: None, strict=True)
        cases = {
            row.intake_key.removeprefix("demo:"): row
            for row in Case.objects.filter(intake_key__startswith="demo:")
        }
        assert (
            cases["night-plot-dust"].state == State.CLOSED and cases["night-plot-dust"].filings.get().met_at
        )
        assert (
            cases["wait-dead-trees"].is_paused
            and cases["not-filed-cover"].particulars["not_filed"] == "condition"
        )
        appeals = {row.case.title: row for row in OverdueAppeal.objects.select_related("case")}
        assert sorted(row.is_granted for row in appeals.values()) == [False, True]
        assert Filing.objects.count() >= 12
        assert cases["night-slag-heap"].events.filter(verb="redo").count() == 1
