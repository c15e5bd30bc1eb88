"""What a rule must look like, said in Python and checked in Chinese; each problem knows the path of its value."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time

from huiyin.rulebook.reading import Problem


class Shape:
    """`check(value, path)` yields a Problem for whatever does not fit."""

    def check(self, value, path: tuple = ()) -> Iterator[Problem]:
        raise NotImplementedError


@dataclass
class Text(Shape):
    """A piece of text; `one_of` {value: Chinese}; `like` (pattern, what it should look like)."""

    one_of: dict | None = None
    most: int = 2000
    like: tuple[str, str] | None = None
    may_be_number: bool = False
    may_be_empty: bool = False

    def check(self, value, path=()):
        if self.may_be_number and isinstance(value, int | float) and not isinstance(value, bool):
            return
        if not isinstance(value, str):
            hint = "，数字请加引号" if isinstance(value, int | float) else ""
            yield Problem(f"这里要写文字{hint}", path)
        elif not value.strip() and not self.may_be_empty:
            yield Problem("这里不能空着", path)
        elif len(value) > self.most:
            yield Problem(f"太长了，最多 {self.most} 字", path)
        elif self.one_of is not None and value not in self.one_of:
            names = "、".join(
                f"{key}（{name}）" if name else key for key, name in list(self.one_of.items())[:30]
            )
            yield Problem(f"没有“{value}”，可以写：{names}", path)
        elif self.like and not re.fullmatch(self.like[0], value):
            yield Problem(f"“{value}”要写成{self.like[1]}", path)


@dataclass
class Number(Shape):
    least: float = 0
    most: float = 1_000_000
    whole: bool = True

    def check(self, value, path=()):
        kinds = int if self.whole else int | float
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield Problem(f"这里要写{'整数' if self.whole else '数字'}", path)
        elif not self.least <= value <= self.most:
            yield Problem(f"{value:g} 要在 {self.least:g} 和 {self.most:g} 之间", path)


@dataclass
class Flag(Shape):
    def check(self, value, path=()):
        if not isinstance(value, bool):
            yield Problem("这里只写 true（是）或 false（否）", path)


@dataclass
class Day(Shape):
    def check(self, value, path=()):
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            yield Problem(f"“{value}”要写成 2026-12-01 的样子", path)


@dataclass
class Clock(Shape):
    def check(self, value, path=()):
        try:
            if value != "24:00":
                time.fromisoformat(value)
        except (TypeError, ValueError):
            yield Problem(f"“{value}”要写成 08:30 的样子", path)


@dataclass
class Rows(Shape):
    """A list; `key` names the entry that must not repeat."""

    of: Shape
    least: int = 0
    most: int = 5000
    key: str = ""

    def check(self, value, path=()):
        if not isinstance(value, list):
            yield Problem("这里要写一列：每行“- ”开头，或用方括号", path)
            return
        if not self.least <= len(value) <= self.most:
            yield Problem(f"这里要有 {self.least} 到 {self.most} 项，现在 {len(value)} 项", path)
        seen: dict = {}
        for number, item in enumerate(value):
            yield from self.of.check(item, (*path, number))
            if self.key and isinstance(item, dict):
                name = str(item.get(self.key))
                if self.key in item and name in seen:
                    yield Problem(f"“{name}”重复了，第 {seen[name] + 1} 项已经有", (*path, number, self.key))
                seen.setdefault(name, number)


@dataclass
class OneOrMore(Shape):
    """A single value or a list of them."""

    of: Shape

    def check(self, value, path=()):
        yield from (Rows(self.of, least=1) if isinstance(value, list) else self.of).check(value, path)


@dataclass
class Table(Shape):
    """Known entries: `needs` must be there, `may` may be."""

    needs: dict[str, Shape] = field(default_factory=dict)
    may: dict[str, Shape] = field(default_factory=dict)
    what: str = "这里"

    def check(self, value, path=()):
        if not isinstance(value, dict):
            yield Problem(f"{self.what}要写“键: 值”", path)
            return
        known = {**self.needs, **self.may}
        for key in value:
            if key not in known:
                yield Problem(f"不认识“{key}”，可以写：{'、'.join(known)}", (*path, key))
        missing = [key for key in self.needs if key not in value]
        if missing:
            yield Problem(f"{self.what}缺 {'、'.join(missing)}", path)
        for key, shape in known.items():
            if key in value:
                yield from shape.check(value[key], (*path, key))


@dataclass
class Book(Shape):
    """Free keys, each with the same shape of value."""

    of: Shape
    key: Shape | None = None
    least: int = 0

    def check(self, value, path=()):
        if not isinstance(value, dict):
            yield Problem("这里要写“键: 值”", path)
            return
        if len(value) < self.least:
            yield Problem(f"这里至少要有 {self.least} 项", path)
        for key, item in value.items():
            if self.key:
                yield from self.key.check(key, (*path, key))
            yield from self.of.check(item, (*path, key))


def like(sample) -> Shape:
    """The shape of content that is known to work: same keys, same kinds of values. For rules without a checker."""
    return _like([sample])


def _like(samples: Iterable) -> Shape:
    samples = [sample for sample in samples if sample is not None]
    kinds = {type(sample) for sample in samples}
    if kinds == {dict}:
        if all(_is_book(sample) for sample in samples):
            return Book(_like(value for sample in samples for value in sample.values()))
        keys = list(dict.fromkeys(key for sample in samples for key in sample))
        shapes = {key: _like(sample[key] for sample in samples if key in sample) for key in keys}
        needed = {key for key in keys if all(key in sample for sample in samples)}
        return Table(
            {key: shapes[key] for key in keys if key in needed},
            {key: shapes[key] for key in keys if key not in needed},
        )
    if kinds == {list}:
        return Rows(_like(item for sample in samples for item in sample))
    if kinds == {bool}:
        return Flag()
    if kinds and kinds <= {int, float}:
        return Number(-1e12, 1e12, whole=False)
    if kinds == {str}:
        return Text(most=20000, may_be_empty=True)
    return Anything()


def _is_book(sample: dict) -> bool:
    """Are the keys names of things (free to add), rather than entries that the code asks for?"""
    values = list(sample.values())
    alike = len(values) > 1 and all(isinstance(value, dict) for value in values)
    return alike or (bool(sample) and not any(key.isascii() for key in sample))


class Anything(Shape):
    def check(self, value, path=()):
        return iter(())
