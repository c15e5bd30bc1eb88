"""A sheet as an .xlsx file to fill in: headings, a line of help, an example, drop-down lists, rows that are known."""

import io
from collections.abc import Iterable

from huiyin.sheets.columns import Column, Sheet

MARK = "这一列不用填"
HELP = "说明（不导入）"
EXAMPLE = "示例（不导入）"
HEADER_ROW, FIRST_ROW = 1, 4  # numbers as the spreadsheet shows them
MOST_ROWS = 5000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INK, GREY, PAPER, EXAMPLE_PAPER, MUST = "#1A1A1A", "#6B6B6B", "#F2F0EA", "#F7F4E8", "#9A2A1F"


def write(sheet: Sheet, rows: Iterable[dict] = ()) -> bytes:
    """The template; `rows` (key → value) stand below the example, so that they can be corrected and sent back."""
    import xlsxwriter  # large: read when a file is written

    stream = io.BytesIO()
    # Text that begins with = + - @ stays text whatever is done here.
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(sheet.title[:31])
    lists = book.add_worksheet("选项")
    _head(book, page, sheet)
    for at, column in enumerate(sheet.columns, 1):
        if column.kind == "choice":
            _drop_down(page, lists, at, column)
    _body(book, page, sheet, rows)
    _guide(book, sheet)
    lists.hide()
    book.close()
    return stream.getvalue()


def _head(book, page, sheet: Sheet) -> None:
    base = {"font_size": 11, "valign": "vcenter", "border": 1, "border_color": "#C9C4B8"}
    heading = book.add_format({**base, "bold": True, "bg_color": PAPER, "font_color": INK, "text_wrap": True})
    must = book.add_format({**base, "bold": True, "bg_color": PAPER, "font_color": MUST, "text_wrap": True})
    small = book.add_format(
        {"font_size": 9, "font_color": GREY, "text_wrap": True, "valign": "top", "bg_color": PAPER}
    )
    example = book.add_format(
        {"font_color": GREY, "italic": True, "bg_color": EXAMPLE_PAPER, "num_format": "@"}
    )
    text = book.add_format({"num_format": "@"})
    page.set_column(0, 0, 14)
    page.write_string(0, 0, MARK, small)
    page.write_string(1, 0, HELP, small)
    page.write_string(2, 0, EXAMPLE, example)
    for at, column in enumerate(sheet.columns, 1):
        width = column.width or max(12, min(36, len(column.heading) * 2 + 4, 60))
        # Text format down the whole column: codes and telephone numbers keep their zeros.
        page.set_column(at, at, width, text)
        page.write_string(
            0, at, column.heading + ("*" if column.required else ""), must if column.required else heading
        )
        page.write_comment(0, at, column.shown_help, {"x_scale": 1.6})
        page.write_string(1, at, column.shown_help, small)
        page.write_string(2, at, shown(column, column.example), example)
    page.set_row(0, 30)
    page.set_row(1, 62)
    page.freeze_panes(1, 2)


def _drop_down(page, lists, at: int, column: Column) -> None:
    """The choices stand on a hidden page: a list inside the cell may hold 255 characters only."""
    from xlsxwriter.utility import xl_col_to_name

    names = list(column.options())
    for row, name in enumerate(names):
        lists.write_string(row, at, str(name))
    if names:
        letter = xl_col_to_name(at)
        page.data_validation(
            FIRST_ROW - 1, at, FIRST_ROW + MOST_ROWS, at,
            {
                "validate": "list", "source": f"=选项!${letter}$1:${letter}${len(names)}",
                "error_title": "请从列表里选", "error_message": f"“{column.heading}”只能选列表里的一项。",
            },
        )  # fmt: skip


def _body(book, page, sheet: Sheet, rows: Iterable[dict]) -> None:
    text = book.add_format({"num_format": "@"})
    for number, row in enumerate(rows):
        for at, column in enumerate(sheet.columns, 1):
            value = shown(column, row.get(column.key))
            if value:
                page.write_string(FIRST_ROW - 1 + number, at, value, text)


def _guide(book, sheet: Sheet) -> None:
    """A page of its own that says how to fill in every column."""
    page = book.add_worksheet("填写说明")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, sheet.title, bold)
    page.write_string(0, 1, sheet.about, wrap)
    page.write_string(
        1,
        1,
        f"从第 {FIRST_ROW} 行填起，一行一条，最多 {MOST_ROWS} 行。前三行不要删；示例那行不会导入。",
        wrap,
    )
    for row, column in enumerate(sheet.columns, 3):
        page.write_string(row, 0, column.heading, bold)
        options = "可选：" + "、".join(map(str, column.options())) if column.kind == "choice" else ""
        page.write_string(row, 1, "；".join(filter(None, [column.shown_help, options])), wrap)


def shown(column: Column, value) -> str:
    """`value` as it stands in a cell, so that reading gives it back."""
    if value is None or value == "" or value == []:
        return ""
    if column.kind == "choice":
        back = {found: name for name, found in column.options().items()}
        return str(back.get(value, value))
    if column.kind == "list" and not isinstance(value, str):
        return "、".join(map(str, value))
    if column.kind in ("number", "integer") and not isinstance(value, str):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    return str(value)
