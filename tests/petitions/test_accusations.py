"""检举控告 never reaches the accused, by no door."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import access, conference, twins
from huiyin.cases.models import Case
from huiyin.cases.offers import offers
from huiyin.cases.recipients import Recipients
from huiyin.petitions.models import Accused
from huiyin.rules import clock
from tests.petitions.conftest import fresh


@pytest.fixture
def accused(world):
    """Against the enforcement team's handler; registered by the clerk."""
    case = world.register(
        by=world.clerk, kind="petition", channel="visit", particulars={"purpose": "accusation"},
        description="执法队的经办人收了夜宵摊的烟酒，只查别家不查他。",
    )  # fmt: skip
    case.do("name_accused", by=world.clerk, person=world.handler)
    return fresh(case)


def test_restricted_from_registration(world):
    case = world.register(by=world.clerk, kind="petition", particulars={"purpose": "accusation"})
    case.refresh_from_db()
    assert case.is_restricted and world.supervisor.pk in case.named_readers
    keys = set(case.readers.values_list("key", flat=True))
    assert case.area_id not in keys and world.clerk.pk in keys
    assert not Case.objects.visible_to(world.clerk_b).filter(pk=case.pk).exists()


def test_restricted_when_it_turns_out_on_taking_it_on(world):
    case = world.register(kind="petition")
    assert Case.objects.visible_to(world.clerk_b).filter(pk=case.pk).exists()
    case.do("accept", by=world.clerk, particulars={"purpose": "accusation"})
    assert fresh(case).is_restricted
    assert not Case.objects.visible_to(world.handler_b).filter(pk=case.pk).exists()


def test_a_name_is_encrypted_and_stands_nowhere_else(world):
    case = world.register(by=world.clerk, kind="petition", particulars={"purpose": "accusation"})
    case.do("name_accused", by=world.clerk, name="邱大志")
    row = Accused.objects.get(case=case)
    assert row.name == "邱大志" and "邱大志" not in str(row)
    raw = (
        Accused.objects.filter(pk=row.pk)
        .extra(select={"raw": "encode(name, 'escape')"})
        .values_list("raw", flat=True)[0]
    )
    assert "邱大志" not in raw
    event = fresh(case).events.get(verb="name_accused")
    assert "邱大志" not in f"{event.text}{event.data}"


@pytest.mark.parametrize("verb", ["dispatch", "co", "assign_person", "designate"])
def test_the_hands_of_the_accused_are_refused(world, accused, verb):
    accused.accept(by=world.clerk)
    case = fresh(accused)
    if verb == "dispatch":
        with pytest.raises(Refusal, match="第三十条"):
            case.dispatch(by=world.clerk, lead=world.enforcement, task="查")
    elif verb == "co":
        with pytest.raises(Refusal, match="第三十条"):
            case.dispatch(by=world.clerk, lead=world.safety, co=[world.enforcement], task="查")
    elif verb == "designate":
        case.bounce_count = 3
        case.save(update_fields=["bounce_count"])
        with pytest.raises(Refusal, match="第三十条"):
            case.do("designate", by=world.director, lead=world.enforcement, task="查", reason="退回三次")
    else:
        case.dispatch(by=world.clerk, lead=world.safety, task="查")
        case = fresh(case)
        case.take(by=world.safety_handler, subject=case.lead)
        case = fresh(case)
        with pytest.raises(Refusal):
            case.assign_person(by=world.safety_handler, subject=case.lead, handler=world.handler)
    assert not fresh(accused).assignments.filter(organisation=world.enforcement).exists()


def test_the_accused_unit_is_refused_and_its_people_read_nothing(world):
    case = world.register(by=world.clerk, kind="petition", particulars={"purpose": "accusation"})
    case.do("name_accused", by=world.clerk, organisation=world.safety)
    case.accept(by=world.clerk)
    with pytest.raises(Refusal, match="应急办是这件事的被检举控告单位"):
        fresh(case).dispatch(by=world.clerk, lead=world.safety, task="查")
    with pytest.raises(Refusal, match="不能转给被检举控告的"):
        fresh(case).refer(by=world.clerk, to="应急办", text="这件事归应急办管，我们已经替您转过去了。")
    assert world.safety_handler.pk in access.kept_from(fresh(case))


def test_a_keeper_who_is_accused_reads_nothing_and_hears_nothing(world, desk):
    case = world.register(by=world.clerk, kind="petition", particulars={"purpose": "accusation"})
    assert desk("supervisor", reverse("desk_case", args=[case.number])).status_code == 200
    case.do("name_accused", by=world.clerk, person=world.supervisor)
    assert desk("supervisor", reverse("desk_case", args=[case.number])).status_code == 404
    assert not Case.objects.visible_to(world.supervisor).filter(pk=case.pk).exists()
    users, _ = Recipients(fresh(case)).add(["supervisors", "chiefs"]).find()
    assert world.supervisor.pk not in users
    assert case.number not in desk("supervisor", reverse("desk_list")).content.decode()


def test_who_is_accused_steps_aside(world):
    case = world.register(by=world.clerk, kind="petition", particulars={"purpose": "accusation"})
    with pytest.raises(Refusal, match="请回避") as refused:
        case.do("name_accused", by=world.clerk, person=world.clerk)
    assert refused.value.status == 403 and not case.accused.exists()


def test_no_conference_makes_the_accused_answer_for_it(world, accused):
    accused.do("mark_key", by=world.director, reason="反映干部问题")
    meeting = conference.draw(by=world.director, held_on=clock.today(), chair=world.director)
    item = meeting.items.get(case=accused)
    with pytest.raises(Refusal, match="被检举控告"):
        conference.settle(
            item,
            by=world.director,
            measure="另派人核",
            owner=world.handler,
            next_on=clock.today() + timedelta(days=3),
        )
    conference.settle(
        item,
        by=world.director,
        measure="另派人核",
        owner=world.safety_handler,
        next_on=clock.today() + timedelta(days=3),
    )


def test_merged_only_with_its_like(world, accused):
    other = world.register(by=world.clerk, kind="petition")
    with pytest.raises(Refusal):
        accused.merge(by=world.clerk, into=other)


def test_no_twin_is_hinted_at_the_counter(world, accused):
    asked = {"text": accused.description, "area": world.east_grid}
    assert accused.pk in {row.case.pk for row in twins.likely(world.clerk, **asked)}
    assert not twins.likely(world.clerk_b, **asked)
    assert not twins.likely(world.handler, **asked)


def test_struck_off_with_a_reason(world, accused):
    row = accused.accused.get()
    with pytest.raises(Refusal) as refused:
        accused.do("clear_accused", by=world.handler, subject=row, reason="写错")
    assert refused.value.status == 403
    accused.do("clear_accused", by=world.clerk, subject=row, reason="写错了人")
    row.refresh_from_db()
    assert row.cleared_at and fresh(accused).is_restricted
    fresh(accused).accept(by=world.clerk)
    fresh(accused).dispatch(by=world.clerk, lead=world.enforcement, task="查")


def test_only_accusations_name_someone(world):
    case = world.register(by=world.clerk, kind="petition")
    assert "name_accused" not in {row.verb for row in offers(case, world.clerk)}
