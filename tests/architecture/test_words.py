"""One word for one thing: every record, state, verb and kind stands in docs/glossary.md, one to one."""

import re
from collections import Counter

import pytest
import yaml
from django.apps import apps
from django.db import models

from huiyin.cases import diagram
from huiyin.cases.workflow import EVENT_LABELS, MOVES
from huiyin.rules.limit_flow import UNITS
from huiyin.rules.models import SEEDS
from tests.architecture.tree import ROOT, text

ROW = re.compile(r"^\| *([^|`]+?) *\| *`([^`]+)` *\|", re.MULTILINE)


def sections() -> dict[str, list[tuple[str, str]]]:
    """'State' → [(Chinese, identifier), …]; the key is the code word in the section's heading."""
    found = {}
    for part in text(ROOT / "docs" / "glossary.md").split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        key = re.search(r"`([^`]+)`", heading)
        if key:
            found[key[1]] = ROW.findall(body)
    return found


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("huiyin.")]


def choices() -> dict[str, list[tuple[str, str]]]:
    """Every list of choices that the product has, by its class or by model.field."""
    found = {}
    for choice in [*models.TextChoices.__subclasses__(), *models.IntegerChoices.__subclasses__()]:
        if choice.__module__.startswith("huiyin."):
            found[choice.__name__] = [(str(label), str(value)) for value, label in choice.choices]
    known = {tuple(sorted(pairs)) for pairs in found.values()}
    for model in own_models():
        for field in model._meta.get_fields():
            pairs = [(str(label), str(value)) for value, label in getattr(field, "choices", None) or ()]
            if pairs and tuple(sorted(pairs)) not in known:
                found[f"{model.__name__}.{field.name}"] = pairs
    return found


def wanted() -> dict[str, list[tuple[str, str]]]:
    kinds = yaml.safe_load(text(SEEDS / "procedures.yaml"))["content"]["kinds"]
    return {
        "Model": [(str(model._meta.verbose_name), model.__name__) for model in own_models()],
        "MOVES": [(move.label, verb) for verb, move in MOVES.items()],
        "EVENT_LABELS": [(label, verb) for verb, label in EVENT_LABELS.items() if verb not in MOVES],
        "kinds": [(row["name"], kind) for kind, row in kinds.items()],
        "UNITS": [(label, unit) for unit, label in UNITS.items()],
        **choices(),
    }


@pytest.mark.parametrize("key", sorted(wanted()))
def test_section_holds_exactly_what_the_code_has(key):
    missing = [
        f"| {chinese} | `{name}` |" for chinese, name in wanted()[key] if (chinese, name) not in rows_of(key)
    ]
    stale = [pair for pair in rows_of(key) if pair not in wanted()[key]]
    assert not missing and not stale, f"docs/glossary.md, section `{key}`: missing {missing}, stale {stale}"


def rows_of(key):
    assert key in sections(), f"docs/glossary.md needs a section with `{key}` in its heading"
    return sections()[key]


def test_one_word_for_one_thing_within_a_section():
    for key, rows in sections().items():
        for side in (0, 1):
            twice = [word for word, count in Counter(row[side] for row in rows).items() if count > 1]
            assert twice == [], f"section `{key}`: {twice}"


def test_every_term_has_a_meaning():
    lines = [line for line in text(ROOT / "docs" / "glossary.md").splitlines() if ROW.match(line)]
    assert [line for line in lines if len(line.strip("| ").split("|")[-1].strip()) < 2] == []


def test_the_picture_of_the_workflow_is_up_to_date():
    assert text(ROOT / "docs" / "workflow.md") == diagram.page(), "run: python -m huiyin.cases.diagram"


def test_the_picture_follows_the_table(monkeypatch):
    """A verb that is taken out of the table is gone from the picture: it is drawn from nothing else."""
    before = diagram.page()
    monkeypatch.delitem(MOVES, "look_back")
    assert "look_back" in before and "look_back" not in diagram.page()
