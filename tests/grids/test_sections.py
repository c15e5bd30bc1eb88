"""Road sections: marked out, kept by a contractor, scored by criteria from data, averaged by month."""

from datetime import date

import pytest

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.grids import duties, rulings, sections
from huiyin.grids.models import RoadSection, SectionCheck
from huiyin.rules import clock
from tests.grids.conftest import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(world):
    row = sections.mark_out(
        world.office, by=world.clerk, name="一号路东段", community=world.east, from_to="1—99号", is_tendered=True,
        valid_from=date(2024, 1, 1), shape={"type": "LineString", "coordinates": [[118.001, 27.001], [118.008, 27.004]]},
    )  # fmt: skip
    duties.assign(
        world.office, by=world.clerk, role="section_contractor", section=row, name="某某保洁公司",
        start_on=date(2024, 1, 1), standard="全时段、全覆盖", source="招标合同",
    )  # fmt: skip
    return row


def full(world, **lost):
    return {
        row["code"]: row["points"] - lost.get(row["code"], 0)
        for row in rulings.checks(world.office).content["criteria"]
    }


def test_the_criteria_add_up_to_a_hundred(world):
    assert sum(full(world).values()) == 100


def test_a_check_keeps_points_sum_and_rule(world, section):
    row = sections.check(
        section, by=world.supervisor, on=clock.today(), points=full(world, ground=12), note="路口有积土"
    )
    assert row.score == 88 and row.points["ground"] == 18 and row.rule.name == "section_checks"


@pytest.mark.parametrize("points", [{}, {"ground": 31}, {"ground": -1}])
def test_points_beyond_the_criteria_are_refused(world, section, points):
    given = {**full(world), **points} if points else {}
    with pytest.raises(Refusal, match="没有打分"):
        sections.check(section, by=world.clerk, on=clock.today(), points=given)
    with pytest.raises(Refusal, match="检查日"):
        sections.check(section, by=world.clerk, on=date(2023, 1, 1), points=full(world))


def test_months_are_averaged_every_check_alike(world, section):
    with clock.travel("2026-06-20T10:00"):
        for day, lost in ((3, 0), (17, 10)):
            sections.check(section, by=world.clerk, on=date(2026, 6, day), points=full(world, ground=lost))
        sections.check(section, by=world.clerk, on=date(2026, 5, 9), points=full(world, order=20))
        row = sections.rows(world.clerk)[0]
        assert row.this_month == (95.0, 2) and row.months[date(2026, 5, 1)] == (80.0, 1)
        assert row.average == 90.0 and row.last_on == date(2026, 6, 17)
        assert [month.month for month in sections.months_back(3)] == [4, 5, 6]
    with clock.travel("2026-01-05T10:00"):
        assert sections.months_back(3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]


def test_list_and_page_show_who_keeps_it_and_the_scores(world, desk, section):
    sections.check(section, by=world.clerk, on=clock.today(), points=full(world, ground=30), note="到处是泥")
    page = text(desk("handler", "/desk/grids/sections/?area=990109009001"))
    assert (
        "一号路东段" in page
        and "某某保洁公司" in page
        and "全时段、全覆盖" in page
        and 'class="under">70' in page
    )
    assert "一号路东段" not in text(desk("handler", "/desk/grids/sections/?area=990109009002"))
    assert desk("handler", "/desk/grids/sections/?area=x").status_code == 404
    page = text(desk("handler", f"/desk/grids/sections/{section.pk}/"))
    assert "到处是泥" in page and "−30" in page and 'class="stretch"' in page and "记一次检查" not in page


def test_supervisors_check_others_do_not_and_twice_is_once(world, desk, section):
    url = f"/desk/grids/sections/{section.pk}/check/"
    data = {
        "key": str(uuid7()),
        "on": str(clock.today()),
        "note": "",
        **{code: str(n) for code, n in full(world).items()},
    }
    assert desk("handler", url, data).status_code == 403
    for _ in range(2):
        assert desk("supervisor", url, data).status_code == 302
    assert SectionCheck.objects.get().score == 100
    wrong = desk("supervisor", url, {**data, "key": str(uuid7()), "ground": "99", "note": "写了很多"})
    assert wrong.status_code == 400 and "0 到 30" in text(wrong) and "写了很多" in text(wrong)


def test_a_section_is_marked_out_and_given_up_by_forms(world, desk):
    data = {
        "key": str(uuid7()),
        "name": "二号路",
        "community": str(world.west.pk),
        "valid_from": "2024-01-01",
        "shape": "{}",
    }
    wrong = desk("clerk", "/desk/grids/sections/new/", data)
    assert wrong.status_code == 400 and "LineString" in text(wrong) and "二号路" in text(wrong)
    assert desk("clerk", "/desk/grids/sections/new/", {**data, "shape": ""}).status_code == 302
    row = RoadSection.objects.get(name="二号路")
    again = desk("clerk", "/desk/grids/sections/new/", {**data, "key": str(uuid7()), "shape": ""})
    assert again.status_code == 409 and "已经有" in text(again)
    assert desk("handler", "/desk/grids/sections/new/").status_code == 403
    desk("clerk", f"/desk/grids/sections/{row.pk}/end/", {"end-on": str(clock.today())})
    row.refresh_from_db()
    assert row.valid_until == clock.today()


def test_a_section_somebody_answers_for_is_not_given_up(world, section):
    with pytest.raises(Refusal, match="还有人负责"):
        sections.give_up(section, by=world.clerk, on=clock.today())


def test_the_list_keeps_to_its_budget(world, client, section, django_assert_max_num_queries):
    for number in range(20):
        sections.mark_out(
            world.office,
            by=world.clerk,
            name=f"{number}号巷",
            community=world.east,
            valid_from=date(2024, 1, 1),
        )
    client.force_login(world.clerk)
    client.get("/desk/grids/sections/")
    with django_assert_max_num_queries(14):
        client.get("/desk/grids/sections/")
