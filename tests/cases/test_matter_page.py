"""The page of one matter: who sees it, what stands on it, what it costs; J and K; a past day; the preview."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import record
from huiyin.cases.models import Case
from huiyin.cases.offers import offers
from huiyin.cases.standing import standing_of
from huiyin.cases.timeline import story_of
from huiyin.rules import clock
from tests.cases.walks import ANSWER, bounce, bring

pytestmark = pytest.mark.django_db

NAME, PHONE = "欧阳秋实甲", "10000007766"


def page(client, user, case, tail=""):
    client.force_login(user)
    return client.get(f"/desk/cases/{case.number}/{tail}")


@pytest.mark.parametrize(
    "state", ["received", "accepted", "in_hand", "reported", "verified", "answered", "closed"]
)
def test_every_state_has_a_page(client, world, state):
    case = bring(world, state)
    html = page(client, world.clerk, case).content.decode()
    assert case.title in html and case.number in html and "把井盖垫好" in html
    assert html.count('class="ev') == len([e for e in case.events.all() if e.verb != "take"]) + (
        case.events.filter(verb="take").count()
    )


def test_who_may_not_read_gets_404(client, world):
    case = bring(world, "in_hand")
    assert page(client, world.outsider, case).status_code == 404
    assert page(client, world.clerk, case, "preview/").status_code == 200
    assert page(client, world.outsider, case, "preview/").status_code == 404
    client.force_login(world.clerk)
    assert client.get("/desk/cases/99-99999/").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, world):
    case = bring(world, "received")
    answer = client.get(f"/desk/cases/{case.number}/")
    assert answer.status_code == 302 and "/sign-in/" in answer.url


@pytest.mark.parametrize("who", ["clerk", "handler", "supervisor", "east_worker", "leader"])
def test_identity_is_masked_for_everyone(client, world, who):
    from huiyin.cases.intake import Person

    case = bring(world, "in_hand", persons=[Person(name=NAME, phone=PHONE, address="槐荫里 3 幢玖零玖室")])
    for tail in ("", "preview/"):
        html = page(client, getattr(world, who), case, tail).content.decode()
        assert NAME not in html and PHONE not in html and "玖零玖" not in html
    html = page(client, getattr(world, who), case).content.decode()
    assert "100****7766" in html


def test_the_panel_shows_only_what_this_post_may_do(client, world):
    case = bring(world, "verified")
    clerk = page(client, world.clerk, case).content.decode()
    worker = page(client, world.east_worker, case).content.decode()
    assert f"/desk/cases/{case.number}/answer/form/" in clerk
    assert f"/desk/cases/{case.number}/answer/form/" not in worker
    for offer in offers(case, world.clerk):
        assert f"/desk/cases/{case.number}/{offer.verb}/" in clerk


def test_closing_says_what_is_missing(client, world):
    case = bring(world, "answered")
    html = page(client, world.clerk, case).content.decode()
    assert "5 / 5" in html
    case.mark_key(by=world.duty_leader, reason="影响一片")
    html = page(client, world.clerk, case).content.decode()
    assert "还差 1 项：有督办" in html and "4 / 5" in html


def test_history_marks_told_struck_and_corrected(client, world):
    case = bring(world, "in_hand")
    case.record(by=world.handler, act="note", text="打错门牌了")
    case.void_entry(by=world.handler, entry=case.events.get(text="打错门牌了"), reason="不是这一家")
    case.amend(by=world.clerk, reason="门牌写错", place="槐荫里 4 幢")
    case.tell(by=world.clerk, text="井盖师傅明天上午来看。")
    story = story_of(case)
    kinds = {entry.event.text: entry for entry in story.entries}
    assert kinds["井盖师傅明天上午来看。"].kind == "pub"
    assert kinds["打错门牌了"].struck_by.text == "不是这一家"
    assert kinds["门牌写错"].changes[0]["new"] == "槐荫里 4 幢"
    assert [entry.event.verb for entry in story.machine] == ["take"]
    html = page(client, world.clerk, case).content.decode()
    assert "划去：不是这一家" in html and "<ins>槐荫里 4 幢</ins>" in html and "已告知居民" in html
    told = page(client, world.clerk, case, "?only=told").content.decode()
    assert "井盖师傅明天上午来看" in told and "门牌写错" not in told


def test_returned_work_shows_clause_and_turn(client, world):
    case = bounce(world, bring(world, "accepted"))
    entry = story_of(Case.objects.get(pk=case.pk)).entries[0]
    assert entry.kind == "turn" and "第 1 次" in entry.heading and "清单" in entry.notes[0]
    assert "已退回" in page(client, world.clerk, case).content.decode()


def test_a_past_day_shows_the_limits_as_they_were(client, world):
    start = clock.now() - timedelta(days=30)
    with clock.travel(start):
        case = bring(world, "in_hand", kind="petition")
    with clock.travel(start + timedelta(days=20)):
        case.pause(
            by=world.clerk,
            reason="等鉴定",
            review_on=clock.today() + timedelta(days=9),
            told="等鉴定结果出来再办。",
        )
    now = {item.rule.duty: item.reading for item in standing_of(case).limits}
    then = {item.rule.duty: item.reading for item in standing_of(case, start + timedelta(days=10)).limits}
    assert now["close"].is_paused and not then["close"].is_paused
    day = f"{start + timedelta(days=10):%Y-%m-%d}"
    html = page(client, world.clerk, case, f"?at={day}").content.decode()
    assert "那天看" in html and "已停" not in html.split('id="limits"')[1].split("</section>")[0]
    assert "那天还没有开始计时" in page(client, world.clerk, case, "?at=2020-01-01").content.decode()
    assert page(client, world.clerk, case, "?at=昨天").status_code == 400


def test_each_limit_says_why(client, world):
    case = bring(world, "accepted", kind="petition")
    html = page(client, world.clerk, case).content.decode()
    assert "《信访工作条例》" in html and "法定" in html and "自受理之日起" in html


def test_keys_lead_through_the_list_one_came_from(client, world):
    cases = [bring(world, "received", description=f"第{n}件事，请看看。") for n in "一二三"]
    query = quote("sort=new")
    html = page(client, world.clerk, cases[1], f"?from={query}").content.decode()
    assert f'data-next="/desk/cases/{cases[0].number}/?from=sort%3Dnew"' in html
    assert f'data-previous="/desk/cases/{cases[2].number}/?from=sort%3Dnew"' in html
    last = page(client, world.clerk, cases[0], f"?from={query}").content.decode()
    assert "data-next" not in last and "data-previous" in last
    assert "data-next" not in page(client, world.clerk, cases[1]).content.decode()
    assert page(client, world.clerk, cases[1], "?from=view%3Dnonsense").status_code == 200


def test_matters_without_limit_stand_last_for_the_keys(client, world):
    from huiyin.cases.neighbours import neighbours

    due = bring(world, "received")
    ended = [bring(world, "closed"), bring(world, "closed")]
    beside = neighbours(ended[0], world.clerk, "state=closed")
    assert (beside.previous, beside.following) == ("", ended[1].number)
    beside = neighbours(ended[1], world.clerk, "state=closed")
    assert (beside.previous, beside.following) == (ended[0].number, "")
    assert neighbours(ended[0], world.clerk, "q=井盖").previous == due.number


def test_the_preview_is_a_part_for_htmx_and_a_page_without(client, world):
    case = bring(world, "verified")
    client.force_login(world.clerk)
    part = client.get(f"/desk/cases/{case.number}/preview/", headers={"HX-Request": "true"}).content.decode()
    whole = client.get(f"/desk/cases/{case.number}/preview/").content.decode()
    assert "<html" not in part and "peek-head" in part and "办结还差 1 项：<b>有反馈</b>" in part
    assert "<html" in whole and "peek page" in whole


def test_the_page_writes_nothing_and_stays_in_budget(client, world):
    case = bring(world, "answered", group_size=12)
    case.mark_key(by=world.duty_leader, reason="影响一片")
    case = bring(world, "in_hand")
    case.mark_key(by=world.duty_leader, reason="影响一片")
    case.supervise(by=world.supervisor, text="三日内回复")
    case.answer_notice(by=world.handler, subject=case.notices.get(), text="明天换好")
    for n in range(30):
        case.record(by=world.handler, act="work", text=f"第 {n} 次到场")
    page(client, world.clerk, case, "?from=")
    before = case.events.count()
    with CaptureQueriesContext(connection) as asked:
        assert page_only(client, case).status_code == 200
    assert len(asked) <= 32, [q["sql"][:90] for q in asked]
    assert not [q for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert case.events.count() == before


def page_only(client, case):
    return client.get(f"/desk/cases/{case.number}/?from=")


def test_loaded_record_gives_the_same_offers_evidence_and_limits(world):
    from huiyin.cases.deadlines import readings
    from huiyin.cases.evidence import evidence_of

    case = bring(world, "in_hand")
    case.mark_key(by=world.duty_leader, reason="影响一片")
    case.supervise(by=world.supervisor, text="三日内回复")
    case.ask_extension(
        by=world.handler,
        deadline=case.deadlines.running().filter(assignment=None).first(),
        amount=1,
        reason="等配件",
    ) if any(offer.verb == "ask_extension" for offer in offers(case, world.handler)) else None
    bare, loaded = Case.objects.get(pk=case.pk), record.load(Case.objects.get(pk=case.pk))
    at = clock.now()
    assert evidence_of(bare) == evidence_of(loaded)
    assert [(d.pk, r) for d, _, r in readings(bare, at)] == [(d.pk, r) for d, _, r in readings(loaded, at)]
    for name in record.RELATED:
        assert {row.pk for row in record.rows(bare, name)} == {row.pk for row in record.rows(loaded, name)}, (
            name
        )
    with CaptureQueriesContext(connection) as asked:
        evidence_of(loaded)
        readings(loaded, at)
    assert len(asked) == 0


def test_a_verb_forgets_what_the_page_had_read(world):
    case = record.load(bring(world, "verified"))
    other = Case.objects.get(pk=case.pk)
    other.answer(by=world.clerk, text=ANSWER, reply_by="phone", delivered="电话里说过")
    case.close(by=world.clerk)
    assert Case.objects.get(pk=case.pk).state == "closed"
