"""A paper as JSON and back: what is kept of an issued document."""

import json
from dataclasses import fields, is_dataclass

from huiyin.papers import blocks

_TYPES = {name: kind for name, kind in vars(blocks).items() if isinstance(kind, type) and is_dataclass(kind)}
VERSION = 1


def dump(paper: blocks.Paper) -> str:
    """JSON text; the same paper gives the same text."""
    body = {"version": VERSION, **_plain(paper)}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> blocks.Paper:
    """The paper that `dump` wrote. Raises ValueError for another version or an unknown block."""
    body = json.loads(text)
    if body.pop("version", None) != VERSION:
        raise ValueError("这份文书是用另一种格式存的，这个版本读不了")
    return _made(body)


def _plain(value):
    if is_dataclass(value):
        default = {field.name: field.default for field in fields(value)}
        rows = {name: getattr(value, name) for name in default}
        kept = {name: _plain(row) for name, row in rows.items() if row != default[name]}
        return {"is": type(value).__name__, **kept}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _made(value):
    if isinstance(value, list):
        return tuple(_made(item) for item in value)
    if isinstance(value, dict):
        kind = _TYPES.get(value.get("is"))
        if kind is None:
            raise ValueError(f"不认识的版块：{value.get('is')}")
        return kind(**{name: _made(item) for name, item in value.items() if name != "is"})
    return value


def without_identity(paper: blocks.Paper) -> blocks.Paper:
    """The copy for those who need not know who it is: every span that names a person is masked."""
    return _hidden(paper)


def _hidden(value):
    if isinstance(value, blocks.Span):
        return value.without_identity() if value.identity else value
    if isinstance(value, blocks.Code) and value.is_personal:
        return blocks.Paragraph("（此处为本人查询用的二维码）", indent=0, size_pt=10.5)
    if isinstance(value, tuple):
        return tuple(_hidden(item) for item in value)
    if is_dataclass(value):
        return type(value)(**{field.name: _hidden(getattr(value, field.name)) for field in fields(value)})
    return value


def names_a_person(paper: blocks.Paper) -> bool:
    """Does anything in it name a person?"""
    return any(span.identity and span.text for span in all_spans(paper))


def all_spans(value):
    """Every span of a paper, in reading order."""
    if isinstance(value, blocks.Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from all_spans(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from all_spans(getattr(value, field.name))


def plain_text(paper: blocks.Paper) -> str:
    """All words of the paper, in reading order, for counting and searching. Headings are without their numbers."""
    head, imprint = paper.head or blocks.Head(), paper.imprint or blocks.Imprint()
    found = [head.mark, head.number, head.signer, *_words(paper.blocks)]
    found += [imprint.copies_to, imprint.printed_by, imprint.printed_on]
    return "\n".join(filter(None, found))


def _words(value):
    if isinstance(value, blocks.Span):
        yield value.text
    elif isinstance(value, tuple):
        for item in value:
            yield from _words(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _words(getattr(value, field.name))
        if isinstance(value, blocks.Signature):
            yield value.day
        elif isinstance(value, blocks.AttachmentNote):
            yield from value.names
