"""The service catalogue of an office, from its rule set: what a resident may ask for, with documents, limit, window."""

from dataclasses import dataclass
from functools import lru_cache

from huiyin.base.pinyin import pinyin_keys
from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet, rule_set

LIMITS = {"D": "{} 个工作日", "N": "{} 日", "H": "{} 小时"}


@dataclass(frozen=True)
class Service:
    """One item. `limit` is in words; `label` says where the limit comes from (法定 国标 地方 示例)."""

    code: str
    name: str
    group: str
    group_name: str
    unit: str
    documents: tuple[str, ...]
    limit: str
    label: str
    basis: str
    fee: str
    where: str
    hours: str
    who: str
    steps: tuple[str, ...]
    category: str
    keys: tuple[str, ...]

    def __str__(self):
        return f"{self.code} {self.name}"


@lru_cache(maxsize=32)
def _table(rules_id) -> dict[str, Service]:
    content = rule_set(rules_id).content
    common = {name: content[name] for name in ("hours", "fee")}
    groups = {row["code"]: row for row in content["groups"]}
    return {
        row["code"]: _service({**common, **groups[row["group"]], **row}, groups) for row in content["items"]
    }


def _service(row: dict, groups: dict) -> Service:
    limit = str(row["limit"])
    return Service(
        code=row["code"],
        name=row["name"],
        group=row["group"],
        group_name=groups[row["group"]]["name"],
        unit=row["unit"],
        documents=tuple(row["documents"]),
        limit="当场" if limit == "now" else LIMITS[limit[0]].format(limit[1:]),
        label=row["label"],
        basis=row.get("basis", ""),
        fee=row["fee"],
        where=row["where"],
        hours=row["hours"],
        who=row["who"],
        steps=tuple(row["steps"]),
        category=row.get("category", ""),
        keys=(row["name"], *pinyin_keys(row["name"]), row["code"].lower(), *map(str, row.get("words", []))),
    )


def table(office) -> dict[str, Service]:
    """code → Service of the version now in force, in the order of the catalogue."""
    return _table(RuleSet.objects.current("service_catalogue", office).pk)


def groups(office) -> list[tuple[str, str, list[Service]]]:
    """[(code, name, its services)]; groups without a service are left out."""
    found: dict[str, list[Service]] = {}
    for row in table(office).values():
        found.setdefault(row.group, []).append(row)
    return [(code, rows[0].group_name, rows) for code, rows in found.items()]


def get(office, code: str) -> Service:
    """The item of this code; raises Refusal 400 when there is none."""
    row = table(office).get(code)
    if row is None:
        raise Refusal(
            "服务目录里没有这一项，请从列表里选。", status=400, errors={"service": "请从目录里选一项"}
        )
    return row


def find(office, query: str, limit: int = 8) -> list[Service]:
    """Items whose name, pinyin, initials, code or usual words match; a match at the start comes first."""
    query = query.strip().lower()
    hits = []
    for place, row in enumerate(table(office).values()):
        ranks = [
            number if key.startswith(query) else 10 + number
            for number, key in enumerate(row.keys)
            if query in key
        ]
        if ranks:
            hits.append((min(ranks), place, row))
    return [row for *_, row in sorted(hits, key=lambda hit: hit[:2])[:limit]]


def choices(office) -> list[tuple]:
    """Grouped options for a select that works without script."""
    return [(name, [(row.code, row.name) for row in rows]) for _, name, rows in groups(office)]
