"""One limit as data, with its source, and the pack of all limits that an installation works under."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from huiyin.base.refusal import Refusal
from huiyin.rules.limit_flow import DAY_UNITS, UNITS

SOURCE_KINDS = ("法定", "国标", "地方", "示例")
_LISTS = ("applies", "met_by")


@dataclass(frozen=True)
class LimitRule:
    """`amount` `unit`s from the event `starts_with` until one of the events `met_by`.

    duty            what is owed (close, first_contact, …): of several rows for one duty the most specific counts
    subject         whose clock it is: case, assignment or notice (督办)
    applies         kinds of case; empty: every kind
    when            further traits that must fit, e.g. {"channel": ["phone"], "urgent": [True]}
    extend_max      most that ONE extension may add, in `unit`; extend_times: how many may be approved
    roll_to_workday a calendar-day limit that ends on a day of rest ends on the next working day
    is_window       a span in which someone may act (ask for review, rate); letting it pass is not late
    soon_share      share of the limit from which it is "soon"; or soon_amount, in `unit`, left
    """

    code: str
    name: str
    amount: float
    unit: str
    starts_with: str
    met_by: tuple[str, ...]
    source_kind: str
    source: str
    duty: str = ""
    subject: str = "case"
    law: str = ""
    article: str = ""
    applies: tuple[str, ...] = ()
    when: dict | None = None
    extend_max: float = 0
    extend_unit: str = ""
    extend_times: int = 0
    roll_to_workday: bool = False
    is_window: bool = False
    owed_by: str = "office"
    soon_share: float = 0.8
    soon_amount: float | None = None
    note: str = ""

    @property
    def cited(self) -> str:
        """《信访工作条例》第34条, or the kind of source where no article stands behind it."""
        return f"{self.law}{self.article}" or self.source_kind

    @property
    def length(self) -> str:
        return amount_words(self.amount, self.unit)

    def with_amount(self, amount: float, unit: str | None = None) -> "LimitRule":
        """The same duty with a length of its own (a category or an order from above may carry one).

        Where one extension may be as long as the limit itself, it follows the new length.
        """
        most = amount if self.extend_max == self.amount else self.extend_max
        return _checked(replace(self, amount=amount, unit=unit or self.unit, extend_max=most, extend_unit=""))

    def fits(self, kind: str, traits: dict) -> bool:
        if self.applies and kind not in self.applies:
            return False
        return all(traits.get(name) in wanted for name, wanted in (self.when or {}).items())

    @property
    def narrowness(self) -> int:
        return len(self.when or {}) * 2 + bool(self.applies)


def amount_words(amount: float, unit: str) -> str:
    return f"{amount:g}{UNITS[unit]}"


def read_rule(row: dict, events: Iterable[str] | None = None) -> LimitRule:
    """A row of rule content as LimitRule. Raises Refusal that names the row and what to mend."""
    code = str(row.get("code") or "（无代码）")
    known = {f.name for f in fields(LimitRule)}
    if unknown := sorted(set(row) - known):
        raise Refusal(f"时限 {code}：不认识的栏目 {'、'.join(unknown)}，请删去或改正拼写", status=400)
    needed = ("code", "name", "amount", "unit", "starts_with", "met_by", "source_kind", "source")
    if missing := [name for name in needed if row.get(name) in (None, "", [])]:
        raise Refusal(f"时限 {code}：缺 {'、'.join(missing)}，请补上", status=400)
    values = dict(row)
    for name in _LISTS:
        value = values.get(name) or ()
        values[name] = (value,) if isinstance(value, str) else tuple(value)
    values["when"] = {
        trait: wanted if isinstance(wanted, list) else [wanted]
        for trait, wanted in (row.get("when") or {}).items()
    }
    values.setdefault("duty", code)
    if values.get("source_kind") == "法定" and values["unit"] == "calendar_days":
        values.setdefault("roll_to_workday", True)
    rule = _checked(LimitRule(**values))
    if events is not None:
        for event in (rule.starts_with, *rule.met_by):
            if event not in events:
                raise Refusal(f"时限 {code}：事件 {event} 不在 events 表里，请先登记或改用已有的", status=400)
    return rule


def _checked(rule: LimitRule) -> LimitRule:
    wrong = ""
    if rule.unit not in UNITS:
        wrong = f"单位 {rule.unit} 不认识，可用 {'、'.join(UNITS)}"
    elif not isinstance(rule.amount, int | float) or rule.amount <= 0:
        wrong = f"数量 {rule.amount} 要大于 0"
    elif rule.unit in DAY_UNITS and rule.amount != int(rule.amount):
        wrong = f"按日计的数量 {rule.amount} 要是整数，不满一日请改用工作时或小时"
    elif rule.extend_unit and rule.extend_unit != rule.unit:
        wrong = f"延期单位 {rule.extend_unit} 要与时限单位 {rule.unit} 相同"
    elif bool(rule.extend_max) != bool(rule.extend_times):
        wrong = "extend_max 和 extend_times 要么都写，要么都不写"
    elif rule.source_kind not in SOURCE_KINDS:
        wrong = f"来源类别 {rule.source_kind} 不认识，可用 {'、'.join(SOURCE_KINDS)}"
    elif rule.source_kind == "法定" and not (rule.law and rule.article):
        wrong = "法定时限要写明 law 和 article，写不出条文的请标地方或示例"
    elif not 0 < rule.soon_share <= 1:
        wrong = f"soon_share {rule.soon_share} 要在 0 和 1 之间"
    if wrong:
        raise Refusal(f"时限 {rule.code}：{wrong}", status=400)
    return rule


class LimitPack:
    """All limits of one rule version. `content`: {events: {code: Chinese name}, limits: [rows]}."""

    def __init__(self, content: dict):
        self.events: dict[str, str] = dict(content.get("events") or {})
        self.rules: dict[str, LimitRule] = {}
        for row in content.get("limits") or ():
            rule = read_rule(row, self.events)
            if rule.code in self.rules:
                raise Refusal(f"时限 {rule.code} 出现了两次，请删去一行或改代码", status=400)
            self.rules[rule.code] = rule

    def __getitem__(self, code: str) -> LimitRule:
        return self.rules[code]

    def __iter__(self):
        return iter(self.rules.values())

    def starting(self, event: str, kind: str, subject: str = "case", **traits) -> tuple[LimitRule, ...]:
        """Limits that begin with the event, one for each duty: the row with the most matching conditions."""
        best: dict[str, LimitRule] = {}
        for rule in self:
            if rule.starts_with == event and rule.subject == subject and rule.fits(kind, traits):
                held = best.get(rule.duty)
                if held is None or rule.narrowness > held.narrowness:
                    best[rule.duty] = rule
        return tuple(best.values())
