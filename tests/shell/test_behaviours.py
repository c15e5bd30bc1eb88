"""Behaviours in a real browser, under the real content policy."""

import re

import pytest
from playwright.sync_api import expect

from tests.shell import pages

pytestmark = [
    pytest.mark.journey,
    pytest.mark.urls("tests.shell.pages"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def intake(page, live_server):
    pages.saved.clear()
    pages.answers["status"] = 200
    page.goto(f"{live_server}/try/intake/")
    # Until the script has come the select is itself a combobox.
    expect(page.locator(".combo input")).to_be_visible()
    return page


def test_a_draft_is_saved_as_one_types_and_says_so(intake):
    intake.fill("#said", "电梯停了三天")
    saved = intake.locator("[data-saved]")
    expect(saved).to_have_text(re.compile(r"草稿 \d\d:\d\d:\d\d 已存"))
    assert pages.saved[-1]["said"] == "电梯停了三天"
    intake.fill("#said", "电梯停了四天")
    expect(intake.locator("form[data-save-url='/try/save/again/']")).to_have_count(1)
    intake.wait_for_function("() => true")
    intake.wait_for_timeout(1500)
    assert pages.saved[-1]["said"] == "电梯停了四天"


def test_a_draft_that_was_not_saved_is_not_called_saved(intake):
    pages.answers["status"] = 500
    intake.fill("#said", "电梯停了三天")
    expect(intake.locator("[data-saved]")).to_have_text("没存上，内容还在本页")
    expect(intake.locator("[data-saved]")).to_have_attribute("data-s", "lost")
    assert intake.input_value("#said") == "电梯停了三天"
    pages.answers["status"] = 200
    intake.fill("#said", "电梯停了三天，老人下不了楼")
    expect(intake.locator("[data-saved]")).to_contain_text("已存")


def test_typing_pinyin_finds_and_enter_takes(intake):
    box = intake.get_by_role("combobox", name="是什么事")
    box.type("dianti")
    options = intake.get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("加装电梯纠纷")
    assert intake.eval_on_selector("select[name=kind]", "e => e.value") == "k3"
    expect(intake.get_by_role("listbox")).to_be_hidden()


def test_words_that_were_not_taken_do_not_stay_as_if_they_were(intake):
    box = intake.get_by_role("combobox", name="是什么事")
    box.type("没有这种事")
    expect(intake.get_by_text("没有找到")).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value("")
    assert intake.eval_on_selector("select[name=kind]", "e => e.value") == ""


def test_the_stepper_keeps_within_its_bounds(intake):
    field, more, fewer = (intake.get_by_label(name) for name in ("几人", "加一人", "减一人"))
    more.click()
    more.click()
    expect(field).to_have_value("3")
    for _ in range(4):
        fewer.click()
    expect(field).to_have_value("1")


def test_a_refused_move_is_told_on_the_page_and_nothing_typed_is_lost(intake):
    intake.fill("#said", "写了一半")
    intake.click("#refuse")
    expect(intake.locator("#messages [role=alert]")).to_contain_text("还不能办结：答复没有送达。")
    expect(intake.locator("#messages")).to_contain_text("有反馈")
    assert intake.input_value("#said") == "写了一半"


def test_the_list_is_walked_previewed_ticked_and_opened_by_keyboard(page, live_server):
    page.goto(f"{live_server}/try/list/")
    expect(page.locator("#peek")).to_have_text("这是第 1 件")
    page.keyboard.press("j")
    expect(page.locator("#peek")).to_have_text("这是第 2 件")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_have_text("已选 1 件")
    page.keyboard.press("k")
    expect(page.locator("tr[aria-current=true]")).to_contain_text("第 1 件")
    page.keyboard.press(" ")
    expect(page.locator("#peek")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/try/row/2/")


def test_letters_are_only_letters_while_one_is_writing(intake):
    intake.focus("#said")
    intake.keyboard.type("?jk")
    expect(intake.locator("dialog[open]")).to_have_count(0)
    assert intake.input_value("#said") == "?jk"
    intake.locator("h1, body").first.click(position={"x": 5, "y": 400})
    intake.keyboard.press("?")
    expect(intake.locator("dialog[open]")).to_have_count(1)


def test_theme_changes_at_once_and_size_without_script(browser, page, live_server, settings):
    settings.WORLD = "demo"
    page.goto(f"{live_server}/styleguide/")
    page.get_by_role("button", name="深色").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    plain = browser.new_context(java_script_enabled=False)
    still = plain.new_page()
    still.goto(f"{live_server}/styleguide/residents/")
    still.get_by_role("button", name="大字版").click()
    expect(still.locator("html")).to_have_attribute("data-size", "large")
    plain.close()
