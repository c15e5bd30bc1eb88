"""A real browser for journeys and pictures, and a person who uses it."""

import os
import shutil
from contextlib import contextmanager

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def executable() -> str | None:
    """The browser bin/test found, or one on this machine."""
    return os.environ.get("HUIYIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium():
    """A headless Chromium through Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """Someone at the desk or at home, with a browser window of their own.

    Any script error, breach of the content policy or answer above 499 fails the journey.
    """

    def __init__(self, browser, address: str, **context):
        self.address = address
        self.context = browser.new_context(base_url=address, locale="zh-CN", **context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", self._listen)
        self.page.on("response", lambda reply: self._status(reply))

    def _listen(self, message):
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _status(self, reply):
        if reply.status >= 500:
            self.complaints.append(f"{reply.status} {reply.url}")

    def as_post(self, username: str) -> "Person":
        """Take the demo post of this user through the switcher."""
        self.page.goto("/demo/?q=" + username)
        self.page.locator("form[action*='/demo/switch/'] button").first.click()
        self.page.wait_for_url("**/desk/**")
        return self

    def go(self, path: str) -> "Person":
        self.page.goto(path)
        return self

    def html(self, path: str) -> str:
        """Source of the page at `path`."""
        return self.go(path).page.content()

    def within(self, form) -> "Form":
        """The same hands, inside one form only."""
        return Form(self, form)

    def fill(self, **fields) -> "Person":
        """Fill fields by name on the page: text, selects, radios and check boxes alike."""
        Form(self, self.page.locator("main")).fill(**fields)
        return self

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def close(self):
        self.context.close()
        assert not self.complaints, self.complaints


class Form:
    """Fields by name inside one part of a page."""

    def __init__(self, person: Person, root):
        self.person, self.root = person, root

    def fill(self, **fields):
        for name, value in fields.items():
            self._set(name, value)

    def _set(self, name: str, value):
        box = self.root.locator(f"[name='{name}']").first
        kind = box.evaluate("e => e.tagName + ':' + e.type")
        if kind.endswith((":radio", ":checkbox")):
            option = self.root.locator(f"[name='{name}'][value='{value}']")
            option.evaluate(CHECK)
        elif kind.startswith("SELECT"):
            wanted = value if isinstance(value, list) else [value]
            assert box.evaluate(SELECT, wanted) == len(wanted), f"{name}：{value} 不在列表里"
        else:
            box.fill(str(value))


CHECK = "e => { e.checked = true; e.dispatchEvent(new Event('change', {bubbles: true})) }"
SELECT = """(e, wanted) => {
  for (const o of e.options) o.selected = wanted.includes(o.value) || wanted.includes(o.text.trim());
  e.dispatchEvent(new Event('change', {bubbles: true}));
  return e.selectedOptions.length;
}"""
