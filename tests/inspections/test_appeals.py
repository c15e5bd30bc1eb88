"""超期申诉: the raw fact stays, figures leave it out, somebody else decides, with a reason from the list."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.forms import form_for
from huiyin.cases.offers import offers
from huiyin.inspections import appeals, figures
from huiyin.inspections.models import OverdueAppeal
from huiyin.rules import clock
from tests.inspections.test_city_problem import filed, handled

WHY = "连下四天雨，热沥青铺不住湿路面，雨停第二天就铺完了。"


@pytest.fixture
def late(world):
    """Rubbish, four working hours, reported three days later."""
    case = filed(world, "S0101", "2026-11-16T08:00")
    handled(world, case, "2026-11-19T10:00")
    return case


def report_clock(case):
    return next(row for row, rule, _ in deadlines.readings(case) if rule.duty == "close")


def ask(world, case, at="2026-11-19T11:00", **more):
    given = {"by": world.handler, "deadline": report_clock(case), "reason": "weather", "text": WHY} | more
    with clock.travel(at):
        case.do("appeal_overdue", **given)
        return OverdueAppeal.objects.get(case=case, decided_at=None)


def test_granted_is_left_out_of_the_figures_and_stays_late(world, late):
    day = clock.local("2026-11-01T00:00"), clock.local("2026-12-01T00:00")
    with clock.travel("2026-11-20T09:00"):
        before = figures.figure("in_time", world.clerk, *day).count()
    row = ask(world, late)
    with clock.travel("2026-11-20T09:00"):
        late.do("decide_appeal", by=world.supervisor, subject=row, granted=True, text="雨量记录对得上。")
        after = figures.figure("in_time", world.clerk, *day).count()
        assert before.counts["denominator"] - after.counts["denominator"] == 1
        assert after.counts["excluded"] - before.counts["excluded"] == 1
        assert late in after.cases("excluded")
        assert deadlines.reading(report_clock(late), late).is_late
        assert deadlines.has_been_late(late, clock.now())
    notes = late.events.get(verb="decide_appeal").data["notes"]
    assert "超期的事实不变" in notes[0]


def test_refused_counts_as_ever(world, late):
    row = ask(world, late)
    with clock.travel("2026-11-20T09:00"):
        late.do("decide_appeal", by=world.supervisor, subject=row, granted=False, text="当天没有下雨。")
    row.refresh_from_db()
    assert row.is_granted is False and not appeals.exempted(world.office).exists()
    assert ask(world, late, "2026-11-20T10:00", reason="access")


def test_nobody_decides_on_their_own(world, late):
    row = ask(world, late)
    with clock.travel("2026-11-20T09:00"):
        assert "decide_appeal" not in {offer.verb for offer in offers(late, world.handler_b)}
        world.person("chief", "enforcement", "deputy", "副主任")
        with pytest.raises(Refusal, match="外单位"):
            late.do("decide_appeal", by=world.chief, subject=row, granted=True, text="同意的")
        with pytest.raises(Refusal) as refused:
            late.do("decide_appeal", by=world.handler, subject=row, granted=True, text="同意的")
        assert refused.value.status == 403


def test_reasons_come_from_the_list_and_words_are_kept(world, late):
    with clock.travel("2026-11-19T11:00"):
        with pytest.raises(Refusal, match="从列表里选"):
            late.do(
                "appeal_overdue", by=world.handler, deadline=report_clock(late), reason="because", text=WHY
            )
        form = form_for("appeal_overdue", late, world.handler, {"reason": "weather", "text": "短"})
        assert set(form.problems()) == {"deadline", "text"}


def test_only_what_is_late_only_once_and_only_in_time(world, late):
    with clock.travel("2026-11-16T09:00"):
        fresh = world.register(by=world.clerk)
        assert "appeal_overdue" not in {row.verb for row in offers(fresh, world.handler)}
    ask(world, late)
    with clock.travel("2026-11-19T12:00"), pytest.raises(Refusal, match="已经申诉过"):
        late.do("appeal_overdue", by=world.handler, deadline=report_clock(late), reason="access", text=WHY)
    other = filed(world, "S0101", "2026-10-12T08:00")
    handled(world, other, "2026-10-14T10:00")
    with clock.travel("2026-11-19T12:00"), pytest.raises(Refusal, match="10 个工作日内"):
        other.do("appeal_overdue", by=world.handler, deadline=report_clock(other), reason="access", text=WHY)
