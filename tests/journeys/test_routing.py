"""An office changes whom it sends things to: a faulty file, a good one, difference, trial, activation – and the clerk
sees it at the next matter."""

import re

FAULTY = "    - {name: 盲道归执法队, if: {words: {any: [盲道]}}, lead: zhifadui, note: 先把车挪开}\n"
GOOD = FAULTY.replace("zhifadui", "zhifa")
SAID = "公交站的盲道被共享单车摆满了，盲人过不去。"


def edited(text: str, row: str) -> str:
    """The downloaded rules with one more row at the head of the list."""
    return text.replace("  rules:\n", "  rules:\n" + row, 1)


def test_from_a_faulty_file_to_the_dispatch_form(desks, tmp_path):
    admin = desks("yi.mingyuan")
    page = admin.go("/desk/settings/").page
    page.get_by_role("link", name=re.compile("^规则")).click()
    page.get_by_role("link", name="派单规则").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载现行版（YAML）").click()
    text = caught.value.path().read_text()
    assert text.startswith("# 派单规则（routing）")

    page.get_by_role("link", name="上传或修改").click()
    file = tmp_path / "routing.yaml"
    file.write_text(edited(text, FAULTY))
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="检查，存成草稿").click()
    page.wait_for_selector("[role=alert]")
    line = edited(text, FAULTY).split("\n").index(FAULTY.rstrip("\n")) + 1
    assert f"第 {line} 行" in admin.text() and "没有代码是“zhifadui”的单位" in admin.text()

    file.write_text(edited(text, GOOD))
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="检查，存成草稿").click()
    page.wait_for_url("**/rule-drafts/**")
    assert "盲道归执法队" in page.locator(".changes [data-change=added]").inner_text()
    page.get_by_role("button", name="试算").click()
    page.wait_for_selector(".trial-counts")
    assert "件过去的事项" in page.locator(".trial-counts").inner_text()
    page.fill("#id_source", "派单例会第四次纪要")
    page.get_by_role("button", name="启用", exact=True).click()
    page.wait_for_url("**/rules/routing/")
    assert "派单例会第四次纪要" in admin.text()

    clerk = desks("chen.shouli")
    page = clerk.go("/desk/intake/").page
    page.fill("#id_description", SAID)
    page.wait_for_selector("[data-saved][data-s=kept]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt/")
    number = re.search(r"/cases/([^/]+)/receipt/", page.url)[1]
    page.goto(f"/desk/cases/{number}/accept/form/")
    page.locator("#move-form .btn.main").click()
    page.wait_for_url(f"**/cases/{number}/")
    page.keyboard.press("d")
    page.wait_for_selector(".advice")
    advice = page.locator(".advice").inner_text()
    assert "建议派给综合执法队" in advice and "规则“盲道归执法队”" in advice and "话里有“盲道”" in advice
    assert page.locator("[name=lead] option:checked").inner_text() == "综合执法队"
    assert page.input_value("[name=task]") == "先把车挪开"
    page.wait_for_function("document.activeElement.matches('.advice .btn.main')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=综合执法队 主办")
    assert "按派单规则“盲道归执法队”" in clerk.text()
