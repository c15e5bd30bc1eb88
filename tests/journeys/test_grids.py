"""A grid in public: found and printed without script on a small screen, found on the map, outdated and renewed."""

import io
import re

from pypdf import PdfReader

CLERK = "dai.changgeng"
SMALL = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}
GRID = "990101001004002"  # 北辰第02网格
HOME = {"longitude": 118.0437412, "latitude": 27.0341181}  # 纺织机械厂宿舍


def fits(page):
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"


def test_without_script_on_a_small_screen_by_the_address_to_the_printed_notice(person):
    window = person(**SMALL, java_script_enabled=False)
    page = window.go("/").page
    page.locator("form[action='/find/'] [name=q]").first.fill("柳湾街58号 3幢 201")
    page.locator("form[action='/find/'] button").first.click()
    page.wait_for_load_state()
    fits(page)
    assert page.locator(".board h2").inner_text() == "柳湾第02网格"
    said = page.locator(".board").inner_text()
    for wanted in ("毛小云", "0000-600 0211", "0000-600 0100", "社区民警", "纺织机械厂宿舍1—5幢"):
        assert wanted in said, wanted
    assert not re.search(r"\b1\d{10}\b", said), "no private mobile"
    assert page.locator(".board svg.qr").is_visible() and page.locator("svg.area-map .here").is_visible()
    page.locator("svg.area-map a[aria-label='柳湾第06网格']").click(position={"x": 30, "y": 20})
    page.wait_for_url("**/grids/990101001001006/")
    fits(page)
    page.get_by_role("button", name="这个网格的事，我要说").click()
    page.locator("[name=description]").fill("江边的路灯连着两晚没亮，走路看不清。")
    page.get_by_role("button", name="下一步：在哪里").click()
    assert "柳湾第06网格" in page.locator(".found").inner_text()


def test_the_notice_prints_on_one_page(person):
    page = person().go(f"/grids/{GRID}/").page
    page.emulate_media(media="print")
    assert not page.locator(".grid-acts").is_visible() and page.locator(".board svg.qr").is_visible()
    paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(paper.pages) == 1
    assert "监督电话" in paper.pages[0].extract_text()


def test_by_map_and_by_where_the_phone_is(person):
    window = person(**SMALL, permissions=["geolocation"], geolocation=HOME)
    page = window.go("/find/").page
    fits(page)
    page.get_by_role("link", name="南塘社区", exact=True).first.click()
    page.wait_for_load_state()
    page.locator("svg.area-map a[aria-label='南塘第01网格']").click(position={"x": 25, "y": 15})
    page.wait_for_url("**/grids/990101001002001/")
    assert "褚建业" in page.locator(".who .name").first.inner_text()
    window.go("/find/")
    page.get_by_role("button", name="看我现在在哪个网格").click()
    page.wait_for_url("**/grids/990101001001002/")
    assert "lon" not in page.url and "118" not in page.url
    fits(page)


def test_a_changed_leader_makes_the_wall_outdated_until_a_fresh_print_hangs(person):
    clerk = person(CLERK)
    page = clerk.go(f"/desk/grids/of/{GRID}/").page
    assert "过时了" not in page.locator(".hung").inner_text()
    page.locator("tr", has_text="网格长").get_by_role("link").click()
    page.locator("summary", has_text="换人").click()
    clerk.within(page.locator("details[open] form")).fill(
        **{"over-name": "云小岫", "over-source": "社区会议定的"}
    )
    page.locator("details[open] button", has_text="换人").click()
    page.wait_for_load_state()
    assert "换成 云小岫" in clerk.text()
    clerk.go("/desk/grids/notices/")
    stale = page.locator(".hung li", has_text="北辰第02网格")
    assert "→ 云小岫" in stale.first.inner_text() and stale.count() == 2
    assert "云小岫" in person().go(f"/grids/{GRID}/").text(), "residents read the new name at once"
    paper = page.request.get(f"/desk/grids/of/{GRID}/poster.pdf?size=a3")
    assert paper.ok and "云小岫" in PdfReader(io.BytesIO(paper.body())).pages[0].extract_text()
    for left in (1, 0):
        stale.first.locator("summary").click()
        stale.first.get_by_role("button", name="换了新的").click()
        page.wait_for_load_state()
        assert stale.count() == left
    clerk.go(f"/desk/grids/of/{GRID}/")
    assert "过时了" not in page.locator(".hung").inner_text()
