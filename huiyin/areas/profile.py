"""辖区基本情况: dated attributes of an area with their source, the value on a day, the opening paragraph."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from huiyin.areas.models import Area, AreaFact, AreaKind
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

MOST = 2000
SLOT = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Known:
    """An attribute of the rule set `area_facts`: its unit and the levels it is usual for."""

    name: str
    unit: str
    kinds: tuple = ()


@dataclass
class Attribute:
    """One attribute of an area on a day: the value that holds, and every dated value, newest first."""

    name: str
    unit: str = ""
    now: AreaFact | None = None
    history: list[AreaFact] = field(default_factory=list)

    @property
    def change(self) -> Decimal | None:
        """Against the value before it, of the same unit; None for the first one."""
        past = [
            row for row in self.history if self.now and row.on < self.now.on and row.unit == self.now.unit
        ]
        return self.now.value - past[0].value if past else None


def known(area: Area) -> list[Known]:
    """What is usually recorded for an area of this level, in the order of the rule."""
    rows = _rule(area)["facts"]
    return [Known(row["name"], row["unit"], tuple(row["kinds"])) for row in rows if area.kind in row["kinds"]]


def _rule(area: Area) -> dict:
    return RuleSet.objects.current("area_facts", area.office_id).content


def value_at(area: Area, name: str, on: date | None = None) -> AreaFact | None:
    """The newest value of `name` dated on or before `on` (default today), None when nothing was known then."""
    rows = AreaFact.objects.filter(area=area, name=name, on__lte=on or clock.today())
    return rows.order_by("-on").first()


def values_at(area: Area, on: date | None = None) -> dict[str, AreaFact]:
    """name → the value that held on `on`; one query."""
    rows = AreaFact.objects.filter(area=area, on__lte=on or clock.today())
    return {row.name: row for row in rows.order_by("name", "-on").distinct("name")[:MOST]}


def attributes(area: Area, on: date | None = None) -> list[Attribute]:
    """Every attribute that the area has, usual ones first in the rule's order, free ones by name; one query."""
    on, order = on or clock.today(), {row.name: number for number, row in enumerate(known(area))}
    found: dict[str, Attribute] = {}
    for row in AreaFact.objects.filter(area=area).order_by("name", "-on")[:MOST]:
        one = found.setdefault(row.name, Attribute(row.name, row.unit))
        one.history.append(row)
        if one.now is None and row.on <= on:
            one.now, one.unit = row, row.unit
    return sorted(found.values(), key=lambda one: (order.get(one.name, len(order)), one.name))


@transaction.atomic
def add(area: Area, *, by, on: date, source: str, values: list[tuple[str, str, Decimal]]) -> int:
    """Several values [(name, unit, value)] of one day from one source; returns how many are new or corrected.

    The same name and day again corrects that value; the audit trail keeps what stood there.
    """
    if not values:
        raise Refusal("还没有填任何数，请至少填一项。", status=400)
    if on > clock.today():
        raise Refusal("截至日还没到，请填数据截至的那一天。", status=400, errors={"on": "还没到"})
    names = [name for name, _, _ in values]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refusal(f"“{'、'.join(twice)}”填了两次，请只留一个。", status=400)
    Area.objects.select_for_update(of=("self",)).get(pk=area.pk)
    there = {row.name: row for row in AreaFact.objects.filter(area=area, name__in=names, on=on)}
    before, done = {}, 0
    for name, unit, value in values:
        row = there.get(name) or AreaFact(area=area, name=name, on=on)
        if not row._state.adding:
            if (row.value, row.unit, row.source) == (value, unit, source):
                continue
            before[name] = f"{row.plain} {row.unit}（{row.source}）"
        row.value, row.unit, row.source = value, unit, source
        row.save()
        done += 1
    if done:
        record(
            "登记辖区数据", f"area:{area.pk}", by=by, office=area.office or by.office, code=area.code, on=str(on),
            source=source, values={name: f"{value:f} {unit}" for name, unit, value in values}, before=before,
        )  # fmt: skip
    return done


@transaction.atomic
def withdraw(fact: AreaFact, *, by, reason: str):
    """Take out a value that should never have been there; what it said goes to the audit trail."""
    record(
        "撤下辖区数据", f"area:{fact.area_id}", by=by, office=fact.area.office or by.office, code=fact.area.code,
        name=fact.name, on=str(fact.on), value=f"{fact.plain} {fact.unit}", source=fact.source, reason=reason,
    )  # fmt: skip
    fact.delete()


def opening_paragraph(area: Area, on: date | None = None) -> str:
    """The first paragraph of a report on `area` (辖区基本情况) from what held on `on` (default today).

    Clauses whose numbers are not known are left out. Ends with the day and source of what was used.
    """
    on = on or clock.today()
    facts = values_at(area, on)
    words = {name: f"{row.plain}{row.unit}" for name, row in facts.items()}
    words |= _from_tree(area, on)
    clauses, used = [], set()
    for clause in _rule(area)["opening"]:
        slots = SLOT.findall(clause)
        if all(slot in words for slot in slots):
            clauses.append(SLOT.sub(lambda hit: words[hit[1]], clause))
            used |= {slot for slot in slots if slot in facts}
    text = "，".join(clauses) + "。" if clauses else ""
    return text + _day_and_source([facts[name] for name in sorted(used)])


def _day_and_source(used: list[AreaFact]) -> str:
    """（数据截至2025年12月31日，距区政府为2022年12月31日；来源：…）: the newest day, then what is of another one."""
    if not used:
        return ""
    newest = max(row.on for row in used)
    others = [f"{row.name}为{_cn(row.on)}" for row in used if row.on != newest]
    sources = "、".join(dict.fromkeys(row.source for row in used))
    return f"（数据{'，'.join([f'截至{_cn(newest)}', *others])}；来源：{sources}）"


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _from_tree(area: Area, on: date) -> dict[str, str]:
    """What the tree itself tells of that day: name, the area above, how many communities and grids."""
    words = {"名称": area.name}
    if area.parent_id:
        words["上级"] = area.parent.name
    counts: dict[str, int] = defaultdict(int)
    below = Area.objects.valid(on).filter(ancestors__contains=[area.pk], kind__in=("community", "grid"))
    for kind in below.values_list("kind", flat=True)[:20000]:
        counts[kind] += 1
    if counts[AreaKind.COMMUNITY]:
        words["社区数"] = str(counts[AreaKind.COMMUNITY])
    if counts[AreaKind.GRID]:
        words["网格数"] = str(counts[AreaKind.GRID])
    return words
