"""The stories: readable, all different, and written for people."""

from collections import Counter
from datetime import date, datetime

import pytest
import yaml

from huiyin.cases.states import Channel, Reply
from huiyin.cases.workflow import MOVES
from huiyin.demo.scripts import Timetable, read_step, read_stories
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.clock import TZ
from huiyin.rules.models import SEEDS

STORIES = read_stories()
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=TZ)


@pytest.fixture(scope="module")
def timetable():
    content = yaml.safe_load((SEEDS / "calendar.yaml").read_text())["content"]
    return Timetable(WorkCalendar(content), date(2026, 11, 25))


def test_no_two_stories_are_alike():
    assert len(STORIES) >= 60
    for part in ("key", "title"):
        assert not [name for name, n in Counter(story.data[part] for story in STORIES).items() if n > 1]
    told = Counter(str(step.value) for story in STORIES for step in story.steps if step.verb == "answer")
    assert max(told.values()) == 1


def test_stories_name_known_things():
    codes = {
        row["code"]
        for row in yaml.safe_load((SEEDS / "categories.yaml").read_text())["content"]["categories"]
    }
    kinds = yaml.safe_load((SEEDS / "procedures.yaml").read_text())["content"]["kinds"]
    for story in STORIES:
        assert story.data["kind"] in kinds and story.data["channel"] in Channel.values
        assert story.data["category"] in codes, story.key
        assert story.data.get("reply", "web") in Reply.values


def test_the_whole_life_is_played():
    played = {step.verb for story in STORIES for step in story.steps}
    # The other doors are walked by the rooms that own them: at the counter, on the portal, for early signs.
    elsewhere = {"attach", "answer_at_once", "urge", "supplement", "follow_up", "relevel"}
    assert set(MOVES) - played <= elsewhere


def test_steps_go_forward_in_time(timetable):
    for story in STORIES:
        moments = timetable.moments(story, NOW)
        assert moments == sorted(moments), story.key


@pytest.mark.parametrize(
    "when, expected",
    [
        ("20m", "2026-11-20T17:50"),
        ("2h", "2026-11-23T08:00"),
        ("1d@09:00", "2026-11-23T08:00"),
        ("1d@22:00!", "2026-11-21T22:00"),
        ("1w@09:15", "2026-11-23T09:15"),
        ("0d@12:30", "2026-11-20T17:31"),
    ],
)
def test_when(timetable, when, expected):
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=TZ)
    assert timetable.later(friday, when) == datetime.fromisoformat(expected).replace(tzinfo=TZ)


def test_a_step_nobody_can_read_is_refused():
    with pytest.raises(ValueError, match="cannot read"):
        read_step("x", "soon accept", "…")
    with pytest.raises(ValueError, match="cannot read"):
        read_step("x", "1d applaud", "…")
