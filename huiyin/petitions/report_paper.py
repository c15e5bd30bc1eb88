"""The yearly report as a paper: the same tables, for .docx and PDF."""

from huiyin.documents.facts import day_words
from huiyin.papers.blocks import Cell, Grid, Heading, Paper, Paragraph, Row, Signature, Title
from huiyin.petitions.report import Report
from huiyin.rules import clock

WIDTH_MM = 156
FIRST_MM = 46


def paper_of(report: Report) -> Paper:
    """信访工作报告 of the period; what the reader may not read is said in a line."""
    whole = report.first.month == report.first.day == 1 and (report.last.month, report.last.day) == (12, 31)
    title = (
        f"{report.office.name}{report.first.year}年度信访工作报告"
        if whole
        else f"{report.office.name}信访工作报告"
    )
    blocks: list = [
        Title(title),
        Paragraph(
            f"统计时段：{day_words(report.first)}至{day_words(report.last)}（按登记日）。依据：《信访工作条例》第四十一条。"
        ),
    ]
    if report.unseen:
        blocks.append(Paragraph(f"另有限知事项{report.unseen}件，出报告的人看不到，不在下列各数之内。"))
    for section in report.sections():
        if not section.rows:
            continue
        blocks.append(Heading(section.title))
        heads = [*section.heads, *(["人次"] if section.persons else [])]
        wide = (WIDTH_MM - FIRST_MM) / len(heads)
        head = Row(
            (Cell("项目", is_label=True), *(Cell(name, is_label=True, size_pt=10.5) for name in heads)), 8
        )
        rows = [head]
        for label, figures in section.rows:
            numbers = [str(figure.count) if figure.code else "—" for figure in figures]
            numbers += [str(figures[0].people)] if section.persons else []
            rows.append(Row((Cell(label), *(Cell(number, align="center") for number in numbers)), 8))
        blocks.append(Grid((FIRST_MM, *[wide] * len(heads)), tuple(rows), header_rows=1))
        if section.note:
            blocks.append(Paragraph(section.note, size_pt=10.5))
    today = clock.today()
    blocks.append(Signature(report.office.name, day_words(today)))
    return Paper(title, tuple(blocks), author=report.office.centre_name, day=f"{today:%Y-%m-%d}")
