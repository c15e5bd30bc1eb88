"""Found and mended on the spot: two pictures, one screen, a sample that nobody can choose, checked by another."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.evidence import missing_of
from huiyin.cases.models import Case
from huiyin.cases.offers import offers
from huiyin.inspections import spot, standards
from tests.inspections.pictures import picture, upload

DONE = "垃圾装袋拉走，地面扫过冲过。"
EMERGENCY = "B0109"


def fixed(world, monkeypatch=None, checked=None, **more):
    by = world.east_worker
    if checked is not None:
        monkeypatch.setattr(spot, "is_checked", lambda *of: checked)
    given = {"text": "墙角一堆垃圾，臭。", "done": DONE, "area": world.east_grid, "place": "一号路口"} | more
    given.setdefault("before", [picture(world, by, 1)])
    given.setdefault("after", [picture(world, by, 2)])
    return spot.found_and_fixed(world.office, by=by, **given)


def test_closed_when_the_sample_leaves_it_out(world, monkeypatch):
    case = fixed(world, monkeypatch, checked=False)
    assert (case.state, case.in_charge, case.channel) == ("closed", world.east_worker, "patrol")
    assert missing_of(case) == []
    assert [row.code for row in case.deadlines.running() if not deadlines.rule_of(row).is_window] == []
    event = case.events.get(verb="fix_on_spot")
    assert event.is_told and event.attachments.count() == 1
    assert case.attachments.get(event__verb="register").is_from_person is False


def test_waits_for_somebody_else_when_it_is_drawn(world, monkeypatch):
    case = fixed(world, monkeypatch, checked=True)
    assert case.state == "reported"
    assert any(deadlines.rule_of(row).duty == "verify" for row in case.deadlines.running())
    with pytest.raises(Refusal, match="经办过") as refused:
        case.do("verify", by=world.east_worker, text="我看过了，干净的。")
    assert refused.value.status == 403
    case.do("verify", by=world.supervisor, text="去看过，地面干净。")
    case.do(
        "answer",
        by=world.clerk,
        text="一号路口那堆垃圾当场就清走了，我们换人去看过，地面干净。",
        reply_by="web",
    )
    assert missing_of(case) == []
    case.do("close", by=world.clerk)
    assert case.state == "closed"


def test_not_good_goes_back_to_the_one_who_mended_it(world, monkeypatch):
    case = fixed(world, monkeypatch, checked=True)
    case.do("redo", by=world.supervisor, text="墙根还有一袋。")
    case.refresh_from_db()
    assert case.state == "in_hand" and case.lead.organisation == world.east_station


def test_the_draw_is_by_number_and_emergencies_always(world):
    every = standards.settings(world.office)["on_the_spot"]["check_every"]
    drawn = [
        spot.is_checked(Case(office=world.office, number=f"26-{n:05d}", particulars={})) for n in range(400)
    ]
    assert 400 / every / 2 < sum(drawn) < 400 / every * 2
    assert spot.is_checked(
        Case(office=world.office, number="26-00001", particulars={"city_class": EMERGENCY})
    )


@pytest.mark.parametrize(("lacks", "says"), [("before", "整改前"), ("after", "整改后")])
def test_both_pictures_are_needed(world, lacks, says):
    with pytest.raises(Refusal, match=says):
        fixed(world, **{lacks: []})
    assert not Case.objects.filter(channel="patrol").exists()


def test_only_by_the_finder_and_only_on_patrol(world):
    case = world.register(by=world.clerk)
    assert "fix_on_spot" not in {row.verb for row in offers(case, world.clerk)}
    with pytest.raises(Refusal, match="不是巡查"):
        case.do("fix_on_spot", by=world.clerk, text=DONE, attachments=[picture(world, world.clerk)])
    found = world.register(by=world.east_worker, channel="patrol", persons=[], reply_by="web")
    with pytest.raises(Refusal, match="发现的人"):
        found.do("fix_on_spot", by=world.clerk, text=DONE, attachments=[picture(world, world.clerk)])


def test_on_one_screen_and_only_once(world, client):
    client.force_login(world.east_worker)
    page = client.get("/desk/inspections/spot/").content.decode()
    assert "整改前的照片" in page and "整改后的照片" in page
    data = {
        "key": "one",
        "text": "墙角一堆垃圾，臭。",
        "done": DONE,
        "area": world.east_grid.pk,
        "place": "一号路口",
    }
    for _ in range(2):
        sent = client.post("/desk/inspections/spot/", {**data, "before": upload(1), "after": upload(2)})
        assert sent.status_code == 302
    case = Case.objects.get(channel="patrol")
    assert case.state in ("closed", "reported") and sent["Location"] == f"/desk/cases/{case.number}/"


def test_what_was_typed_and_sent_is_kept(world, client):
    client.force_login(world.east_worker)
    data = {
        "key": "two",
        "text": "墙角一堆垃圾，臭。",
        "done": DONE,
        "area": world.east_grid.pk,
        "place": "一号路口",
    }
    sent = client.post("/desk/inspections/spot/", {**data, "before": upload(1)})
    page = sent.content.decode()
    assert sent.status_code == 400 and "缺" in page and "整改后" in page
    assert 'name="kept_before"' in page and "墙角一堆垃圾" in page
    kept = page.split('name="kept_before" value="')[1][:36]
    assert (
        client.post("/desk/inspections/spot/", {**data, "kept_before": kept, "after": upload(2)}).status_code
        == 302
    )


def test_the_door_is_shut_to_who_reads_no_matters(world, client):
    for who in (world.admin, world.auditor):
        client.force_login(who)
        assert client.get("/desk/inspections/spot/").status_code == 403
        assert client.get("/desk/inspections/").status_code == 403


def test_an_emergency_mended_on_the_spot_is_always_checked(world):
    numbers = {fixed(world, text=f"第 {n} 个箱门敞着。", city_class=EMERGENCY).state for n in range(6)}
    assert numbers == {"reported"}
