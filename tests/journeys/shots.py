"""bin/shots: every page at three widths and in both themes, as pictures; sideways overflow and axe findings fail.

Usage: bin/shots [--out DIR] [--only TEXT] [--pictures]. The pictures lie in var/shots unless told otherwise;
--pictures takes only those that the README and the guides show, into docs/pictures.
"""

import argparse
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.browser import Person, chromium, executable
from tests.journeys.house import ROOT, House
from tests.journeys.shown import CLERK, PICTURES, PREPARE, pages

WIDTHS = {390: 844, 1280: 800, 1920: 1080}
THEMES = ("light", "dark")
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def take(
    person: Person, name: str, path: str, out: Path, width: int, theme: str, *, whole: bool = True
) -> list[str]:
    """One picture, of the whole page or of one window; returns what is wrong with the page."""
    page = person.page
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    page.emulate_media(color_scheme=theme)
    answer = page.goto(path)
    page.wait_for_load_state("networkidle")
    if name in PREPARE:
        PREPARE[name](page)
    label = f"{name}-{width}-{theme}"
    page.screenshot(path=out / f"{label}.png", full_page=whole)
    wrong = [] if answer.status < 400 else [f"{label}：{path} 回答 {answer.status}"]
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        wrong.append(f"{label}：横向多出 {over} px")
    found = Axe().run(page, options=RULES).response["violations"]
    wrong += [f"{label}：{row['id']} × {len(row['nodes'])} {row['nodes'][0]['target']}" for row in found]
    return wrong


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "shots")
    parser.add_argument("--only", default="", help="只拍名字里有这几个字的页面")
    parser.add_argument(
        "--pictures", action="store_true", help="只拍 README 和指南要的几张，放进 docs/pictures"
    )
    given = parser.parse_args(arguments)
    if not executable():
        print("没有 Chromium：请先 apt-get install chromium fonts-noto-cjk")
        return 2
    given.out.mkdir(parents=True, exist_ok=True)
    with House(ROOT / "var" / "shots-data") as house, chromium() as browser:
        house.await_year()
        problems = shoot(house, browser, given)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} 处不合格" if problems else "全部合格")
    return 1 if problems else 0


def shoot(house: House, browser, given) -> list[str]:
    people: dict[str, Person] = {}

    def window(username: str) -> Person:
        if username not in people:
            person = Person(browser, house.address)
            people[username] = person.as_post(username) if username else person
        return people[username]

    problems, count = [], 0
    for name, username, path in pages(window(CLERK)):
        if given.only not in name:
            continue
        wanted = [(width, theme) for width in WIDTHS for theme in THEMES]
        if given.pictures:
            wanted = [row for row in wanted if "-".join((name, *map(str, row))) in PICTURES.values()]
        for width, theme in wanted:
            problems += take(window(username), name, path, given.out, width, theme, whole=not given.pictures)
            count += 1
        if wanted:
            print(f"{name}：{path}", flush=True)
    # A picture and axe put styles of their own into the page; what the policy says of those is not the page's.
    problems += [
        line for person in people.values() for line in person.complaints if "Content Security" not in line
    ]
    if given.pictures:
        pictures = ROOT / "docs" / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        for name, label in PICTURES.items():
            if (given.out / f"{label}.png").exists():
                (pictures / f"{name}.png").write_bytes((given.out / f"{label}.png").read_bytes())
    print(f"{count} 张在 {given.out}")
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
