"""A stateful test: random legal and illegal moves; whatever happens, the record stays sound."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.base.refusal import Refusal
from huiyin.cases import access, offers
from huiyin.cases.models import Case, Reader
from huiyin.cases.states import ENDED, State
from huiyin.cases.workflow import MOVES
from huiyin.rules import clock
from tests.cases.test_verbs import TRIES

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
USERS = [
    "clerk",
    "duty_leader",
    "leader",
    "supervisor",
    "handler",
    "environment_handler",
    "east_worker",
    "outsider",
    "admin",
]
VERBS = sorted(set(MOVES) & set(TRIES) - {"merge"})


def attempt(world, case, verb, user):
    """Try one verb; True when it was done."""
    row = TRIES[verb]
    try:
        arguments = row.arguments(world, case) if callable(row.arguments) else dict(row.arguments)
        if row.subject:
            arguments["subject"] = row.subject(world, case)
    except Exception:
        return False
    before = case.last_seq, case.events.count()
    try:
        getattr(case, verb)(by=user, **arguments)
    except Refusal as refusal:
        fresh = Case.objects.get(pk=case.pk)
        assert (fresh.last_seq, fresh.events.count()) == before, "a refused move left something behind"
        assert refusal.message and refusal.status in (400, 403, 404, 409)
        return False
    return True


def sound(case):
    """What must hold after every move."""
    events = list(case.events.all())
    assert [event.seq for event in events] == list(range(1, case.last_seq + 1))
    assert events[-1].to_state == case.state
    for one, two in zip(events, events[1:], strict=False):
        assert two.from_state == one.to_state, f"{one.verb} → {two.verb}"
    leads = [row for row in case.live_assignments if row.is_lead and row.state in ("sent", "accepted")]
    assert len(leads) <= 1
    assert (case.state in ENDED) == (case.ended_at is not None)
    assert case.state not in ENDED or case.due_at is None
    assert (case.paused_at is None) == (not case.pauses.filter(until_at=None).exists())
    if case.state == State.CLOSED:
        verbs = [event.verb for event in events if event.round == case.round]
        assert "answer_at_once" in verbs or ("verify" in verbs and "answer" in verbs)
    keys = set(Reader.objects.filter(case=case).values_list("key", flat=True))
    access.refresh_readers(case)
    assert keys == set(Reader.objects.filter(case=case).values_list("key", flat=True))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(VERBS), st.sampled_from(USERS), st.integers(1, 4000)),
        min_size=5,
        max_size=25,
    )
)
def test_random_moves_keep_the_record_sound(world, moves):
    at = clock.local("2026-03-02T09:00")
    case = world.register(by=world.clerk, at=at)
    for verb, name, minutes in moves:
        at += timedelta(minutes=minutes)
        with clock.travel(at):
            case = Case.objects.get(pk=case.pk)
            attempt(world, case, verb, getattr(world, name))
            sound(Case.objects.get(pk=case.pk))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.integers(0, 50), min_size=8, max_size=20))
def test_every_offered_move_can_be_made(world, choices):
    """What the page offers is not refused: with sensible input the verb goes through."""
    at = clock.local("2026-03-02T09:00")
    case = world.register(by=world.clerk, at=at)
    for choice in choices:
        at += timedelta(minutes=37)
        with clock.travel(at):
            case = Case.objects.get(pk=case.pk)
            allowed = [
                (offer, name)
                for name in USERS
                for offer in offers.offers(case, getattr(world, name))
                if offer.verb in TRIES and offer.verb not in ("merge", "void", "withdraw", "decline", "refer")
            ]
            if not allowed:
                return
            offer, name = allowed[choice % len(allowed)]
            row = TRIES[offer.verb]
            arguments = fitting(world, case, offer, row)
            if arguments is not None:
                getattr(case, offer.verb)(by=getattr(world, name), **arguments)
                sound(Case.objects.get(pk=case.pk))


def fitting(world, case, offer, row):
    """Arguments that suit this matter, or None where the table's own ones do not."""
    if offer.verb in ("assign_person", "add_unit", "dispatch", "designate", "amend", "void_entry", "answer"):
        return None
    if offer.verb == "ask_extension":
        form = offer.form()
        return {"deadline": form.fields["deadline"].queryset.first(), "amount": 1, "reason": "等配件"}
    arguments = row.arguments(world, case) if callable(row.arguments) else dict(row.arguments)
    if offer.subject is not None:
        arguments["subject"] = offer.subject
    return arguments
