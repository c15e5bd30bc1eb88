"""Sums over an incident: what came in and went out, who was hit, what was cleared; and what is still missing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Sum, When

from huiyin.cases import record
from huiyin.incidents.models import Flow


def standing(rows):
    """Rows that were not taken back, without the rows that take back."""
    return rows.filter(takes_back=None, taken_back_by=None)


def left(case, item: str, unit: str) -> Decimal:
    """How much of one item is still there."""
    rows = standing(case.relief.filter(item=item, unit=unit))
    signed = Case(When(flow=Flow.IN, then=F("quantity")), default=-F("quantity"))
    return rows.aggregate(left=Sum(signed))["left"] or Decimal(0)


@dataclass
class Item:
    """One item of relief: all that came in, went out, is left."""

    name: str
    unit: str
    came: Decimal = Decimal(0)
    went: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        return self.came - self.went


@dataclass
class Sums:
    items: list[Item]
    households: int
    persons: int
    loss: Decimal
    helped: int
    clean_ups: list[tuple] = field(default_factory=list)


def sums(case) -> Sums:
    """Every figure of the incident's page, from the rows that stand. Four queries."""
    book: dict[tuple, Item] = {}
    rows = standing(case.relief).order_by().values_list("item", "unit", "flow").annotate(Sum("quantity"))
    for name, unit, flow, quantity in rows:
        item = book.setdefault((name, unit), Item(name, unit))
        if flow == Flow.IN:
            item.came = quantity
        else:
            item.went = quantity
    hit = list(standing(case.damages).values_list("party_id", "persons", "amount"))
    people: dict = defaultdict(int)
    for party, persons, _ in hit:
        people[party] = max(people[party], persons)
    given = standing(case.relief.filter(flow=Flow.OUT, damage__isnull=False)).values_list(
        "damage__party_id", flat=True
    )
    done = case.clean_ups.order_by("what", "unit").values_list("what", "unit").annotate(Sum("quantity"))
    return Sums(
        items=[book[key] for key in sorted(book)],
        households=len(people),
        persons=sum(people.values()),
        loss=sum((amount for _, _, amount in hit if amount), Decimal(0)),
        helped=len(set(given)),
        clean_ups=list(done[:50]),
    )


def normal_since(case) -> date | None:
    """The day of 恢复正常 in this round."""
    found = _last(case, "back_to_normal")
    return date.fromisoformat(found.data["normal_on"]) if found else None


def _last(case, verb: str):
    rows = [row for row in record.rows(case, "events") if row.verb == verb and row.round == case.round]
    return max(rows, key=lambda row: row.seq, default=None)


def unreported(case) -> str:
    return "" if _last(case, "report_incident") else "还没有初报（事件报告）"


def not_normal(case) -> str:
    return "" if normal_since(case) else "还没有记“恢复正常”"


def not_summarised(case) -> str:
    return "" if _last(case, "summarise") else "还没有总结"


def unsaid(case) -> str:
    """A rumour is answered in public before the matter closes."""
    if case.particulars.get("sort") != "rumour":
        return ""
    return "" if _last(case, "release_statement") else "谣言还没有公开澄清（发布口径）"
