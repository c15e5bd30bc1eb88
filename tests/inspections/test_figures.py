"""Each figure: what it counts, out of what, what it leaves out – and every part opens its records."""

import pytest

from huiyin.inspections import figures
from huiyin.rules import clock
from tests.inspections.test_city_problem import TOLD, filed, handled

SINCE, UNTIL = clock.local("2026-11-01T00:00"), clock.local("2026-12-01T00:00")
NOW = "2026-11-25T10:00"


@pytest.fixture
def month(world):
    """Six came in: one in time, one late, one not filed, one merged, one void, one waiting."""
    with clock.travel("2026-11-02T08:00"):
        cases = {name: world.register(by=world.clerk) for name in ("declined", "merged", "void", "waiting")}
        for case in (cases["merged"], cases["void"]):
            case.do("accept", by=world.clerk, text=TOLD)
    cases["good"] = filed(world, "S0101", "2026-11-02T08:00")
    handled(world, cases["good"], "2026-11-02T09:00")
    with clock.travel("2026-11-02T10:00"):
        close(world, cases["good"])
    cases["late"] = filed(world, "S0101", "2026-11-02T08:00")
    handled(world, cases["late"], "2026-11-10T09:00")
    with clock.travel("2026-11-10T10:00"):
        cases["late"].do("redo", by=world.supervisor, text="没有扫干净。")
    with clock.travel("2026-11-03T08:00"):
        cases["declined"].do("decline", by=world.clerk, reason="到现场看过，没有这样的问题。", advice="再看到请打电话。",
                             particulars={"not_filed": "gone"})  # fmt: skip
        cases["merged"].do("merge", by=world.clerk, into=cases["late"])
        cases["void"].do("void", by=world.clerk, reason="登记错了")
    return cases


def close(world, case):
    case.do("verify", by=world.supervisor, text="地面干净。", particulars={"closing_met": True})
    case.do(
        "answer",
        by=world.clerk,
        text="何阿姨您好，垃圾清走了，地面也冲过了，我们去看过。",
        reply_by="phone",
        delivered="打了电话",
    )
    case.do("close", by=world.clerk)


EXPECTED = {
    "filed": (2, 3, 3),
    "closed": (1, 2, 2),
    "in_time": (1, 2, 2),
    "redone": (1, 2, 0),
    "repeated": (1, 5, 1),
}


@pytest.mark.parametrize("code", EXPECTED)
def test_what_is_counted(world, month, code):
    with clock.travel(NOW):
        found = figures.figure(code, world.clerk, SINCE, UNTIL).count()
        counts = tuple(found.counts[part] for part in ("numerator", "denominator", "excluded"))
        assert counts == EXPECTED[code], found.counts
        assert found.rate is None  # below ten: pieces, not per cent


def test_units_work_in_time(world, month):
    with clock.travel(NOW):
        found = figures.figure("handled", world.clerk, SINCE, UNTIL).count()
        assert month["good"] in found.cases("numerator") and month["late"] in found.cases("denominator")
        assert (found.counts["numerator"], found.counts["denominator"]) == (
            2,
            3,
        )  # what was sent back is owed again


def test_every_part_opens_its_records(world, month, client, django_assert_max_num_queries):
    client.force_login(world.clerk)
    with clock.travel(NOW):
        with django_assert_max_num_queries(40):
            page = client.get("/desk/inspections/figures/?period=month").content.decode()
        assert "立案率" in page and "2</a> / " in page
        for code in figures.BUILDERS:
            for part in figures.PARTS:
                answer = client.get(f"/desk/inspections/figures/{code}/{part}/?period=month")
                assert answer.status_code == 200
        shown = client.get("/desk/inspections/figures/filed/numerator/?period=month").content.decode()
        assert month["good"].number in shown and month["declined"].number not in shown
        assert client.get("/desk/inspections/figures/filed/half/").status_code == 404
        assert client.get("/desk/inspections/figures/?period=ever").status_code == 400


def test_only_what_one_may_read(world, month):
    with clock.travel(NOW):
        assert figures.figure("filed", world.outsider, SINCE, UNTIL).count().counts["denominator"] == 0


def test_unit_heads_find_their_way(world, client):
    client.force_login(world.outsider)
    assert client.get("/desk/inspections/figures/").status_code == 200
