"""Stories played through the real verbs."""

from collections import Counter
from datetime import timedelta

import pytest

from huiyin.cases.evidence import evidence_of
from huiyin.cases.models import Case, CaseEvent, Conference
from huiyin.cases.states import OPEN, State
from huiyin.demo import replay
from huiyin.rules import clock

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo-world")]
DAYS = ["2026-11-25T10:20", "2026-11-22T21:00", "2027-02-25T15:00"]
FEW = {"press-shop", "press-shop-twin", "dog-leash", "water-yellow"}


@pytest.fixture
def office(demo_office):
    return demo_office


read_all = replay.read_stories


def few():
    return [story for story in read_all() if story.key in FEW]


def play(office, day: str, monkeypatch=None):
    if monkeypatch:
        monkeypatch.setattr(replay, "read_stories", few)
    with clock.travel(day):
        return replay.replay_year(office, lambda line: None, strict=True)


def test_the_press_shop_goes_two_rounds_to_closed(office, monkeypatch):
    play(office, DAYS[0], monkeypatch)
    case = Case.objects.get(intake_key="demo:press-shop")
    assert (case.state, case.round, case.group_size) == (State.CLOSED, 2, 30)
    verbs = list(case.events.order_by("seq").values_list("verb", flat=True))
    for verb in ("return_work", "overrule", "supervise", "answer_notice", "check_progress", "reopen"):
        assert verb in verbs, verb
    acts = set(case.events.exclude(act="").values_list("act", flat=True))
    assert {"site_check", "talk", "refused", "instruction", "joint_action", "opinion", "commitment"} <= acts
    assert all(item.is_there for item in evidence_of(case))
    assert [row.solved for row in case.ratings.order_by("round")] == ["no", "yes"]
    assert Case.objects.get(intake_key="demo:press-shop-twin").merged_into == case
    the_clock_stood_at_each_moment(office)


def the_clock_stood_at_each_moment(office):
    for case in Case.objects.filter(office=office):
        times = list(case.events.order_by("seq").values_list("at", flat=True))
        assert times == sorted(times)
        assert case.registered_at == times[0] and case.updated_at == times[-1]
    numbers = list(
        Case.objects.filter(office=office).order_by("registered_at").values_list("number", flat=True)
    )
    assert numbers == sorted(numbers)


def test_a_year_broken_off_goes_on_and_a_finished_one_stays(office, monkeypatch):
    stories = [story for story in few() if story.key in ("dog-leash", "water-yellow")]
    monkeypatch.setattr(replay, "read_stories", lambda: stories)
    with clock.travel(DAYS[0]):
        real, left = replay.perform, [5]

        def breaking(*args):
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            real(*args)

        monkeypatch.setattr(replay, "perform", breaking)
        with pytest.raises(KeyboardInterrupt):
            replay.replay_year(office, lambda line: None, strict=True)
        before = CaseEvent.objects.count()
        monkeypatch.setattr(replay, "perform", real)
    with clock.travel(clock.local(DAYS[0]) + timedelta(days=3)):
        made = replay.replay_year(office, lambda line: None, strict=True)
        assert made > 0 and CaseEvent.objects.count() > before
        assert replay.replay_year(office, lambda line: None, strict=True) == 0
    assert CaseEvent.objects.filter(office=office).count() == sum(len(story.steps) + 1 for story in stories)
    assert Case.objects.get(intake_key="demo:dog-leash").state == State.CLOSED


def test_the_line_tells_who_could_not_play(office, monkeypatch):
    story = next(story for story in few() if story.key == "dog-leash")
    story.steps[1].value["lead"] = "nobody"
    monkeypatch.setattr(replay, "read_stories", lambda: [story])
    lines = []
    with clock.travel(DAYS[0]):
        replay.replay_year(office, lines.append)
    assert any("dog-leash 第 2 步 dispatch" in line for line in lines)


@pytest.mark.long
@pytest.mark.parametrize("day", DAYS)
def test_the_whole_year_plays_on_any_day(office, day):
    play(office, day)
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(OPEN) <= set(states) | {State.DISPATCHED}
    for state in (
        State.CLOSED,
        State.NOT_ACCEPTED,
        State.REFERRED,
        State.WITHDRAWN,
        State.MERGED,
        State.VOID,
    ):
        assert states[state], state
    assert Case.objects.exclude(paused_at=None).count() >= 2
    with clock.travel(day):
        assert Case.objects.overdue().count() >= 1
    meetings = Conference.objects.exclude(closed_at=None)
    assert meetings.count() == 4 and all(item.is_settled for row in meetings for item in row.items.all())
    kept = Case.objects.get(intake_key="demo:help-at-night")
    assert kept.is_restricted and kept.state == State.CLOSED
