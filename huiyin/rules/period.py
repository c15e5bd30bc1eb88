"""The period that a list or a sum is about: a day, week, month, quarter, year, or from one day to another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from huiyin.base.refusal import Refusal
from huiyin.rules import clock
from huiyin.rules.calendar import midnight

KINDS = {"day": "日", "week": "周", "month": "月", "quarter": "季", "year": "年"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """First and last day, both counted in. `kind` is '' for one from day to day."""

    kind: str
    first: date
    last: date

    @classmethod
    def read(cls, data, default: str = "month") -> "Period":
        """From ?period=week&on=2026-11-22 or ?since=…&until=…. Raises Refusal 400."""
        try:
            since, until, on = (_day(data.get(name, "")) for name in ("since", "until", "on"))
        except ValueError as error:
            raise Refusal("日期要写成 2026-11-22。", status=400) from error
        if since or until:
            last = until or clock.today()
            if (since or last) > last:
                raise Refusal("起日不能晚于止日，请改一下日期。", status=400)
            return cls("", since or last, last)
        kind = data.get("period", "")
        return cls.around(kind if kind in KINDS else default, on or clock.today())

    @classmethod
    def around(cls, kind: str, on: date) -> "Period":
        """The day, week (from Monday), month, quarter or year that `on` lies in."""
        if kind == "day":
            return cls(kind, on, on)
        if kind == "week":
            first = on - timedelta(days=on.weekday())
            return cls(kind, first, first + timedelta(days=6))
        months = {"month": 1, "quarter": 3, "year": 12}[kind]
        first = date(on.year, (on.month - 1) // months * months + 1, 1)
        after = (first.replace(day=1) + timedelta(days=31 * months)).replace(day=1)
        return cls(kind, first, after - DAY)

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return midnight(self.last + DAY)

    @property
    def name(self) -> str:
        if self.kind == "day":
            return f"{self.first.year}年{self.first.month}月{self.first.day}日"
        if self.kind == "month":
            return f"{self.first.year}年{self.first.month}月"
        if self.kind == "quarter":
            return f"{self.first.year}年第{(self.first.month + 2) // 3}季度"
        if self.kind == "year":
            return f"{self.first.year}年"
        year = f"{self.last.year}年" if self.first.year != self.last.year else ""
        end = f"{year}{self.last.month}月{self.last.day}日"
        return f"{self.first.year}年{self.first.month}月{self.first.day}日—{end}"

    @property
    def query(self) -> str:
        """Always as days, so that a link means the same tomorrow."""
        return urlencode({"since": self.first, "until": self.last})

    @property
    def before(self) -> str:
        return self._beside(self.first - DAY)

    @property
    def after(self) -> str:
        return self._beside(self.last + DAY)

    def _beside(self, on: date) -> str:
        return urlencode({"period": self.kind, "on": on}) if self.kind else ""

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        """(query, label, is this one) for the choice of the length."""
        on = min(max(clock.today(), self.first), self.last)
        return [
            (urlencode({"period": kind, "on": on}), name, kind == self.kind) for kind, name in KINDS.items()
        ]

    def holds(self, field: str) -> dict:
        """Filter of a column of moments."""
        return {f"{field}__gte": self.start, f"{field}__lt": self.end}

    def holds_days(self, field: str) -> dict:
        """Filter of a column of days."""
        return {f"{field}__gte": self.first, f"{field}__lte": self.last}


def _day(text: str) -> date | None:
    found = date.fromisoformat(text) if text else None
    if found and not 1900 <= found.year <= 2200:
        raise ValueError(text)
    return found
