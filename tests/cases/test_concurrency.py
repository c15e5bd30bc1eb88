"""Two at once: one wins, the other learns who did what; a double click makes one record."""

import threading

import pytest
from django.db import connection

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case, CaseEvent
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run the jobs in threads of their own, started together; results or refusals in their order."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(place, job):
        try:
            gate.wait()
            results[place] = job()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_dispatchers_one_wins_and_the_other_learns_who(committed_world):
    world = committed_world
    case = bring(world, "accepted")
    results = at_once(
        lambda: Case.objects.get(pk=case.pk).dispatch(by=world.clerk, lead=world.enforcement),
        lambda: Case.objects.get(pk=case.pk).dispatch(by=world.clerk_b, lead=world.environment),
    )
    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(refused) == 1 and refused[0].status == 409
    winner = CaseEvent.objects.get(case=case, verb="dispatch").by
    assert winner.name in refused[0].message and "派单" in refused[0].message
    assert case.assignments.count() == 1


def test_events_are_numbered_without_gap_when_many_write_at_once(committed_world):
    world = committed_world
    case = bring(world, "in_hand")
    before = case.last_seq
    at_once(*[
        lambda n=n: Case.objects.get(pk=case.pk).record(by=world.handler, act="work", text=f"第 {n} 次")
        for n in range(6)
    ])  # fmt: skip
    seqs = list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, before + 7))


def test_the_same_key_registers_one_matter(committed_world):
    world = committed_world
    results = at_once(*[lambda: world.register(key="double-click") for _ in range(4)])
    assert len({result.pk for result in results}) == 1
    assert Case.objects.filter(intake_key="double-click").count() == 1


def test_numbers_have_no_gap_and_no_repeat_when_many_register_at_once(committed_world):
    world = committed_world
    results = at_once(*[lambda: world.register() for _ in range(6)])
    numbers = sorted(int(result.number.split("-")[1]) for result in results)
    assert numbers == list(range(numbers[0], numbers[0] + 6))
