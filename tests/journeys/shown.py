"""The pages that bin/shots takes pictures of and bench/pages.py measures, and those that the guides show."""

import re
from typing import Protocol

CLERK, LEADER, SUPERVISOR, HANDLER, ADMIN = (
    "chen.shouli", "shao.wenpu", "wu.zhengming", "lan.ruoxi", "yi.mingyuan"
)  # fmt: skip
RESIDENT = ""
GRID = "990101001003001"

# docs/pictures name → picture that bin/shots takes
PICTURES = {
    "today": "today-1280-light",
    "list": "list-1280-light",
    "home": "home-390-light",
    "guide-intake": "intake-filled-1280-light",
    "guide-case": "case-1280-light",
    "guide-paper": "paper-1280-light",
    "guide-rota": "rota-1280-light",
    "guide-sheet": "sheet-1280-light",
    "guide-supervision": "supervision-1280-light",
    "guide-bodies": "bodies-1280-light",
    "guide-opening": "opening-1280-light",
    "guide-rules": "rule-routing-1280-light",
    "guide-senders": "senders-1280-light",
    "guide-raise": "raise-390-light",
    "guide-receipt": "receipt-ended-390-light",
    "guide-track": "track-390-light",
    "guide-grid": "grid-public-390-light",
}

FIXED = [
    ("home", RESIDENT, "/"), ("raise", RESIDENT, "/raise/"), ("track-form", RESIDENT, "/track/"),
    ("sign-in", RESIDENT, "/sign-in/"), ("styleguide", RESIDENT, "/styleguide/"),
    ("styleguide-residents", RESIDENT, "/styleguide/residents/"), ("posts", RESIDENT, "/demo/"),
    ("find", RESIDENT, "/find/?q=锦棠"), ("find-empty", RESIDENT, "/find/"), ("grid-public", RESIDENT, f"/grids/{GRID}/"),
    ("guide", RESIDENT, "/guide/"), ("answered", RESIDENT, "/answered/"), ("topics", RESIDENT, "/topics/"),
    ("meet", RESIDENT, "/meet/"), ("thanks-public", RESIDENT, "/thanks/"), ("privacy", RESIDENT, "/privacy/"),
    ("today", CLERK, "/desk/"), ("today-handler", HANDLER, "/desk/"), ("today-leader", LEADER, "/desk/"),
    ("today-admin", ADMIN, "/desk/"),
    ("list", CLERK, "/desk/cases/"), ("list-late", SUPERVISOR, "/desk/cases/?view=late"),
    ("list-empty", CLERK, "/desk/cases/?q=没有这样的事情"), ("intake", CLERK, "/desk/intake/"),
    ("intake-filled", CLERK, "/desk/intake/"),
    ("drafts", CLERK, "/desk/intake/drafts/"), ("directions", CLERK, "/desk/directions/"),
    ("inbox", LEADER, "/desk/inbox/"), ("inbox-settings", CLERK, "/desk/inbox/settings/"),
    ("conference", LEADER, "/desk/conference/"), ("letters", LEADER, "/desk/letters/"),
    ("supervision", SUPERVISOR, "/desk/supervision/"), ("network", CLERK, "/desk/network/"),
    ("org", CLERK, "/desk/network/zhifa/"), ("bodies", CLERK, "/desk/bodies/"), ("body", CLERK, "/desk/network/ldxz-wenming/"),
    ("areas", CLERK, "/desk/areas/"), ("area-profile", CLERK, "/desk/areas/990101001/profile/"),
    ("grids", CLERK, "/desk/grids/"), ("grid", CLERK, f"/desk/grids/of/{GRID}/"), ("grid-gaps", CLERK, "/desk/grids/gaps/"),
    ("grid-notices", CLERK, "/desk/grids/notices/"), ("grid-print", CLERK, f"/desk/grids/of/{GRID}/print/"),
    ("duties", CLERK, "/desk/grids/duties/"), ("roster", CLERK, "/desk/grids/roster/"),
    ("officials", CLERK, "/desk/grids/officials/"), ("sections", CLERK, "/desk/grids/sections/"),
    ("rota", CLERK, "/desk/reception/rota/"), ("sheet", CLERK, "/desk/reception/sheet/"),
    ("sheet-print", CLERK, "/desk/reception/sheet/print/"), ("visits", CLERK, "/desk/reception/visits/"),
    ("hotline", CLERK, "/desk/reception/hotline/"), ("hotline-new", CLERK, "/desk/reception/hotline/new/"),
    ("directives", CLERK, "/desk/reception/directives/"), ("outreach", CLERK, "/desk/reception/outreach/"),
    ("outreach-new", CLERK, "/desk/reception/outreach/new/"), ("contacts", CLERK, "/desk/reception/contacts/"),
    ("hall", CLERK, "/desk/reception/hall/"), ("window", CLERK, "/desk/reception/hall/windows/1/"),
    ("tipoffs", SUPERVISOR, "/desk/reception/tipoffs/"), ("consulting", CLERK, "/desk/reception/consulting/"),
    ("thanks", CLERK, "/desk/reception/thanks/"), ("services", CLERK, "/desk/reception/services/"),
    ("documents", CLERK, "/desk/documents/"), ("mediation", CLERK, "/desk/mediation/"),
    ("screenings", CLERK, "/desk/screenings/"), ("publications", CLERK, "/desk/publications/"),
    ("topic-notes", CLERK, "/desk/publications/notes/"), ("settings", ADMIN, "/desk/settings/"),
    ("opening", ADMIN, "/desk/opening/"), ("opening-areas", ADMIN, "/desk/opening/areas/"),
    ("opening-numbers", ADMIN, "/desk/opening/numbers/"), ("opening-checklist", ADMIN, "/desk/opening/checklist/"),
    ("rules", ADMIN, "/desk/rules/"), ("rule-routing", ADMIN, "/desk/rules/routing/"), ("senders", ADMIN, "/desk/settings/messages/"),
    ("password", CLERK, "/password/"),
]  # fmt: skip


def fill_intake(page):
    """A registration half way: what was said, the place, the person – so that the side column has something to say."""
    page.locator("[name=description]").fill(
        "松岭安置房门口的井盖松了，夜里车一过就响，老人睡不着，上个星期也打过电话"
    )
    page.locator("[name=wants]").fill("把井盖垫好，夜里不要再响")
    page.locator("[name=place]").fill("松岭安置房")
    page.locator("[name=name]").fill("罗秀英")
    page.locator("[name=phone]").fill("10000001234")
    page.locator("[name=phone]").press("Tab")
    page.wait_for_timeout(1500)


# What is done on a page before its picture is taken.
PREPARE = {"intake-filled": fill_intake}
VIEWS = ("late", "reported", "verified", "ended", "returned", "key")


class Reader(Protocol):
    """Somebody at a desk who can look at a page."""

    def html(self, path: str) -> str: ...


def pages(clerk: Reader) -> list[tuple[str, str, str]]:
    """(name, username or '' for a resident, path) of every page, with matters found in the running house."""
    numbers = {view: first_number(clerk, view) for view in VIEWS}
    pressed = first_number(clerk, "ended&q=冲床夜间噪声") or numbers["ended"]
    some = next(number for number in numbers.values() if number)
    rows = [
        *FIXED,
        ("case", CLERK, f"/desk/cases/{pressed}/"),
        ("receipt", CLERK, f"/desk/cases/{some}/receipt/"),
    ]
    rows += [(f"case-{view}", CLERK, f"/desk/cases/{number}/") for view, number in numbers.items() if number]
    if numbers["verified"]:
        rows.append(("answer-form", CLERK, f"/desk/cases/{numbers['verified']}/answer/form/"))
    for view in ("late", "ended"):
        if numbers[view] and (code := code_of(clerk, numbers[view])):
            rows += [
                (f"track-{view}", RESIDENT, f"/track/{code}/"),
                (f"receipt-{view}", RESIDENT, f"/receipt/{code}/"),
            ]
    if code := code_of(clerk, pressed):
        rows.append(("track", RESIDENT, f"/track/{code}/"))
    for name, start, pattern in (
        ("paper", "/desk/documents/", r"/desk/documents/[0-9a-f-]{36}/"),
        ("mediation-one", "/desk/mediation/?view=all", r"/desk/mediation/[0-9a-f-]{36}/"),
        ("publication", "/desk/publications/", r"/desk/publications/answers/[0-9a-f-]{36}/"),
    ):
        if found := first_link(clerk, start, pattern):
            rows.append((name, CLERK, found))
    if found := first_link(clerk, "/guide/", r"/guide/[^/\"]+/"):
        rows.append(("guide-one", RESIDENT, found))
    if found := first_link(clerk, "/answered/", r"/answered/[0-9a-f-]{36}/"):
        rows.append(("answered-one", RESIDENT, found))
    return rows


def first_link(person: Reader, start: str, pattern: str) -> str:
    """The first address on the page `start` that looks like `pattern`; '' without one."""
    found = re.search(pattern, person.html(start))
    return found.group() if found else ""


def first_number(clerk: Reader, view: str) -> str:
    _, _, rows = clerk.html(f"/desk/cases/?view={view}").partition('id="rows"')
    found = re.search(r"\b\d\d-\d{5}\b", rows)
    return found.group() if found else ""


def code_of(clerk: Reader, number: str) -> str:
    page = clerk.html(f"/desk/cases/{number}/receipt/")
    found = re.search(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b", page)
    return found.group() if found else ""
