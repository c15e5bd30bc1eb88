"""Messages in the browser: the bell rises by itself; a dead way out is seen, repaired, and nothing is lost."""

import re
from uuid import uuid4

from tests.journeys.matter import Matter
from tests.notices.gateway import Hook, closed_port

CLERK, ENVIRONMENT, ADMIN, DUTY_LEADER = "chen.shouli", "lan.ruoxi", "yi.mingyuan", "ji.haitang"
PAGE = "/desk/settings/messages/"
WAIT_MS = 45000


def register(clerk, **more) -> str:
    page = clerk.go("/desk/intake/").page
    said = f"河边的垃圾堆了三天，味道很大，{uuid4().hex[:8]} 号桶边上。"
    clerk.fill(
        channel="call",
        description=said,
        kind="petition",
        name="丁阿婆",
        phone="10000007001",
        reply_by="phone",
        **more,
    )
    page.locator("button[name=do][value=register]").click()
    page.wait_for_url("**/receipt/**")
    return re.search(r"\d\d-\d{5}", page.locator("main").inner_text()).group()


def test_the_bell_rises_without_a_reload(desks):
    clerk, handler = desks(CLERK), desks(ENVIRONMENT)
    number = register(clerk)
    matter = Matter(number)
    matter.move(clerk, "accept", text="河边的垃圾我们收下了，今天去看。")
    page = handler.go("/desk/inbox/").page
    assert number not in page.locator("main").inner_text()
    page.evaluate("window.sameWindow = true")
    before = (
        page.locator("a[data-behaviour=bell] .n").count()
        and page.locator("a[data-behaviour=bell] .n").inner_text()
    )

    matter.move(clerk, "dispatch", lead="生态环境站", task="去河边看看")
    row = page.locator(".inbox-row", has_text=number)
    row.first.wait_for(timeout=WAIT_MS)
    assert page.evaluate("window.sameWindow"), "the page was not loaded anew"
    assert page.locator("a[data-behaviour=bell] .n").inner_text() != before
    row.locator("button").first.click()
    page.wait_for_url(f"**/desk/cases/{number}/")
    assert not clerk.go("/desk/inbox/").page.locator(".inbox-row", has_text=f"派来的：{number}").count()


def test_the_administrator_repairs_a_way_out(desks):
    clerk, admin = desks(CLERK), desks(ADMIN)
    page = admin.go(f"{PAGE}new/hook/").page
    admin.fill(name="街道大屏", url=f"http://127.0.0.1:{closed_port()}/screen")
    page.locator("main button.main").click()
    page.wait_for_url(f"**{PAGE}")
    row = page.locator(".ways-out li", has_text="街道大屏")
    row.get_by_role("button", name="试一下").click()
    page.locator("#messages", has_text="不通：对方不接受连接").wait_for()

    number = register(clerk, group_size=30)
    for _ in range(30):
        admin.go(PAGE)
        if page.locator(".outbox", has_text="街道大屏").count():
            break
        page.wait_for_timeout(500)
    said = page.locator(".outbox").inner_text()
    assert "对方不接受连接" in said and number not in said, "neither words nor numbers of matters"

    with Hook() as hook:
        row.get_by_role("link", name="改").click()
        admin.fill(url=hook.url)
        page.locator("main button.main").click()
        page.wait_for_url(f"**{PAGE}")
        row.get_by_role("button", name="试一下").click()
        page.locator("#messages", has_text="通了").wait_for()
        for _ in range(60):
            if any(number in body for body in hook.bodies):
                break
            page.wait_for_timeout(500)
        mine = [body for body in hook.bodies if number in body]
        assert mine and "集体反映" in mine[0] and "丁阿婆" not in "".join(hook.bodies)
        page.goto(PAGE)
        row.get_by_role("button", name="停用").click()
        page.locator("#messages", has_text="停用了").wait_for()
