"""Numbers without gaps: one counter row per office, series and year; and the patterns by which they are written."""

import re
from functools import lru_cache

from django.db import connection

SHIPPED = "{yy}-{seq:05}"
FIELD = re.compile(r"\{(yy|year|seq|mark|paper)(?::0([1-9]))?\}")
# What stands between the fields goes into addresses of pages and onto paper.
PLAIN = re.compile(r"[\w〔〕（）()\[\]·-]*")
MOST = 30


def next_number(office_id, series: str, year: int) -> int:
    """The next number of the series. Holds the row until the transaction ends, so call it late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rules_counter (office_id, series, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (office_id, series, year) DO UPDATE SET last = rules_counter.last + 1 RETURNING last",
            [office_id, series, year],
        )
        return cursor.fetchone()[0]


def written(pattern: str, year: int, number: int, mark: str = "", paper: str = "") -> str:
    """'26-00012' of '{yy}-{seq:05}'."""
    values = {"yy": f"{year % 100:02d}", "year": str(year), "mark": mark, "paper": paper}

    def one(hit) -> str:
        return f"{number:0{hit[2] or 1}d}" if hit[1] == "seq" else values[hit[1]]

    return FIELD.sub(one, pattern)


def series_of(pattern: str) -> str:
    """The counter of a pattern: patterns that could give the same number have the same one.

    How many zeros stand before a number makes no other series; the shipped pattern keeps its first name.
    """
    skeleton = FIELD.sub(lambda hit: f"{{{hit[1]}}}", pattern)
    return "case" if skeleton == FIELD.sub(lambda hit: f"{{{hit[1]}}}", SHIPPED) else f"case:{skeleton}"


def fault(pattern: str, *, fields: frozenset = frozenset({"yy", "year", "seq", "mark"})) -> str:
    """What is wrong with a pattern, in Chinese, or ''."""
    if not isinstance(pattern, str) or not pattern.strip():
        return "写上格式，比如 {yy}-{seq:05}"
    if len(pattern) > MOST:
        return f"太长，缩到 {MOST} 个字以内"
    literals = FIELD.split(pattern)[::3]
    names = [hit[1] for hit in FIELD.finditer(pattern)]
    if any("{" in part or "}" in part for part in literals) or set(names) - fields:
        known = "、".join(
            "{" + name + "}" for name in ("yy", "year", "seq", "mark", "paper") if name in fields
        )
        return f"花括号里只能是 {known}，流水号补零写成 {{seq:05}}"
    if not all(PLAIN.fullmatch(part) for part in literals):
        return "只能用汉字、字母、数字、短横和括号，不能有空格、斜线等符号"
    if (
        names.count("seq") != 1
        or names.count("year") + names.count("yy") != 1
        or len(names) != len(set(names))
    ):
        return "要有一个流水号 {seq} 和一个年份（{yy} 或 {year}），各写一次"
    between = literals[1:-1]
    touching = [
        names[at : at + 2]
        for at, part in enumerate(between)
        if not part or part[0].isdigit() or part[-1].isdigit()
    ]
    if any("seq" in pair and set(pair) & {"yy", "year"} for pair in touching):
        return "年份和流水号之间要有短横、括号一类的字隔开，不然会重号"
    if (
        literals[0][-1:].isdigit()
        and names[0] in ("yy", "year", "seq")
        or literals[-1][:1].isdigit()
        and names[-1] == "seq"
    ):
        return "流水号和年份不能紧挨着别的数字，不然会重号"
    return ""


@lru_cache(maxsize=256)
def _shape(pattern: str) -> re.Pattern:
    parts, at = [], 0
    for hit in FIELD.finditer(pattern):
        parts.append(re.escape(pattern[at : hit.start()]))
        parts.append({"yy": r"\d\d", "year": r"\d{4}", "seq": r"\d+"}.get(hit[1], r".*"))
        at = hit.end()
    return re.compile("".join(parts) + re.escape(pattern[at:]))


def may_collide(one: str, other: str) -> bool:
    """Could two patterns with counters of their own give the same number?"""
    if series_of(one) == series_of(other):
        return False
    samples = [(year, number) for year in (2020, 2026, 2121) for number in (1, 20, 2026, 26001, 123456)]
    return any(
        _shape(b).fullmatch(written(a, *sample, mark="测街", paper="督"))
        for a, b in ((one, other), (other, one))
        for sample in samples
    )
