"""One matter as its handlers move it along in the browser, each at their own desk."""


class Matter:
    def __init__(self, number: str):
        self.number = number

    @property
    def url(self) -> str:
        return f"/desk/cases/{self.number}/"

    def move(self, who, verb: str, *, unit: str = "", **fields):
        """Press the move on the matter's page, fill in what it asks, send it."""
        page = who.go(self.url).page
        panel = page.locator("aside.moves")
        panel.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        links = panel.locator(f"a[href*='/{verb}/form/']")
        buttons = panel.locator(f"form[action*='/{verb}/'] button")
        if buttons.count():
            (buttons.filter(has_text=unit) if unit else buttons).first.click()
        else:
            if links.count():
                (links.filter(has_text=unit) if unit else links).first.click()
            else:
                who.go(f"{self.url}{verb}/form/")  # kept in the composer; the page of its own does the same
            form = page.locator(f"form.move-form[action*='/{verb}/']").first
            form.wait_for()
            who.within(form).fill(**fields)
            form.locator("button.main, button[type=submit]").first.click()
        page.locator("#messages .notice").first.wait_for()
        said = page.locator("#messages").inner_text()
        assert "已经记下" in said, said

    def refused(self, who, verb: str) -> str:
        """What the page says about a move that is not possible now, or '' when it is not offered at all."""
        panel = who.go(self.url).page.locator("aside.moves")
        assert not panel.locator(f"a[href*='/{verb}/form/'], form[action*='/{verb}/'] button:enabled").count()
        return panel.inner_text()

    def page_text(self, who) -> str:
        return who.go(self.url).text()
