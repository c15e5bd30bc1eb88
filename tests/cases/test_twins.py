"""Likely twins, measured on labelled pairs (twins.yaml) in a town with 240 other matters.

Definitions, one question being what the second person of a pair says:
- recall at 5: of the questions whose first matter is the same thing, the share in which that very matter is among
  the (at most five) hints;
- false hints: hints ÷ all hints shown, over all 60 questions, that are not the labelled same matter – look-alikes
  and the background alike. This is what a clerk sees: of five cards beside the form at most one is wrong. The share
  is taken over all questions, not over look-alikes only, where every hint would be false by construction;
- fooled: of the look-alike questions, the share whose look-alike is hinted. Held to the same one in five.

Weights and the bar were chosen on half a alone: it began at recall 0.85, false 0.19, fooled 2 of 10, and ended at
0.95, 0.00, 0 of 10. Half b was only measured: 0.95, 0.05, 1 of 10. But the shipped synonyms were written after a and b
by the same hand, so b is blind for the weights, not for the words. Part c was written when weights and synonyms stood
and was measured once: recall 0.75, false 0.10, fooled 1 of 6. That is what an office may expect of words that its
synonyms do not know yet; over all 78 pairs it is 0.90.
"""

import pytest

from huiyin.cases import twin_words, twins
from huiyin.cases.intake import Person
from huiyin.cases.models import Case, WordCount
from tests.cases.twin_town import BACKGROUND, PAIRS, Town
from tests.world import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    return Town(world)


def test_the_set_is_as_large_as_it_says():
    same, other = PAIRS["same"], PAIRS["other"]
    assert len(same) >= 40 and len(other) >= 20 and BACKGROUND >= 200
    for rows in (same, other):
        halves = [row[0] for row in rows]
        assert halves.count("a") == halves.count("b") and halves.count("a") >= len(rows) // 3
    texts = [row[side][2] for rows in (same, other) for row in rows for side in (1, 2)]
    assert len(set(texts)) == len(texts)


def test_recall_and_false_hints(town, record_property):
    for half in ("a", "b", "c", ""):
        found = town.ask(half)
        words = (
            f"half {half or 'a+b'}: recall {found.recall:.2f}, false {found.false}/{found.shown}"
            f" = {found.false_share:.2f}, fooled {found.fooled}/{found.look_alikes}"
        )
        print(words)
        record_property(f"half_{half or 'all'}", words)
        assert found.recall >= (0.7 if half == "c" else 0.8), words
        assert found.false_share <= 0.2, words
        assert found.fooled_share <= 0.2, words


def test_without_synonyms(town, monkeypatch):
    """How much hangs on the synonyms: without them people who say it in other words are not recognised."""
    monkeypatch.setattr(twin_words, "synonyms", lambda rules_id: twin_words.Lexicon({}))
    twin_words._features.cache_clear()
    twin_words.count_words(town.office)
    found = town.ask()
    print(f"without synonyms: recall {found.recall:.2f}, false {found.false_share:.2f}")
    assert found.false_share <= 0.2 and 0.25 <= found.recall < town_recall(town, monkeypatch)


def town_recall(town, monkeypatch) -> float:
    monkeypatch.undo()
    twin_words._features.cache_clear()
    twin_words.count_words(town.office)
    return town.ask().recall


def test_bounded_however_many_matters_there_are(town, django_assert_max_num_queries):
    question = town.questions[0]
    user = town.world.clerk
    twins.likely(user, text=question.text, phone="10000001234")
    with django_assert_max_num_queries(5):  # the office's word count and the user's posts beside the three
        found = twins.likely(
            user, text=question.text, area=question.area, place=question.place, category=question.category,
            phone="10000001234",
        )  # fmt: skip
    assert 1 <= len(found) <= twins.SHOWN


def test_hints_say_why(world):
    first = world.register(
        by=world.clerk, place="槐荫里 3 幢", category="030202", persons=[Person("宋师傅", "10000008888")]
    )
    [hint] = twins.likely(
        world.clerk,
        text="窨井盖咣当响",
        area=world.east_grid,
        place="槐荫里三号楼",
        category="030202",
        phone="100 0000 8888",
    )
    assert hint.case.pk == first.pk and hint.is_same_person
    assert hint.reasons == [twins.SAME_PLACE, twins.SAME_SORT, twins.SIMILAR_WORDS, twins.SAME_PERSON]


def test_window_of_time(world):
    def hints():
        return [
            hint.case.number
            for hint in twins.likely(
                world.clerk, text="井盖一直响", area=world.east_grid, place="槐荫里 3 幢"
            )
        ]

    still_open = world.register(by=world.clerk, at=later(days=-300), place="槐荫里 3 幢")
    assert hints() == [still_open.number], "what is still open is the same thing, however old"
    still_open.void(by=world.clerk, reason="重复登记")
    assert hints() == []
    ended = world.register(by=world.clerk, at=later(days=-100), place="槐荫里 3 幢")
    ended.withdraw(by=world.clerk)
    assert hints() == [ended.number]
    Case.objects.filter(pk=ended.pk).update(ended_at=later(days=-61))
    assert hints() == []


def test_dialect_and_figures_are_the_same_words(world):
    one = twin_words.features(world.office, "窨井盖子咣当响")
    other = twin_words.features(world.office, "井盖夜里吵")
    assert {"#井盖", "#响"} <= set(one) & set(other)
    for said in ("槐荫里三号楼", "槐荫里 3 幢", "槐荫里3栋", "槐荫里小区3号楼"):
        assert twin_words.house_of(said) == ("槐荫里", "3"), said
    assert twin_words.house_of("锦棠苑十二幢") == ("锦棠苑", "12")
    assert twin_words.house_of("北辰路88号门口") == ("北辰路", "88")


def test_counts_are_taken_once_for_each_office(town):
    row = WordCount.objects.get()
    assert row.total == len(town.cases) and row.counts["电梯"] > 1
    weigh = twin_words.rarity(town.office)
    assert weigh("电梯") < weigh("从来没有的词") == 1.0
    twin_words.count_words(town.office)
    assert WordCount.objects.count() == 1
