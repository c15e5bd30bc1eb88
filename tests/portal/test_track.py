"""The tracking page: its first sentence is the answer, and nothing of the office's own affairs is on it."""

import re
from datetime import timedelta

import pytest

from huiyin.base.ids import tracking_code
from huiyin.cases import allowance
from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from huiyin.rules import clock
from tests.portal.conftest import ANSWER, bring, picture, words_of

pytestmark = pytest.mark.django_db

FIRST = {
    "received": "收到了。",
    "accepted": "收下了，正在定由谁来办。",
    "dispatched": "有人管了，交给了综合执法队。",
    "in_hand": "在办，由综合执法队来办。",
    "reported": "办过了，等没经手的人去看。",
    "verified": "有人去看过了。",
    "answered": "已经答复您了，当天就办。",
    "closed": "已经答复您了，当天就办。",
}
PLACE = {
    "received": 1,
    "accepted": 2,
    "dispatched": 2,
    "in_hand": 3,
    "reported": 4,
    "verified": 5,
    "answered": 5,
    "closed": 5,
}


def heading(response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.S).group(1)
    return re.sub(r"<[^>]+>", "", found).replace("\u00a0", " ")


@pytest.mark.parametrize("state", FIRST)
def test_every_stage_answers_in_its_first_sentence(
    world, stage, browser, state, django_assert_max_num_queries
):
    case = stage(state)
    with django_assert_max_num_queries(18):
        answer = browser.get(f"/track/{case.tracking_code}/")
    assert heading(answer).startswith(FIRST[state])
    page = answer.content.decode()
    assert page.count('class="done"') == PLACE[state] - 1 and page.count('aria-current="step"') == 1


@pytest.mark.parametrize("state", FIRST)
def test_no_person_and_no_internal_word_on_the_page(world, stage, browser, state):
    case = stage(state)
    page = browser.get(f"/track/{case.tracking_code}/").content.decode()
    for secret in (
        "何阿姨",
        "10000001234",
        "内部",
        "测clerk",
        "测handler",
        "测supervisor",
        "工单",
        "派单",
        "办结",
    ):
        assert secret not in page


def test_an_anonymous_person_finds_the_answer(world, stage, browser):
    case = stage("answered", persons=[], reply_by="web")
    said = words_of(browser.get(f"/track/{case.tracking_code}/"))
    assert ANSWER in said and "综合执法队" in said


def test_numbers_of_persons_in_the_words_are_veiled(world, browser):
    case = world.register(description="楼上的人电话 10000005678 打不通，身份证 990101199001011234。")
    page = browser.get(f"/track/{case.tracking_code}/").content.decode()
    assert "100****5678" in page and "10000005678" not in page and "990101199001011234" not in page


def test_a_clerks_own_rendering_of_a_call_is_not_shown(world, browser):
    case = world.register(by=world.clerk, title="井盖响", description="来电人情绪激动，说了三遍。")
    said = words_of(browser.get(f"/track/{case.tracking_code}/"))
    assert "井盖响" in said and "情绪激动" not in said


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "bare"])
def test_a_code_is_taken_as_people_type_it(world, browser, typed):
    case = world.register()
    code = case.tracking_code
    text = {"lower": code.lower(), "bare": code.replace("-", "")}.get(typed) or typed.format(code)
    assert browser.get("/track/", code=text).url == f"/track/{code}/"


@pytest.mark.parametrize("near", [True, False])
def test_a_wrong_code_gives_no_hint_however_near(world, browser, near):
    code = world.register().tracking_code
    other = code[:-1] + ("2" if code[-1] != "2" else "3") if near else "ZZZ-ZZZ-ZZZ"
    by_form, by_link = browser.get("/track/", code=other), browser.get(f"/track/{other}/")
    assert by_form.status_code == by_link.status_code == 404
    assert "没有查到这个查询码" in words_of(by_form) and other in by_form.content.decode()
    assert words_of(by_form) == words_of(by_link)


def test_thirty_wrong_codes_in_an_hour_are_enough(world, browser):
    code = world.register().tracking_code
    for _ in range(allowance.MOST[allowance.WRONG_CODE]):
        assert browser.get("/track/", code=tracking_code()).status_code == 404
    stopped = browser.get("/track/", code=code)
    assert stopped.status_code == 429 and "先停一停" in words_of(stopped)
    assert browser.client.get(f"/track/{code}/", REMOTE_ADDR="10.0.0.9").status_code == 200
    with clock.travel(clock.now() + timedelta(minutes=61)):
        assert browser.get(f"/track/{code}/").status_code == 200


def test_the_code_of_a_respondent_opens_nothing(world, browser):
    case = world.register()
    party = case.parties.get()
    case.parties.filter(pk=party.pk).update(role="respondent", tracking_code="222-222-222")
    assert browser.get("/track/222-222-222/").status_code == 404


def test_late_says_so_with_the_days_and_a_number_outside_the_line(world, browser):
    world.party.__class__.objects.filter(pk=world.party.pk).update(phone="0000-600 0100")
    with clock.travel("2026-11-02T09:00"):
        case = bring(world, world.register(), "in_hand")
    with clock.travel("2026-11-10T09:00"):
        case.tell(by=world.handler, text="新井盖要订做，下周三到货，到了当天就换。")
    with clock.travel("2026-11-13T10:00"):
        answer = browser.get(f"/track/{case.tracking_code}/")
        said = words_of(answer)
    assert heading(answer) == "还在办。过了答复的日子 4 天，对不起。"
    assert "为什么还没好" in said and "新井盖要订做" in said
    assert "打监督电话 0000-600 0100" in said and "到了答复的日子，没办好" in said


def test_an_extension_tells_the_reason_and_the_new_day(world, browser):
    with clock.travel("2026-11-02T09:00"):
        case = bring(world, world.register(), "in_hand")
    with clock.travel("2026-11-04T09:00"):
        clock_of_case = case.deadlines.get(code="CITY-NORMAL")
        case.ask_extension(by=world.handler, deadline=clock_of_case, amount=3, reason="内部理由")
        case.decide_extension(
            by=world.duty_leader,
            subject=case.extensions.get(),
            approve=True,
            text="要订做井盖，多用三个工作日。",
        )
        said = words_of(browser.get(f"/track/{case.tracking_code}/"))
    assert "要多用几天" in said and "要订做井盖" in said and "内部理由" not in said
    assert "11 月 12 日前答复您" in said


def test_a_pause_says_what_is_waited_for_and_until_when(world, stage, browser):
    case = stage("in_hand")
    day = clock.today() + timedelta(days=9)
    case.pause(by=world.clerk, reason="内部等配件", review_on=day, told="新井盖厂家下周到货，到了就换。")
    answer = browser.get(f"/track/{case.tracking_code}/")
    assert heading(answer).startswith("先等一等。") and f"{day.month} 月 {day.day} 日" in heading(answer)
    said = words_of(answer)
    assert "新井盖厂家下周到货" in said and "内部等配件" not in said


def test_a_returned_matter_reads_as_another_unit_coming(world, stage, browser):
    case = stage("in_hand")
    case.return_work(
        by=world.handler, subject=case.live_assignments[0], reason="内部推脱", clause="基本履职-28"
    )
    case.dispatch(by=world.clerk, lead=world.environment, task="内部")
    said = words_of(browser.get(f"/track/{case.tracking_code}/"))
    assert "换一家来办" in said and "换生态环境站来办" in said and "答复的日子不变" in said
    assert "内部" not in said and "退" not in said


def test_not_accepted_gives_reason_and_where_to_go(world, browser):
    case = world.register()
    case.decline(by=world.clerk, reason="这是两家合同上的钱，街道无权来定。", advice="可以到区法院起诉。")
    answer = browser.get(f"/track/{case.tracking_code}/")
    said = words_of(answer)
    assert heading(answer).startswith("这件事我们办不了") and "街道无权来定" in said and "区法院" in said


def test_referred_names_the_body_and_its_telephone(world, browser):
    case = world.register()
    case.refer(
        by=world.clerk, to="排水公司", phone="0000-600 0777", text="主管道归排水公司管，替您转过去了。"
    )
    answer = browser.get(f"/track/{case.tracking_code}/")
    assert "归排水公司管" in heading(answer) and "0000-600 0777" in words_of(answer)


def test_merged_follows_the_other_matter_without_its_person(world, browser, django_assert_max_num_queries):
    goal = world.register(
        description="别人说的话，里面有隐情", persons=[Person(name="丁小禾", phone="10000008888")]
    )
    case = world.register(description="我们这里井盖也响")
    case.merge(by=world.clerk, into=goal)
    bring(world, Case.objects.get(pk=goal.pk), "answered")
    with django_assert_max_num_queries(18):
        answer = browser.get(f"/track/{case.tracking_code}/")
    said = words_of(answer)
    assert heading(answer).startswith("和邻居说的是同一件") and "已经答复您了" in said and ANSWER in said
    for secret in ("别人说的话", "隐情", "丁小禾", "8888", goal.tracking_code, goal.number):
        assert secret not in said
    assert "我们这里井盖也响" in said


def test_a_voided_record_is_not_told(world, stage, browser):
    case = stage("in_hand")
    case.tell(by=world.handler, text="下周二来换新的井盖。")
    case.void_entry(by=world.handler, entry=case.events.get(verb="tell"), reason="日子写错")
    assert "下周二" not in words_of(browser.get(f"/track/{case.tracking_code}/"))


def test_own_photos_open_only_with_the_own_code(world, browser):
    browser.raise_matter(photos=[picture()])
    case = Case.objects.get()
    photo = case.attachments.get()
    other = world.register()
    assert photo.name in words_of(browser.get(f"/track/{case.tracking_code}/"))
    answer = browser.get(f"/track/{case.tracking_code}/photos/{photo.pk}/")
    assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"/track/{other.tracking_code}/photos/{photo.pk}/").status_code == 404
    case.attachments.update(is_from_person=False)
    assert browser.get(f"/track/{case.tracking_code}/photos/{photo.pk}/").status_code == 404


@pytest.mark.parametrize("size", ["normal", "large"])
def test_large_text_is_remembered(world, browser, size):
    code = world.register().tracking_code
    browser.client.cookies["size"] = size
    assert ('data-size="large"' in browser.get(f"/track/{code}/").content.decode()) == (size == "large")


class TestReceipt:
    def test_it_shows_number_code_qr_and_what_is_next(self, world, browser, django_assert_max_num_queries):
        with clock.travel("2026-11-18T09:06"):
            case = world.register()
            with django_assert_max_num_queries(18):
                answer = browser.get(f"/receipt/{case.tracking_code}/")
        page, said = answer.content.decode(), words_of(answer)
        assert case.number in said and case.tracking_code in said and 'class="qr"' in page
        assert "有人联系您或去看" in said and "明天11 月 19 日" in said
        assert "收下后 5 个工作日内" in said and "您来评" in said

    def test_it_shows_nothing_of_the_person(self, world, browser):
        case = world.register(place="槐荫里3幢501")
        page = words_of(browser.get(f"/receipt/{case.tracking_code}/"))
        for secret in ("何阿姨", "10000001234", "1234", "501"):
            assert secret not in page

    def test_once_accepted_it_names_the_day(self, world, stage, browser):
        with clock.travel("2026-11-18T09:06"):
            case = stage("accepted")
            assert "下周三前11 月 25 日" in words_of(browser.get(f"/receipt/{case.tracking_code}/"))

    def test_a_wrong_code_gets_no_receipt(self, world, browser):
        assert browser.get("/receipt/ZZZ-ZZZ-ZZZ/").status_code == 404
