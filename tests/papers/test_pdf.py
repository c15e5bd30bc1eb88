"""The PDF: where things stand on the page, what hostile text does, the same bytes again, many at once."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from PIL import Image
from pypdf import PdfReader

from huiyin.base.refusal import Refusal
from huiyin.papers import fonts, pdf
from huiyin.papers.blocks import POSTER_A3, Banner, Code, Columns, Paper, Paragraph, Picture
from tests.papers.papers import TEXT, form, letter, official, pages_of, places_of, rich

MM = 72 / 25.4
HOSTILE = '# $x^2$ \\ @ref <script>alert(1)</script> *b* _i_ `c` [d] {e} // /* ~ #import "x": * 㛃䶮𬱖'


def reader(paper):
    return PdfReader(io.BytesIO(pdf.render(paper)))


def test_page_is_a4_and_numbered_outside():
    pages = pages_of(official())
    found = reader(official())
    assert len(pages) == 2
    box = found.pages[0].mediabox
    assert (round(float(box.width) / MM), round(float(box.height) / MM)) == (210, 297)
    content = pdf.render(official())
    numbers = [next(row for row in places_of(content, n) if "—" in row[0]) for n in (0, 1)]
    assert numbers[0][1] > 400 and numbers[1][1] < 110, "odd pages at the right, even ones at the left"
    assert pages[0].endswith("—1—") or "—1—" in pages[0]
    # The dash stands 7 mm below the type area, which ends 35 mm above the edge; the baseline a little lower.
    assert 26 * MM - 8 < numbers[0][2] < 28 * MM


def test_head_stands_where_the_standard_says():
    rows = places_of(pdf.render(official()))
    mark = next(row for row in rows if "文件" in row[0])
    number = next(row for row in rows if "处〔2026〕12号" in row[0])
    top = 297 * MM - mark[2] - 0.88 * mark[3]  # from the page's edge to the upper edge of the type
    assert abs(top - (37 + 35) * MM) < 2.5 * MM
    assert number[2] < mark[2] - 2 * 28.95, "two lines below"
    assert abs(number[1] - (28 * MM + 15.8)) < 2, "one character in, because a signer stands at the right"
    assert "签发人：" in "".join(pages_of(official()))


def test_body_fills_the_line_with_28_characters():
    rows = [row for row in places_of(pdf.render(official())) if abs(row[3] - 16) < 0.2]
    lines = sorted({round(row[2], 1) for row in rows}, reverse=True)
    gaps = [round(a - b, 2) for a, b in zip(lines, lines[1:], strict=False)]
    assert gaps.count(28.9) + gaps.count(28.95) + gaps.count(29.0) >= 5, gaps
    left = min(row[1] for row in rows)
    assert abs(left - 28 * MM) < 1


def test_headings_are_numbered_in_four_levels():
    text = "".join(pages_of(official()))
    for words in ("一、请求", "（一）关于井盖", "1.垫圈", "（1）更换", "二、处理意见"):
        assert words in text


def test_a_short_last_paragraph_goes_with_the_signature():
    for count in range(1, 24):
        body = tuple(Paragraph(TEXT) for _ in range(count))
        paper = official(blocks=(*official().blocks[:2], *body, official().blocks[-1]), imprint=None)
        last = pages_of(paper)[-1]
        if "2026年11月2日" in last:
            assert "垫圈" in last, f"{count} paragraphs: the signature stands alone"


def test_letter_has_no_number_on_its_first_page():
    pages = pages_of(letter())
    assert len(pages) == 2 and "—1—" not in pages[0] and "—2—" in pages[1]
    mark = next(row for row in places_of(pdf.render(letter())) if row[3] > 40)
    top = 297 * MM - mark[2] - 0.88 * mark[3]
    assert abs(top - 30 * MM) < 2.5 * MM


def test_form_keeps_every_word_and_its_stub_whole():
    text = "".join(pages_of(form()))
    for words in ("来访登记表", "何阿姨", "10000001234", TEXT, "第二行", "签字：", "存根号"):
        assert words in text


def test_other_blocks():
    pages = pages_of(rich())
    assert "附件：1.现场照片" in pages[0] and "2.检测报告" in pages[0] and "右边的话" in pages[0]
    assert pages[1].startswith("附件1") and "附件里的话" in pages[1]


@pytest.mark.parametrize(
    "words", [HOSTILE, "\x00\x07控\x1b制\u202e字\ufeff符\x85", "长" * 400, "A" * 400, "“引号”——……"]
)
def test_hostile_text_is_laid_out_whole(words):
    text = "".join(pages_of(Paper("试", (Paragraph(words),)))).replace("\u200b", "")
    expected = "".join(char for char in words if char.isprintable() and not char.isspace())
    for char in set(expected):
        assert text.count(char) >= expected.count(char), char
    assert "\x07" not in text and "\u202e" not in text


def test_long_words_stay_inside_the_margins():
    rows = places_of(pdf.render(Paper("试", (Paragraph("https://example.test/" + "a" * 300),))))
    assert len({round(row[2]) for row in rows if row[3] > 15}) > 4


def test_a_character_without_type_is_named_and_marked():
    assert fonts.without_type("字😀𬱖") == ["😀"]
    assert "字〓𬱖" in "".join(pages_of(Paper("试", (Paragraph("字😀𬱖"),))))


def test_same_paper_same_bytes_and_dated_as_the_paper():
    first = pdf.render(official())
    assert first == pdf.render(official()) != pdf.render(official(day="2026-11-03"))
    information = PdfReader(io.BytesIO(first)).metadata
    assert "20261102" in information["/CreationDate"] and information.title == official().title


def test_replaced_fonts_are_said_in_the_properties():
    words = PdfReader(io.BytesIO(pdf.render(official()))).metadata["/Keywords"]
    assert words == fonts.substitution_note() and "仿宋_GB2312→" in words


def test_own_fonts_folder_goes_first(tmp_path, monkeypatch):
    """A folder with a licensed file is used, and is no longer said to be replaced."""
    source = next(Path(pylopdf_fonts_zh_cn.__file__).parent.glob("*Sans*.otf"))
    renamed = source.read_bytes().replace(
        "Noto Sans SC".encode("utf-16-be"), "SimHei      ".encode("utf-16-be")
    )
    (tmp_path / "simhei.otf").write_bytes(renamed)
    monkeypatch.setenv("HUIYIN_FONTS", str(tmp_path))
    assert fonts.folders()[0] == str(tmp_path)
    names = {family.strip().lower() for family in fonts._families(tuple(fonts.folders()))}
    assert "simhei" in names
    monkeypatch.setenv("HUIYIN_FONTS", str(tmp_path / "gone"))
    assert len(fonts.folders()) == 1 and pdf.render(form())[:5] == b"%PDF-"


def test_broken_picture_is_refused():
    for data in ("no base64", base64.b64encode(b"GIF89a").decode()):
        with pytest.raises(Refusal):
            pdf.render(Paper("试", (Picture(data),)))


def test_picture_and_poster():
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(made, format="PNG")
    picture = Picture(base64.b64encode(made.getvalue()).decode(), 60, "红方块", "图一")
    poster = Paper(
        "东社区第一网格",
        (
            Banner("东社区第一网格"),
            Columns((2, 1), ((Paragraph("网格员", size_pt=60, indent=0), picture), (Code("https://huiyin.test/g", 80, "扫一扫"),))),
        ),
        page=POSTER_A3,
    )  # fmt: skip
    found = reader(poster)
    box = found.pages[0].mediabox
    assert len(found.pages) == 1 and (round(float(box.width) / MM), round(float(box.height) / MM)) == (
        297,
        420,
    )
    text = "".join(pages_of(poster))
    assert "东社区第一网格" in text and "扫一扫" in text and "图一" in text and "—1—" not in text


def test_many_at_once_do_not_mix():
    papers = [
        official(title=f"第{number}份", blocks=(Paragraph(f"第{number}份的话"),)) for number in range(6)
    ]
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(pdf.render, papers))
    for number, content in enumerate(made):
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        assert f"第{number}份的话" in text


def test_endless_setting_is_cut_off(monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 0.001)
    with pytest.raises(Refusal, match="超过了时间"):
        pdf.render(form())


def test_a_days_papers_come_in_one_file_each_on_a_fresh_sheet():
    def words(found):
        return [page.extract_text().replace("\n", "").replace(" ", "") for page in found.pages]

    papers = [letter(), official(), form(), letter()]
    texts = words(PdfReader(io.BytesIO(pdf.render_all(papers))))
    at = 0
    for paper in papers:
        own = words(reader(paper))
        assert texts[at : at + len(own)] == own, "set as it is alone, numbered from 1"
        at += len(own)
        if len(own) % 2 and at < len(texts):
            assert texts[at] == "", "the back of an odd last page stays blank"
            at += 1
    assert at == len(texts)
