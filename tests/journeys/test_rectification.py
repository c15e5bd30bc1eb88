"""W11 on screen: a screening finds a hazard; graded, planned, checked, put right one by one, accepted, looked at again."""

import io
import re
from datetime import date, timedelta

from PIL import Image

from tests.journeys.matter import Matter

FIND = "鹤鸣小学西门值班室取暖器挨着窗帘，插线板发烫"
CLERK, CHECKER, HANDLER = "dai.changgeng", "wu.zhengming", "kang.ping"


def picture(tmp_path):
    file = tmp_path / "改后.jpg"
    out = io.BytesIO()
    Image.new("RGB", (120, 90), (120, 150, 120)).save(out, "JPEG")
    file.write_bytes(out.getvalue())
    return str(file)


def day(count: int) -> str:
    return (date.today() + timedelta(days=count)).isoformat()


def measures(*rows) -> dict:
    found = {}
    for number, (what, target, standard) in enumerate(rows):
        words = {
            "what": what,
            "target": target,
            "standard": standard,
            "who": "康平（应急管理办）",
            "due_on": day(3),
        }
        found |= {f"measures-{number}-{part}": value for part, value in words.items()}
    return found


def screened(who) -> str:
    """Record a screening of a key place with one find; the number of the hazard that it became."""
    page = who.go("/desk/rectification/places/").page
    row = page.locator("tr", has_text="鹤鸣小学")
    row.get_by_role("link", name="记一次排查").click()
    form = page.locator("form.sheet-form")
    form.wait_for()
    who.within(form).fill(looked_at="看了三个门岗、厨房和配电间。", finds=FIND, inspectors="康平")
    form.get_by_role("button", name="记下").click()
    page.locator("h2", has_text="立成的隐患").wait_for()
    return re.search(r"\d\d-\d{5}", page.locator("main ul.plain-list").inner_text())[0]


def with_picture(who, matter, verb: str, text: str, file: str):
    page = who.go(matter.url).page
    page.locator("aside.moves details").evaluate_all("all => all.forEach(one => { one.open = true })")
    page.locator(f"aside.moves a[href*='/{verb}/form/']").first.click()
    form = page.locator(f"form.move-form[action*='/{verb}/']").first
    form.wait_for()
    who.within(form).fill(text=text)
    form.locator("input[type=file]").set_input_files(file)
    form.locator("button.main").first.click()
    page.locator("#messages .notice").first.wait_for()
    assert "已经记下" in page.locator("#messages").inner_text()


def vague_plan(who, matter):
    """Words of intent only: refused with the row named, and everything typed is still there."""
    page = who.go(f"{matter.url}write_plan/form/").page
    form = page.locator("form.move-form")
    given = measures(("进一步加强管理，确保落实到位", "高度重视", "严格落实"))
    who.within(form).fill(goal="值班室不再有取暖隐患", leader="康平（应急管理办）", due_on=day(4), **given)
    form.locator("button.main").first.click()
    page.locator("[role=alert]").first.wait_for()
    assert "没有写清对什么做什么" in page.locator("[role=alert]").first.inner_text()
    assert page.input_value("[name='measures-0-target']") == "高度重视"


def test_one_problem_one_list_one_plan(desks, tmp_path):
    handler, clerk, checker = desks(HANDLER), desks(CLERK), desks(CHECKER)
    matter = Matter(screened(handler))
    matter.move(clerk, "accept")
    assert "还没有定级" in matter.refused(clerk, "dispatch")
    matter.move(checker, "grade", of_grade="minor", reason="一间值班室，拔了就没险，要改线")
    matter.move(clerk, "dispatch", lead="应急管理办", task="改线、挪取暖器，别的门岗也看一遍")
    matter.move(handler, "take")
    vague_plan(handler, matter)
    rows = measures(
        ("给西门值班室从配电箱单拉一路插座", "取暖器不用插线板", "满载半小时插头不烫手"),
        ("把三个门岗的取暖器移到离窗帘一米以外固定", "碰不到帘子", "地上画线，拿尺量过"),
    )
    matter.move(
        handler,
        "write_plan",
        goal="三个门岗取暖不用插线板、不挨窗帘",
        leader="康平（应急管理办）",
        due_on=day(4),
        **rows,
    )
    assert "check_plan" in checker.go("/desk/").page.content()
    matter.move(checker, "check_plan", approve="yes", text="线和距离都有尺寸，可以动工")
    file = picture(tmp_path)
    with_picture(handler, matter, "finish_measure", "单拉了一路，满载半小时摸着不烫", file)
    with_picture(handler, matter, "finish_measure", "三个门岗都移开一米二，画了黄线", file)
    matter.move(handler, "accept_own", text="两条都照清单试过")
    matter.move(handler, "report", text="两条改完，请验")
    matter.refused(handler, "verify")
    matter.move(checker, "verify", text="三个门岗都去看了，插座单独一路，黄线清楚")
    matter.move(
        clerk, "answer", text="鹤鸣小学三个门岗的取暖器都挪开了窗帘，西门单拉了一路电，当面试过不烫。"
    )
    matter.move(clerk, "close")
    text = checker.go(f"/desk/rectification/plans/{matter.number}/").page.locator("main").inner_text()
    assert "已验收" in text and "满载半小时摸着不烫" in text and "吴正鸣" in text
    assert "第 2 次" in checker.go(matter.url).page.locator("aside.moves .rectify").inner_text()
    matter.move(checker, "look_back", text="西门又插回了插线板", has_relapsed="yes")
    page = checker.go("/desk/rectification/look-backs/?kind=hazard&result=relapsed").page
    assert FIND[:8] in page.locator("main").inner_text()
    assert "待派单" in checker.go(matter.url).page.locator("main").inner_text()
