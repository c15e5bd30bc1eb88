"""受理 in a real browser: by keyboard alone, without script, and through a lost session."""

SAID = "楼道灯坏了三天，老人夜里上楼摸黑，摔过一次。"


def fresh(window):
    window.go("/desk/intake/")
    window.page.wait_for_selector("#id_category[role=combobox]")
    return window.page


def saved(page):
    page.wait_for_selector("[data-saved][data-s=kept]")


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
    page.wait_for_function("document.querySelector('[name=category]').value === '030302'")
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
