"""The clocks of a matter on known days, worked out by hand from the calendar of 2026 (1–5 May and 19–21 June off)."""

import pytest

from huiyin.cases import deadlines
from huiyin.cases.models import Case
from huiyin.rules import clock

pytestmark = pytest.mark.django_db


def due(case, at=None) -> dict[str, str]:
    """code (with unit for an assignment) → due moment as 'MM-DD HH:MM' of the clocks that run at `at`."""
    found = {}
    for row, _, reading in deadlines.readings(case, clock.local(at) if at else None):
        if reading.due_at and not reading.is_met and reading.status != "off":
            unit = f" {row.assignment.organisation}" if row.assignment_id else ""
            found[row.code + unit] = f"{clock.local(reading.due_at):%m-%d %H:%M}"
    return found


@pytest.fixture
def complaint(world):
    """Thirty neighbours at the counter on Monday 20 April; sent out on Tuesday; taken by both units."""
    with clock.travel("2026-04-20T09:00"):
        case = world.register(by=world.clerk, kind="petition", channel="visit", group_size=30)
    with clock.travel("2026-04-20T09:20"):
        case.accept(by=world.clerk)
    with clock.travel("2026-04-21T11:00"):
        case.dispatch(by=world.clerk, lead=world.enforcement, co=[world.environment])
    with clock.travel("2026-04-21T11:20"):
        lead, co = case.live_assignments
        case.take(by=world.handler, subject=lead)
        case.take(by=world.environment_handler, subject=co)
    return Case.objects.get(pk=case.pk)


def test_every_limit_of_the_noise_complaint(complaint, world):
    # 45 and 60 days; 20 April + 60 = 19 June, the Dragon Boat Festival, so Monday 22 June; seven working days to 30 April.
    with clock.travel("2026-04-22T09:00"):
        running = due(complaint)
        assert running == {
            "XF-DO": "06-22 23:59",
            "ASSIGN-LEAD-PETITION 综合执法队": "06-05 23:59",
            "ASSIGN-CO-PETITION 生态环境站": "04-30 18:00",
        }
        assert f"{clock.local(complaint.due_at):%m-%d %H:%M}" == "04-30 18:00"
        complaint.mark_key(by=world.leader, reason="三十人集体来访")
    with clock.travel("2026-04-30T10:00"):
        complaint.supervise(by=world.supervisor, text="请报告搬迁进展")
        # three working days from 30 April: 6, 7, 8 May
        assert due(complaint)["SUPERVISE-ANSWER"] == "05-08 18:00"


def test_before_it_was_accepted_its_own_limits_ran(complaint):
    """15 days from 20 April end on 5 May, a holiday; so on the 6th. First contact was the visit itself."""
    then = due(complaint, "2026-04-20T09:10")
    assert then["XF-NTC-D"] == "05-06 23:59" and then["ACCEPT-URGENT"] == "04-20 09:30"
    assert not [code for code in then if code.startswith("FIRST-CONTACT")]
    assert due(complaint, "2026-04-20T10:00")["DISPATCH"] == "04-20 15:20"


def test_a_past_day_stays_as_it_was_after_all_that_followed(complaint, world):
    with clock.travel("2026-04-22T09:00"):
        seen = due(complaint)
    with clock.travel("2026-04-23T09:00"):
        told = "厂里在等新厂房接电，四月二十八日我们再去看，时间会往后顺延。"
        complaint.pause(
            by=world.clerk, reason="等厂房接电", review_on=clock.today().replace(day=28), told=told
        )
    with clock.travel("2026-04-28T09:00"):
        complaint.resume(by=world.clerk)
        moved = due(complaint)
        assert moved["XF-DO"] > seen["XF-DO"] and moved["ASSIGN-CO-PETITION 生态环境站"] > "04-30 18:00"
    assert due(complaint, "2026-04-22T09:00") == seen


def test_first_contact_is_a_clock_of_its_own(world):
    with clock.travel("2026-04-20T09:00"):
        case = world.register(kind="petition")  # over the web: nobody has spoken with the person yet
        assert due(case)["FIRST-CONTACT-WEB"] == "04-21 09:00"
    with clock.travel("2026-04-20T15:00"):
        case.accept(by=world.clerk)
        assert "FIRST-CONTACT-WEB" in due(case)
        case.contact(by=world.clerk, how="phone", text="打过电话，约好明天去看")
        assert "FIRST-CONTACT-WEB" not in due(case) and "XF-DO" in due(case)
    assert case.first_contact_at == clock.local("2026-04-20T15:00")


def test_a_relapse_opens_the_matter_again_with_clocks_of_its_own(complaint, world):
    lead, co = complaint.live_assignments
    with clock.travel("2026-04-27T09:00"):
        complaint.report(by=world.environment_handler, subject=co, text="测了两次")
        complaint.report(by=world.handler, subject=lead, text="冲床已经搬走")
        complaint.verify(by=world.supervisor, text="夜里去听过，安静了")
        words = "冲床已经搬走，夜里我们去听过，安静了。"
        complaint.answer(by=world.clerk, text=words, reply_by="phone", delivered="打过电话")
        complaint.close(by=world.clerk, look_back_on=clock.today().replace(day=30))
        assert complaint.state == "closed" and complaint.due_at is None
    with clock.travel("2026-04-30T09:00"):
        complaint.look_back(by=world.supervisor, text="夜里又听见响声", has_relapsed=True)
    case = Case.objects.get(pk=complaint.pk)
    assert (case.state, case.round, case.number) == ("accepted", 2, complaint.number)
    # 60 days from 30 April end on 29 June, a Monday.
    assert due(case, "2026-04-30T10:00")["XF-DO"] == "06-29 23:59"
    assert case.look_back_on is None and case.events.last().verb == "look_back"
