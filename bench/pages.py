"""Server time and queries of every page, each beside the sign-in page of the same run.

Usage: python -m bench.pages [--at http://127.0.0.1:8000] [--only TEXT] [--times 10] [--worst]

Without --at a demo house of its own is started and its year played first. The house must offer the post switcher.
`ms` is the median of the whole time in the server, `cpu` that of computing in the web process (it holds on a
machine that others load), `db` that of waiting for the database, `least` the quickest answer, `×` the ratio of
cpu to that of the sign-in page, `q` the number of queries. The end code is 1 when a page misses the bar.
"""

import argparse
import contextlib
import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
BAR_MS, BAR_QUERIES = 50, 20
BASE = ("sign-in", "", "/sign-in/")


class Visitor:
    """A browser without scripts: cookies, and a demo post taken through the switcher."""

    def __init__(self, address: str, username: str = ""):
        self.address = address.rstrip("/")
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
        )
        if username:
            self._take(username)

    def open(self, path: str, fields: dict | None = None):
        """(answer, body) of a GET, or of a POST of `fields`. Raises HTTPError from status 400 on."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.address + urllib.parse.quote(path, safe="/?&=%+"), data)
        with self.opener.open(request, timeout=60) as answer:
            return answer, answer.read()

    def html(self, path: str) -> str:
        """Source of the page at `path`."""
        return self.open(path)[1].decode()

    def _take(self, username: str):
        page = self.html(f"/demo/?q={username}")
        form = re.search(r'action="(/demo/switch/[^"]+)".*?name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.open(form[1], {"csrfmiddlewaretoken": form[2]})


@dataclass
class Measured:
    """Milliseconds and queries of one page; `size` in bytes."""

    name: str
    path: str
    ms: float
    cpu: float
    db: float
    least: float
    queries: int
    size: int

    @property
    def misses(self) -> bool:
        return self.ms > BAR_MS or self.queries > BAR_QUERIES


def measure(visitor: Visitor, name: str, path: str, times: int) -> Measured:
    """Medians of `times` answers, after one that fills the caches."""
    visitor.open(path)
    found = {"total": [], "cpu": [], "db": []}
    for _ in range(times):
        answer, body = visitor.open(path)
        timing = answer.headers["Server-Timing"]
        for key, values in found.items():
            values.append(float(re.search(rf"{key};dur=([\d.]+)", timing)[1]))
        queries = int(re.search(r"(\d+) queries", timing)[1])
    middle = {key: median(values) for key, values in found.items()}
    least = min(found["total"])
    return Measured(name, path, middle["total"], middle["cpu"], middle["db"], least, queries, len(body))


def table(rows: list[Measured], base: Measured) -> str:
    lines = [f"{'ms':>6} {'least':>6} {'cpu':>6} {'db':>6} {'×':>5} {'q':>3} {'KB':>5}  page"]
    for row in rows:
        ratio = row.cpu / base.cpu if base.cpu else 0
        mark = " !" if row.misses else ""
        lines.append(
            f"{row.ms:6.1f} {row.least:6.1f} {row.cpu:6.1f} {row.db:6.1f} {ratio:5.1f} {row.queries:3d} "
            f"{row.size / 1024:5.0f}  {row.name} {row.path}{mark}"
        )
    return "\n".join(lines)


@contextlib.contextmanager
def house_at(address: str):
    """The address of a running demo house: the given one, or one of its own with its year played."""
    if address:
        yield address
        return
    from tests.journeys.house import House

    with House(ROOT / "var" / "bench-data") as house:
        house.await_year()
        yield house.address


def main(arguments: list[str]) -> int:
    from tests.journeys.shown import CLERK, pages

    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("--at", default="", help="address of a running demo house")
    parser.add_argument("--only", default="", help="only pages with this in their name")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--worst", action="store_true", help="the slowest first, in computing time")
    given = parser.parse_args(arguments)
    with house_at(given.at) as address:
        visitors: dict[str, Visitor] = {}
        rows = []
        for name, username, path in [BASE, *pages(Visitor(address, CLERK))]:
            if rows and (name == BASE[0] or given.only not in name):
                continue
            if username not in visitors:
                visitors[username] = Visitor(address, username)
            rows.append(measure(visitors[username], name, path, given.times))
    base = rows[0]
    if given.worst:
        rows.sort(key=lambda row: -row.cpu)
    print(table(rows, base))
    missed = sum(row.misses for row in rows)
    print(f"{len(rows)} pages, {missed} above {BAR_MS} ms or {BAR_QUERIES} queries")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
