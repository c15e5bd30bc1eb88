"""One step of the set-up: a sheet, what is wrong with a filled one, and what importing it does."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from huiyin.sheets import marked, reading
from huiyin.sheets.columns import Sheet
from huiyin.sheets.reading import Reading, Row

MOST_EXAMPLES = 30


@dataclass
class Plan:
    """What importing would do: `fresh` and `changed` are the step's own records, `same` a number.

    `examples` are words for the result page ("改名：东社区 → 东一社区"); none for what an administrator may not read.
    """

    fresh: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    same: int = 0
    notes: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def tell(self, words: str) -> None:
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(words)


class Step:
    """`name` is the address, `title` the words. `shows` is (url name, words) of the page that shows the result."""

    name = title = about = ""
    kind = "xlsx"
    shows = ("", "")
    form = None  # a Django form with what a file does not say, made with office=
    is_slow = False  # dozens of queries for each line: many are brought in by a job, part by part
    most_bytes = reading.MOST_BYTES

    def sheet(self, office) -> Sheet:
        raise NotImplementedError

    def template(self, office, *, filled: bool = False) -> tuple[bytes, str]:
        """(the file, its name); `filled` with what is there now."""
        from huiyin.sheets.template import write

        sheet = self.sheet(office)
        return write(sheet, self.rows(office) if filled else ()), f"{sheet.title}.xlsx"

    def read(self, office, raw: bytes, name: str) -> Reading:
        return reading.read(self.sheet(office), raw, name)

    def marked(self, found) -> tuple[bytes, str]:
        """(a copy of the file with its problems, ending of its name)"""
        return marked.mark(found), "xlsx"

    def check(self, office, found: Reading, options: dict) -> Plan:
        """Note every problem in `found` and say what importing would do."""
        raise NotImplementedError

    def apply(self, office, plan: Plan, *, by, options: dict) -> dict:
        """Do it, inside the caller's transaction. Returns what the audit trail shall say."""
        raise NotImplementedError

    def rehearse(self, office, plan: Plan, *, options: dict) -> None:
        """Slow steps: raise Refusal when one of the lines would be refused; nothing is left behind."""
        raise NotImplementedError

    def bring_in(self, office, rows: list, *, options: dict) -> dict:
        """Slow steps: these of the plan's fresh lines, in the caller's transaction; a tally for `tell`."""
        raise NotImplementedError

    def tell(self, office, tally: dict, *, options: dict, key: str) -> None:
        """Slow steps: say once what came in; `key` makes a repeated call one message."""
        raise NotImplementedError

    def told(self, number: int, options: dict) -> dict:
        """Slow steps: what the audit trail shall say of `number` lines."""
        raise NotImplementedError

    def rows(self, office) -> Iterable[dict]:
        """What is there now, as lines of the sheet."""
        return ()

    def standing(self, office) -> list[tuple[str, int]]:
        """[(words, number)] of what is there now; bounded queries."""
        raise NotImplementedError


def twice(found: Reading, key: str, what: str) -> dict[str, Row]:
    """value → first line that has it; further lines with the same value are problems."""
    first: dict = {}
    for row in found.rows:
        value = row[key]
        if value is None:
            continue
        if value in first:
            found.blame(row, key, f"{what}“{value}”重复了", f"第 {first[value].number} 行已经有，留一行")
        else:
            first[value] = row
    return first


def differences(record, wanted: dict) -> dict:
    """field → (before, after) of what `wanted` would change."""
    return {
        name: (getattr(record, name), value)
        for name, value in wanted.items()
        if getattr(record, name) != value
    }


def said(changes: dict) -> str:
    """'名称 甲 → 乙，地址 …' for the page and the audit trail."""
    return "，".join(
        f"{name} {_short(before)} → {_short(after)}" for name, (before, after) in changes.items()
    )


def _short(value) -> str:
    text = "、".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)
    return (text[:30] + "…" if len(text) > 30 else text) or "（空）"


def words_of(record, changes: dict) -> dict:
    """The changes with the Chinese names of the fields."""
    return {str(record._meta.get_field(name).verbose_name): pair for name, pair in changes.items()}


def among(found: Reading, row: Row, keys: Iterable[str]) -> dict:
    """The values of those columns that the file has: a column that is missing leaves things as they are."""
    return {key: row[key] for key in keys if key in found.places}
