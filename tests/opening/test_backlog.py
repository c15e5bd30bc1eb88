"""未办结的老事项: open matters of the former register become real ones, with the days that the file knows."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.cases import reminders, watch
from huiyin.cases.models import Case
from huiyin.opening import parts, rulesets, tasks
from huiyin.opening.models import STUCK_AFTER, Import
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.opening.conftest import problems, text

pytestmark = pytest.mark.django_db
OLD = {
    "number": "2026-0123", "registered_on": date(2026, 10, 8), "kind": "petition", "channel": "call",
    "description": "楼下烧烤店每晚排油烟，窗户不敢开。", "wants": "装净化器", "place": "槐荫里 3 幢", "name": "何阿姨", "phone": "10000001234",
}  # fmt: skip
SENT = OLD | {
    "number": "2026-0124",
    "accepted_on": date(2026, 10, 9),
    "unit": "zhifa",
    "sent_on": date(2026, 10, 10),
}
TAKEN = SENT | {
    "number": "2026-0125",
    "handler": "handler",
    "taken_on": date(2026, 10, 12),
    "due_on": date(2026, 12, 1),
}
NOW = datetime(2026, 11, 16, 10, 30, tzinfo=clock.TZ)


@pytest.fixture(autouse=True)
def monday():
    with clock.travel(NOW):
        yield


@pytest.fixture
def bring(world, bring_in):
    return lambda *rows, **more: bring_in(
        "backlog", list(rows), by=str(world.clerk.pk), system="原台账", **more
    )


def at(day: date) -> datetime:
    return datetime.combine(day, time(9, tzinfo=clock.TZ))


def case_of(number: str) -> Case:
    return Case.objects.get(sources__outside_number=number)


def test_each_matter_goes_as_far_as_its_line(world, bring):
    row = bring(OLD, SENT, TAKEN)
    assert (row.fresh, row.problems) == (3, 0)
    waiting, sent, taken = (case_of(number) for number in ("2026-0123", "2026-0124", "2026-0125"))
    assert [case.state for case in (waiting, sent, taken)] == ["received", "dispatched", "in_hand"]
    assert waiting.registered_at == at(date(2026, 10, 8)) and waiting.registered_by == world.clerk
    assert waiting.area == world.east_grid and waiting.reply_by == "phone"
    assert waiting.parties.get().party.phone == "10000001234"
    assert [event.verb for event in taken.events.order_by("seq")] == [
        "register",
        "accept",
        "dispatch",
        "take",
    ]
    assert [clock.local(event.at).date().day for event in taken.events.order_by("seq")] == [8, 9, 10, 12]
    assert taken.lead.organisation == world.enforcement and taken.in_charge == world.handler
    assert "原编号 2026-0125" in taken.events.get(verb="dispatch").text
    source = taken.sources.get()
    assert source.system == "原台账" and clock.local(source.due_at).date() == date(2026, 12, 1)


def test_the_clocks_run_from_the_old_days(world, bring):
    bring(SENT)
    case = case_of("2026-0124")
    assert min(clock.local(row.started_at).date() for row in case.deadlines.all()) == date(2026, 10, 8)
    assert case.due_at < NOW


def test_what_the_file_does_not_know_happens_now(bring):
    bring(OLD | {"unit": "zhifa"})
    case = case_of("2026-0123")
    moments = {event.verb: clock.local(event.at) for event in case.events.all()}
    assert moments["accept"] == at(date(2026, 10, 8)) and moments["dispatch"] == NOW


def test_again_brings_no_second_matter(bring):
    bring(OLD, SENT)
    again = bring(OLD, SENT, TAKEN)
    assert (again.fresh, again.same) == (1, 2) and Case.objects.count() == 3


def test_it_goes_on_with_the_usual_moves(world, bring):
    bring(TAKEN)
    case = case_of("2026-0125")
    case.record(by=world.handler, text="到店里看过，净化器没有开。", act="site_check")
    assert case.events.count() == 5


def test_all_mistakes_at_once(world, bring):
    row = bring(
        OLD | {"registered_on": date(2026, 12, 24)},
        SENT | {"sent_on": date(2026, 10, 1), "unit": "nobody"},
        TAKEN | {"handler": "environment_handler", "category": "99", "area": "B1"},
        OLD | {"number": "x", "unit": "", "due_on": date(2026, 12, 1), "description": "短"},
        OLD | {"number": "x", "registered_on": date(1999, 1, 1), "kind": "牢骚", "phone": "电话在家里"},
    )
    found = problems(row)
    assert set(found) == {"C4", "P5", "Q5", "I6", "J6", "R6", "G7", "P7", "B8", "C8", "D8", "N8"}
    assert not Case.objects.exists()


def test_one_line_that_cannot_be_registered_keeps_all_out(world, bring, admin, hand_in, monkeypatch):
    """A duty list that is gone in between stops the third line: the first two are not there either."""
    hand_in("backlog", [OLD, SENT, TAKEN], by=str(world.clerk.pk), system="原台账")

    Post.objects.filter(user=world.handler).update(end_on=date(2026, 11, 1))
    row = Import.objects.get()
    answer = admin.post(reverse("opening_import", args=[row.pk]))
    assert answer.status_code == 409 and "R6" in text(answer)
    assert not Case.objects.exists()


def test_the_administrator_sees_counts_and_no_words(world, bring, admin):
    row = bring(OLD, SENT)
    page = text(admin.get(reverse("opening_file", args=[row.pk])))
    assert "油烟" not in page and "何阿姨" not in page
    assert admin.get(f"/desk/cases/{case_of('2026-0123').number}/").status_code in (403, 404)
    note = AuditRecord.objects.get(action="导入未办结的老事项")
    assert note.detail["登记人"] == "clerk" and note.detail["件数"] == 2 and "油烟" not in str(note.detail)
    assert not row.content


def test_who_registers_must_be_a_post_of_the_centre(world, hand_in):
    answer = hand_in("backlog", [OLD], by=str(world.handler.pk), system="原台账")
    assert answer.status_code == 400 and "请从列表里选" in text(answer)
    assert "请选一位受理人员" in text(hand_in("backlog", [OLD], by="", system="原台账"))


def test_the_file_lies_encrypted_until_it_is_imported(world, hand_in):
    hand_in("backlog", [OLD], by=str(world.clerk.pk), system="原台账")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, findings FROM opening_import")
        content, _ = cursor.fetchone()
    assert bytes(content)[:1] == b"\x01" and b"PK" not in bytes(content)[:20]


def test_units_hear_once_how_many_came(world, bring):
    bring(OLD, SENT, TAKEN)
    unread = world.handler.notices.filter(read_at=None)
    assert [row.text for row in unread] == [
        "从原台账转入 2 件老事项（1 件已经超期），在综合执法队手里，请在“事项”里看"
    ]
    assert not world.leader.notices.filter(read_at=None).exists()


def begin(admin, row: Import) -> dict:
    """Press the button twice; the arguments of the one job that this leaves."""
    for _ in range(2):
        assert admin.post(reverse("opening_import", args=[row.pk])).url == reverse(
            "opening_file", args=[row.pk]
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'huiyin.opening.tasks.import_file'"
        )
        jobs = [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]
    assert len(jobs) == 1
    return jobs[0]


@pytest.fixture
def long_list(world, hand_in, monkeypatch):
    """`long_list(*rows)`: handed in, long enough for a job, one line a part."""
    monkeypatch.setattr(tasks, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(parts, "AT_ONCE", 1)

    def hand(*rows) -> Import:
        hand_in("backlog", list(rows), by=str(world.clerk.pk), system="原台账")
        return Import.objects.get(imported_at=None)

    return hand


def test_a_long_list_is_left_to_a_job(world, admin, long_list):
    """The page answers at once; the job brings everything in and the units hear of it once."""
    row = long_list(OLD, SENT)
    url = reverse("opening_file", args=[row.pk])
    job = begin(admin, row)
    assert "正在导入" in text(admin.get(url)) and not Case.objects.exists()
    tasks.import_file(**job)
    assert Case.objects.count() == 2 and "导入好了" in text(admin.get(url))
    tasks.import_file(**job)
    assert Case.objects.count() == 2 and world.handler.notices.filter(read_at=None).count() == 1
    assert AuditRecord.objects.get(action="导入未办结的老事项").detail["件数"] == 2


def test_a_job_that_is_refused_says_so_on_the_page(world, admin, long_list):
    row = long_list(OLD, TAKEN)
    job = begin(admin, row)
    Post.objects.filter(user=world.handler).update(end_on=date(2026, 11, 1))
    tasks.import_file(**job)
    page = text(admin.get(reverse("opening_file", args=[row.pk])))
    assert "没有导入" in page and "情况变了" in page and not Case.objects.exists()


def test_what_a_rule_refuses_is_known_before_the_first_line(admin, long_list, monkeypatch):
    """A line of a sort that cannot be done keeps all out: the rehearsal leaves nothing, not even a number."""
    row = long_list(OLD, SENT, TAKEN)
    job = begin(admin, row)

    def refuse(case, **given):
        raise Refusal("这一步现在不能做。")

    monkeypatch.setattr(Case, "take", refuse)
    tasks.import_file(**job)
    page = text(admin.get(reverse("opening_file", args=[row.pk])))
    assert "没有导入：第 6 行（原编号 2026-0125）：这一步现在不能做。" in page and not Case.objects.exists()
    monkeypatch.undo()
    monkeypatch.setattr(tasks, "MOST_AT_ONCE", 1)
    admin.post(reverse("opening_import", args=[row.pk]))
    tasks.import_file(**job)
    assert sorted(Case.objects.values_list("number", flat=True)) == ["26-00001", "26-00002", "26-00003"]


def test_a_job_that_was_killed_goes_on_where_it_stopped(world, admin, long_list, monkeypatch):
    """Whatever kills it: what is in stays in, nothing comes twice, the units hear of all of it once."""
    row = long_list(OLD, SENT, TAKEN)
    job = begin(admin, row)
    whole = parts._part
    calls = []

    def dies_at_the_third(*given):
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit
        whole(*given)

    monkeypatch.setattr(parts, "_part", dies_at_the_third)
    with pytest.raises(SystemExit):
        tasks.import_file(**job)
    row.refresh_from_db()
    assert row.is_running and (row.done, row.left) == (2, 1) and Case.objects.count() == 2
    assert "正在导入 2 / 3" in text(admin.get(reverse("opening_file", args=[row.pk])))
    monkeypatch.setattr(parts, "_part", whole)
    tasks.import_file(**job)
    row.refresh_from_db()
    assert row.imported_at and row.done == 3 and Case.objects.count() == 3
    unread = world.handler.notices.filter(read_at=None)
    assert [one.text[:13] for one in unread] == ["从原台账转入 2 件老事项"]


def test_a_job_that_halts_in_the_middle_says_what_is_in(world, admin, long_list, monkeypatch):
    row = long_list(OLD, SENT, TAKEN)
    job = begin(admin, row)
    monkeypatch.setattr(parts.steps.get("backlog").__class__, "rehearse", lambda *given, **more: None)

    def refuse(case, **given):
        raise Refusal("这一步现在不能做。")

    monkeypatch.setattr(Case, "take", refuse)
    tasks.import_file(**job)
    page = text(admin.get(reverse("opening_file", args=[row.pk])))
    assert "前面 2 件已经转入，后面 1 件没有动" in page and "接着导入，还有 1 件" in page
    assert world.handler.notices.filter(read_at=None).count() == 1
    assert AuditRecord.objects.get(action="导入未办结的老事项，中途停下").detail["已转入"] == 2


def test_a_job_that_is_gone_can_be_begun_again(admin, long_list):
    row = long_list(OLD, SENT)
    url = reverse("opening_file", args=[row.pk])
    begin(admin, row)
    assert "好久没有动" not in text(admin.get(url))
    Import.objects.update(started_at=NOW - STUCK_AFTER * 2)
    assert "好久没有动，接着导" in text(admin.get(url))
    admin.post(reverse("opening_import", args=[row.pk]))
    row.refresh_from_db()
    assert row.started_at == NOW


def test_rules_that_send_on_by_themselves_leave_old_matters_alone(world, bring, monkeypatch):
    """The line says who has it; a rule of today has nothing to say about it."""
    rule = {"name": "都给环卫", "if": {}, "lead": world.environment.code, "auto": True}
    rulesets.put_in_force(world.office, "routing", {"automatic": True, "rules": [rule]}, source="试")
    row = bring(SENT, OLD | {"accepted_on": date(2026, 10, 9)})
    assert row.imported_at
    assert case_of("2026-0124").lead.organisation == world.enforcement
    assert case_of("2026-0123").state == "accepted"


KINDS = [
    "petition",
    "hotline",
    "directive",
    "suggestion",
    "city_problem",
    "service_request",
    "hazard",
    "dispute",
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_former_register_did_not_ask_keeps_nothing_out(bring, kind):
    """Particulars that are asked for when a matter is taken on, and words that would call for another way."""
    row = bring(SENT | {"kind": kind, "description": "法院判决了也没用，楼下烧烤店每晚排油烟。"})
    assert row.imported_at and case_of("2026-0124").state == "dispatched"


def test_what_comes_in_late_raises_no_storm(world, bring):
    """Neither alarms nor notices for what was late elsewhere; what falls late here is told as always."""
    bring(SENT)
    case = case_of("2026-0124")
    assert case.due_at < NOW
    watch.supervise_late()
    reminders.remind()
    assert not case.notices.exists() and not world.handler.notices.filter(level="alarm").exists()
    with clock.travel(NOW + timedelta(days=90)):
        watch.supervise_late()
    assert case.notices.count() == 1
