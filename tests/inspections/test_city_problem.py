"""A city problem under its class: filed, limited, extended, paused once, checked against the closing condition."""

from datetime import date, timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.evidence import missing_of
from huiyin.cases.forms import form_for
from huiyin.cases.offers import offers
from huiyin.inspections import standards, standards_check
from huiyin.inspections.models import Filing
from huiyin.rules import clock
from tests.inspections.pictures import picture

TOLD = "我们收到了，马上派人去看。"
COVER, RUBBISH, ROAD, BUILT = "B0101-1", "S0101", "B0201", "S0602"


def filed(world, code, at="2026-11-20T16:00", **more):
    """A matter registered and filed under `code` at that moment."""
    with clock.travel(at):
        case = world.register(by=world.clerk, **more)
        case.do("accept", by=world.clerk, text=TOLD, particulars={"city_class": code, "file_met": True})
    return case


def due(case, duty="close"):
    row = next(row for row, rule, _ in deadlines.readings(case) if rule.duty == duty)
    return clock.local(row.due_at)


def test_the_rule_set_is_whole(world):
    content = standards.settings(world.office)
    assert len(content["standards"]) >= 60
    problems = [p for p in standards_check.check(content, world.office) if not p.is_warning]
    assert problems == []
    assert all(
        row["file_when"] and row["close_when"] and row["label"] in standards.LABELS
        for row in content["standards"]
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("上水井盖", COVER),
        ("shangshuijinggai", COVER),
        ("ssjgqs", COVER),
        ("b0101", COVER),
        ("没人收", RUBBISH),
    ],
)
def test_found_by_keyboard(world, typed, code):
    assert code in [row["code"] for row in standards.find(world.office, typed)]


def test_the_condition_is_asked_for(world):
    case = world.register(by=world.clerk)
    with pytest.raises(Refusal) as refused:
        case.do("accept", by=world.clerk, text=TOLD, particulars={"city_class": COVER})
    assert "井盖丢失" in refused.value.message and "of_file_met" in refused.value.errors
    with pytest.raises(Refusal, match="不符合"):
        case.do("accept", by=world.clerk, text=TOLD, particulars={"city_class": COVER, "file_met": False})
    case.refresh_from_db()
    assert case.state == "received" and not Filing.objects.filter(case=case).exists()
    case.do("decline", by=world.clerk, reason="到现场看过，井盖好好的，没有松动。", advice="再有响声请打 0000-600 0000。",
            particulars={"not_filed": "condition"})  # fmt: skip
    assert case.particulars["not_filed"] == "condition"


def test_without_a_class_nothing_changes(world):
    case = world.register(by=world.clerk)
    case.accept(by=world.clerk, text=TOLD)
    assert not Filing.objects.filter(case=case).exists()
    assert (
        next(row.code for row, rule, _ in deadlines.readings(case) if rule.duty == "close") == "CITY-NORMAL"
    )


def test_filed_with_the_conditions_of_that_day(world):
    case = filed(world, COVER)
    row = Filing.objects.get(case=case)
    assert (row.code, row.label, row.needs_photo) == (COVER, "地方", True)
    assert row.filed_by == world.clerk and "井盖丢失" in row.file_when
    notes = case.events.get(verb="accept").data["notes"]
    assert "立案条件" in notes[0] and "2 紧急工作时" in notes[0]


def test_emergency_runs_through_the_night(world):
    assert due(filed(world, COVER, "2026-11-20T23:00")) == clock.local("2026-11-21T01:00")
    assert due(filed(world, "S0601", "2026-11-20T16:00")) == clock.local("2026-11-22T16:00")


def test_others_run_in_office_hours(world):
    """Friday 16:00: four hours are 16–18 and Monday 8–10; five working days are 40 hours of work."""
    assert due(filed(world, RUBBISH)) == clock.local("2026-11-23T10:00")
    assert due(filed(world, ROAD)) == clock.local("2026-11-27T16:00")
    assert due(filed(world, RUBBISH, "2026-11-20T11:30")) == clock.local("2026-11-20T17:30")


def test_over_the_national_day_and_its_makeup_days(world):
    """2026: 1–7 October off, 20 September and 10 October worked."""
    case = filed(world, ROAD, "2026-09-30T08:00")
    assert due(case) == clock.local("2026-10-12T18:00")
    assert due(filed(world, RUBBISH, "2026-09-30T16:00")) == clock.local("2026-10-08T10:00")


def test_an_extension_is_the_original_limit_twice_at_most(world):
    case = filed(world, ROAD, "2026-11-16T08:00")
    with clock.travel("2026-11-16T09:00"):
        row = next(row for row in deadlines.may_extend(case) if deadlines.rule_of(row).duty == "close")
        with pytest.raises(Refusal, match="40"):
            case.ask_extension(by=world.clerk, deadline=row, amount=41, reason="要等沥青厂开炉")
    for day in ("2026-11-16T09:30", "2026-11-17T09:30"):
        with clock.travel(day):
            case.ask_extension(by=world.clerk, deadline=row, amount=40, reason="要等沥青厂开炉")
            case.decide_extension(by=world.duty_leader, subject=case.extensions.get(decided_at=None), approve=True,
                                  text="路面要热料，等沥青厂开炉，多用五个工作日。")  # fmt: skip
    assert due(case) == clock.local("2026-12-04T18:00")
    with clock.travel("2026-11-18T09:00"), pytest.raises(Refusal, match="最多延期 2 次"):
        case.ask_extension(by=world.clerk, deadline=row, amount=1, reason="还要等")


def test_paused_once_and_for_a_year_at_most(world):
    case = filed(world, BUILT, "2026-11-16T08:00")
    with clock.travel("2026-11-16T10:00"):
        too_far = date(2026, 11, 16) + timedelta(days=366)
        with pytest.raises(Refusal, match="最长 365 天"):
            case.do(
                "pause",
                by=world.clerk,
                reason="等法院裁定",
                review_on=too_far,
                told="要等法院的裁定，等到了就告诉您。",
            )
        case.refresh_from_db()
        assert case.paused_at is None
        case.do(
            "pause",
            by=world.clerk,
            reason="等法院裁定",
            review_on=date(2027, 11, 1),
            told="要等法院的裁定，等到了就告诉您。",
        )
    with clock.travel("2026-11-18T10:00"):
        case.do("resume", by=world.clerk)
        offered = {row.verb: row for row in offers(case, world.clerk, with_refused=True)}
        assert "最多挂账 1 次" in offered["pause"].reason
        with pytest.raises(Refusal, match="最多挂账 1 次"):
            case.do(
                "pause",
                by=world.clerk,
                reason="再等",
                review_on=date(2026, 12, 1),
                told="要再等一等，有消息就告诉您。",
            )


def test_the_class_put_right_moves_the_clock(world):
    case = filed(world, ROAD, "2026-11-20T08:00")
    with clock.travel("2026-11-20T09:00"):
        case.do("fill_in", by=world.clerk, particulars={"city_class": COVER}, reason="现场看是井盖没了")
    assert due(case) == clock.local("2026-11-20T10:00")
    assert Filing.objects.get(case=case).code == COVER


def handled(world, case, at="2026-11-20T16:30"):
    with clock.travel(at):
        case.do("dispatch", by=world.clerk, lead=world.enforcement, task="马上去")
        case.do("take", by=world.handler, subject=case.lead)
        case.do("report", by=world.handler, subject=case.lead, text="补了新盖，踩过不晃。",
                attachments=[picture(world, world.handler)])  # fmt: skip


def test_closing_condition_and_photo_only_where_asked(world):
    case = filed(world, COVER)
    handled(world, case)
    with clock.travel("2026-11-20T17:00"):
        checker = world.supervisor
        with pytest.raises(Refusal, match="已补盖") as refused:
            case.do("verify", by=checker, text="看过了，盖子在。")
        assert "of_closing_met" in refused.value.errors
        with pytest.raises(Refusal, match="没有达到"):
            case.do("verify", by=checker, text="看过了，还没盖平。", particulars={"closing_met": False})
        with pytest.raises(Refusal, match="照片"):
            case.do("verify", by=checker, text="看过了，盖子在。", particulars={"closing_met": True})
        case.do("verify", by=checker, text="看过了，盖子平稳。", particulars={"closing_met": True},
                attachments=[picture(world, checker, 9)])  # fmt: skip
    row = Filing.objects.get(case=case)
    assert row.met_by == checker and case.state == "verified"
    event = case.events.get(verb="verify")
    assert event.attachments.count() == 1 and "结案条件已确认" in event.data["notes"][0]


def test_no_photo_is_forced_elsewhere(world):
    case = filed(world, RUBBISH)
    handled(world, case)
    with clock.travel("2026-11-20T17:00"):
        case.do("verify", by=world.supervisor, text="地面扫干净了。", particulars={"closing_met": True})
        case.do(
            "answer",
            by=world.clerk,
            text="何阿姨您好，垃圾已经清走，地面也冲过了，我们的人去看过。",
            reply_by="phone",
            delivered="打过电话",
        )
        assert missing_of(case) == []
        case.do("close", by=world.clerk)
    assert case.state == "closed"


def test_one_form_shows_the_classes_with_pinyin(world):
    case = world.register(by=world.clerk)
    html = str(form_for("accept", case, world.clerk)["of_city_class"])
    assert (
        'data-behaviour="typeahead"' in html
        and "shangshuijinggaiqueshi" in html
        and "/desk/inspections/class/" in html
    )


def test_the_words_of_a_class(world, client):
    client.force_login(world.clerk)
    page = client.get("/desk/inspections/class/", {"name": "of_city_class", "of_city_class": COVER})
    assert "井口外露" in page.content.decode() and "要照片" in page.content.decode()
    assert client.get("/desk/inspections/class/", {"name": "x", "x": "nothing"}).content == b""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["standards"][0].update(code="B9901"), "大类 B99"),
        (lambda c: c["standards"].append(dict(c["standards"][0])), "重复"),
        (lambda c: c["standards"][0].update(label="法定"), "出处"),
        (lambda c: c["standards"][0].update(limit={"amount": 2, "unit": "moons"}), "moons"),
        (lambda c: c["standards"][0].update(categories=["999999"]), "999999"),
        (lambda c: c["night"].update(rectify_by="11:00"), "早于验收"),
    ],
)
def test_a_broken_version_is_held_back(world, change, says):
    import copy

    content = copy.deepcopy(standards.settings(world.office))
    change(content)
    assert any(says in problem.message for problem in standards_check.check(content, world.office))
