"""The description of a paper that both renderers read: a head, blocks one after another, an imprint.

Text is data. It is cleaned once, here, and never becomes markup.
"""

from dataclasses import dataclass, field
from typing import Literal

from huiyin.papers.text import clean, masked

Face = Literal["fangsong", "xiaobiaosong", "heiti", "kaiti", "songti"]
Align = Literal["left", "center", "right", "justify"]
Identity = Literal["", "name", "phone", "id_number", "address", "code"]
RED = "d7000f"


@dataclass(frozen=True)
class Span:
    """A run of text. `identity` marks what names a person: copies without identity show it masked.

    `blank` > 0 is an underlined gap that many characters wide, to be filled in by hand.
    """

    text: str = ""
    face: Face | Literal[""] = ""
    size_pt: float = 0
    underline: bool = False
    blank: float = 0
    identity: Identity = ""
    color: str = ""

    def __post_init__(self):
        object.__setattr__(self, "text", clean(self.text))

    def without_identity(self) -> "Span":
        return Span(**{**self.__dict__, "text": masked(self.text, self.identity), "identity": ""})


Words = str | Span | tuple  # what a caller may write; blocks keep a tuple of Span


def spans(words: Words) -> tuple[Span, ...]:
    """Any of: text, a Span, a sequence of both – as a tuple of Spans."""
    if isinstance(words, Span):
        return (words,)
    if isinstance(words, str):
        return (Span(words),)
    return tuple(part if isinstance(part, Span) else Span(part) for part in words)


class Block:
    """Base of everything that stands below one another on a page."""

    WORDS = ("words",)

    def __post_init__(self):
        for name in self.WORDS:
            object.__setattr__(self, name, spans(getattr(self, name)))


@dataclass(frozen=True)
class Title(Block):
    """The title: centred, lines balanced. `size_pt` 22 is 2号."""

    words: Words
    size_pt: float = 22
    gap_before: float = 0  # in lines
    gap_after: float = 1


@dataclass(frozen=True)
class Number(Block):
    """A document number under the title, for papers without a head."""

    words: Words
    align: Align = "center"


@dataclass(frozen=True)
class Recipient(Block):
    """主送: flush left. The full-width colon is written by the caller."""

    words: Words


@dataclass(frozen=True)
class Heading(Block):
    """Level 1–4: 一、（一）1.（1）. Numbered in order, unless `number` says otherwise ('' = none)."""

    words: Words
    level: int = 1
    number: str | None = None


@dataclass(frozen=True)
class Paragraph(Block):
    """Body text: 3号仿宋, indented by two characters."""

    words: Words
    indent: float = 2
    align: Align = "justify"
    face: Face = "fangsong"
    size_pt: float = 16
    color: str = ""
    keep_with_next: bool = False


@dataclass(frozen=True)
class Gap(Block):
    """Empty lines."""

    WORDS = ()
    lines: float = 1


@dataclass(frozen=True)
class AttachmentNote(Block):
    """附件说明: below the text, one line free, indented by two; no mark at the end."""

    WORDS = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature(Block):
    """Organ and date. `sealed` leaves room for the seal: the date then stands 4 characters from the right."""

    WORDS = ("organ",)
    organ: Words = ""
    day: str = ""
    sealed: bool = True
    gap_before: float = 2


@dataclass(frozen=True)
class Cell:
    """One field of a grid. `is_label` is set centred in 黑体."""

    words: Words | tuple = ""
    across: int = 1
    down: int = 1
    is_label: bool = False
    align: Align = "left"
    size_pt: float = 12
    face: Face | Literal[""] = ""
    foot: Words = ""  # at the lower right of the cell: 签字 and date

    def __post_init__(self):
        object.__setattr__(self, "words", spans(self.words))
        object.__setattr__(self, "foot", spans(self.foot))


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    least_mm: float = 10


@dataclass(frozen=True)
class Grid(Block):
    """A table or form. `widths_mm` says the columns; cells may reach across and down; header rows are repeated.

    `is_whole`: never broken over two pages (a slip to cut off).
    """

    WORDS = ()
    widths_mm: tuple[float, ...] = ()
    rows: tuple[Row, ...] = ()
    header_rows: int = 0
    line_pt: float = 0.75
    is_whole: bool = False


@dataclass(frozen=True)
class Cut(Block):
    """A dashed line to cut along, with words on it (存根, 送达回执)."""

    words: Words = ""


@dataclass(frozen=True)
class Rule(Block):
    WORDS = ()
    color: str = "000000"
    pt: float = 1


@dataclass(frozen=True)
class Picture(Block):
    """PNG or JPEG bytes, base64; `alt` says what it shows; below it a caption."""

    WORDS = ("caption",)
    data: str = ""
    width_mm: float = 100
    alt: str = ""
    caption: Words = ""
    align: Align = "center"


@dataclass(frozen=True)
class Code(Block):
    """A QR code of an address, drawn by the renderer; `caption` below it.

    `is_personal`: it opens one person's own page; copies without identity go without it.
    """

    WORDS = ("caption",)
    address: str = ""
    size_mm: float = 26
    caption: Words = ""
    align: Align = "center"
    is_personal: bool = False


@dataclass(frozen=True)
class Columns(Block):
    """Blocks side by side: `parts[i]` in a column of share `shares[i]`. For posters and letter foots."""

    WORDS = ()
    shares: tuple[float, ...] = ()
    parts: tuple[tuple["Block", ...], ...] = ()
    gap_mm: float = 8


@dataclass(frozen=True)
class Banner(Block):
    """A band of colour across the page with large words on it (posters)."""

    words: Words
    size_pt: float = 60
    fill: str = "24479a"
    color: str = "ffffff"
    face: Face = "xiaobiaosong"


@dataclass(frozen=True)
class PageBreak(Block):
    WORDS = ()


@dataclass(frozen=True)
class Annex(Block):
    """附件: on a new page, 附件 and its number in 黑体, its title on the third line."""

    WORDS = ("title",)
    number: str = ""
    title: Words = ""
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True)
class Head:
    """What stands above the title.

    `document`: red mark 35 mm below the top of the type area, number, signer, red rule.
    `letter`: red mark 30 mm from the page's top, double rules, number at the right under the rule.
    """

    form: Literal["document", "letter"] = "document"
    mark: str = ""
    number: str = ""
    signer: str = ""
    urgency: str = ""

    def __post_init__(self):
        for name in ("mark", "number", "signer", "urgency"):
            object.__setattr__(self, name, clean(getattr(self, name)))


@dataclass(frozen=True)
class Imprint:
    """版记, at the foot of the last page: 抄送, then who printed it and when."""

    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""

    def __post_init__(self):
        for name in ("copies_to", "printed_by", "printed_on"):
            object.__setattr__(self, name, clean(getattr(self, name)))


@dataclass(frozen=True)
class Page:
    """Size, margins and grid in mm and points. The defaults are GB/T 9704: 版心 156 × 225 mm."""

    width_mm: float = 210
    height_mm: float = 297
    top_mm: float = 37
    left_mm: float = 28
    right_mm: float = 26
    bottom_mm: float = 35
    lines: int = 22
    characters: int = 28
    pitch_pt: float = 28.95
    size_pt: float = 16
    numbers: Literal["gb", "none"] = "gb"

    @property
    def text_width_mm(self) -> float:
        return self.width_mm - self.left_mm - self.right_mm


A4 = Page()
FORM_A4 = Page(
    top_mm=25, left_mm=27, right_mm=27, bottom_mm=25, lines=24
)  # printed forms: the same width, more height
POSTER_A3 = Page(297, 420, 0, 18, 18, 16, lines=0, characters=0, pitch_pt=40, size_pt=26, numbers="none")


@dataclass(frozen=True)
class Paper:
    """A whole paper. `day` (2026-11-22) dates its files: the same paper gives the same bytes."""

    title: str
    blocks: tuple[Block, ...]
    head: Head | None = None
    imprint: Imprint | None = None
    page: Page = field(default=A4)
    author: str = ""
    day: str = "2026-01-01"

    def __post_init__(self):
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "author", clean(self.author))
        object.__setattr__(self, "blocks", tuple(self.blocks))
