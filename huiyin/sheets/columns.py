"""What a sheet consists of, and how one cell of each kind is understood."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PHONE = re.compile(r"[0-9+][0-9 +()（）-]{3,28}[0-9)）]")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
BETWEEN = re.compile(r"[、,，;；\n]+")
YES_NO = {"是": True, "否": False}


class Wrong(ValueError):
    """A cell that cannot be understood: `args` are what is wrong and what to do."""


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, date, integer, number, choice, code, phone or list.

    `choices` maps what people pick to what the program gets (a dict, or a function that makes it, for choices
    that depend on the office); `most` is the longest text, for numbers the largest value.
    """

    key: str
    heading: str
    kind: str = "text"
    required: bool = False
    choices: dict | Callable[[], dict] = field(default_factory=dict)
    help: str = ""
    example: object = ""
    most: int = 200
    least: int | float | None = None
    width: int = 0

    def options(self) -> dict:
        return self.choices() if callable(self.choices) else self.choices

    def read(self, cell):
        """The value of a non-empty cell as the spreadsheet gave it; raises Wrong."""
        return READERS[self.kind](self, cell)

    @property
    def shown_help(self) -> str:
        """The help with what is demanded of every cell of this kind."""
        words = ["必填" if self.required else "可不填", self.help, KIND_HELP[self.kind]]
        return "；".join(filter(None, words))


@dataclass(frozen=True)
class Sheet:
    """A table to fill in: its name, what it is for, and its columns from left to right."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


KIND_HELP = {
    "text": "",
    "date": "日期写成 2026-11-22",
    "integer": "整数",
    "number": "数字",
    "choice": "从下拉列表里选",
    "code": "字母、数字，不带空格",
    "phone": "电话号码",
    "list": "几项之间用顿号隔开",
}


def plain(cell) -> str:
    """The text of a cell: numbers without a tail of zeros, days as 2026-11-22, no control characters."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date() if not (cell.hour or cell.minute) else cell.isoformat(" ", "minutes")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", str(cell)).replace("\u3000", " ").strip()


def _text(column: Column, cell) -> str:
    text = plain(cell)
    if text.startswith("#") and text.rstrip("!?").isupper() and text[-1] in "!?":
        raise Wrong(f"这一格是公式算错的结果 {text}", "改成直接写内容")
    if len(text) > column.most:
        raise Wrong(f"太长，有 {len(text)} 个字", f"缩到 {column.most} 个字以内")
    return text


def _code(column: Column, cell) -> str:
    text = plain(cell)
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text) or isinstance(cell, float) and cell >= 1e15:
        raise Wrong("代码被表格改成了科学计数，后几位已经丢了", "把这一列设成“文本”格式，重新填完整的代码")
    if not CODE.fullmatch(text):
        raise Wrong(f"“{text[:30]}”不像代码", "只用字母、数字和 - _ .，不带空格和汉字")
    if len(text) > column.most:
        raise Wrong(f"代码太长，有 {len(text)} 位", f"不超过 {column.most} 位")
    return text


def _phone(column: Column, cell) -> str:
    text = plain(cell)
    if not PHONE.fullmatch(text):
        raise Wrong(f"“{text[:30]}”不像电话号码", "只写一个号码，如 0000-600 0119；几个号码只留一个")
    return text


def _date(column: Column, cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell)
    hit = DAY.fullmatch(text)
    try:
        year, month, day = (int(part) for part in hit.groups() if part) if hit else (0, 0, 0)
        found = date(year, month, day)
    except ValueError:
        raise Wrong(f"“{text[:30]}”不是日期", "写成 2026-11-22 这样") from None
    if not 1900 <= found.year <= 2200:
        raise Wrong(f"{found} 这个年份不对", "写成 2026-11-22 这样")
    return found


def _number(column: Column, cell) -> float:
    try:
        found = float(plain(cell).replace(",", "").replace("，", ""))
    except ValueError:
        raise Wrong(f"“{plain(cell)[:30]}”不是数", "只写数字，不带单位") from None
    if not abs(found) < 1e12:
        raise Wrong("数太大了", "核对后重填")
    least = column.least
    if least is not None and found < least:
        raise Wrong(f"{found:g} 太小", f"不小于 {least:g}")
    if column.most != 200 and found > column.most:
        raise Wrong(f"{found:g} 太大", f"不大于 {column.most:g}")
    return found


def _integer(column: Column, cell) -> int:
    found = _number(column, cell)
    if not found.is_integer():
        raise Wrong(f"“{found:g}”不是整数", "写整数")
    return int(found)


def _choice(column: Column, cell):
    text = plain(cell)
    options = column.options()
    if text in options:
        return options[text]
    some = "、".join(list(options)[:12]) + ("……" if len(options) > 12 else "")
    raise Wrong(f"没有“{text[:30]}”这个选项", f"从列表里选：{some}")


def _list(column: Column, cell) -> list[str]:
    return [part.strip() for part in BETWEEN.split(_text(column, cell)) if part.strip()]


READERS = {
    "text": _text,
    "code": _code,
    "phone": _phone,
    "date": _date,
    "number": _number,
    "integer": _integer,
    "choice": _choice,
    "list": _list,
}
