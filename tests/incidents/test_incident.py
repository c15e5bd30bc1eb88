"""An incident from the first report to the summary; what only this kind refuses; its clocks, papers and pages."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.models import Case, Reader
from huiyin.cases.offers import offers
from huiyin.documents import issuing
from huiyin.incidents import ledger
from huiyin.incidents.models import Damage, Relief, SiteFact
from huiyin.papers import content
from huiyin.rules import clock
from huiyin.rules.clock import TZ

SAID = "我们收到了，马上派人到现场，请先离开低洼的地方。"
NIGHT = datetime(2026, 10, 3, 2, 10, tzinfo=TZ)  # a Saturday in the National Day holidays


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def begin(world, sort="natural", **more):
    case = world.register(
        by=world.clerk, kind="incident", channel="call", description="河堤决口，水进了槐荫里一楼，有人困在屋里。",
        wants="", particulars={"sort": sort}, **more,
    )  # fmt: skip
    case.accept(by=world.clerk, text=SAID)
    return fresh(case)


@pytest.fixture
def case(world):
    return begin(world)


def do(case, verb, by, **given):
    fresh_case = fresh(case)
    return fresh_case.do(verb, by=by, **given)


def first_report(world, case, **more):
    return do(case, "report_incident", world.clerk, stage="first", to="党工委书记", way="phone",
              text="决口三米，困了六户", **more)  # fmt: skip


def fact(world, case, source="seen", text="决口宽三米，水深到膝盖"):
    return do(case, "gather_facts", world.duty_leader, source=source, text=text, affected=18)


def household(world, case, name="方某", **more):
    given = {
        "name": name,
        "kind": "flooded",
        "text": "一楼进水四十公分",
        "persons": 3,
        "amount": Decimal("8200.00"),
    }
    return do(case, "record_damage", world.clerk, **{**given, **more})


def money(world, case, flow="in", quantity="150000.00", **more):
    given = {
        "flow": flow,
        "item": "救助款",
        "unit": "元",
        "quantity": Decimal(quantity),
        "paper": "拨款单 12 号",
    }
    if flow == "in":
        given["source"] = "区民政局"
    return do(case, "record_relief", world.clerk, **{**given, **more})


def through(world, case):
    """Taken, reported done, verified, answered: up to closing."""
    row = fresh(case)
    row.dispatch(by=world.clerk, lead=world.safety, task="堵口、转移、清淤")
    row = fresh(row)
    row.take(by=world.safety_handler, subject=row.lead)
    row = fresh(row)
    row.report(by=world.safety_handler, subject=row.lead, text="决口堵上了，六户回了家")
    row.verify(by=world.supervisor, text="看过，堤坝加固，屋里清完")
    row.answer(by=world.clerk, text="槐荫里的水退了，堤坝已经加固，六户都回了家。受损的家具按登记救助，有事请打街道电话。",
               reply_by="phone", outcome="solved")  # fmt: skip
    return fresh(row)


def test_from_first_report_to_summary(world, case):
    first_report(world, case)
    fact(world, case)
    do(case, "brief", world.duty_leader, level="leaders", place="三楼会议室", chaired_by="党工委书记", present="班子成员",
       number_present=9, text="分四个组，不信谣不传谣")  # fmt: skip
    statement = do(case, "draft_statement", world.clerk, kind="notice", text="今天凌晨槐荫里河堤决口，六户已经转移，没有人受伤，正在堵口。",
                   facts=list(SiteFact.objects.all()))  # fmt: skip
    do(case, "decide_statement", world.leader, subject=statement, approve=True, text="同意")
    do(case, "release_statement", world.clerk, subject=statement, outlet="group", where="槐荫里居民群")
    home = household(world, case)
    money(world, case)
    money(world, case, "out", "3000.00", household=home, paper="签领表 1")
    do(case, "clean_up", world.clerk, what="清淤", place="槐荫里一楼", quantity=Decimal("42"),
       unit="立方米", hands=30)  # fmt: skip
    row = through(world, case)
    with pytest.raises(Refusal) as refused:
        row.close(by=world.clerk)
    assert {"恢复正常", "总结"} <= set(refused.value.missing)
    do(case, "back_to_normal", world.clerk, text="六户都回家做饭了")
    do(
        case,
        "summarise",
        world.director,
        text="凌晨接报，三十分钟内到场，当天堵口，第三天恢复正常。",
        lessons="汛期前把备用沙袋放到堤边",
    )
    do(
        case,
        "report_incident",
        world.clerk,
        stage="final",
        to="党工委书记",
        way="written",
        text="已经恢复正常，附总结",
    )
    fresh(case).close(by=world.clerk)
    done = fresh(case)
    assert done.state == "closed" and done.events.count() == done.last_seq
    figures = ledger.sums(done)
    assert (figures.households, figures.persons, figures.loss, figures.helped) == (
        1,
        3,
        Decimal("8200.00"),
        1,
    )
    assert [(row.came, row.went, row.left) for row in figures.items] == [(150000, 3000, 147000)]
    assert "方某" not in str([event.text for event in done.events.all()])


def test_done_is_not_reported_before_anybody_above_knew(world, case):
    row = fresh(case)
    row.dispatch(by=world.clerk, lead=world.safety, task="堵口")
    row = fresh(row)
    row.take(by=world.safety_handler, subject=row.lead)
    with pytest.raises(Refusal, match="初报"):
        fresh(row).report(by=world.safety_handler, subject=fresh(row).lead, text="堵上了")


def test_the_order_of_reports(world, case):
    with pytest.raises(Refusal, match="还没有初报"):
        do(case, "report_incident", world.clerk, stage="further", to="区应急局", way="phone", text="水退了")
    first_report(world, case)
    with pytest.raises(Refusal, match="已经向党工委书记初报过"):
        first_report(world, case)
    with pytest.raises(Refusal, match="不能终报"):
        do(case, "report_incident", world.clerk, stage="final", to="区应急局", way="phone", text="水退了")
    with pytest.raises(Refusal, match="还没到的时间"):
        do(case, "report_incident", world.clerk, stage="further", to="区应急局", way="phone", text="水退了",
           told_at=clock.now() + timedelta(hours=1))  # fmt: skip


def test_statements_stand_on_facts_and_another_approves(world, case):
    heard = fact(world, case, "hearsay", "听说死了人")
    given = {"kind": "notice", "text": "今天凌晨槐荫里河堤决口，六户已经转移，没有人受伤。"}
    with pytest.raises(Refusal, match="没有核实"):
        do(case, "draft_statement", world.director, facts=[heard], **given)
    seen = fact(world, case)
    with pytest.raises(Refusal, match="外面怎么传"):
        do(case, "draft_statement", world.director, facts=[seen], **{**given, "kind": "clarify"})
    row = do(case, "draft_statement", world.director, facts=[seen], **given)
    with pytest.raises(Refusal, match="自己起草"):
        do(case, "decide_statement", world.director, subject=row, approve=True)
    with pytest.raises(Refusal, match="还没有批准"):
        do(case, "release_statement", world.clerk, subject=row, outlet="group", where="槐荫里群")
    with pytest.raises(Refusal, match="哪里要改"):
        do(case, "decide_statement", world.leader, subject=row, approve=False)
    do(case, "decide_statement", world.leader, subject=row, approve=True)
    do(case, "release_statement", world.clerk, subject=row, outlet="group", where="槐荫里群")
    with pytest.raises(Refusal, match="已经发过"):
        do(case, "release_statement", world.clerk, subject=row, outlet="group", where="槐荫里群")


def test_cadres_hear_it_before_the_people(world, case):
    given = {
        "place": "礼堂",
        "chaired_by": "书记",
        "present": "居民",
        "number_present": 80,
        "text": "把情况讲清楚",
    }
    with pytest.raises(Refusal, match="先在班子会"):
        do(case, "brief", world.duty_leader, level="residents", **given)


def test_nothing_is_handed_out_that_did_not_come_in(world, case):
    home = household(world, case)
    with pytest.raises(Refusal, match="只剩"):
        money(world, case, "out", "100.00", household=home)
    entry = money(world, case, quantity="1000.00")
    with pytest.raises(Refusal, match="只剩 1,000.00"):
        money(world, case, "out", "1000.01", household=home)
    with pytest.raises(Refusal, match="发给谁"):
        money(world, case, "out", "10.00")
    given = money(world, case, "out", "400.00", household=home)
    with pytest.raises(Refusal, match="已经发出去"):
        do(case, "take_back_entry", world.clerk, subject=entry, reason="记错了")
    with pytest.raises(Refusal, match="已经领过"):
        do(case, "take_back_entry", world.clerk, subject=home, reason="记错了")
    do(case, "take_back_entry", world.clerk, subject=given, reason="发重了")
    do(case, "take_back_entry", world.clerk, subject=entry, reason="不是给我们的")
    with pytest.raises(Refusal, match="已经划去"):
        do(case, "take_back_entry", world.clerk, subject=entry, reason="再划一次")
    assert ledger.left(case, "救助款", "元") == 0
    assert Relief.objects.count() == 4 and not [row for row in ledger.sums(case).items if row.left]


def test_one_household_once_for_one_loss(world, case):
    household(world, case, phone="10000001111")
    with pytest.raises(Refusal, match="已经登记过"):
        household(world, case, phone="10000001111")
    household(world, case, phone="10000001111", kind="goods")
    assert ledger.sums(case).households == 1
    assert Damage.objects.first().party.masked_name == "方*"


def test_the_clocks_run_through_night_and_holidays(world):
    with clock.travel(NIGHT):
        case = begin(world, "rumour")
        by_duty = {rule.duty: row for row, rule, _ in deadlines.readings(case)}
        assert by_duty["first_report"].due_at == NIGHT + timedelta(minutes=30)
        assert by_duty["statement"].due_at == NIGHT + timedelta(hours=5)
        household(world, case)
    with clock.travel(NIGHT + timedelta(hours=6)):
        by_duty = {rule.duty: reading for _, rule, reading in deadlines.readings(fresh(case))}
        assert by_duty["first_report"].is_late and by_duty["relief"].due_at == NIGHT + timedelta(hours=24)
        first_report(world, case)
        do(case, "back_to_normal", world.clerk, text="都回家了")
        by_rule = {rule.code: row for row, rule, _ in deadlines.readings(fresh(case))}
        # 10 working days from Saturday 3 October: 8, 9, Saturday 10 (made up), 12–16, 19, 20.
        assert clock.local(by_rule["INCIDENT-SUMMARY"].due_at).date().isoformat() == "2026-10-20"


def test_a_rumour_is_answered_in_public_before_it_closes(world):
    case = begin(world, "rumour")
    first_report(world, case)
    row = through(world, case)
    do(case, "back_to_normal", world.clerk, text="没有人再传")
    do(
        case,
        "summarise",
        world.director,
        text="传言起于一张旧照片，核实后公开说明，没有再扩散。",
        lessons="群里有人问，两小时内答",
    )
    with pytest.raises(Refusal) as refused:
        fresh(row).close(by=world.clerk)
    assert "公开澄清" in refused.value.missing


def test_people_in_conflict_are_read_by_named_persons_only(world):
    quiet = begin(world)
    sealed = begin(world, "social")
    assert not quiet.is_restricted and sealed.is_restricted
    keys = set(Reader.objects.filter(case=sealed).values_list("key", flat=True))
    assert world.leader.pk in keys and world.clerk.pk in keys and world.east.pk not in keys
    assert not Case.objects.visible_to(world.east_staff).filter(pk=sealed.pk).exists()


def test_papers_say_what_the_record_says(world, case):
    with pytest.raises(Refusal, match="事件报告"):
        issuing.issue(fresh(case), "incident_report", by=world.clerk)
    row = first_report(world, case)
    paper = issuing.issue(fresh(case), "incident_report", str(row.pk), by=world.clerk)
    assert "困了六户" in paper.content and "何阿姨" not in paper.content
    money(world, case)
    book = content.load(issuing.issue(fresh(case), "relief_book", by=world.clerk).content)
    assert "150,000.00 元" in str(book)
    do(case, "back_to_normal", world.clerk, text="都回家了")
    do(
        case,
        "summarise",
        world.director,
        text="凌晨接报，三十分钟内到场，当天堵口，第三天恢复正常。",
        lessons="汛期前备好沙袋",
    )
    whole = issuing.issue(fresh(case), "incident_summary", by=world.leader)
    assert "汛期前备好沙袋" in whole.content and "救助款收到" in whole.content


def test_pages(world, case, client, django_assert_max_num_queries):
    first_report(world, case)
    fact(world, case)
    household(world, case)
    money(world, case)
    client.force_login(world.clerk)
    with django_assert_max_num_queries(40):
        page = client.get(reverse("desk_incident", args=[case.number]))
    words = page.content.decode()
    assert page.status_code == 200 and "党工委书记" in words and "150,000.00" in words and "方某" not in words
    assert "处置经过和款物" in client.get(reverse("desk_case", args=[case.number])).content.decode()
    assert case.number in client.get(reverse("desk_incidents")).content.decode()
    client.force_login(world.admin)
    assert client.get(reverse("desk_incidents")).status_code == 403
    client.force_login(world.outsider)
    assert client.get(reverse("desk_incident", args=[case.number])).status_code in (403, 404)


def test_the_moves_are_offered_where_the_kind_opens_them(world, case):
    offered = {row.verb for row in offers(case, world.clerk)}
    assert {"report_incident", "gather_facts", "record_damage", "record_relief"} <= offered
    assert "report_incident" not in {row.verb for row in offers(world.register(by=world.clerk), world.clerk)}
    assert "take_back_entry" not in offered
