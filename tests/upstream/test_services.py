"""Services: papers handed in once, told once what is missing, a result with its ground, one matter at the windows."""

import pytest
from django.test import Client

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.evidence import missing_of
from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from huiyin.cases.offers import offers
from huiyin.reception import hall, service_use
from huiyin.rules import clock
from huiyin.upstream import papers
from tests.reception.test_hall import open_window, ticket
from tests.upstream.hands import MONDAY, at, closing

WHO = [Person(name="冉婆婆", phone="10000001234")]


def request(world, item="YL01", now=MONDAY, **more):
    """A request for 高龄津贴: 老人身份证, 户口簿, 银行卡."""
    with clock.travel(now):
        case = world.register(
            by=world.clerk, kind="service_request", channel="visit", category="070201", persons=WHO, **more
        )
        service_use.set_item(case, item, by=world.clerk)
    return case


def test_what_was_handed_in_is_known_in_the_next_matter(world):
    first = request(world)
    with clock.travel(MONDAY):
        first.do("take_papers", by=world.clerk, papers=["老人身份证", "户口簿"])
    assert papers.missing(first) == ["银行卡"]
    second = request(world, "YL05", now=at(9, 28))  # 老年人优待证: 身份证, 一寸照片
    third = request(world, now=at(9, 29))
    with clock.travel(at(9, 29)):
        assert papers.missing(second) == ["身份证", "一寸照片"] and papers.missing(third) == ["银行卡"]
        with pytest.raises(Refusal, match="2026年9月21日已经收过"):
            third.do("take_papers", by=world.clerk, papers=["户口簿"])
    event = first.events.get(verb="take_papers")
    assert event.data["notes"] == ["收到：老人身份证、户口簿", "还缺：银行卡"]


def test_a_paper_past_its_day_is_asked_for_again(world):
    case = request(world)
    with clock.travel(MONDAY):
        case.do("take_papers", by=world.clerk, papers=["户口簿"])
    case.papers.update(valid_until=at(9, 30).date())
    with clock.travel(at(9, 30)):
        assert "户口簿" not in papers.missing(case)
    with clock.travel(at(10, 9)):
        assert "户口簿" in papers.missing(case)


def test_everything_missing_is_told_once_and_printed(world):
    case = request(world)
    with clock.travel(MONDAY):
        case.do("take_papers", by=world.clerk, papers=["老人身份证"])
        case.do("tell_missing", by=world.clerk)
        notice = case.paper_notices.get()
        assert notice.missing == ["户口簿", "银行卡"] and notice.number == "告26-0001"
        assert case.events.get(verb="tell_missing").is_told
        with pytest.raises(Refusal, match="已经告知过这些"):
            case.do("tell_missing", by=world.clerk)
        with pytest.raises(Refusal, match="只能一次告知") as refused:
            case.do("tell_missing", by=world.clerk, more="代办人身份证")
        assert "reason" in refused.value.errors
        case.do("tell_missing", by=world.clerk, more="代办人身份证", reason="老人今天说由女儿代办")
    assert case.paper_notices.last().missing == ["户口簿", "银行卡", "代办人身份证"]
    client = Client()
    client.force_login(world.clerk)
    page = client.get(f"/desk/upstream/notices/{case.paper_notices.last().pk}/")
    said = page.content.decode()
    assert page.status_code == 200 and "代办人身份证" in said and "再次告知" in said and "冉婆婆" not in said
    client.force_login(world.outsider)
    assert client.get(f"/desk/upstream/notices/{notice.pk}/").status_code == 404


def test_no_result_without_papers_and_no_refusal_without_its_law(world):
    case = request(world)
    with clock.travel(MONDAY):
        case.accept(by=world.clerk, text="材料收下了，我们接着办。")
        with pytest.raises(Refusal, match="材料还缺") as refused:
            case.do("give_result", by=world.clerk, outcome="granted", text="津贴从下月起发")
        assert set(refused.value.missing) == {"老人身份证", "户口簿", "银行卡"}
        with pytest.raises(Refusal, match="依据哪条法规"):
            case.do("give_result", by=world.clerk, outcome="not_possible", text="还差两个月满八十")
        case.do(
            "give_result",
            by=world.clerk,
            outcome="not_possible",
            text="还差两个月满八十",
            law="本市高龄津贴办法第三条",
        )
        with pytest.raises(Refusal, match="已经写过"):
            case.do("give_result", by=world.clerk, outcome="granted", text="又办成了一次")
    assert case.service_results.get().law == "本市高龄津贴办法第三条"


def test_closing_asks_for_the_result_once_the_item_is_known(world):
    plain = world.register(by=world.clerk, kind="service_request", channel="visit", persons=WHO)
    named = request(world)
    assert "办结结果" not in [item.name for item in missing_of(plain)]
    assert "办结结果" in [item.name for item in missing_of(named)]


def test_without_item_or_person_nothing_is_asked(world):
    case = world.register(by=world.clerk, kind="service_request", channel="visit", persons=[], reply_by="web")
    with pytest.raises(Refusal, match="哪一项"):
        case.do("tell_missing", by=world.clerk)
    assert "take_papers" not in {row.verb for row in offers(case, world.clerk)}
    service_use.set_item(case, "YL01", by=world.clerk)
    with pytest.raises(Refusal, match="不知道是谁"):
        case.do("take_papers", by=world.clerk, papers=["户口簿"])


def test_its_limit_runs_on_working_days_over_the_holidays(world):
    case = request(world, now=at(9, 29))
    with clock.travel(at(9, 29, 10)):
        case.accept(by=world.clerk, text="材料收下了，我们接着办。")
    # the category's own limit or three working days: 30 September, 8 and 9 October; 1 to 7 are off
    assert clock.local(closing(case).due_at).date() >= at(10, 9).date()


def test_while_papers_are_missing_the_clock_of_taking_it_on_stands(world):
    case = request(world)

    def taking_on():
        return [row for row in case.deadlines.running() if deadlines.rule_of(row).duty == "accept"]

    with clock.travel(MONDAY):
        assert [row.code for row in taking_on()] == ["SERVICE-RECEIVE"]
        case.do("take_papers", by=world.clerk, papers=["老人身份证"])
        case.do("tell_missing", by=world.clerk)
        assert taking_on() == []
    with clock.travel(at(9, 24, 17)):
        case.do("take_papers", by=world.clerk, papers=["户口簿", "银行卡"])
        found = taking_on()
    assert [row.code for row in found] == ["SERVICE-COMPLETE"]
    assert clock.local(found[0].due_at).date() == at(9, 28).date(), "25 to 27 September are off"


def test_two_visits_to_the_window_are_one_matter(world):
    window = open_window(world, 1, ["YL"])
    first = ticket(world, "a", person_name="冉婆婆", person_phone="10000001234")
    hall.call_next(window, by=world.handler)
    client = Client()
    client.force_login(world.handler)
    client.post(
        f"/desk/reception/hall/visits/{first.pk}/finish/", {"result": "supplement", "papers": ["银行卡"]}
    )
    first.refresh_from_db()
    case = Case.objects.get()
    assert (
        first.case == case and first.missing == ["银行卡"] and case.paper_notices.get().missing == ["银行卡"]
    )
    assert set(papers.held(case)) == {"老人身份证", "户口簿"}
    second = ticket(world, "b", person_name="冉婆婆", person_phone="10000001234")
    hall.call_next(window, by=world.handler)
    page = client.get("/desk/reception/hall/windows/1/")
    assert case.number in page.content.decode()
    assert [code for code, _ in page.context["form"].fields["papers"].choices] == ["银行卡"]
    client.post(
        f"/desk/reception/hall/visits/{second.pk}/finish/", {"result": "finished", "note": "下月起发放"}
    )
    second.refresh_from_db()
    assert second.case == case and Case.objects.count() == 1
    assert case.service_results.get().outcome == "granted" and papers.missing(case) == []


def test_someone_else_with_the_same_item_gets_a_matter_of_their_own(world):
    window = open_window(world, 1, ["YL"])
    for key, name, phone in (("a", "冉婆婆", "10000001234"), ("b", "邹老伯", "10000009876")):
        visit = ticket(world, key, person_name=name, person_phone=phone)
        hall.call_next(window, by=world.handler)
        visit.refresh_from_db()
        hall.finish(visit, {"result": "supplement", "missing": ["银行卡"]}, by=world.handler)
    assert Case.objects.count() == 2
