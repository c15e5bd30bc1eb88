"""A night from plan to zero: every point by every unit once, finds sent at once, mended, accepted by another."""

from datetime import date

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.models import Case
from huiyin.inspections import nights, points
from huiyin.inspections.models import CheckPoint, NightCheck, NightRound
from huiyin.rules import clock
from tests.inspections.pictures import picture, upload

ON = date(2026, 11, 20)
EVENING, NIGHT, MORNING = "2026-11-20T17:00", "2026-11-20T21:00", "2026-11-21T08:30"


@pytest.fixture
def places(world):
    with clock.travel("2026-11-01T09:00"):
        return [
            points.add(world.office, by=world.clerk, name=name, kind=kind, area=area, unit=world.enforcement, place=name, is_key=key)
            for name, kind, area, key in (
                ("一号空地", "acquired", world.east_grid, True),
                ("码头堆场", "yard", world.east_grid, False),
                ("西头工地", "dust", world.west_grid, True),
            )
        ]  # fmt: skip


@pytest.fixture
def night(world, places):
    with clock.travel(EVENING):
        return nights.plan(world.office, by=world.clerk, on=ON, leader=world.leader, unit=world.environment)


def check(night, unit, name) -> NightCheck:
    return night.checks.select_related("round", "point", "unit").get(unit=unit, point__name=name)


def found(world, night, **more):
    with clock.travel(NIGHT):
        row = nights.find(
            check(night, world.east_station, "一号空地"), by=world.east_staff, text="防尘网掀开了，土往外飞。",
            photos=[picture(world, world.east_staff, 3)], **more,
        )  # fmt: skip
    return Case.objects.get(pk=row.case_id)


def mended(world, case, at="2026-11-21T01:00"):
    with clock.travel(at):
        case.do("take", by=world.handler, subject=case.lead)
        case.do("report", by=world.handler, subject=case.lead, text="网重新盖好，压了沙袋。",
                attachments=[picture(world, world.handler, 4)])  # fmt: skip
    return case


def test_every_unit_looks_at_its_own(world, night):
    looked = {(row.unit.code, row.point.name) for row in night.checks.select_related("unit", "point")}
    assert looked == {
        ("huanjing", "一号空地"), ("huanjing", "西头工地"),
        ("east_station", "一号空地"), ("east_station", "码头堆场"), ("west_station", "西头工地"),
    }  # fmt: skip
    assert (clock.local(night.rectify_by), clock.local(night.accept_by)) == (
        clock.local("2026-11-21T07:00"), clock.local("2026-11-21T10:00"),
    )  # fmt: skip


def test_one_night_is_planned_once_and_not_in_the_past(world, night):
    with clock.travel(EVENING):
        for day, says in ((ON, "已经安排过"), (date(2026, 11, 19), "过去")):
            with pytest.raises(Refusal, match=says):
                nights.plan(world.office, by=world.clerk, on=day, leader=world.leader, unit=world.environment)
    with clock.travel("2026-11-21T02:00"):
        assert nights.tonight() == ON  # after midnight it is still that night


def test_no_round_without_points(world):
    with clock.travel(EVENING), pytest.raises(Refusal, match="点位清单还是空的"):
        nights.plan(world.office, by=world.clerk, on=ON, leader=world.leader, unit=world.environment)


def test_nothing_wrong_is_entered_once_by_those_whose_it_is(world, night):
    row = check(night, world.east_station, "码头堆场")
    with clock.travel(NIGHT):
        with pytest.raises(Refusal) as refused:
            nights.check_off(row, by=world.outsider)
        assert refused.value.status == 403
        nights.check_off(row, by=world.east_staff, note="盖着的")
        with pytest.raises(Refusal, match="一夜记一次"):
            nights.check_off(row, by=world.east_staff)
        with pytest.raises(Refusal, match="一夜记一次"):
            nights.find(row, by=world.east_staff, text="又看到一堆")
    with clock.travel("2026-11-21T11:00"), pytest.raises(Refusal, match="不能再补记"):
        nights.check_off(check(night, world.east_station, "一号空地"), by=world.east_staff)


def test_a_find_is_a_matter_sent_in_the_same_minute(world, night):
    case = found(world, night, city_class="S0306")
    assert (case.state, case.kind, case.channel) == ("dispatched", "city_problem", "patrol")
    assert case.lead.organisation == world.enforcement
    clocks = {rule.duty: clock.local(row.due_at) for row, rule, _ in deadlines.readings(case)}
    assert clocks["report"] == clock.local("2026-11-21T07:00") and clocks["close"] == clock.local(
        "2026-11-21T10:00"
    )
    assert [event.verb for event in case.events.order_by("seq")] == ["register", "send_at_once"]
    assert case.filings.get().code == "S0306"


def test_the_other_unit_may_say_it_is_the_same(world, night):
    case = found(world, night)
    other = check(night, world.environment, "一号空地")
    with clock.travel("2026-11-20T21:30"):
        assert nights.same_tonight(other).case == case
        nights.find(other, by=world.environment_handler, text="网掀开了", same=True)
    assert Case.objects.filter(channel="patrol").count() == 1 and case.night_checks.count() == 2
    assert nights.counter(night)["found"] == 1


def test_accepted_next_morning_by_another_with_a_picture(world, night):
    case = mended(world, found(world, night))
    verify = next(row for row, rule, _ in deadlines.readings(case) if rule.duty == "verify")
    assert clock.local(verify.due_at) == clock.local("2026-11-21T10:00")
    with clock.travel(MORNING):
        assert nights.counter(night)["left"] == 1
        with pytest.raises(Refusal) as refused:
            nights.accept(case, by=world.handler, text="我自己看的")
        assert refused.value.status == 403
        with pytest.raises(Refusal, match="照片"):
            nights.accept(case, by=world.clerk, text="绕着走了一圈，没有露土。")
        case.refresh_from_db()
        assert case.state == "reported"
        nights.accept(
            case, by=world.clerk, text="绕着走了一圈，没有露土。", photos=[picture(world, world.clerk, 5)]
        )
        case.refresh_from_db()
        assert case.state == "closed" and case.look_back_on == date(2026, 11, 28)
        assert nights.counter(night) == {"found": 1, "left": 0, "mended": 0, "accepted": 1, "late": 0}


def test_a_checker_outside_the_desk_leaves_the_rest_to_it(world, night):
    case = mended(world, found(world, night))
    with clock.travel(MORNING):
        nights.accept(
            case, by=world.supervisor, text="没有露土。", photos=[picture(world, world.supervisor, 6)]
        )
        case.refresh_from_db()
        assert case.state == "verified" and nights.counter(night)["left"] == 0


def test_not_good_goes_back_until_the_evening(world, night):
    case = mended(world, found(world, night))
    with clock.travel(MORNING):
        case.do("redo", by=world.supervisor, text="北角还露着一块。")
        assert nights.counter(night)["left"] == 1
    report = next(
        row for row, rule, reading in deadlines.readings(case) if rule.duty == "report" and row.met_at is None
    )
    assert clock.local(report.due_at) == clock.local("2026-11-21T18:00")
    with clock.travel("2026-11-21T11:00"):
        assert nights.counter(night)["late"] == 1


def test_a_relapse_opens_it_again(world, night):
    case = mended(world, found(world, night))
    with clock.travel(MORNING):
        nights.accept(case, by=world.clerk, text="没有露土。", photos=[picture(world, world.clerk, 7)])
    with clock.travel("2026-11-28T20:00"):
        case.refresh_from_db()
        case.do("look_back", by=world.supervisor, text="风一吹又掀了。", has_relapsed=True)
    assert case.state == "accepted" and case.round == 2


def test_units_that_did_not_look_are_named_persons_never(world, night, client):
    with clock.travel(NIGHT):
        nights.check_off(check(night, world.west_station, "西头工地"), by=world.outsider)
        assert nights.silent(night) == []
    client.force_login(world.clerk)
    with clock.travel("2026-11-20T23:40"):
        names = {row["name"]: row["owing"] for row in nights.silent(night)}
        assert names == {"生态环境站": 2, "东社区服务站": 2}
        page = client.get("/desk/inspections/nights/").content.decode()
        assert "东社区服务站 差 2" in page and "西社区服务站 差" not in page
        assert world.east_staff.name not in page


def test_the_pages_of_a_night(world, night, client, django_assert_max_num_queries):
    case = mended(world, found(world, night))
    client.force_login(world.clerk)
    with clock.travel(MORNING):
        with django_assert_max_num_queries(40):
            page = client.get("/desk/inspections/nights/2026-11-20/").content.decode()
        assert case.number in page and "没有问题" in page
        zero = client.get("/desk/inspections/nights/2026-11-20/zero/").content.decode()
        assert "every 20s" in zero and case.number in zero
        part = client.get(
            "/desk/inspections/nights/2026-11-20/zero/", headers={"HX-Request": "true"}
        ).content.decode()
        assert "<html" not in part and "件还没有验收合格" in part
        morning = client.get("/desk/inspections/nights/2026-11-20/morning/").content.decode()
        assert "整改前" in morning and "整改后" in morning
        url = f"/desk/inspections/nights/2026-11-20/morning/{case.number}/"
        refused = client.post(url, {"verdict": "ok", "text": "没有露土，看过了。"})
        assert refused.status_code == 400 and "没有露土，看过了。" in refused.content.decode()
        assert (
            client.post(url, {"verdict": "ok", "text": "没有露土。", "photos": upload(8)}).status_code == 302
        )
        assert "清零了" in client.get("/desk/inspections/nights/2026-11-20/zero/").content.decode()
        assert client.get("/desk/inspections/nights/2026-11-19/").status_code == 404


def test_a_find_from_the_page(world, night, client):
    client.force_login(world.east_staff)
    row = check(night, world.east_station, "一号空地")
    with clock.travel(NIGHT):
        url = f"/desk/inspections/nights/2026-11-20/checks/{row.pk}/found/"
        assert "交给谁" in client.get(url).content.decode()
        empty = client.post(url, {"text": ""})
        assert empty.status_code == 400
        sent = client.post(url, {"text": "防尘网掀开了。", "photos": upload(9)})
        assert sent.status_code == 302
    case = Case.objects.get(channel="patrol")
    assert case.attachments.count() == 1 and case.state == "dispatched"


def test_today_says_what_is_left_to_look_at(world, night, client):
    client.force_login(world.east_staff)
    with clock.travel(NIGHT):
        assert "还有 2 个点位要查" in client.get("/desk/").content.decode()


def test_points_are_numbered_and_taken_off_with_a_reason(world, places, client):
    assert [row.number for row in places] == ["D001", "D002", "D003"]
    client.force_login(world.clerk)
    url = f"/desk/inspections/points/{places[0].pk}/off/"
    assert client.post(url, {"off-why": ""}).status_code == 400
    assert client.post(url, {"off-why": "已经绿化"}).status_code == 302
    assert not CheckPoint.objects.live().filter(pk=places[0].pk).exists()
    data = {"name": "码头堆场", "kind": "yard", "area": world.east_grid.pk, "unit": world.enforcement.pk}
    twice = client.post("/desk/inspections/points/", data)
    assert twice.status_code == 400 and "已经有点位" in twice.content.decode()
    client.force_login(world.east_worker)
    assert client.post("/desk/inspections/points/", data | {"name": "新点"}).status_code == 403
    assert client.post("/desk/inspections/nights/", {"on": "2026-12-01"}).status_code == 403


def test_planned_from_the_page(world, places, client):
    client.force_login(world.clerk)
    data = {"on": "2026-11-20", "leader": world.leader.pk, "unit": world.environment.pk}
    with clock.travel(EVENING):
        assert (
            client.post("/desk/inspections/nights/", data)["Location"]
            == "/desk/inspections/nights/2026-11-20/"
        )
    assert NightRound.objects.get().checks.count() == 5


def test_another_office_sees_nothing(world, night, client):
    from huiyin.accounts.models import Office, User
    from huiyin.orgs.models import Organisation, Post
    from tests.world import START

    office = Office.objects.create(code="990101010", name="乙街道办事处", short_name="乙街道")
    user = User.objects.create(username="stranger", name="外街道", office=office)
    unit = Organisation.objects.create(office=office, code="c", kind="centre", name="乙中心", short_name="乙中心",
                                       area=world.district, valid_from=START)  # fmt: skip
    Post.objects.create(
        office=office,
        user=user,
        organisation=unit,
        role="clerk",
        title="受理员",
        area=world.district,
        start_on=START,
    )
    client.force_login(user)
    assert client.get("/desk/inspections/nights/2026-11-20/").status_code == 404
    row = check(night, world.east_station, "一号空地")
    assert client.post(f"/desk/inspections/nights/2026-11-20/checks/{row.pk}/fine/").status_code == 404


def test_the_circular_names_units_and_finds(world, night, client, django_assert_max_num_queries):
    case = mended(world, found(world, night))
    client.force_login(world.clerk)
    with clock.travel("2026-11-20T23:50"), django_assert_max_num_queries(30):
        page = client.get("/desk/inspections/nights/2026-11-20/print/").content.decode()
    assert case.number in page and "差 2 处没有查" in page and "综合执法队" in page
    assert world.east_staff.name not in page
