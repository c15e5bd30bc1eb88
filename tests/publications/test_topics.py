"""Hot topics: only what many say, nobody to be picked out, and what was done about it."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from huiyin.cases.models import Case
from huiyin.publications import reviewing
from huiyin.publications.topics import hot
from huiyin.rules import clock

pytestmark = pytest.mark.django_db
NOTE = "这一带的井盖都查过了，会响的先垫上，看到松的打街道电话。"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def many(world, number, category="030202", days_ago=1, **words):
    rows = [world.register(category=category, **words) for _ in range(number)]
    at = clock.now() - timedelta(days=days_ago)
    Case.objects.filter(pk__in=[row.pk for row in rows]).update(registered_at=at)
    return rows


def test_few_are_not_shown_and_many_are(world):
    many(world, 2)
    assert hot(world.office) == []
    many(world, 1, category="030203")
    topic = hot(world.office)[0]
    assert (topic.code, topic.name, topic.count) == ("0302", "井盖与排水", 3)
    assert topic.communities == ["东社区"] and topic.before is None and "很少有人说" in topic.change


def test_a_community_with_few_is_not_named(world):
    many(world, 3)
    many(world, 2, area=world.west_grid)
    assert hot(world.office)[0].communities == ["东社区"]


def test_more_or_fewer_than_before(world):
    many(world, 5, days_ago=40)
    many(world, 3)
    topic = hot(world.office)[0]
    assert topic.before == 5 and topic.change == "比前 30 天少 2 件" and not topic.is_rising


@pytest.mark.parametrize("change", [{"is_restricted": True}, {"state": "void"}, {"kind": "directive"}])
def test_what_is_kept_from_the_public_does_not_count(world, change):
    rows = many(world, 3)
    Case.objects.filter(pk=rows[0].pk).update(**change)
    assert hot(world.office) == []


def test_categories_that_are_never_told_make_no_topic(world):
    many(world, 4, category="120304", kind="petition")
    assert hot(world.office) == []


def test_old_matters_make_no_topic(world):
    many(world, 4, days_ago=45)
    assert hot(world.office) == []


def test_what_was_done_stands_beside_it_once_reviewed(world, closed):
    many(world, 3)
    row = reviewing.draft(closed(), by=world.clerk)
    row = reviewing.submit(reviewing.rewrite(row, by=world.clerk, done="换了盖，不响了。"), by=world.clerk)
    note = reviewing.write_note(world.office, by=world.clerk, category="0302", text=NOTE)
    note = reviewing.submit(note, by=world.clerk)
    topic = hot(world.office)[0]
    assert not topic.answers and not topic.notes
    row, note = reviewing.publish(row, by=world.leader), reviewing.publish(note, by=world.leader)
    topic = hot(world.office)[0]
    assert topic.answers == [row] and topic.notes == [note]
    reviewing.withdraw(note, by=world.leader, reason="过时了")
    assert not hot(world.office)[0].notes


def test_it_takes_few_queries(world, django_assert_max_num_queries):
    many(world, 3)
    many(world, 3, category="010101")
    with django_assert_max_num_queries(6):
        hot(world.office)
