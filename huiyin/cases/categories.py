"""The category tree of an office, from its rule set: look-up, type-ahead, default unit and limit."""

from functools import lru_cache

from huiyin.base.pinyin import pinyin_keys
from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet, rule_set


@lru_cache(maxsize=32)
def _table(rules_id) -> dict[str, dict]:
    rows = {row["code"]: dict(row) for row in rule_set(rules_id).content["categories"]}
    for row in rows.values():
        names, code = [], row["code"]
        while code:
            names.insert(0, rows[code]["name"])
            code = rows[code].get("parent")
        row["path"] = names
        row["keys"] = (row["name"], *pinyin_keys(row["name"]), *map(str, row.get("words", [])))
        row["is_leaf"] = True
    for row in rows.values():
        if row.get("parent"):
            rows[row["parent"]]["is_leaf"] = False
    return rows


def table(office) -> dict[str, dict]:
    """code → {name, path, parent, unit, clause, kind, limit, words, is_leaf} of the version now in force."""
    return _table(RuleSet.objects.current("categories", office).pk)


def known(office, code: str) -> str:
    """`code` when it is a category that may be chosen, else a Refusal."""
    row = table(office).get(code)
    if row is None or not row["is_leaf"]:
        raise Refusal(
            "没有这个分类，请从列表里选到最细一级。", status=400, errors={"category": "请从列表里选"}
        )
    return code


def path_name(office, code: str) -> str:
    """'环境 › 噪声 › 工业噪声', or '未分类'."""
    row = table(office).get(code)
    return " › ".join(row["path"]) if row else "未分类"


def find(office, query: str, limit: int = 8) -> list[dict]:
    """Leaves whose name, pinyin, initials or words match, best first (name start, then inside, then words)."""
    query = query.strip().lower()
    hits = []
    for row in table(office).values():
        if not row["is_leaf"]:
            continue
        rank = min((_rank(query, key, place) for place, key in enumerate(row["keys"])), default=99)
        if rank < 99:
            hits.append((rank, len(row["name"]), row["code"], row))
    return [row for *_, row in sorted(hits, key=lambda hit: hit[:3])[:limit]]


def _rank(query: str, key: str, place: int) -> int:
    if not query:
        return place
    if key.startswith(query):
        return place
    return 10 + place if query in key else 99
