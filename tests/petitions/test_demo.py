"""The stories of this room play through the real verbs to where they say."""

import pytest

from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.demo import replay
from huiyin.demo.load import load_world
from huiyin.petitions.models import Adoption, Hearing, Review
from huiyin.rules import clock

pytestmark = pytest.mark.slow
MINE = {"charging-shed", "last-bus", "library-hours", "thanks"}


@pytest.fixture
def year(db, monkeypatch):
    """This room's stories, played on a day on which all of them have gone their way."""
    office = load_world(lambda line: None)
    every = replay.read_stories()
    first = next(number for number, row in enumerate(every) if row.key == "roof-fans")
    wanted = [row for row in every[first:] if row.data["kind"] in ("petition", "suggestion")][:17]
    wanted += [row for row in every if row.key in MINE]
    monkeypatch.setattr(replay, "read_stories", lambda: wanted)
    with clock.travel("2026-11-25T10:20"):
        lines: list[str] = []
        replay.replay_year(office, lines.append)
    assert "\n".join(line for line in lines if "没有演成" in line) == ""
    return office


def of(key: str) -> Case:
    return Case.objects.get(intake_key=f"demo:{key}")


def test_all_of_it_plays(year):
    heard = of("roof-fans")
    assert [row.level for row in heard.reviews.order_by("taken_at")] == ["review", "recheck"]
    assert Hearing.objects.get(case=heard).ended_at and heard.state == State.CLOSED
    assert of("stairs-paved").round == 2 and Review.objects.get(case=of("stairs-paved")).result == "revoked"
    assert of("kiln-next-door").state == State.REFERRED and of("seam-road").state == State.CLOSED
    assert (
        of("window-gifts").is_restricted and of("mistaken-name").accused.exclude(cleared_at=None).count() == 1
    )
    assert (
        of("wall-quake").extensions.get().is_approved and of("unpaid-night-shift").state == State.NOT_ACCEPTED
    )
    assert of("pond-lights").reviews.get().served_on is None
    results = dict(Adoption.objects.values_list("case__intake_key", "result"))
    assert set(results.values()) == {"adopted", "partly", "kept", "not"}
    assert Adoption.objects.exclude(done_on=None).count() >= 3
    assert "demo:thanks" not in results and of("thanks").state == State.CLOSED
