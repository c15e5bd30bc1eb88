"""The stories of streets at night, played through the real verbs in the invented subdistrict."""

import pytest

from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.cooperation.models import Champion
from huiyin.demo import replay
from huiyin.demo.inspections_world import load_inspections
from huiyin.demo.load import load_world
from huiyin.demo.scripts import STORIES, read_stories
from huiyin.inspections import nights
from huiyin.inspections.models import Census, CensusProblem, Filing, NightRound, OverdueAppeal
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


@pytest.mark.parametrize("now", ["2026-11-25T10:20", "2026-11-22T21:00"])
def test_nights_and_census_of_the_demo(office, now):
    with clock.travel(now):
        load_inspections(office)
        load_inspections(office)
        rounds = list(NightRound.objects.filter(office=office).order_by("on"))
        assert len(rounds) == 7 and rounds[-1].on == clock.today()
        assert all(nights.counter(row)["left"] == 0 for row in rounds[:-2])
        last = nights.counter(rounds[-2])
        assert last["found"] == 4 and 1 <= last["left"] <= 2
        assert [row["name"] for row in nights.silent(rounds[-2])] == ["北辰服务站"]
        row = Census.objects.get(office=office)
        assert row.problems.count() >= 60
        assert CensusProblem.objects.filter(is_hard=True).count() >= 3
        assert Champion.objects.filter(ended_at=None).count() == 3
        texts = list(Case.objects.filter(census_problems__isnull=False).values_list("description", flat=True))
        assert len(set(texts)) == len(texts)
        states = set(Case.objects.filter(census_problems__isnull=False).values_list("state", flat=True))
        assert {"dispatched", "in_hand", "reported", "closed", "received"} <= states
