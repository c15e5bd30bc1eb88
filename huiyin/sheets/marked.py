"""The uploaded file given back: bad cells coloured, the reason beside each line, all reasons on a page of their own."""

import io
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from huiyin.sheets.reading import EXTRA, Problem, Reading

LIST = "问题清单"


def mark(reading: Reading) -> bytes:
    """An .xlsx with the cells as they were read; it can be corrected and sent back as it is."""
    import xlsxwriter  # large: read when a file is written

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(reading.sheet.title[:31])
    text, day = {"num_format": "@"}, {"num_format": "yyyy-mm-dd"}
    bad = {"bg_color": "#F6C9C0", "border": 1, "border_color": "#9A2A1F"}
    formats = {
        (False, False): book.add_format(text),
        (False, True): book.add_format(day),
        (True, False): book.add_format(text | bad),
        (True, True): book.add_format(day | bad),
    }
    red = book.add_format({"font_color": "#9A2A1F", "text_wrap": True})
    by_row = defaultdict(list)
    for problem in reading.in_order():
        by_row[problem.row].append(problem)
    width = max((len(line) for line in reading.cells), default=0)
    old = _old_column(reading, width)
    page.set_column(0, width, 16, formats[False, False])
    page.set_column(old, old, 60)
    page.freeze_panes(reading.head + 1, 0)
    for number, line in enumerate(reading.cells, 1):
        wrong = {problem.column for problem in by_row[number]}
        for at, cell in enumerate(line):
            if at != old or number <= reading.head:
                _write(page, number - 1, at, cell, at in wrong, formats)
        for at in wrong - {None}:
            if at >= len(line):
                page.write_blank(number - 1, at, None, formats[True, False])
        if by_row[number]:
            said = "；".join(f"{one.address} {one.wrong}，{one.todo}" for one in by_row[number])
            page.write_string(number - 1, old, said[:30000], red)
    page.write_string(reading.head, old, EXTRA, book.add_format({"bold": True, "font_color": "#9A2A1F"}))
    _list(book, reading.in_order())
    book.close()
    return stream.getvalue()


def _old_column(reading: Reading, width: int) -> int:
    """Where the reasons go: over those of the last time, else behind the last column."""
    return next((at for at, cell in enumerate(reading.cells[reading.head]) if cell == EXTRA), width)


def _write(page, row: int, at: int, cell, is_bad: bool, formats: dict) -> None:
    if cell == "" or cell is None:
        if is_bad:
            page.write_blank(row, at, None, formats[True, False])
    elif isinstance(cell, (datetime, date)):
        page.write_datetime(row, at, cell, formats[is_bad, True])
    elif isinstance(cell, bool):
        page.write_boolean(row, at, cell, formats[is_bad, False])
    elif isinstance(cell, (int, float)):
        page.write_number(row, at, cell, formats[is_bad, False])
    elif isinstance(cell, (time, timedelta)):
        page.write_string(row, at, str(cell), formats[is_bad, False])
    else:
        page.write_string(row, at, str(cell)[:32000], formats[is_bad, False])


def problem_list(problems: list[Problem]) -> bytes:
    """Only the list, for files that are no tables."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        _list(book, problems)
    return stream.getvalue()


def _list(book, problems: list[Problem]) -> None:
    page = book.add_worksheet(LIST)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, (name, width) in enumerate((("单元格", 12), ("列", 18), ("有什么问题", 50), ("怎么改", 50))):
        page.set_column(at, at, width)
        page.write_string(0, at, name, bold)
    for row, one in enumerate(problems, 1):
        for at, words in enumerate((one.address, one.heading, one.wrong, one.todo)):
            page.write_string(row, at, words, wrap)
    page.freeze_panes(1, 0)
