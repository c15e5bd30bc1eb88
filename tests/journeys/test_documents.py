"""文书 in a real browser: a clerk opens a matter, looks at the notice, issues it, downloads both files."""

import zipfile
from pathlib import Path

from pypdf import PdfReader

SAID = "楼道灯坏了三天，老人夜里上楼摸黑，想请街道修一修。"
NAME, PHONE = "梅大爷", "10000007788"


def registered(window) -> str:
    """A visit registered at the desk; its number."""
    page = window.go("/desk/intake/").page
    page.check("input[name=channel][value=visit]", force=True)
    page.fill("#id_description", SAID)
    page.select_option("#id_category", label="照明与附属设施 › 楼道灯不亮")
    page.fill("#id_name", NAME)
    page.fill("#id_phone", PHONE)
    page.click("button[value=check]")
    page.click("button[value=register]")
    page.wait_for_url("**/receipt/")
    return page.url.rstrip("/").split("/")[-2]


def move(window, number: str, verb: str):
    page = window.go(f"/desk/cases/{number}/{verb}/form/").page
    page.click("#move-form .btn.main")
    page.wait_for_url(f"**/cases/{number}/")


def test_clerk_issues_a_notice_and_takes_both_files(person, tmp_path):
    window = person("chen.shouli", java_script_enabled=False, accept_downloads=True)
    number = registered(window)
    window.go(f"/desk/cases/{number}/")
    assert "先“受理”" in window.page.content(), "too early: the page says what is missing"
    move(window, number, "accept")
    page = window.page
    page.locator("a:has-text('出受理告知书')").click()
    page.wait_for_url("**/papers/acceptance/")
    assert page.locator(".pp-title").inner_text().replace("\n", "").endswith("受理告知书")
    assert NAME not in page.content() and PHONE not in page.content(), "a draft is looked at without identity"
    page.click("button[value=issue]")
    page.wait_for_url("**/documents/*/")
    assert "〕" in page.locator("h1").inner_text() and NAME not in page.content()

    text = {}
    for ending in ("docx", "pdf"):
        with page.expect_download() as coming:
            page.click(f"button[name=format][value={ending}]")
        file = tmp_path / f"notice.{ending}"
        coming.value.save_as(file)
        assert coming.value.suggested_filename.startswith("受理告知书")
        text[ending] = words_of(file)
    for words in text.values():
        assert NAME in words and number in words and "受理" in words and "送达回执" in words

    page.fill("#id_said", "本人在大厅签收")
    page.click("button:has-text('记下送达')")
    page.wait_for_url("**/documents/*/")
    assert "当面送交" in window.text()
    window.go(f"/desk/cases/{number}/")
    assert "送达" in page.locator(".papers-part").inner_text()


def words_of(file: Path) -> str:
    if file.suffix == ".pdf":
        return "".join(page.extract_text() for page in PdfReader(file).pages).replace("\n", "")
    content = zipfile.ZipFile(file)
    assert content.testzip() is None
    return content.read("word/document.xml").decode()


def test_paper_fits_a_phone(person):
    window = person("chen.shouli", viewport={"width": 320, "height": 700})
    page = window.go("/desk/documents/").page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    link = page.locator("table a[href*='/desk/documents/']").first
    if link.count():
        link.click()
        page.wait_for_selector(".pp")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
