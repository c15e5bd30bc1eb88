"""A night down to zero: planned, looked at on a phone, sent, mended in the night, accepted in the morning by another."""

import io

from PIL import Image

PLANNER, STATION, UNIT, LEADER, CHECKER = (
    "dai.changgeng",
    "lv.yiming",
    "lin.qihang",
    "shao.wenpu",
    "chen.shouli",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
COMMUNITY, POINT = "柳湾", "柳湾里拆迁空地"
SAID = "西边的防尘网让风掀开了，土直往楼上的窗户扑。"


def photo(shade: int, name: str = "现场.png") -> dict:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade % 256, 90, 60)).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def fits(page):
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"


def left(page) -> int:
    return int(page.locator(".zero b").inner_text())


def test_a_night_down_to_zero(person):
    desk = person(PLANNER).go("/desk/inspections/nights/").page
    desk.locator("summary", has_text="安排一次夜查").click()
    on = desk.locator("[name=on]").input_value()
    for name, typed in (("leader", "邵文朴"), ("unit", "生态环境站")):
        desk.locator(f".combo:has(select[name={name}]) input").fill(typed)
        desk.locator(f".combo:has(select[name={name}]) [role=option]").first.click()
    desk.get_by_role("button", name="安排好").click()
    desk.wait_for_load_state()  # on a busy house the night may be planned already
    night = f"/desk/inspections/nights/{on}/"

    phone = person(STATION, **PHONE).go(night).page
    fits(phone)
    phone.locator("nav.tabs a", has_text=COMMUNITY).first.click()
    row = phone.locator(".checks li", has_text=POINT).filter(has=phone.get_by_role("link", name="有问题"))
    row.get_by_role("link", name="有问题").click()
    fits(phone)
    phone.get_by_role("button", name="马上交办").click()
    phone.locator(".error").first.wait_for()
    phone.locator("[name=text]").fill(SAID)
    phone.locator("input[type=file]").set_input_files(photo(11))
    phone.get_by_role("button", name="马上交办").click()
    row = phone.locator(".checks li", has_text=POINT).filter(has_text=SAID[:12])
    row.wait_for()
    number = row.locator("a.link").first.inner_text()
    other = phone.locator(".checks li").filter(has=phone.get_by_role("button", name="没有问题")).first
    other.get_by_role("button", name="没有问题").click()
    phone.locator(".tag.ok", has_text="没有问题").first.wait_for()

    chief = person(LEADER).go(f"{night}zero/").page
    before = left(chief)
    assert before >= 1 and chief.get_by_role("link", name=number).is_visible()

    unit = person(UNIT).go(f"/desk/cases/{number}/").page
    unit.locator(".moves").get_by_text("签收", exact=False).first.click()
    unit.wait_for_load_state("networkidle")
    report = (
        unit.locator(".moves")
        .get_by_role("link", name="报结")
        .or_(unit.locator(".moves").get_by_role("button", name="报结"))
    )
    report.first.click()
    form = unit.locator("form.move-form")
    form.locator("[name=text]").fill("网重新铺好，四边压了沙袋。")
    form.locator("input[type=file]").set_input_files(photo(12, "改后.png"))
    form.locator("button.main").click()
    unit.get_by_text("待核实").first.wait_for()

    checker = person(CHECKER).go(f"{night}morning/").page
    judged = checker.locator(f"#c{number}")
    judged.locator("[name=text]").fill("绕着走了一圈，网是平的，没有露土。")
    judged.get_by_role("button", name="验收合格").click()
    checker.get_by_text("验收人拍的照片").first.wait_for()
    judged = checker.locator(f"#c{number}")
    assert judged.locator("[name=text]").input_value().startswith("绕着走了一圈")
    judged.locator("input[type=file]").set_input_files(photo(13, "验收.png"))
    judged.get_by_role("button", name="验收合格").click()
    checker.get_by_text(f"{number} 验收合格").first.wait_for()

    chief.goto(f"{night}zero/")
    assert left(chief) == before - 1
    assert not chief.get_by_role("link", name=number).is_visible()
