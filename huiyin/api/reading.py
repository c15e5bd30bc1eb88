"""Reading requests: JSON in, with clear Chinese errors for what no field could hold."""

import json
import math

from ninja.parser import Parser

from huiyin.base.refusal import Refusal

MOST_CHARACTERS = 100_000
MOST_NUMBER = 2**53


class PlainParser(Parser):
    """JSON whose texts can be stored: no null characters, no half characters, no endless numbers."""

    def parse_body(self, request):
        return parse(request.body)


def parse(raw: bytes):
    """The value in `raw`. Raises Refusal 400 that names the field."""
    try:
        data = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refusal("内容不是 UTF-8 编码，请按 UTF-8 发送 JSON。", status=400) from error
    except (ValueError, RecursionError) as error:
        where = f"（第 {error.lineno} 行附近）" if isinstance(error, json.JSONDecodeError) else ""
        raise Refusal(f"内容不是正确的 JSON{where}，请检查括号和引号。", status=400) from error
    _check(data, "")
    return data


def parse_object(raw: bytes) -> dict:
    """A JSON object; nothing at all counts as an empty one."""
    data = parse(raw) if raw.strip() else {}
    if not isinstance(data, dict):
        raise Refusal("内容要是一个 JSON 对象，如 {}。", status=400)
    return data


def _check(value, path: str):
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, (int, float)) and not (math.isfinite(value) and abs(value) <= MOST_NUMBER):
        _refuse(path, "数字超出范围")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, f"{path}.{index}" if path else str(index))
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key, path or "字段名")
            _check(item, f"{path}.{key}" if path else key)


def _check_text(text: str, path: str):
    if "\x00" in text:
        _refuse(path, "有看不见的空字符，请删掉")
    if any("\ud800" <= character <= "\udfff" for character in text):
        _refuse(path, "有残缺的字符，请重新输入")
    if len(text) > MOST_CHARACTERS:
        _refuse(path, "太长了，最多十万字")


def _refuse(path: str, wrong: str):
    path = path[:80].encode("utf-8", "replace").decode().replace("\x00", "")
    raise Refusal(f"“{path}”{wrong}。", status=400, errors={path: wrong})
