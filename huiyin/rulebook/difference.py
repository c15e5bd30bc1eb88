"""What is different between two versions, item by item: by code or name, not by line."""

import difflib
from dataclasses import dataclass

from huiyin.rules import plain_yaml

KEYS = ("code", "key", "name", "number", "title")
MOST = 400
ADDED, REMOVED, CHANGED, MOVED = "新增", "删去", "改动", "挪动"


@dataclass(frozen=True)
class Change:
    """One difference; `where` are the steps to it in words, `before` and `after` the values in short."""

    kind: str
    where: tuple[str, ...]
    before: str = ""
    after: str = ""

    @property
    def sign(self) -> str:
        return {ADDED: "added", REMOVED: "removed", CHANGED: "changed", MOVED: "moved"}[self.kind]


def changes(old, new, labels: dict[str, str] | None = None, *, is_ordered: bool = False) -> list[Change]:
    """All differences from `old` to `new`, in the order of `new`. `is_ordered`: the place in the list counts."""
    return list(_compare(old, new, (), labels or {}, is_ordered))


def _compare(old, new, where, labels, ordered):
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            here = (*where, labels.get(key, key))
            if key not in old:
                yield Change(ADDED, here, "", words(new[key], labels))
            elif key not in new:
                yield Change(REMOVED, here, words(old[key], labels))
            else:
                yield from _compare(old[key], new[key], here, labels, ordered)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(old, new, where, labels, ordered)
    else:
        yield Change(CHANGED, where, words(old, labels), words(new, labels))


def _compare_lists(old, new, where, labels, ordered):
    key = _key_of(old, new)
    if key is None:
        if all(not isinstance(item, dict | list) for item in [*old, *new]):
            gone = [item for item in old if item not in new]
            come = [item for item in new if item not in old]
            if gone or come:
                yield Change(CHANGED, where, words(gone, labels), words(come, labels))
                return
        yield Change(CHANGED, where, words(old, labels), words(new, labels))
        return
    before = {str(item[key]): (place, item) for place, item in enumerate(old, 1)}
    after = {str(item[key]): (place, item) for place, item in enumerate(new, 1)}
    stays = _unmoved(list(before), list(after)) if ordered else set(after)
    for name, (place, item) in after.items():
        here = (*where, _called(name, item))
        if name not in before:
            yield Change(ADDED, here, "", (f"排第 {place}：" if ordered else "") + _row(item, key, labels))
            continue
        was, other = before[name]
        if name not in stays:
            yield Change(MOVED, here, f"第 {was}", f"第 {place}")
        yield from _compare(other, item, here, labels, ordered)
    for name, (_, item) in before.items():
        if name not in after:
            yield Change(REMOVED, (*where, _called(name, item)), _row(item, key, labels))


def _key_of(old: list, new: list) -> str | None:
    """The entry by which rows are known: there in each row, and different in each."""
    rows = [*old, *new]
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    for key in KEYS:
        if all(isinstance(row.get(key), str | int) for row in rows) and all(
            len({str(row[key]) for row in part}) == len(part) for part in (old, new)
        ):
            return key
    return None


def _unmoved(old: list[str], new: list[str]) -> set[str]:
    """The names that keep their order among those in both: all but as few as possible."""
    common_old = [name for name in old if name in set(new)]
    common_new = [name for name in new if name in set(old)]
    blocks = difflib.SequenceMatcher(None, common_old, common_new, autojunk=False).get_matching_blocks()
    return {common_new[block.b + i] for block in blocks for i in range(block.size)}


def _row(item: dict, key: str, labels: dict[str, str]) -> str:
    """What a row says besides its own name."""
    return words({name: value for name, value in item.items() if name not in (key, "name")}, labels)


def _called(name: str, item: dict) -> str:
    more = item.get("name")
    return f"{name} {more}" if more and str(more) != name else name


def words(value, labels: dict[str, str], most: int = 300) -> str:
    """A value in one line: 分类 0302、0303；主办 chengjian."""
    if isinstance(value, dict):
        text = "；".join(f"{labels.get(key, key)} {words(item, labels)}" for key, item in value.items())
    elif isinstance(value, list):
        text = "、".join(words(item, labels) for item in value) or "（空）"
    elif isinstance(value, bool):
        text = "是" if value else "否"
    else:
        text = "（空）" if value in (None, "") else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def lines(old, new) -> list[tuple[str, str]]:
    """The difference line by line of both contents written the same way: [(sign, line)], sign " ", "+", "-", "@"."""
    before, after = (
        plain_yaml.write(value).splitlines() if value is not None else [] for value in (old, new)
    )
    found = []
    for row in difflib.unified_diff(before, after, lineterm="", n=2):
        if row.startswith(("---", "+++")):
            continue
        found.append((row[0], row[1:] if row[0] != "@" else row))
        if len(found) >= 3 * MOST:
            break
    return found
