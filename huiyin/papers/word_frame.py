"""What frames the text in the Word file: red head or letterhead, page numbers, imprint."""

from docx.shared import Mm

from huiyin.papers import measures, word_xml
from huiyin.papers.blocks import RED, Paper, Span
from huiyin.papers.word_lines import Lines
from huiyin.papers.word_xml import element, put

IMPRINT_ROW_MM = 9.5


def head_of(lines: Lines, section, paper: Paper):
    if paper.head.form == "letter":
        _letter(lines, section, paper)
    else:
        _document(lines, paper)


def _document(lines: Lines, paper: Paper):
    head, page = paper.head, paper.page
    size = measures.mark_pt(head.mark, page.text_width_mm)
    lines.paragraph(
        (Span(head.mark),), face="xiaobiaosong", size_pt=size, align="center", color=RED,
        line_pt=size * 1.2, before_pt=measures.MARK_BELOW_TOP_MM * measures.MM - size * 0.1,
    )  # fmt: skip
    _empty(lines, 2)
    if head.signer:
        made = lines.paragraph((Span(head.number),), left=1, right=1)
        room = (page.text_width_mm * measures.MM - measures.advance_pt(page)) * 20
        tabs = element("tabs")
        tabs.append(element("tab", val="right", pos=round(room)))
        put(made._p.get_or_add_pPr(), tabs)
        made.add_run("\t")
        lines.run(made, Span("签发人："), "fangsong", page.size_pt)
        lines.run(made, Span(head.signer), "kaiti", page.size_pt)
        _rule_below(lines)
    else:
        lines.paragraph((Span(head.number),), align="center")
        _rule_below(lines)
    _empty(lines, 2)


def _rule_below(lines: Lines):
    """The red rule, as wide as the type area, 4 mm below the number."""
    height = measures.RULE_BELOW_NUMBER_MM * measures.MM
    made = lines.paragraph((), line_pt=height)
    word_xml.border(made, "bottom", eighths=12, color=RED.upper(), space=0)


def _letter(lines: Lines, section, paper: Paper):
    head, page = paper.head, paper.page
    section.different_first_page_header_footer = True
    section.header_distance = Mm(measures.LETTER_MARK_MM)
    top = Lines(section.first_page_header, page)
    size = measures.mark_pt(head.mark, measures.LETTER_RULE_MM - 10)
    outside = measures.LETTER_RULE_MM - page.text_width_mm
    left, right = page.left_mm - 20, outside - (page.left_mm - 20)
    made = top.paragraph(
        (Span(head.mark),), face="xiaobiaosong", size_pt=size, align="center", color=RED, line_pt=size * 1.1,
        into=section.first_page_header.paragraphs[0],
    )  # fmt: skip
    _widen(made, left, right)
    word_xml.border(
        made, "bottom", kind="thickThinSmallGap", eighths=36, color=RED.upper(),
        space=round(measures.RULE_BELOW_NUMBER_MM * measures.MM),
    )  # fmt: skip
    foot = Lines(section.first_page_footer, page)
    made = foot.paragraph((), line_pt=4, into=section.first_page_footer.paragraphs[0])
    _widen(made, left, right)
    word_xml.border(made, "top", kind="thinThickSmallGap", eighths=36, color=RED.upper(), space=1)
    lines.paragraph((Span(head.number),), align="right", before_pt=8)
    _empty(lines, 2)


def _widen(paragraph, left_mm: float, right_mm: float):
    indent = element("ind", left=-measures.twips(left_mm), right=-measures.twips(right_mm), firstLine=0)
    put(paragraph._p.get_or_add_pPr(), indent)


def _empty(lines: Lines, count: int):
    for _ in range(count):
        lines.paragraph(())


def foot_of(document, paper: Paper):
    """'— 1 —': odd pages at the right, even at the left, one character in."""
    section = document.sections[0]
    below = measures.PAGE_NUMBER_BELOW_MM - measures.PAGE_NUMBER_PT / 2 / measures.MM
    section.footer_distance = Mm(paper.page.bottom_mm - below - measures.PAGE_NUMBER_PT / measures.MM)
    if paper.head and paper.head.form == "letter":
        section.footer_distance = Mm(measures.LETTER_FOOT_MM)
    if paper.page.numbers == "none":
        return
    document.settings.odd_and_even_pages_header_footer = True
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        made = Lines(foot, paper.page).paragraph(
            (), size_pt=measures.PAGE_NUMBER_PT, align=side, line_pt=measures.PAGE_NUMBER_PT,
            into=foot.paragraphs[0], **{side: 1},
        )  # fmt: skip
        for part in ("— ", None, " —"):
            if part:
                Lines(foot, paper.page).run(made, Span(part), "songti", measures.PAGE_NUMBER_PT)
            else:
                word_xml.field(made, "PAGE", "songti", measures.PAGE_NUMBER_PT)


def imprint_of(lines: Lines, paper: Paper):
    """版记: a table that floats at the foot of the last page; outer rules 0.35 mm, inner 0.25 mm."""
    imprint, page = paper.imprint, paper.page
    rows = []
    if imprint.copies_to:
        rows.append((f"抄送：{imprint.copies_to}", ""))
    if imprint.printed_by:
        rows.append((imprint.printed_by, f"{imprint.printed_on}印发"))
    if not rows:
        return
    table = lines.table([page.text_width_mm * 0.58, page.text_width_mm * 0.42], len(rows), line_pt=0)
    properties = table._tbl.tblPr
    borders = element("tblBorders")
    for side, eighths in (("top", 8), ("bottom", 8), ("insideH", 6)):
        borders.append(element(side, val="single", sz=eighths, space=0, color="000000"))
    put(properties, borders)
    height = IMPRINT_ROW_MM * len(rows)
    place = element(
        "tblpPr", leftFromText=0, rightFromText=0, vertAnchor="page", horzAnchor="page",
        tblpX=measures.twips(page.left_mm),
        tblpY=measures.twips(page.height_mm - page.bottom_mm - height),
    )  # fmt: skip
    put(properties, place)
    for row, (left, right) in zip(table.rows, rows, strict=True):
        height = element("trHeight", val=measures.twips(IMPRINT_ROW_MM), hRule="atLeast")
        row._tr.get_or_add_trPr().append(height)
        cells = row.cells if right else [row.cells[0].merge(row.cells[1])]
        for cell, words, side in zip(cells, (left, right), ("left", "right"), strict=False):
            Lines(cell, page).paragraph(
                (Span(words),), size_pt=14, align=side, line_pt=21, into=cell.paragraphs[0], **{side: 1}
            )
    lines.paragraph((), line_pt=1)
