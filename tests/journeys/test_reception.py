"""接待 in a real browser: a rota with a gap, refused, filled, published, seen; a night call; a ticket and its rating."""

from datetime import timedelta

import yaml

from huiyin.reception.rota import day_name, monday_of
from huiyin.rules import clock
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.models import SEEDS

LEADERS = ("陆清源", "沈若谷", "闻士心", "邵文朴", "季海棠")


def working_days(monday):
    calendar = WorkCalendar(yaml.safe_load((SEEDS / "calendar.yaml").read_text())["content"])
    return [monday + timedelta(days=n) for n in range(5) if calendar.is_workday(monday + timedelta(days=n))]


def test_a_rota_with_a_gap_waits_until_it_is_filled(person):
    monday = monday_of(clock.today()) + timedelta(weeks=3)
    while len(working_days(monday)) < 5:
        monday += timedelta(weeks=1)
    address = f"/desk/reception/rota/?week={monday}"
    clerk, deputy = person("dai.changgeng"), person("shao.wenpu")
    page = clerk.go(address).page
    for n, name in enumerate(LEADERS[:4]):
        page.select_option(f"[name=leader_{n}]", label=name)
        page.fill(f"[name=place_{n}]", "一楼接访室")
    page.get_by_role("button", name="存下").click()
    page.wait_for_selector("text=排班存下了")
    friday = day_name(monday + timedelta(days=4))
    assert friday in page.locator(".missing").inner_text()
    chief = deputy.go(address).page
    chief.get_by_role("button", name="公布这一周").click()
    chief.wait_for_selector(".notice.late")
    assert friday in chief.locator(".notice.late").first.inner_text(), "the refusal names the day"
    page.select_option("[name=leader_4]", label=LEADERS[4])
    page.get_by_role("button", name="存下").click()
    page.wait_for_selector(".notice:has-text('还有')", state="detached")
    deputy.go(address).page.get_by_role("button", name="公布这一周").click()
    chief.wait_for_selector("text=邵文朴 公布")
    assert "调班" in chief.locator("table").inner_text(), "from now on by swaps only"
    shown = person().go("/meet/").text()
    assert "闻士心" in shown and "祁仲平" in shown, "residents see this week and next week's swap"


def test_a_night_call_becomes_a_matter(person):
    window = person("wen.xiaoman")
    page = window.go("/desk/reception/hotline/new/").page
    yesterday = clock.today() - timedelta(days=1)
    page.fill("[name=rang_at]", f"{yesterday}T02:11:03")
    page.fill("[name=answered_at]", f"{yesterday}T02:11:15")
    page.fill("[name=subject]", "半夜楼顶水箱漏水")
    page.fill("[name=person_name]", "闵师傅")
    page.fill("[name=person_phone]", "10000001234")
    window.fill(outcome="dispatched")
    page.fill("[name=description]", "水箱一直往下漏，五楼走廊都是水。")
    page.get_by_role("button", name="记下").click()
    page.wait_for_selector("text=已转为事项")
    said = page.locator("dl.pairs").inner_text()
    assert "夜班" in said and "12 秒" in said and "闵师傅" not in said
    page.locator("dl.pairs a.link").first.click()
    page.wait_for_url("**/desk/cases/**")
    assert "水箱一直往下漏" in window.text() and "来电" in window.text()


def test_a_ticket_is_called_done_and_rated(person):
    hall = person("chen.shouli")
    page = hall.go("/desk/reception/hall/").page
    page.evaluate("document.querySelector('[name=service]').value = 'DQ01'")
    page.get_by_role("button", name="取号").click()
    page.wait_for_url("**/slip/")
    number = page.locator("h1").inner_text().split()[0]
    assert page.locator("svg.qr").count() == 1
    own = "/ticket/" + page.locator("text=/ticket/").first.inner_text().split("/ticket/")[1].strip()
    for _ in range(12):
        page.goto("/desk/reception/hall/windows/1/")
        page.get_by_role("button", name="叫下一位").click()
        page.wait_for_selector("form[action*='/finish/']")
        called = page.locator(".ticket").inner_text().split()[0]
        hall.fill(result="finished")
        page.get_by_role("button", name="写好结果").click()
        page.wait_for_selector("text=点一下评价")
        if called == number:
            break
    assert called == number, "tickets come in their order"
    assert page.locator("text=居民还没评").count() >= 1
    resident = person()
    resident.go(own).page.get_by_role("button", name="满意", exact=True).click()
    resident.page.wait_for_selector("text=您说")
    assert "满意" in resident.text()
    assert f"{number} 号" in hall.go("/desk/reception/hall/windows/1/").text()
