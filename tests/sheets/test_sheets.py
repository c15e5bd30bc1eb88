"""A sheet goes out as a template and comes back as rows and problems; whatever else is sent is turned away."""

import io
import zipfile
from datetime import date

import pytest
import python_calamine
import xlsxwriter

from huiyin.base.refusal import Refusal
from huiyin.sheets import marked, reading, template
from huiyin.sheets.columns import Column, Sheet

UNITS = Sheet(
    "units",
    "单位",
    "街道有哪些单位。",
    (
        Column("code", "代码", "code", required=True, most=12, example="zhifa"),
        Column("kind", "类别", "choice", required=True, choices={"部门": "department", "服务站": "station"}, example="department"),
        Column("name", "全称", required=True, most=20, example="综合行政执法队", help="印在公文上的名称"),
        Column("phone", "电话", "phone", example="0000-600 0119"),
        Column("since", "成立日", "date", example=date(2024, 1, 1)),
        Column("staff", "人数", "integer", least=0, most=5000, example=12),
        Column("lon", "经度", "number", example=118.05),
        Column("services", "服务项目", "list", example=["巡查", "劝导"]),
    ),
)  # fmt: skip
HEADINGS = [column.heading for column in UNITS.columns]
GOOD = {"代码": "zhifa", "类别": "部门", "全称": "综合执法队"}


def workbook(*lines, headings=HEADINGS, before=0, title="单位", corner="这一列不用填") -> bytes:
    """An .xlsx as a person's spreadsheet would write it; a line is {heading: value} or a list of cells."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet(title)
        page.write_row(before, 0, [corner, *headings])
        for number, line in enumerate(lines, before + 1):
            cells = ["", *(line.get(name, "") for name in headings)] if isinstance(line, dict) else line
            for at, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(number, at, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
                elif cell != "":
                    page.write(number, at, cell)
    return stream.getvalue()


def pages(raw: bytes) -> dict[str, list[list]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def refused(raw: bytes, name="a.xlsx") -> str:
    with pytest.raises(Refusal) as caught:
        reading.read(UNITS, raw, name)
    assert caught.value.status == 400
    return caught.value.message


def test_the_template_has_headings_help_and_an_example_that_is_not_read():
    raw = template.write(UNITS)
    page = pages(raw)["单位"]
    assert page[0][1:4] == ["代码*", "类别*", "全称*"] and page[0][4] == "电话"
    assert "必填" in page[1][3] and "印在公文上的名称" in page[1][3]
    assert page[2][0].startswith("示例") and page[2][1:5] == [
        "zhifa",
        "部门",
        "综合行政执法队",
        "0000-600 0119",
    ]
    assert "从第 4 行填起" in refused(raw)


def test_the_template_offers_choices_and_keeps_codes_as_text():
    with zipfile.ZipFile(io.BytesIO(template.write(UNITS))) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert '<dataValidation type="list"' in page and "选项!$C$1:$C$2" in page
        assert 'state="frozen"' in page
        assert "xl/comments1.xml" in parts.namelist()
        assert 'state="hidden"' in parts.read("xl/workbook.xml").decode()


def test_what_is_known_goes_out_and_comes_back_unchanged():
    row = {
        "code": "0012", "kind": "station", "name": "东社区服务站", "phone": "0000-600 0001", "since": date(2020, 2, 3),
        "staff": 4, "lon": 118.0512345, "services": ["助餐", "代办"],
    }  # fmt: skip
    back = reading.read(UNITS, template.write(UNITS, [row]))
    assert back.problems == [] and [line.values for line in back.rows] == [row]
    assert back.rows[0].number == 4


def test_cells_as_people_write_them():
    line = {
        **GOOD, "代码": 12.0, "电话": "+86 0000 600 0119", "成立日": date(2024, 5, 6), "人数": "1,200", "服务项目": "助餐, 代办；修补",
    }  # fmt: skip
    row = reading.read(UNITS, workbook(line)).rows[0]
    assert row["code"] == "12" and row["since"] == date(2024, 5, 6) and row["staff"] == 1200
    assert row["services"] == ["助餐", "代办", "修补"]


@pytest.mark.parametrize("text", ["2024-05-06", "2024/5/6", "2024年5月6日", "20240506", "2024.5.6"])
def test_days_in_many_hands(text):
    assert reading.read(UNITS, workbook({**GOOD, "成立日": text})).rows[0]["since"] == date(2024, 5, 6)


def test_every_problem_is_listed_with_its_cell():
    bad = {
        "代码": "综合 队",
        "类别": "公司",
        "全称": "",
        "电话": "问小王",
        "成立日": "去年",
        "人数": "3.5",
        "经度": "东",
    }
    found = reading.read(UNITS, workbook(GOOD, bad, {**GOOD, "代码": "9.90101E+14", "成立日": "2024-02-30"}))
    assert [one.address for one in found.in_order()] == ["B3", "C3", "D3", "E3", "F3", "G3", "H3", "B4", "F4"]
    words = {one.address: one.wrong + one.todo for one in found.problems}
    assert "从列表里选：部门、服务站" in words["C3"] and "没有填" in words["D3"] and "科学计数" in words["B4"]
    assert found.rows[1].values["name"] is None and {"code", "kind"} <= found.rows[1].bad


def test_bounds_of_numbers_and_length():
    found = reading.read(UNITS, workbook({**GOOD, "人数": -1, "全称": "长" * 21}, {**GOOD, "人数": 5001}))
    assert sorted(one.address for one in found.problems) == ["D2", "G2", "G3"]


def test_formulas_are_read_as_values_and_errors_are_problems():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("单位")
        page.write_row(0, 0, ["", *HEADINGS])
        page.write_row(1, 1, ["a1", "部门"])
        page.write_formula(1, 3, '="执法"&"队"', None, "执法队")
        page.write_formula(1, 6, "=6+6", None, 12)
    row = reading.read(UNITS, stream.getvalue()).rows[0]
    assert row["name"] == "执法队" and row["staff"] == 12


def test_headings_may_stand_lower_and_farther_right_and_in_another_order():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("随便")
        page.write(1, 2, "某街道单位一览")
        page.write_row(3, 2, ["全称", "类别*", "代码", "备注"])
        page.write_row(4, 2, ["执法队", "部门", "b c", "没有这一列"])
    found = reading.read(UNITS, stream.getvalue())
    assert [one.address for one in found.problems] == ["E5"]
    assert found.unused == ["备注"] and found.rows[0]["name"] == "执法队" and found.rows[0].number == 5


def test_empty_lines_do_not_count():
    found = reading.read(UNITS, workbook(GOOD, {}, {"代码": "  "}, GOOD))
    assert [row.number for row in found.rows] == [2, 5]


def test_the_marked_copy_shows_where_and_why_and_can_be_sent_back():
    found = reading.read(UNITS, workbook(GOOD, {**GOOD, "类别": "公司", "成立日": date(2024, 5, 6)}))
    copy = marked.mark(found)
    out = pages(copy)
    assert out["单位"][0][-1] == "问题" and "C3" in out["单位"][2][-1] and out["单位"][1][-1] == ""
    assert out["问题清单"][1][:2] == ["C3", "类别"]
    again = reading.read(UNITS, copy)
    assert [one.address for one in again.problems] == ["C3"] and again.unused == []
    assert again.rows[1]["since"] == date(2024, 5, 6)
    assert pages(marked.mark(again))["单位"][0].count("问题") == 1
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        assert "FFF6C9C0" in parts.read("xl/styles.xml").decode()


@pytest.mark.parametrize("text", ["=1+1", "+8", "-3", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_is_written_as_text(text):
    raw = template.write(UNITS, [{"code": "a", "kind": "station", "name": text}])
    found = reading.read(UNITS, raw)
    assert found.rows[0]["name"] == text
    for file in (raw, marked.mark(found)):
        with zipfile.ZipFile(io.BytesIO(file)) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_other_files_are_turned_away_in_plain_words():
    assert ".csv" in refused("代码,全称".encode(), "名单.csv")
    assert "另存为 .xlsx" in refused(b"\xd0\xcf\x11\xe0" + b"0" * 900, "名单.xls")
    assert "没有传完整" in refused(workbook(GOOD)[:2000])
    assert "空的" in refused(b"")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "不是 .xlsx" in refused(stream.getvalue(), "a.docx")
    assert "找不到它的表头" in refused(workbook({"甲": 1}, headings=["甲", "乙"]))
    assert "类别" in refused(workbook({"代码": "a"}, headings=["代码", "全称"]))
    assert "两次" in refused(workbook(GOOD, headings=[*HEADINGS, "代码"]))


def rebuilt(raw: bytes, part: str, change) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == part else body)
    return stream.getvalue()


def test_bombs_are_refused_before_they_go_off():
    raw = workbook(GOOD)
    big = rebuilt(raw, "xl/sharedStrings.xml", lambda body: body + b" " * (70 * 1024 * 1024))
    assert len(big) < reading.MOST_BYTES and "解开以后太大" in refused(big)
    far = rebuilt(raw, "xl/worksheets/sheet1.xml", lambda body: body.replace(b'r="D2"', b'r="XFD1048576"'))
    assert "太多太远" in refused(far)
    nowhere = rebuilt(raw, "xl/worksheets/sheet1.xml", lambda body: body.replace(b'r="D2"', b""))
    assert "太多太远" in refused(nowhere)
    doctype = rebuilt(raw, "xl/workbook.xml", lambda body: body.replace(b"?>", b"?><!DOCTYPE x []>", 1))
    assert "不该有的内容" in refused(doctype)


def test_a_size_that_lies_is_found_out():
    """The head says 10 bytes, the part unpacks to 40 MB: only what was declared is ever unpacked."""
    raw = bytearray(rebuilt(workbook(GOOD), "xl/sharedStrings.xml", lambda body: b" " * (40 * 1024 * 1024)))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = raw.find(signature)
        while start >= 0:
            name = 46 if at == 24 else 30
            if raw[start + name :].startswith(b"xl/sharedStrings.xml"):
                raw[start + at : start + at + 4] = (10).to_bytes(4, "little")
            start = raw.find(signature, start + 4)
    assert "损坏" in refused(bytes(raw))


def test_more_rows_than_allowed_are_refused_with_advice(monkeypatch):
    lines = [["", f"c{number}", "部门", "名"] for number in range(template.MOST_ROWS + 1)]
    assert "分成几份" in refused(workbook(*lines))
    assert len(reading.read(UNITS, workbook(*lines[:-1])).rows) == template.MOST_ROWS


def test_a_page_formatted_to_its_last_row_is_fine():
    raw = rebuilt(
        workbook(GOOD),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(
            b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
        ),
    )
    assert len(reading.read(UNITS, raw).rows) == 1
