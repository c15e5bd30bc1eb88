"""督办: on time per unit, difficult matters settled, feedback to those who sent a matter."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import performance
from huiyin.cases.models import Case
from huiyin.rules import clock
from tests.cases.walks import advance, bring

pytestmark = pytest.mark.django_db
MONDAY = clock.local("2026-03-02T09:00")
YEAR = (clock.local("2026-01-01"), clock.local("2027-01-01"))


def reported_after(world, days: int) -> Case:
    with clock.travel(MONDAY):
        case = bring(world, "in_hand")
    with clock.travel(MONDAY + timedelta(days=days)):
        advance(world, case, "reported")
    return case


def row_of(world, user=None):
    with clock.travel("2026-06-01T09:00"):
        rows = performance.by_unit(user or world.supervisor, *YEAR)
    return next((row for row in rows if row.unit == world.enforcement), None)


def test_on_time_counts_reports_by_the_due_moment_and_leaves_out_returned_work(world):
    reported_after(world, 1)
    reported_after(world, 20)
    with clock.travel(MONDAY):
        bring(world, "in_hand")
        recalled = bring(world, "in_hand")
        recalled.recall(by=world.clerk, reason="派错了")
    row = row_of(world)
    assert (row.due, row.on_time, row.late_open, row.left_out) == (3, 1, 1, 1)
    assert row.rate is None


@pytest.mark.slow
def test_ten_make_a_rate(world):
    for days in [1] * 9 + [20]:
        reported_after(world, days)
    assert row_of(world).rate == 90.0


def test_others_matters_are_in_nobodys_figures(world):
    reported_after(world, 1)
    assert row_of(world, world.outsider) is None


def test_settled_difficult_matters_say_how_long_and_by_whom(world):
    with clock.travel(MONDAY):
        case = bring(world, "in_hand")
        case.escalate(by=world.clerk, to="区住建局", text="请派人鉴定")
        bring(world, "closed")
    with clock.travel(MONDAY + timedelta(days=2)):
        for target in ("reported", "verified", "answered", "closed"):
            advance(world, case, target)
    with clock.travel("2026-06-01T09:00"):
        came, done, rows = performance.settled(world.supervisor, *YEAR)
    assert (came, done) == (1, 1)
    assert rows[0].case == case and rows[0].days == 2 and rows[0].unit == "综合执法队"
    assert rows[0].why == "上报或挂账过"


def test_the_page_shows_them_and_is_not_for_every_post(world, client):
    reported_after(world, 1)
    client.force_login(world.supervisor)
    page = client.get(reverse("desk_supervision")).content.decode()
    assert "综合执法队" in page and "1 / 1" in page
    assert client.get(reverse("desk_supervision") + "?period=ever").status_code == 400
    client.force_login(world.handler)
    assert client.get(reverse("desk_supervision")).status_code == 403


def test_what_others_sent_cannot_close_before_they_are_told(world):
    source = {"system": "区督查室", "outside_number": "督 12", "owed_to": "区督查室"}
    case = bring(world, "answered", sources=[source])
    with pytest.raises(Refusal) as refused:
        case.close(by=world.clerk)
    assert refused.value.missing == ("向区督查室反馈",)
    case.feed_back(by=world.clerk, source=case.sources.get(), text="井盖已经垫好，每月看一次")
    case.close(by=world.clerk, look_back_on=clock.today() + timedelta(days=30))
    assert Case.objects.get(pk=case.pk).state == "closed"
    case.look_back(by=world.supervisor, text="又松了", has_relapsed=True)
    assert Case.objects.get(pk=case.pk).state == "accepted"
