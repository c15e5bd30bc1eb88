"""Rules as YAML: read the way offices write it – no octal codes, no clock times turned into numbers, and
`off`, `no`, `yes` stay the words they are."""

import re

import yaml

_C = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$")
_FLAG = re.compile(r"^(?:true|false)$")
_NOTHING = re.compile(r"^(?:~|null|)$")


class PlainLoader(_C):
    """Whole numbers, decimals, true, false and null are read as such; all else is text, dates too."""

    yaml_implicit_resolvers: dict = {}


for tag, pattern, first in (
    ("bool", _FLAG, "tf"),
    ("int", _INTEGER, "-+0123456789"),
    ("float", _FLOAT, "-+0123456789"),
    ("null", _NOTHING, ["~", "n", ""]),
    ("merge", re.compile(r"^<<$"), "<"),
):
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))


class PlainDumper(yaml.SafeDumper):
    """Block style; small rows that fit a line are written in one, as in the shipped rules."""

    WIDTH = 110

    def ignore_aliases(self, data):
        return True

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def _row(dumper, data):
    node = yaml.SafeDumper.represent_dict(dumper, data.items())
    node.flow_style = bool(data) and _is_small(data)
    return node


def _list(dumper, data):
    node = yaml.SafeDumper.represent_list(dumper, data)
    node.flow_style = all(_is_scalar(item) for item in data) and _length(data) < 90
    return node


def _is_scalar(value) -> bool:
    return not isinstance(value, dict | list)


def _is_small(data: dict) -> bool:
    plain = all(
        _is_scalar(value) or (isinstance(value, list) and all(map(_is_scalar, value)))
        for value in data.values()
    )
    return plain and _length(data) < 100


def _length(value) -> int:
    return sum(2 if ord(letter) > 255 else 1 for letter in str(value))


PlainDumper.add_representer(dict, _row)
PlainDumper.add_representer(list, _list)


def read(text: str):
    """The content of trusted text (a shipped rule)."""
    return yaml.load(text, Loader=PlainLoader)


def write(data) -> str:
    return yaml.dump(data, Dumper=PlainDumper, allow_unicode=True, sort_keys=False, width=PlainDumper.WIDTH)
