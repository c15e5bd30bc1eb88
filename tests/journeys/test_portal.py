"""Every page for residents as a cheap telephone has it: narrow, light, dark, large, without script, clean for axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.journeys.shots import RULES

QUIET = {**RULES, "preload": False}  # axe would draw style sheets into the page, against the content policy
SIZES = {"narrow": 320, "phone": 390, "desk": 1280}
OPEN = [
    "/", "/raise/", "/track/", "/find/", "/find/?q=锦棠", "/answered/", "/answered/?q=没有这样的事", "/guide/", "/guide/?q=glj",
    "/guide/YL01/", "/topics/", "/meet/", "/thanks/", "/privacy/", "/raise/?service=YL01", "/sign-in/",
]  # fmt: skip
SAID = "楼道灯三天不亮了，晚上下楼怕摔。"


def over(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def one_answer(window) -> list[str]:
    """The first published answer, when the year has been told so far."""
    window.go("/answered/")
    links = window.page.locator("ul.answered a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    return links[:1]


def begun(window) -> list[str]:
    """The later steps, after the first one was filled in."""
    window.go("/raise/")
    window.page.fill("[name=description]", SAID)
    window.page.get_by_role("button", name="下一步：在哪里").click()
    window.page.fill("[name=place]", "南塘新村")
    window.page.get_by_role("button", name="下一步：怎么回您话").click()
    window.page.locator("label:has(input[name='reply_by'][value='web'])").click()
    window.page.get_by_role("button", name="下一步：看一遍再交").click()
    window.page.wait_for_url("**/raise/check/")
    return ["/raise/where/", "/raise/reach/", "/raise/check/"]


def handed_in(window) -> list[str]:
    window.page.get_by_role("button", name="交给街道").click()
    window.page.wait_for_url("**/receipt/**")
    code = window.page.url.rstrip("/").rsplit("/", 1)[1]
    return [f"/receipt/{code}/", f"/track/{code}/"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_fits_and_is_clean_for_axe(person, house, theme):
    """At 320, 390 and 1280 px, and in large letters at 320: no sideways scrolling, nothing axe complains of."""
    window = person(viewport={"width": 390, "height": 844}, color_scheme=theme)
    paths = [*OPEN, *one_answer(window), *begun(window)]
    axe, wrong = Axe(), []

    def look(path):
        for name, width in SIZES.items():
            window.page.set_viewport_size({"width": width, "height": 800})
            if name == "narrow":
                window.go(path)
            if over(window.page) > 0:
                wrong.append(f"{path} {width}: {over(window.page)} px too wide")
        found = axe.run(window.page, options=QUIET)
        wrong.extend(
            f"{path}: {row['id']} {row['nodes'][0]['html'][:120]}" for row in found.response["violations"]
        )

    for path in paths:
        look(path)
    window.go("/raise/check/")
    for path in handed_in(window):
        look(path)
        paths.append(path)
    window.context.add_cookies([{"name": "size", "value": "large", "url": house.address}])
    window.page.set_viewport_size({"width": 320, "height": 800})
    for path in paths:
        window.go(path)
        if over(window.page) > 0:
            wrong.append(f"{path} large: {over(window.page)} px too wide")
    assert not wrong, "\n".join(wrong)


def test_the_first_view_is_light(browser, house):
    """Document, styles, script and icons of a first visit, as they travel, stay below 100 kB; again without script."""
    for path in ("/", "/answered/", "/guide/"):
        context = browser.new_context(base_url=house.address)
        page, sizes = context.new_page(), []
        page.on("requestfinished", lambda request, sizes=sizes: sizes.append(request.sizes()))
        page.goto(path, wait_until="networkidle")
        total = sum(row["responseBodySize"] + row["responseHeadersSize"] for row in sizes)
        assert 5_000 < total < 100_000, (path, total)
        context.close()


def test_script_helps_where_there_is_any(person, tmp_path):
    """Places while one types, only the fields that are needed, photos shown before they are sent."""
    window = person(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = window.page
    photo = tmp_path / "灯.jpg"
    Image.effect_noise((3600, 2700), 90).convert("RGB").save(photo, quality=95)
    assert photo.stat().st_size > 1_500_000
    window.go("/raise/")
    page.fill("[name=description]", SAID)
    page.set_input_files("#photos", photo)
    page.locator("[data-previews] img").wait_for()
    assert "选了 1 个" in page.locator("[data-chosen]").inner_text()
    size = "document.querySelector('#photos').files[0].size"
    for _ in range(100):  # no wait_for_function: the content policy allows no eval
        if page.evaluate(size) < photo.stat().st_size:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(size) < photo.stat().st_size, "made small before it is sent"
    page.get_by_role("button", name="先把照片传上来").click()
    page.locator("ul.photos img").wait_for()
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("[name=place]").press_sequentially("南塘新村", delay=30)
    page.locator(".place-box li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("[name=grid]").input_value(), "the grid follows from the place"
    page.get_by_role("button", name="下一步：怎么回您话").click()
    for way, shown, hidden in (
        ("email", "email", "phone"),
        ("sms", "phone", "email"),
        ("letter", "address", "email"),
    ):
        page.locator(f"label:has(input[name='reply_by'][value='{way}'])").click()
        assert (
            page.locator(f"[name={shown}]").is_visible() and not page.locator(f"[name={hidden}]").is_visible()
        )
    page.locator("label:has(input[name='reply_by'][value='email'])").click()
    page.get_by_role("button", name="下一步：看一遍再交").click()
    assert "要发邮件给您，请留邮箱" in window.text()
    page.fill("[name=email]", "someone@example.com")
    page.get_by_role("button", name="下一步：看一遍再交").click()
    page.get_by_role("button", name="交给街道").click()
    page.wait_for_url("**/receipt/**")


def test_without_script_everything_is_there(person):
    window = person(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    page = window.page
    window.go("/guide/?q=glj")
    page.get_by_role("link", name="高龄津贴申领").click()
    page.get_by_role("link", name="在网上先说一声").click()
    page.wait_for_url("**/raise/?service=YL01")
    page.get_by_role("button", name="下一步：在哪里").click()
    page.fill("[name=place]", "新村")
    page.get_by_role("button", name="看看归哪个网格").click()
    page.locator("button[name=take]").first.click()
    page.locator(".found").wait_for()
    page.get_by_role("button", name="下一步：怎么回您话").click()
    page.locator("[name=address]").wait_for()
    assert all(page.locator(f"[name={name}]").is_visible() for name in ("phone", "email", "address"))
    page.locator("label:has(input[name='reply_by'][value='web'])").click()
    page.get_by_role("button", name="下一步：看一遍再交").click()
    page.get_by_role("button", name="交给街道").wait_for()
    assert "高龄津贴申领" in window.text()
    page.get_by_role("button", name="交给街道").click()
    page.wait_for_url("**/receipt/**")
    page.get_by_role("link", name="看进度", exact=True).click()
    page.locator("summary", has_text="不要公开").click()
    page.get_by_role("button", name="不要公开").click()
    page.get_by_text("您说过不公开").first.wait_for()
    assert over(page) <= 0
