"""受理 in a real browser: by keyboard alone, counted; without script; through a crash and a lost session."""

import re

import pytest
from pypinyin import lazy_pinyin

expect = pytest.importorskip("playwright.sync_api").expect

SAID = "楼道灯坏了三天，老人夜里上楼摸黑，摔过一次。"


def fresh(window):
    window.go("/desk/intake/")
    window.page.wait_for_selector("#id_category[role=combobox]")
    return window.page


def saved(page):
    page.wait_for_selector("[data-saved][data-s=kept]")


class Hands:
    """A clerk's hands: every key is counted, nothing is clicked.

    The model: a practised clerk does 5 keys a second (300 a minute, 60 words of five letters – the ordinary office
    typing examination asks less), so 60 s are 300 keys. Chinese goes through a pinyin input method: all letters of
    the full pinyin and one key to commit for every two characters; the browser gets the committed text.
    A chord (Ctrl+Enter, Alt+1) counts as two keys.
    """

    A_SECOND, SECONDS = 5, 60

    def __init__(self, page):
        self.page, self.count = page, 0

    def say(self, text: str):
        for run in re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", text):
            if "\u4e00" <= run[0] <= "\u9fff":
                self.count += sum(map(len, lazy_pinyin(run))) + (len(run) + 1) // 2
                self.page.keyboard.insert_text(run)
            else:
                self.count += len(run)
                self.page.keyboard.type(run)

    def press(self, key: str, times: int = 1):
        for _ in range(times):
            self.count += len(key.split("+"))
            self.page.keyboard.press(key)

    def at(self, field: str):
        assert self.page.evaluate("document.activeElement.id") == field


def test_a_whole_registration_takes_under_sixty_seconds_of_keys(person):
    page = fresh(person("chen.shouli"))
    hands = Hands(page)
    hands.at("id_description")
    hands.say(SAID)
    hands.press("Tab")
    hands.say("请换上灯")
    hands.press("Tab")
    hands.at("id_category")
    hands.say("loudaode")
    page.wait_for_selector("#id_category-list [aria-selected=true]")
    hands.press("Enter")
    expect(page.locator("[name=category]")).to_have_value("030302")
    hands.press("Tab", 2)  # past the kind, which the category has chosen
    hands.at("id_place")
    hands.say("lygsss4")
    page.wait_for_selector("#id_place-list [aria-selected=true]")
    hands.press("Enter")
    hands.press("Tab", 2)  # past the grid, which the place has filled
    hands.at("id_name")
    hands.say("梅阿姨")
    hands.press("Tab")
    hands.at("id_phone")
    hands.say("10000004377")
    assert page.input_value("#id_area") and page.input_value("#id_kind") == "city_problem"
    expect(page.locator("#where b")).to_be_visible()
    hands.press("Control+Enter")
    page.wait_for_url("**/receipt/")
    assert page.locator("svg.qr").count() == 1
    assert hands.count <= Hands.A_SECOND * Hands.SECONDS, f"{hands.count} keys"
    assert hands.count > len(SAID), "the count counts"


def test_one_key_joins_the_likely_twin(person):
    page = fresh(person("chen.shouli"))
    hands = Hands(page)
    place = "柳湾里 1 幢"
    page.fill("#id_description", "楼下单元门的门锁坏了，谁都能进。")
    page.fill("#id_place", place)
    page.fill("#id_name", "宋师傅")
    hands.press("Control+Enter")
    page.wait_for_url("**/receipt/")
    first = page.locator(".slip-head .code").first.inner_text()
    page = fresh(person("chen.shouli"))
    hands = Hands(page)
    hands.say("单元门门锁坏了好几天，门都关不上。")
    page.fill("#id_place", place)
    page.fill("#id_name", "林大姐")
    saved(page)
    page.wait_for_selector(f"button[value='join:{first}']")
    if page.locator("button[accesskey='1']").get_attribute("value") == f"join:{first}":
        hands.press("Alt+1")
    else:
        page.click(f"button[value='join:{first}']")
    page.wait_for_url(re.compile(r"/receipt/\?party="))
    slip = page.locator("main").inner_text()
    assert "一同反映" in slip and "林*" in slip and "宋" not in slip


def test_typing_without_a_pause_survives_a_crash(person):
    window = person("chen.shouli")
    page = fresh(window)
    address = page.url
    for _ in range(30):
        page.keyboard.type("灯坏了")
        page.wait_for_timeout(200)
    page.close(run_before_unload=False)
    again = window.context.new_page()
    again.goto(address)
    assert again.input_value("#id_description").count("灯坏了") >= 8
    window.page = again


def test_two_windows_on_one_draft(person):
    window = person("chen.shouli")
    one = fresh(window)
    one.fill("#id_description", SAID)
    saved(one)
    two = window.context.new_page()
    two.goto(one.url)
    two.fill("#id_description", "第二个窗口里说的是水管爆了")
    saved(two)
    one.bring_to_front()
    one.fill("#id_wants", "换上灯")
    one.wait_for_selector("[data-moved]:not([hidden])")
    assert one.url != two.url
    one.reload()
    two.reload()
    assert one.input_value("#id_wants") == "换上灯" and one.input_value("#id_description") == SAID
    assert "水管爆了" in two.input_value("#id_description")


def test_an_emergency_is_told_and_printed(person):
    page = fresh(person("chen.shouli"))
    page.fill("#id_description", "三楼着火了，好大的烟")
    saved(page)
    page.wait_for_selector(".way button")
    page.click("button[value='told:fire']")
    page.wait_for_url("**/directions/**")
    assert "119" in page.locator("main").inner_text()


def test_answered_at_once(person):
    window = person("chen.shouli")
    page = fresh(window)
    page.fill("#id_description", "老人满八十了，高龄津贴怎么办？")
    page.select_option("#id_kind", "service_request")
    page.fill("#id_name", "梅阿姨")
    page.keyboard.press("Alt+d")
    page.locator("#at-once details").evaluate("e => { e.open = true }")
    page.fill("#id_answer", "带身份证和银行卡到一楼二号窗口，当天就能录上。")
    page.click("button[value=answer]")
    page.wait_for_url("**/receipt/")
    assert "已办结" in window.text()


def test_registers_by_keyboard_alone(person):
    page = fresh(person("chen.shouli"))
    keys = page.keyboard
    page.focus("#id_description")
    keys.type(SAID)
    keys.press("Tab")
    keys.type("换上灯")
    keys.press("Tab")
    keys.type("loudaodeng")
    page.wait_for_selector("#id_category-list [aria-selected=true]")
    keys.press("Enter")
    expect(page.locator("[name=category]")).to_have_value("030302")
    assert page.input_value("#id_kind") == "city_problem", "the kind follows the category"
    page.focus("#id_place")
    keys.type("lygsss4")
    page.wait_for_selector("#id_place-list [aria-selected=true]")
    keys.press("Enter")
    assert page.input_value("#id_place") and page.input_value("#id_area"), "a place fills its grid"
    page.focus("#id_name")
    keys.type("梅阿姨")
    keys.press("Enter")
    assert page.url.endswith("/") and "/intake/" in page.url, "Enter in a line registers nothing"
    page.focus("#id_phone")
    keys.type("10000004321")
    saved(page)
    page.wait_for_selector("#where b")
    keys.press("Control+Enter")
    page.wait_for_url("**/receipt/")
    assert page.locator("svg.qr").count() == 1 and "10000004321" not in page.content()


def test_works_without_script(person):
    window = person("chen.shouli", java_script_enabled=False)
    page = window.go("/desk/intake/").page
    page.check("input[name=channel][value=call]", force=True)
    page.fill("#id_description", SAID)
    page.select_option("#id_category", label="照明与附属设施 › 楼道灯不亮")
    page.fill("#id_name", "梅阿姨")
    page.fill("#id_phone", "10000004322")
    page.click("button[value=check]")
    assert page.input_value("#id_description") == SAID, "the draft came back with what was typed"
    page.click("button[value=register]")
    page.wait_for_url("**/receipt/")
    assert "来电" in window.text()


def test_goes_on_after_a_lost_session(person):
    window = person("chen.shouli")
    page = fresh(window)
    page.fill("#id_description", SAID)
    saved(page)
    address = page.url
    kept = window.context.cookies()
    window.context.clear_cookies(name="sessionid")
    page.fill("#id_wants", "换上灯")
    page.wait_for_selector("[data-saved][data-s=lost]")
    assert page.input_value("#id_description") == SAID
    again = window.context.new_page()
    again.goto("/demo/?q=chen.shouli")
    again.locator("form[action*='/demo/switch/'] button").first.click()
    again.wait_for_url("**/desk/**")
    again.close()
    assert window.context.cookies() != kept
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.fill("#id_wants", "尽快换上灯")
    saved(page)
    page.goto(address)
    assert page.input_value("#id_description") == SAID and page.input_value("#id_wants") == "尽快换上灯"
