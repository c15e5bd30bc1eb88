"""A resident with a telephone in the hand: say it in three steps, follow it by the code, read the answer, rate it."""

import re

import pytest
from PIL import Image

from tests.journeys.matter import Matter

CLERK, SUPERVISOR, BUILDINGS = "chen.shouli", "wu.zhengming", "lin.qihang"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SAID = "小区门口的井盖松了，晚上车一过就咣当响，睡不着。物业的电话是 10000006001，没人接。"
ANSWER = "您说的井盖已经换成带胶圈的新盖，夜里十一点我们去听过，车开过去没有声音了。再响请打我们的电话。"
CODE = re.compile(r"[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "井盖.jpg"
    Image.new("RGB", (1200, 900), "#8a8a84").save(path)
    return path


class Resident:
    """Someone with a small screen; every page they see must fit it."""

    def __init__(self, window):
        self.window, self.page = window, window.page

    def press(self, name: str):
        self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.page.wait_for_load_state()
        self.fits()

    def fits(self):
        over = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, f"{self.page.url} is {over} px too wide"

    def choose(self, name: str, value: str):
        self.page.locator(f"label:has(input[name='{name}'][value='{value}'])").click()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def text(self) -> str:
        return self.window.text()

    def raise_matter(self, photo) -> str:
        """All three steps, without a name; returns the tracking code of the receipt."""
        self.window.go("/")
        self.press("我有事要说")
        self.page.fill("[name=description]", SAID)
        self.page.set_input_files("#photos", photo)
        self.press("先把照片传上来")
        assert self.page.locator("ul.photos img").evaluate("e => e.decode().then(() => e.naturalWidth)") > 0
        self.press("下一步：在哪里")
        self.page.fill("[name=place]", "南塘新村")
        self.press("看看归哪个网格")
        assert "南塘社区" in self.page.locator(".found").inner_text()
        self.press("下一步：怎么回您话")
        self.choose("reply_by", "web")
        self.press("下一步：看一遍再交")
        assert "井盖松了" in self.text() and "您没留名字和电话" in self.text() and "1 张" in self.text()
        self.press("交给街道")
        self.page.wait_for_url("**/receipt/**")
        assert self.page.locator("svg.qr").is_visible()
        return CODE.search(self.page.locator(".slip").inner_text()).group()

    def number(self) -> str:
        return re.search(r"\d\d-\d{5}", self.text()).group()

    def look_up(self, typed: str):
        """By the form on the front page, as one types it."""
        self.window.go("/")
        self.page.locator("form[action='/track/'] [name=code]").fill(typed)
        self.page.locator("form[action='/track/'] button").click()
        self.page.wait_for_load_state()
        self.fits()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_three_steps_to_the_verdict(person, desks, photo, script):
    resident = Resident(person(**PHONE, java_script_enabled=script))
    code = resident.raise_matter(photo)
    number = resident.number()
    resident.press("看进度")
    assert resident.heading().startswith("收到了。")
    assert "100****6001" in resident.text() and "10000006001" not in resident.page.content()

    clerk, handler, supervisor = desks(CLERK), desks(BUILDINGS), desks(SUPERVISOR)
    matter = Matter(number)
    assert "南塘新村" in matter.page_text(clerk)
    assert clerk.page.locator("aside.about .files a").count() >= 1, "the photo is with the matter"
    matter.move(clerk, "accept", category="030202")
    matter.move(clerk, "dispatch", lead="城建办", task="看井盖是谁家的，先垫住")
    resident.look_up(code.lower().replace("-", ""))
    assert resident.heading().startswith("有人管了，交给了城建办。")
    matter.move(handler, "take")
    matter.move(handler, "contact", how="visit", text="到小区门口看过，问了两户邻居")
    matter.move(handler, "record", act="work", text="内部：换了带胶圈的井盖")
    matter.move(handler, "report", text="内部：换好了，不响")
    matter.move(supervisor, "verify", text="内部：夜里去听过")
    resident.look_up(code)
    assert resident.heading().startswith("有人去看过了。")
    matter.move(handler, "answer", text=ANSWER, outcome="solved", reply_by="web")

    resident.look_up(code)
    assert resident.heading().startswith("已经答复您了")
    letter = resident.page.locator("section.answer").inner_text()
    assert ANSWER in letter and "城乡建设办公室" in letter and "0000-600 0132" in letter
    for secret in ("内部", "林启航", "陈守礼", "吴正明", "10000006001"):
        assert secret not in resident.page.content()
    resident.press("交上去")
    assert resident.page.locator(".error").count() == 3, "each question asks to be answered"
    for name, value in (("contacted", "yes"), ("solved", "yes"), ("satisfied", "yes")):
        resident.choose(name, value)
    resident.page.fill("form.rate [name=words]", "夜里能睡了")
    resident.press("交上去")
    assert "您评过了，谢谢" in resident.text()
    matter.move(clerk, "close")
    resident.look_up(code)
    assert "这件事办完了" in resident.text()
    assert "夜里能睡了" in matter.page_text(clerk)


def test_the_same_without_script(person, photo):
    resident = Resident(person(**PHONE, java_script_enabled=False))
    code = resident.raise_matter(photo)
    resident.look_up(code[:-1] + ("2" if code[-1] != "2" else "3"))
    assert resident.heading() == "没有查到"
    resident.look_up(code)
    assert resident.heading().startswith("收到了。")
    photo_of_mine = resident.page.get_by_role("link", name="井盖.jpg").get_attribute("href")
    answer = resident.page.request.get(photo_of_mine)
    assert answer.ok and answer.headers["content-type"] == "image/jpeg"
    resident.page.locator("summary", has_text="补充情况").click()
    resident.page.fill("#add [name=text]", "昨晚旁边的盖子也松了")
    resident.page.set_input_files("#camera", photo)
    resident.press("补上")
    assert "您补充了情况和 1 张照片" in resident.text() and "昨晚旁边的盖子也松了" in resident.text()
    resident.page.locator("summary", has_text="不用办了").click()
    resident.page.fill("[name=reason]:visible", "物业自己修好了")
    resident.press("不用办了")
    assert resident.heading().startswith("您说不用办了")
    resident.page.locator("summary", has_text="重新打开").click()
    resident.press("重新打开")
    assert "请写一句哪里没好" in resident.text(), "an empty reason comes back with what to do"
    resident.page.fill("[name=reason]:visible", "又松了，还是响")
    resident.press("重新打开")
    assert resident.heading().startswith("重新打开了，编号不变。") and "又松了，还是响" in resident.text()
