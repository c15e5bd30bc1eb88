"""Papers for the tests: an official one, a letter, a form; and ways to look into finished files."""

import io
import re
import zipfile
from dataclasses import replace

from lxml import etree
from pypdf import PdfReader

from huiyin.papers import docx, pdf
from huiyin.papers.blocks import (
    FORM_A4,
    Annex,
    AttachmentNote,
    Cell,
    Code,
    Columns,
    Cut,
    Grid,
    Head,
    Heading,
    Imprint,
    Number,
    Paper,
    Paragraph,
    Recipient,
    Row,
    Signature,
    Span,
    Title,
)  # fmt: skip

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "经查，槐荫里三幢楼下的井盖垫圈老化，车辆驶过时有响声，夜间影响居民休息，综合执法队已经更换垫圈。"


def official(**changes) -> Paper:
    """A red-headed paper of two pages with four levels of headings."""
    made = Paper(
        "关于槐荫里3幢楼下井盖松动噪声扰民信访事项的处理意见书",
        (
            Title("关于槐荫里3幢楼下井盖松动噪声扰民信访事项的处理意见书"),
            Recipient((Span("何阿姨", identity="name"), "：")),
            Paragraph(TEXT * 3),
            Heading("请求"),
            Heading("关于井盖", 2),
            Heading("垫圈", 3),
            Heading("更换", 4),
            Paragraph(TEXT),
            Heading("处理意见"),
            Paragraph(TEXT * 4),
            Signature("测试街道办事处", "2026年11月2日"),
        ),
        head=Head("document", "测试街道办事处文件", "测街处〔2026〕12号", signer="张某某"),
        imprint=Imprint("综合执法队。", "测试街道联动中心", "2026年11月2日"),
        day="2026-11-02",
    )
    return replace(made, **changes)


def letter() -> Paper:
    return Paper(
        "关于井盖的答复书",
        (Title("关于井盖的答复书"), Recipient("何阿姨："), Paragraph(TEXT * 12), Signature("测试街道办事处", "2026年11月2日")),
        head=Head("letter", "测试街道办事处", "测街答〔2026〕3号"),
        day="2026-11-02",
    )  # fmt: skip


def form() -> Paper:
    label = lambda words, **more: Cell(words, is_label=True, **more)  # noqa: E731
    return Paper(
        "来访登记表",
        (
            Title("来访登记表", gap_after=0),
            Number("测街登〔2026〕1号", "right"),
            Grid(
                (26, 52, 26, 52),
                (
                    Row((label("姓名"), Cell(Span("何阿姨", identity="name")), label("电话"), Cell(Span("10000001234", identity="phone")))),
                    Row((label("反映情况", down=2), Cell(TEXT, across=3)), 40),
                    Row((Cell("第二行", across=3, foot=("签字：", Span(blank=6))),), 20),
                ),
            ),
            Cut("存根"),
            Grid((40, 116), (Row((label("存根号"), Cell("1"))),), is_whole=True),
        ),
        page=FORM_A4,
        day="2026-11-02",
    )  # fmt: skip


def rich() -> Paper:
    """Every kind of block that the others do not use."""
    return Paper(
        "附带的",
        (
            Title("附带的"),
            Columns((1, 1), ((Code("https://huiyin.test/x", caption="扫一扫", is_personal=True),), (Paragraph("右边的话"),))),
            AttachmentNote(("现场照片", "检测报告")),
            Signature("测试街道办事处", "2026年11月2日", sealed=False),
            Annex("1", "现场照片", (Paragraph("附件里的话"),)),
        ),
        day="2026-11-02",
    )  # fmt: skip


class Word:
    """A finished .docx, taken apart."""

    def __init__(self, paper: Paper):
        self.content = docx.render(paper)
        self.files = zipfile.ZipFile(io.BytesIO(self.content))

    def part(self, name: str = "word/document.xml"):
        return etree.fromstring(self.files.read(name))

    @property
    def body(self):
        return self.part()

    @property
    def text(self) -> str:
        return "".join(self.body.itertext())

    def paragraph(self, words: str):
        """The first paragraph with these words."""
        return next(p for p in self.body.iter(f"{W}p") if words in "".join(p.itertext()))


def value(node, path: str, name: str = "val") -> str:
    """`value(p, "pPr/spacing", "line")`: an attribute somewhere below a node."""
    found = node.find("/".join(f"{W}{part}" for part in path.split("/")))
    return found.get(f"{W}{name}")


def pages_of(paper: Paper) -> list[str]:
    """The words of each page of the PDF, without spaces and line ends."""
    reader = PdfReader(io.BytesIO(pdf.render(paper)))
    return [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]


def places_of(content: bytes, page: int = 0) -> list[tuple[str, float, float, float]]:
    """(text, x, y, size) of every piece of text: points from the lower left corner of the page."""
    found = []

    def note(text, cm, tm, font, size):
        if text.strip():
            x = tm[4] * cm[0] + cm[4]
            y = tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x, y, abs(size * tm[3] * cm[3])))

    PdfReader(io.BytesIO(content)).pages[page].extract_text(visitor_text=note)
    return found
