"""Word file of a paper: named fonts, GB/T 9704 margins and character grid, page numbers as fields."""

import base64
import io
from datetime import datetime

from docx import Document
from docx.shared import Mm, Pt

from huiyin.papers import blocks, measures, word_xml
from huiyin.papers.layout import Numbering, code_png, kept_together, picture_of, title_lines
from huiyin.papers.word_frame import foot_of, head_of, imprint_of
from huiyin.papers.word_lines import Lines
from huiyin.papers.word_xml import element


def render(paper: blocks.Paper) -> bytes:
    """The .docx; the same paper gives the same bytes. Raises Refusal for a picture that cannot be read."""
    document = Document()
    _set_up(document, paper)
    writer = _Writer(document, paper)
    if paper.head:
        head_of(writer.lines, document.sections[0], paper)
    foot_of(document, paper)
    for item in kept_together(paper.blocks):
        writer.block(item)
    if paper.imprint:
        imprint_of(writer.lines, paper)
    return word_xml.fixed_file(document, datetime.fromisoformat(paper.day))


def _set_up(document, paper: blocks.Paper):
    page, section = paper.page, document.sections[0]
    section.page_width, section.page_height = Mm(page.width_mm), Mm(page.height_mm)
    section.top_margin, section.bottom_margin = Mm(page.top_mm), Mm(page.bottom_mm)
    section.left_margin, section.right_margin = Mm(page.left_mm), Mm(page.right_mm)
    word_xml.grid_of(section, page)
    normal = document.styles["Normal"]
    normal.font.size = Pt(page.size_pt)
    word_xml.set_fonts(normal.element.get_or_add_rPr(), "fangsong")
    normal.paragraph_format.space_after = Pt(0)
    word_xml.tidy_template(document)
    day = datetime.fromisoformat(paper.day)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = paper.title, paper.author, paper.author
    properties.created = properties.modified = day
    properties.language, properties.comments, properties.keywords = "zh-CN", "", ""
    properties.revision = 1


class _Writer:
    """Writes blocks into the body, or into a cell of a table."""

    def __init__(self, document, paper: blocks.Paper, place=None, numbering=None):
        self.document, self.paper = document, paper
        self.lines = Lines(place or document, paper.page)
        self.numbering = numbering or Numbering()

    def block(self, item: blocks.Block):
        getattr(self, f"_{type(item).__name__.lower()}")(item)

    def _title(self, item):
        self._gap(blocks.Gap(item.gap_before))
        for line in title_lines(item, self.paper.page):
            self.lines.paragraph(
                line, face="xiaobiaosong", size_pt=item.size_pt, align="center", keep=True,
                line_pt=max(self.paper.page.pitch_pt, item.size_pt * 1.5),
            )  # fmt: skip
        self._gap(blocks.Gap(item.gap_after))

    def _number(self, item):
        self.lines.paragraph(item.words, align=item.align, keep=True)

    def _recipient(self, item):
        self.lines.paragraph(item.words)

    def _heading(self, item):
        face = {1: "heiti", 2: "kaiti"}.get(item.level, "fangsong")
        label = blocks.Span(self.numbering.label(item))
        made = self.lines.paragraph((label, *item.words), face=face, first=2, keep=True)
        word_xml.put(made._p.get_or_add_pPr(), element("outlineLvl", val=item.level - 1))

    def _paragraph(self, item):
        self.lines.paragraph(
            item.words, face=item.face, size_pt=item.size_pt, align=item.align, first=item.indent,
            color=item.color, keep=item.keep_with_next,
        )  # fmt: skip

    def _gap(self, item):
        whole, part = divmod(item.lines, 1)
        for height in [1.0] * int(whole) + ([part] if part > 0.01 else []):
            self.lines.paragraph((), line_pt=self.paper.page.pitch_pt * height, keep=True)

    def _attachmentnote(self, item):
        self._gap(blocks.Gap(1))
        several = len(item.names) > 1
        for number, name in enumerate(item.names, 1):
            label = "附件：" if number == 1 else "\u3000\u3000\u3000"
            self.lines.paragraph(
                (blocks.Span(label), blocks.Span(f"{number}.{name}" if several else name)), first=2, keep=True
            )

    def _signature(self, item):
        self._gap(blocks.Gap(item.gap_before))
        organ = "".join(span.text for span in item.organ)
        from_right, day_from_right = measures.signature_indents(organ, item.day, item.sealed)
        self.lines.paragraph(item.organ, align="right", right=from_right, keep=True)
        self.lines.paragraph((blocks.Span(item.day),), align="right", right=day_from_right)

    def _cut(self, item):
        made = self.lines.paragraph(item.words, size_pt=10.5, align="center", keep=True, before_pt=14)
        word_xml.border(made, "top", kind="dashed", eighths=6, space=4)

    def _rule(self, item):
        made = self.lines.paragraph((), line_pt=4)
        word_xml.border(made, "bottom", eighths=round(item.pt * 8), color=item.color)

    def _pagebreak(self, item):
        self.lines.break_before = True

    def _picture(self, item):
        self._image(base64.b64decode(item.data), item.width_mm, item)

    def _code(self, item):
        self._image(code_png(item.address), item.size_mm, item)

    def _image(self, content: bytes, width_mm: float, item):
        if isinstance(item, blocks.Picture):
            picture_of(item)
        made = self.lines.paragraph((), align=item.align, line_pt=0, keep=any(s.text for s in item.caption))
        made.add_run().add_picture(io.BytesIO(content), width=Mm(width_mm))
        words = item.alt if isinstance(item, blocks.Picture) else item.address
        made._p.xpath(".//wp:docPr")[0].set("descr", words)
        if any(span.text for span in item.caption):
            self.lines.paragraph(item.caption, size_pt=self.paper.page.size_pt * 0.75, align=item.align)

    def _banner(self, item):
        made = self.lines.paragraph(
            item.words, face=item.face, size_pt=item.size_pt, color=item.color, line_pt=item.size_pt * 1.8
        )
        word_xml.put(made._p.get_or_add_pPr(), element("shd", val="clear", color="auto", fill=item.fill))
        self._gap(blocks.Gap(1))

    def _annex(self, item):
        self.lines.break_before = True
        self.lines.paragraph((blocks.Span(f"附件{item.number}"),), face="heiti")
        self._gap(blocks.Gap(1))
        self._title(blocks.Title(item.title))
        for inner in item.blocks:
            self.block(inner)

    def _columns(self, item):
        total = sum(item.shares)
        room = self.paper.page.text_width_mm
        table = self.lines.table([room * share / total for share in item.shares], 1, line_pt=0)
        for cell, part in zip(table.rows[0].cells, item.parts, strict=True):
            writer = _Writer(self.document, self.paper, cell, self.numbering)
            for inner in part:
                writer.block(inner)
            first = cell.paragraphs[0]._p
            if part and len(cell.paragraphs) > 1:
                first.getparent().remove(first)

    def _grid(self, item):
        room = self.paper.page.text_width_mm
        scale = room / sum(item.widths_mm)
        table = self.lines.table(
            [width * scale for width in item.widths_mm], len(item.rows), line_pt=item.line_pt
        )
        taken: set[tuple[int, int]] = set()
        for row, found in enumerate(item.rows):
            properties = table.rows[row]._tr.get_or_add_trPr()
            properties.append(element("trHeight", val=measures.twips(found.least_mm), hRule="atLeast"))
            properties.append(element("cantSplit"))
            if row < item.header_rows:
                properties.append(element("tblHeader"))
            column = 0
            for cell in found.cells:
                while (row, column) in taken:
                    column += 1
                taken |= {(row + d, column + a) for d in range(cell.down) for a in range(cell.across)}
                place = table.cell(row, column)
                if cell.across > 1 or cell.down > 1:
                    place = place.merge(table.cell(row + cell.down - 1, column + cell.across - 1))
                self._cell(place, cell, item.is_whole and row + 1 < len(item.rows))
        self._after_table()

    def _cell(self, place, cell: blocks.Cell, keep: bool):
        face = cell.face or ("heiti" if cell.is_label else "fangsong")
        align = "center" if cell.is_label else cell.align
        has_foot = any(span.text or span.blank for span in cell.foot)
        place.vertical_alignment = 0 if has_foot else 1
        inner = Lines(place, self.paper.page)
        first = place.paragraphs[0]
        for extra in place.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
        inner.paragraph(
            cell.words, face=face, size_pt=cell.size_pt, align=align, line_pt=cell.size_pt * 1.45, into=first,
            keep=keep,
        )  # fmt: skip
        if has_foot:
            inner.paragraph(
                cell.foot, face=face, size_pt=cell.size_pt, align="right", line_pt=cell.size_pt * 1.45,
                before_pt=cell.size_pt * 1.5,
            )  # fmt: skip

    def _after_table(self):
        """Word wants a paragraph after a table; a low one."""
        self.lines.paragraph((), line_pt=6)
