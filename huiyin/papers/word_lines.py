"""Paragraphs and tables of a Word file: exact line height, indents in characters, one font in every slot."""

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm

from huiyin.papers import measures, word_xml
from huiyin.papers.blocks import Page, Span
from huiyin.papers.word_xml import element, put

JC = {"left": "left", "center": "center", "right": "right", "justify": "both"}


class Lines:
    """Writes into `place`: the body, a header, a footer or a cell."""

    def __init__(self, place, page: Page):
        self.place, self.page = place, page
        self.break_before = False

    def paragraph(
        self, words=(), *, face="fangsong", size_pt=0.0, align="left", first=0.0, right=0.0, left=0.0,
        line_pt=None, color="", keep=False, before_pt=0.0, into=None,
    ):  # fmt: skip
        """One paragraph. Indents count characters. `line_pt` None: the page's pitch, or 1.5 × a size of its own;
        0: as high as what stands in it."""
        size = size_pt or self.page.size_pt
        made = into if into is not None else self.place.add_paragraph()
        properties = made._p.get_or_add_pPr()
        if keep:
            put(properties, element("keepNext"))
        if self.break_before:
            put(properties, element("pageBreakBefore"))
            self.break_before = False
        put(properties, element("widowControl", val=0))
        # Every line is exactly one pitch high and every run keeps the pitch of characters itself: programs
        # differ in how they snap characters of 16 pt to a grid of 15.8.
        for name in ("autoSpaceDE", "autoSpaceDN", "snapToGrid"):
            put(properties, element(name, val=0))
        if line_pt is None:
            line_pt = self.page.pitch_pt if size == self.page.size_pt else size * 1.5
        spacing = {"before": round(before_pt * 20), "after": 0}
        if line_pt:
            spacing |= {"line": round(line_pt * 20), "lineRule": "exact"}
        put(properties, element("spacing", **spacing))
        self._indent(properties, size, first, left, right)
        put(properties, element("jc", val=JC[align]))
        for span in words:
            self.run(made, span, face, size, color)
        return made

    def _indent(self, properties, size, first, left, right):
        advance = measures.advance_pt(self.page) if size == self.page.size_pt else size
        found = {}
        for name, count in (("firstLine", first), ("left", left), ("right", right)):
            if count:
                found[f"{name}Chars"] = round(count * 100)
                found[name] = round(count * advance * 20)
        if found:
            put(properties, element("ind", **found))

    def run(self, paragraph, span: Span, face: str, size: float, color: str = ""):
        own = span.size_pt or size
        text = span.text or ("\u3000" * round(span.blank) if span.blank else "")
        made = paragraph.add_run(text)
        properties = made._r.get_or_add_rPr()
        word_xml.set_fonts(properties, span.face or face)
        put(
            properties,
            element("snapToGrid", val=0),
            element("sz", val=round(own * 2)),
            element("szCs", val=round(own * 2)),
            element("lang", val="zh-CN", eastAsia="zh-CN"),
        )
        if span.color or color:
            put(properties, element("color", val=(span.color or color).upper()))
        if own == self.page.size_pt and self.page.characters:
            put(properties, element("spacing", val=round((measures.advance_pt(self.page) - own) * 20)))
        if span.underline or span.blank:
            put(properties, element("u", val="single"))

    def table(self, widths_mm: list[float], rows: int, *, line_pt: float):
        """A table with fixed columns; `line_pt` 0 draws no lines."""
        columns = len(widths_mm)
        try:
            made = self.place.add_table(rows, columns)
        except TypeError:  # headers and cells want a width
            made = self.place.add_table(rows, columns, Mm(sum(widths_mm)))
        made.autofit = False
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        properties = made._tbl.tblPr
        margins = element("tblCellMar")
        for side, mm in (("top", 0.8), ("left", 1.8), ("bottom", 0.8), ("right", 1.8)):
            margins.append(element(side, w=measures.twips(mm), type="dxa"))
        width = element("tblW", w=measures.twips(sum(widths_mm)), type="dxa")
        put(properties, width, borders_of(line_pt), margins)
        for grid_column, width in zip(made._tbl.tblGrid.findall(qn("w:gridCol")), widths_mm, strict=True):
            grid_column.set(qn("w:w"), str(measures.twips(width)))
        for row in made.rows:
            for cell, width in zip(row.cells, widths_mm, strict=True):
                cell.width = Mm(width)
        return made


def borders_of(line_pt: float):
    """Lines round every cell; 0 draws none."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if line_pt:
            borders.append(element(side, val="single", sz=round(line_pt * 8), space=0, color="000000"))
        else:
            borders.append(element(side, val="nil"))
    return borders
