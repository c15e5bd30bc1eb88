"""An uploaded .xlsx as rows with addresses, within bounds: what is too large or not a table is refused."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import islice

import python_calamine

from huiyin.base.refusal import Refusal
from huiyin.sheets.columns import Column, Sheet, Wrong, plain
from huiyin.sheets.template import EXAMPLE, HELP, MOST_ROWS

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 400
MOST_SHEETS = 30
LAST_COLUMN = b"DP"  # the 120th
LOOK_FOR_HEADINGS = 15
EXTRA = "问题"  # the column that the marked copy adds
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedStrings\.xml"
    r"|xl/styles\.xml|xl/worksheets/[^/]+\.xml"
)
# A cell with something in it; empty ones may be formatted down to the last row of the page.
FULL_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*?)?(?<!/)>")
PLACE = re.compile(rb"\sr=[\"']([A-Z]{1,2})(\d{1,6})[\"']")


@dataclass(frozen=True)
class Problem:
    """One cell (or, without `key`, a whole row): where it stands, what is wrong, what to do."""

    row: int
    column: int | None
    heading: str
    wrong: str
    todo: str

    @property
    def address(self) -> str:
        """'C7', or '第 7 行'."""
        from xlsxwriter.utility import xl_col_to_name  # as in `marked`: not at every start

        return f"{xl_col_to_name(self.column)}{self.row}" if self.column is not None else f"第 {self.row} 行"


@dataclass
class Row:
    """One filled line: its number in the file, its values by key (None where empty or wrong)."""

    number: int
    values: dict
    bad: set = field(default_factory=set)

    def __getitem__(self, key: str):
        return self.values[key]

    def get(self, key: str, default=None):
        value = self.values.get(key)
        return default if value is None else value


@dataclass
class Reading:
    """What a file says: all cells as they stood, the filled lines, and every problem found so far."""

    sheet: Sheet
    cells: list[list]
    head: int
    places: dict[str, int]
    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def blame(self, row: Row | int, key: str | None, wrong: str, todo: str) -> None:
        """Note a problem of one cell; a key whose column is not in the file blames the line."""
        number = row if isinstance(row, int) else row.number
        if isinstance(row, Row) and key:
            row.bad.add(key)
        place = self.places.get(key) if key else None
        heading = self.sheet.column(key).heading if key else ""
        self.problems.append(Problem(number, place, heading, wrong, todo))

    def in_order(self) -> list[Problem]:
        return sorted(self.problems, key=lambda one: (one.row, -1 if one.column is None else one.column))


def read(sheet: Sheet, raw: bytes, name: str = "") -> Reading:
    """Understand the file; problems of single cells are collected, a file that is none is refused (400)."""
    cells = _cells(sheet, raw, name)
    head = _heading_row(sheet, cells)
    places = _places(sheet, cells[head])
    wanted = {plain(column.heading) for column in sheet.columns} | {EXTRA}
    unused = [plain(cell) for cell in cells[head] if plain(cell) and _heading(cell) not in wanted]
    reading = Reading(
        sheet, cells, head, places, [], unused=[name for name in unused if "不用填" not in name][:20]
    )
    used = sorted(places.values())
    marks = (HELP[:2], EXAMPLE[:2])
    lone = 0 not in used  # the first column is the marks' own
    for number, line in enumerate(cells[head + 1 :], head + 2):
        if lone and line and plain(line[0]).startswith(marks):
            continue
        if not any(plain(line[at]) for at in used if at < len(line)):
            continue
        reading.rows.append(_row(reading, number, line))
    if not reading.rows:
        raise Refusal("表里还没有填内容：从第 4 行填起，说明和示例两行不算。", status=400)
    if len(reading.rows) > MOST_ROWS:
        raise Refusal(
            f"这份表有 {len(reading.rows)} 行，一次最多 {MOST_ROWS} 行。请按社区或部门分成几份，一份一份传。",
            status=400,
        )
    return reading


def _row(reading: Reading, number: int, line: list) -> Row:
    row = Row(number, {})
    for column in reading.sheet.columns:
        at = reading.places.get(column.key)
        cell = line[at] if at is not None and at < len(line) else ""
        row.values[column.key] = None
        try:
            row.values[column.key] = _value(column, cell)
        except Wrong as wrong:
            reading.blame(row, column.key, *wrong.args)
    return row


def _value(column: Column, cell):
    if plain(cell) == "":
        if column.required:
            raise Wrong(f"“{column.heading}”没有填", "填上这一格")
        return None
    return column.read(cell)


def _heading(cell) -> str:
    return plain(cell).rstrip("*＊").strip()


def _heading_row(sheet: Sheet, cells: list[list]) -> int:
    """The line with most of the headings, near the top."""
    wanted = {column.heading for column in sheet.columns}
    hits = [len(wanted & {_heading(cell) for cell in line}) for line in cells[:LOOK_FOR_HEADINGS]]
    if not hits or max(hits) < min(2, len(wanted)):
        raise Refusal(
            f"这不是“{sheet.title}”的表：找不到它的表头。请下载模板，把内容填进去再传。", status=400
        )
    return hits.index(max(hits))


def _places(sheet: Sheet, line: list) -> dict[str, int]:
    headings = [_heading(cell) for cell in line]
    twice = sorted({name for name in headings if name and headings.count(name) > 1})
    wanted = {column.heading: column for column in sheet.columns}
    if hit := [name for name in twice if name in wanted]:
        raise Refusal(f"表头里“{'”“'.join(hit)}”出现了两次，请只留一列。", status=400)
    places = {wanted[name].key: at for at, name in enumerate(headings) if name in wanted}
    lacking = [c.heading for c in sheet.columns if c.required and c.key not in places]
    if lacking:
        raise Refusal(f"缺少必填的列：{'、'.join(lacking)}。请从模板里补上这几列的表头。", status=400)
    return places


def _cells(sheet: Sheet, raw: bytes, name: str) -> list[list]:
    """The lines of the page from A1 on. Formulas give the value last computed."""
    book = _book(raw, name)
    pages = [page for page in book.sheet_names if page not in ("选项", "填写说明", "问题清单")]
    if not pages:
        raise Refusal("这个文件里没有可读的工作表。", status=400)
    chosen = sheet.title[:31] if sheet.title[:31] in pages else pages[0]
    try:
        page = book.get_sheet_by_name(chosen)
        left = [""] * (
            page.start[1] if page.start else 0
        )  # iter_rows leaves out empty columns before the first
        return [left + line for line in islice(page.iter_rows(), MOST_ROWS * 4 + LOOK_FOR_HEADINGS)]
    except Exception as error:  # calamine raises types of its own for each fault in a file
        raise Refusal("文件打不开，可能没有传完整。请用表格软件另存为 .xlsx 再传。", status=400) from error


def _book(raw: bytes, name: str):
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_packed_anew(raw, name)))
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("文件打不开，可能没有传完整。请用表格软件另存为 .xlsx 再传。", status=400) from error


def _packed_anew(raw: bytes, name: str) -> bytes:
    """The parts that hold cells, in a new archive: what its head declares about their sizes is then true."""
    if len(raw) > MOST_BYTES:
        raise Refusal(f"文件超过 {MOST_BYTES // 1024 // 1024} MB。请删去图片，或分成几份。", status=400)
    if not raw:
        raise Refusal("文件是空的，请重新选。", status=400)
    if raw[:4] == b"\xd0\xcf\x11\xe0":
        raise Refusal("这是旧的 .xls 文件，或者加了打开密码。请去掉密码，另存为 .xlsx 再传。", status=400)
    if not raw.startswith(b"PK\x03\x04"):
        ending = name.rpartition(".")[2].lower()[:10] if "." in name else ""
        said = f"“.{ending}”文件" if ending and ending != "xlsx" else "这个文件"
        raise Refusal(f"{said}不是 .xlsx 表格。请用表格软件打开，另存为 .xlsx 再传。", status=400)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as old:
            return _copy(old)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refusal("文件损坏或没有传完整。请用表格软件另存为 .xlsx 再传。", status=400) from error


def _copy(old: zipfile.ZipFile) -> bytes:
    parts = [part for part in old.infolist() if NEEDED.fullmatch(part.filename)]
    pages = [part for part in parts if part.filename.startswith("xl/worksheets/")]
    if not any(part.filename == "xl/workbook.xml" for part in parts) or not pages:
        raise Refusal("这不是 .xlsx 表格。请用表格软件打开，另存为 .xlsx 再传。", status=400)
    if len(old.infolist()) > MOST_PARTS or len(pages) > MOST_SHEETS:
        raise Refusal("这个文件里的工作表太多。请只留要传的那一张。", status=400)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refusal("这个文件解开以后太大。请删去多余的行列和格式，或分成几份。", status=400)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in parts:
            body = old.read(part)  # never more than the declared size; checked against its sum
            if b"<!DOCTYPE" in body[:2000]:
                raise Refusal("这个文件里有不该有的内容。请用表格软件另存为 .xlsx 再传。", status=400)
            if part in pages:
                _within_bounds(body)
            new.writestr(part.filename, body)
    return stream.getvalue()


def _within_bounds(body: bytes) -> None:
    """A single word in the last cell of a page would make the reader lay out the whole page."""
    for cell in FULL_CELL.finditer(body):
        place = PLACE.search(cell.group())
        letters, row = (place.group(1), int(place.group(2))) if place else (b"ZZ", 0)
        if row > MOST_ROWS * 4 or (len(letters) == 2 and letters > LAST_COLUMN):
            raise Refusal(
                f"表里的内容太多太远（第 {MOST_ROWS * 4} 行以后或第 {LAST_COLUMN.decode()} 列以后还有字）。"
                f"一次最多 {MOST_ROWS} 行，请删去多余的，或分成几份。",
                status=400,
            )
