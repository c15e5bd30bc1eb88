"""Residents choose no kind: the clerk's category sets it on acceptance, clocks included."""

import pytest

from huiyin.cases import categories

pytestmark = pytest.mark.django_db


def leaf(office, kind):
    return next(
        row["code"] for row in categories.table(office).values() if row["is_leaf"] and row["kind"] == kind
    )


def test_a_web_matter_takes_the_kind_of_its_category(world):
    case = world.register()
    case.accept(by=world.clerk, category=leaf(world.office, "petition"))
    assert case.kind == "petition"
    clocks = {row.code: row for row in case.deadlines.all()}
    assert "XF-DO" in clocks and "CITY-NORMAL" not in clocks
    assert clocks["XF-FWD"].started_at == case.registered_at and clocks["XF-NTC-D"].met_at


def test_a_matter_registered_at_the_counter_keeps_its_kind(world):
    case = world.register(by=world.clerk, channel="visit")
    case.accept(by=world.clerk, category=leaf(world.office, "petition"))
    assert case.kind == "city_problem"


def test_the_same_kind_starts_no_clock_twice(world):
    case = world.register()
    case.accept(by=world.clerk, category=leaf(world.office, "city_problem"))
    codes = list(case.deadlines.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) and case.kind == "city_problem"
