"""The office's own wording: a broken rule is refused before it is active, a good one is used."""

import copy

import pytest

from huiyin.documents import issuing
from huiyin.documents.facts import Facts, fill
from huiyin.documents.rule_checks import WORDS, check, shipped
from huiyin.papers import content
from huiyin.papers.blocks import Span
from huiyin.rulebook import registry
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget
from tests.cases import walks

pytestmark = pytest.mark.django_db


def test_the_shipped_one_is_good(world):
    assert list(registry.problems("documents", shipped(), world.office)) == []


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        (("acceptance", "closing"), "由{nobody}告知", "nobody"),
        (("acceptance", "series"), "督", "督"),
        (("reply", "series"), "处", "处"),
        (("reply", "layout"), "letter", "letter"),
        (("transfer", "notes"), None, ""),
    ],
)
def test_a_broken_one_is_refused(world, where, value, words):
    broken = copy.deepcopy(shipped())
    kind, key = where
    if value is None:
        del broken["kinds"][kind][key]
    else:
        broken["kinds"][kind][key] = value
    found = list(check(broken, world.office))
    assert found and words in "".join(str(row.words if hasattr(row, "words") else row) for row in found)


def test_own_wording_is_used_for_new_papers_only(world):
    case = walks.bring(world, "accepted", kind="petition")
    first = issuing.issue(case, "acceptance", by=world.clerk)
    own = copy.deepcopy(shipped())
    own["kinds"]["acceptance"]["closing"] = "特此告知，请放心。"
    RuleSet.objects.create(
        name="documents", version=1, office=world.office, valid_from=clock.today(), source="试", content=own,
        activated_at=clock.now(),
    )  # fmt: skip
    forget()
    second = issuing.issue(walks.bring(world, "accepted", kind="petition"), "acceptance", by=world.clerk)
    assert "请放心" in content.plain_text(second.paper) and second.rules.content == own
    first.refresh_from_db()
    assert "请放心" not in content.plain_text(first.paper)
    forget()


def test_words_in_values_are_not_read_again(world):
    case = walks.bring(
        world, "accepted", kind="petition", description="{phone} {code} 井盖响，老人睡不着觉。"
    )
    text = content.plain_text(issuing.draft(case, "acceptance").paper)
    assert "{phone}" in text
    assert set(Facts(case).print_words) == WORDS
    assert fill("由{unit}办", {"unit": ""}) == () and fill("{unit}", {"unit": "甲"})[1] == Span("甲")
