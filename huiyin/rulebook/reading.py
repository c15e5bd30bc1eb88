"""An office's YAML: read with the place of every value, so that whatever is wrong is named by line and column."""

from dataclasses import dataclass, field
from datetime import date

import yaml

from huiyin.rules.plain_yaml import PlainLoader

MOST_CHARACTERS = 600_000
MOST_DEPTH = 14
MOST_NODES = 60_000
ENVELOPE = ("name", "version", "valid_from", "source", "content")

# What the parser says, and what to do about it.
SAID = (
    ("mapping values are not allowed", "这里不该再有冒号：多半是上一行没写完、缩进不齐，或文字里带“: ”而没加引号"),
    ("cannot start any token", "这里有不能用的字符（常见的是 Tab、@、%、反引号）：缩进请用空格，文字请加引号"),
    ("could not find expected ':'", "这一行少了冒号（要用英文冒号，后面空一格）"),
    ("did not find expected key", "缩进和上面的对不齐，或上面的引号、括号没有配对"),
    ("did not find expected '-' indicator", "这里应是“- ”开头的一行，或缩进和上面的对不齐"),
    ("block sequence entries are not allowed", "这里不能用“- ”开头：上一行的冒号后面要换行，缩进要对齐"),
    ("expected ',' or ']'", "方括号没有配对，或两项之间少了逗号"),
    ("expected ',' or '}'", "花括号没有配对，或两项之间少了逗号"),
    ("unexpected end of stream", "到文件末尾引号还没有配对"),
    ("unexpected document", "文件里出现了分隔线 --- 或 ...，引号没有配对，或一个文件写了两份"),
    ("control characters", "文件里有控制字符，请用纯文本编辑器另存为 UTF-8"),
    ("unknown escape", "双引号里的反斜线看不懂，请改用单引号"),
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `path` leads to the value; line and column count from 1, 0 is unknown."""

    message: str
    path: tuple = ()
    line: int = 0
    column: int = 0
    is_warning: bool = False

    @property
    def place(self) -> str:
        return f"第 {self.line} 行第 {self.column} 列" if self.line else ""


def warning(message: str, path: tuple = ()) -> Problem:
    """Worth a look, but no reason to hold the rule back."""
    return Problem(message, path, is_warning=True)


class Unreadable(Exception):
    """The text is no YAML, or no rule; carries its problems."""

    def __init__(self, *problems: Problem):
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = list(problems)


@dataclass
class Sheet:
    """A rule as it was written: its content and where each value stands."""

    content: object
    valid_from: date | None = None
    source: str = ""
    places: dict[tuple, tuple[int, int]] = field(default_factory=dict)

    def locate(self, problem: Problem) -> Problem:
        """The same problem with the line of its value, or of the nearest one around it."""
        path = problem.path
        while path not in self.places and path:
            path = path[:-1]
        line, column = self.places.get(path, (0, 0))
        return Problem(problem.message, problem.path, line, column, problem.is_warning)


def read(text: str, name: str) -> Sheet:
    """`text` as a rule called `name`: the whole sheet (name, valid_from, source, content) or the content alone.

    Raises Unreadable. Anchors are refused: a short text could unfold into a giant one.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(Problem(f"太长了：{len(text)} 字，最多 {MOST_CHARACTERS} 字"))
    data, places = _parse(text.lstrip("\ufeff"))
    if not isinstance(data, dict):
        raise Unreadable(Problem("最外面应是“键: 值”，例如 content: 下面写规则", (), 1, 1))
    if "content" not in data:
        return Sheet(data, places={path: place for path, place in places.items()})
    sheet = Sheet(data["content"], source=str(data.get("source") or "").strip())
    sheet.places = {path[1:]: place for path, place in places.items() if path[:1] == ("content",)}
    problems = [
        Problem(f"不认识“{key}”，最外面只有 {'、'.join(ENVELOPE)}", (key,), *places[(key,)])
        for key in data
        if key not in ENVELOPE
    ]
    if data.get("name") not in (None, name):
        problems.append(
            Problem(f"这份文件写的是“{data['name']}”，这里要的是“{name}”", ("name",), *places[("name",)])
        )
    if data.get("valid_from") is not None:
        try:
            sheet.valid_from = date.fromisoformat(str(data["valid_from"]))
        except ValueError:
            problems.append(
                Problem("生效日要写成 2026-12-01 的样子", ("valid_from",), *places[("valid_from",)])
            )
    if problems:
        raise Unreadable(*problems)
    return sheet


def _parse(text: str):
    try:
        loader = PlainLoader(text)
    except yaml.YAMLError as error:
        raise Unreadable(_said(error, text)) from error
    try:
        root = loader.get_single_node()
        if root is None:
            raise Unreadable(Problem("文件是空的", (), 1, 1))
        places: dict = {}
        problems: list[Problem] = []
        _walk(root, (), places, problems, set())
        if problems:
            raise Unreadable(*problems[:20])
        return _plain(loader.construct_document(root)), places
    except yaml.YAMLError as error:
        raise Unreadable(_said(error, text)) from error
    except RecursionError as error:
        raise Unreadable(Problem("层次太深，看不懂")) from error
    finally:
        loader.dispose()


def _walk(node, path: tuple, places: dict, problems: list, seen: set):
    """Note where each value stands; find keys written twice, anchors, foreign tags and giants."""
    at = (node.start_mark.line + 1, node.start_mark.column + 1)
    if id(node) in seen:
        problems.append(Problem("不能用 & 和 * 来引用，请把内容写全", path, *at))
        return
    seen.add(id(node))
    if len(seen) > MOST_NODES or len(path) > MOST_DEPTH:
        raise Unreadable(Problem("内容太多或层次太深", path, *at))
    places.setdefault(path, at)
    if node.tag.startswith("!") or node.tag.startswith("tag:yaml.org,2002:python"):
        problems.append(Problem(f"不能用标签 {node.tag}", path, *at))
    elif isinstance(node, yaml.ScalarNode) and "\x00" in node.value:
        problems.append(Problem("这里有不能存的空字符", path, *at))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*path, number), places, problems, seen)
    elif isinstance(node, yaml.MappingNode):
        known = set()
        for key, value in node.value:
            mark = (key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith(":merge"):
                problems.append(Problem("键只能是一个词", path, *mark))
                continue
            if key.value in known:
                problems.append(Problem(f"“{key.value}”在同一处写了两次", path, *mark))
            known.add(key.value)
            places[(*path, key.value)] = mark
            _walk(value, (*path, key.value), places, problems, seen)


def _plain(data):
    """Keys as text, as they will be stored."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    return [_plain(item) for item in data] if isinstance(data, list) else data


def _said(error, text: str) -> Problem:
    """The parser's complaint in Chinese, with what is most likely the cause."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    if isinstance(error, yaml.reader.ReaderError):
        return Problem("文件里有看不懂的字符，请用纯文本编辑器另存为 UTF-8")
    problem = str(getattr(error, "problem", "") or error)
    words = next((chinese for english, chinese in SAID if english in problem), f"看不懂这里（{problem}）")
    lines = text.split("\n")
    for number in (line, line - 1):
        row = lines[number - 1] if 0 < number <= len(lines) else ""
        if "：" in row and ":" not in row.split("#")[0]:
            return Problem("这一行用了中文冒号“：”，要用英文冒号加一个空格", (), number, row.index("：") + 1)
        if row.startswith("\t") or "\t" in row[: len(row) - len(row.lstrip())]:
            return Problem("缩进用了 Tab，请换成空格", (), number, row.index("\t") + 1)
    return Problem(words, (), line, column)
