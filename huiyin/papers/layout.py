"""A paper as the typesetter takes it: numbered headings, broken titles, pictures as files, no markup anywhere."""

import base64
import io
from dataclasses import asdict, dataclass, field, is_dataclass, replace

import segno
from PIL import Image

from huiyin.base.refusal import Refusal
from huiyin.papers import blocks, fonts
from huiyin.papers.text import MISSING, balanced, breakable, heading_label

MOST_PIXELS = 40_000_000
SHORT = 170  # characters: six lines
KINDS = {"PNG": "png", "JPEG": "jpg"}


class Numbering:
    """Counts headings of four levels; a heading starts the count below it anew."""

    def __init__(self):
        self.counts = [0] * 5

    def label(self, heading: blocks.Heading) -> str:
        self.counts[heading.level] += 1
        self.counts[heading.level + 1 :] = [0] * (4 - heading.level)
        if heading.number is not None:
            return heading.number
        return heading_label(heading.level, self.counts[heading.level])


def title_lines(block: blocks.Title, page: blocks.Page) -> list[list[blocks.Span]]:
    """The lines of a title. One of mixed spans is left to the renderer, as one line."""
    if len(block.words) > 1:
        return [list(block.words)]
    width_pt = page.text_width_mm / 25.4 * 72
    span = block.words[0]
    most = max(4, int(width_pt / block.size_pt) - 2)
    return [[blocks.Span(**{**span.__dict__, "text": line})] for line in balanced(span.text, most)]


def kept_together(items) -> list[blocks.Block]:
    """A short last paragraph goes with the signature, so that no page carries a signature alone."""
    items = list(items)
    for number, item in enumerate(items[1:]):
        last = items[number]
        if signs(item) and isinstance(last, blocks.Paragraph):
            is_short = sum(len(span.text) for span in last.words) <= SHORT
            items[number] = replace(last, keep_with_next=is_short)
    return items


def signs(item) -> bool:
    """Is it a signature, or columns with one?"""
    if isinstance(item, blocks.Columns):
        return any(signs(inner) for part in item.parts for inner in part)
    return isinstance(item, blocks.Signature)


@dataclass
class Sheet:
    """What goes to the typesetter: `data` as JSON, `files` name → bytes."""

    data: dict = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def sheet_of(paper: blocks.Paper) -> Sheet:
    """Raises Refusal for a picture that cannot be read or is too large."""
    sheet = Sheet()
    maker = _Maker(sheet, paper)
    sheet.data = {
        "title": paper.title,
        "author": paper.author,
        "day": [int(part) for part in paper.day.split("-")],
        "note": fonts.substitution_note(),
        "page": asdict(paper.page),
        "faces": {face: asdict(choice) for face, choice in fonts.chosen().items()},
        "head": maker.head(paper.head),
        "imprint": asdict(paper.imprint) if paper.imprint else None,
        "blocks": [maker.block(item) for item in kept_together(paper.blocks)],
    }
    return sheet


class _Maker:
    def __init__(self, sheet: Sheet, paper: blocks.Paper):
        self.sheet, self.paper, self.numbering = sheet, paper, Numbering()
        self.missing = set(fonts.without_type("".join(_texts(paper))))

    def text(self, words: str) -> str:
        if self.missing:
            words = "".join(MISSING if char in self.missing else char for char in words)
        return breakable(words)

    def span(self, span: blocks.Span) -> dict:
        row = {name: value for name, value in asdict(span).items() if value and name != "identity"}
        return {**row, "text": self.text(span.text)}

    def spans(self, words) -> list[dict]:
        return [self.span(span) for span in words]

    def head(self, head: blocks.Head | None) -> dict | None:
        if head is None:
            return None
        return {name: self.text(value) for name, value in asdict(head).items()}

    def block(self, item: blocks.Block) -> dict:
        kind = type(item).__name__
        row = {"is": kind}
        for name, value in vars(item).items():
            row[name] = self.value(value)
        if isinstance(item, blocks.Title):
            row["lines"] = [self.spans(line) for line in title_lines(item, self.paper.page)]
        elif isinstance(item, blocks.Heading):
            row["number"] = self.numbering.label(item)
        elif isinstance(item, blocks.Picture):
            row["file"] = self.file(picture_of(item))
            del row["data"]
        elif isinstance(item, blocks.Code):
            row["file"] = self.file(("svg", _code(item.address)))
        return row

    def value(self, value):
        if isinstance(value, blocks.Span):
            return self.span(value)
        if isinstance(value, blocks.Block):
            return self.block(value)
        if is_dataclass(value):
            return {name: self.value(inner) for name, inner in vars(value).items()}
        if isinstance(value, tuple):
            return [self.value(inner) for inner in value]
        return self.text(value) if isinstance(value, str) else value

    def file(self, found: tuple[str, bytes]) -> str:
        kind, content = found
        name = f"f{len(self.sheet.files)}.{kind}"
        self.sheet.files[name] = content
        return name


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, blocks.Picture):
        yield from _texts(value.caption)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        yield from _texts(list(vars(value).values()))


def picture_of(item: blocks.Picture) -> tuple[str, bytes]:
    """(extension, bytes) after a look that it is what it says."""
    try:
        content = base64.b64decode(item.data, validate=True)
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refusal("图片太大，请缩到 4000 万像素以内再放进文书。", status=400)
            kind = KINDS.get(image.format or "")
            image.verify()
    except (ValueError, OSError, SyntaxError) as error:
        raise Refusal("有一张图片读不了，请换一张 PNG 或 JPEG。", status=400) from error
    if kind is None:
        raise Refusal("文书里只放 PNG 或 JPEG 图片。", status=400)
    return kind, content


def _code(address: str, scale: int = 8) -> bytes:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=scale, border=2, svgns=True)
    return drawn.getvalue()


def code_png(address: str) -> bytes:
    """The same code as PNG, for formats that draw no SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=12, border=2)
    return drawn.getvalue()
