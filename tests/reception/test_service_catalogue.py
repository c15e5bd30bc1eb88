"""The service catalogue: every item whole, found by name, pinyin, initials, code and usual words."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, services


def test_every_item_says_all_a_resident_must_know(world):
    rows = services.table(world.office)
    assert len(rows) >= 60 and len(services.groups(world.office)) >= 8
    for row in rows.values():
        assert row.label in ("法定", "国标", "地方", "示例") and row.basis, row
        assert row.documents and row.steps and row.who and row.where and row.hours and row.fee, row
        assert not row.category or row.category in categories.table(world.office), row
        assert row.limit == "当场" or row.limit.split()[0].isdigit(), row


@pytest.mark.parametrize("query", ["高龄津贴", "gaolingjintie", "gljt", "YL01", "尊老金"])
def test_found_as_people_say_it(world, query):
    assert services.find(world.office, query)[0].code == "YL01"


def test_what_is_not_in_the_catalogue_is_refused(world):
    assert services.find(world.office, "太空旅行") == []
    with pytest.raises(Refusal) as refused:
        services.get(world.office, "XX99")
    assert refused.value.status == 400 and "service" in refused.value.errors
