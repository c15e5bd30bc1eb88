"""The day's sheet: batches and person-times from the visits themselves, each number with its records."""

import pytest
from django.test import Client

from huiyin.cases.intake import Person
from huiyin.reception import sheet
from huiyin.reception.period import Period
from huiyin.reception.views.sheet import FIGURES
from huiyin.rules import clock

DAY = Period.around("day", clock.local("2026-11-23").date())


@pytest.fixture
def visits(world):
    with clock.travel("2026-11-23T09:00"):
        found = [
            world.register(by=world.clerk, channel="visit", group_size=size, received_by=leader)
            for size, leader in ((1, world.duty_leader), (2, world.duty_leader), (7, world.leader))
        ]
        world.register(by=world.clerk, channel="call")
        found[0].decline(
            by=world.clerk,
            reason="不归街道管，归公积金中心。",
            advice="请到公积金中心窗口去问，电话 0000-600 0119。",
        )
    with clock.travel("2026-11-24T09:00"):
        world.register(by=world.clerk, channel="visit", received_by=world.leader)
    return found


def get(user, address):
    client = Client()
    client.force_login(user)
    return client.get(address)


def test_batches_persons_and_group_visits_apart(world, visits):
    whole, lines = sheet.totals(world.clerk, DAY)
    assert (whole.batches, whole.persons, whole.group_batches, whole.group_persons) == (3, 10, 1, 7)
    assert (whole.open, whole.other, whole.closed) == (2, 1, 0)
    assert {line.leader: (line.batches, line.persons) for line in lines} == {
        world.duty_leader: (2, 3),
        world.leader: (1, 7),
    }


def test_every_number_opens_its_records(world, visits):
    page = get(world.clerk, "/desk/reception/sheet/?period=day&on=2026-11-23")
    figures = [*page.context["whole"], *[cell for _, cells in page.context["lines"] for cell in cells]]
    assert len(figures) == 24
    names = [name for name, _ in FIGURES]
    for position, (number, address) in enumerate(figures):
        rows = get(world.clerk, address).context["rows"]
        name = names[position % len(names)]
        counted = sum(row.case.group_size for row in rows) if name.endswith("persons") else len(rows)
        assert counted == number, (name, address)


def test_the_sheet_lists_masked_persons_and_prints(world, visits):
    with clock.travel("2026-11-23T18:00"):
        text = get(world.clerk, "/desk/reception/sheet/").content.decode()
        paper = get(world.clerk, "/desk/reception/sheet/print/").content.decode()
    assert visits[2].number in text and "集体" in text and "何*" in text and "何阿姨" not in text
    assert visits[2].number in paper and "领导接访日单" in paper


def test_any_period_sums_up_and_restricted_ones_are_said(world, visits):
    with clock.travel("2026-11-23T10:00"):
        world.register(by=world.director, channel="visit", is_restricted=True)
    page = get(world.clerk, "/desk/reception/sheet/?since=2026-11-23&until=2026-11-24")
    assert page.context["whole"][0][0] == 4 and page.context["unseen"] == 1
    assert get(world.clerk, "/desk/reception/sheet/?since=x").status_code == 400


def test_other_area_sees_nothing_and_questions_stay_few(world, visits, django_assert_max_num_queries):
    assert get(world.outsider, "/desk/reception/sheet/?period=day&on=2026-11-23").context["whole"][0][0] == 0
    for _ in range(5):
        with clock.travel("2026-11-23T11:00"):
            world.register(
                by=world.clerk,
                channel="visit",
                received_by=world.leader,
                persons=[Person(name="巫某")],
                reply_by="web",
            )
    client = Client()
    client.force_login(world.clerk)
    client.get("/desk/reception/sheet/?period=day&on=2026-11-23")
    with django_assert_max_num_queries(14):
        client.get("/desk/reception/sheet/?period=day&on=2026-11-23")


def test_the_rules_of_reception_guide_each_visit(world, visits):
    page = get(world.clerk, "/desk/reception/sheet/?period=day&on=2026-11-23")
    steps = [row["name"] for row in page.context["steps"]]
    assert steps[0] == "登记" and steps[-1] == "回访办结" and "接访照这几步" in page.content.decode()
    declined, second, group = page.context["visits"]
    assert declined.next_step is None, "what is over has no next step"
    assert second.next_step["name"] == "定专人"
    with clock.travel("2026-11-23T10:00"):
        group.received_by = None
        assert sheet.next_step(group, page.context["steps"])["name"] == "接谈"
        group.received_by, group.in_charge = world.leader, world.handler
        assert sheet.next_step(group, page.context["steps"])["name"] == "告知"
        group.state = "accepted"
        assert sheet.next_step(group, page.context["steps"])["name"] == "交办"
        group.state, group.answered_at = "answered", clock.now()
        assert sheet.next_step(group, page.context["steps"])["name"] == "回访办结"
    assert (
        "接访照这几步"
        not in get(world.clerk, "/desk/reception/sheet/?period=month&on=2026-11-23").content.decode()
    )
