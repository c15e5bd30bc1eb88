"""The Word file: margins and grid in twips, fonts in every slot, sizes, fields, borders; the same bytes again."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.papers import docx
from huiyin.papers.blocks import A4, Paper, Paragraph, Picture
from tests.papers.papers import TEXT, W, Word, form, letter, official, rich, value


@pytest.fixture(scope="module")
def word():
    return Word(official())


def fonts_of(run) -> set[str]:
    found = run.find(f"{W}rPr/{W}rFonts")
    return {found.get(f"{W}{slot}") for slot in ("ascii", "hAnsi", "eastAsia", "cs")}


def test_page_margins_in_twips(word):
    section = word.body.find(f".//{W}sectPr")
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    found = {side: int(margin.get(f"{W}{side}")) for side in ("top", "left", "right", "bottom")}
    wanted = {"top": 37, "left": 28, "right": 26, "bottom": 35}
    assert all(abs(found[side] - mm * 1440 / 25.4) <= 1 for side, mm in wanted.items()), found


def test_grid_of_22_lines_and_28_characters(word):
    grid = word.body.find(f".//{W}sectPr/{W}docGrid")
    assert grid.get(f"{W}type") == "linesAndChars" and grid.get(f"{W}linePitch") == "579"
    advance = 16 + int(grid.get(f"{W}charSpace")) / 4096
    assert abs(advance * 28 - 156 / 25.4 * 72) < 0.1
    height = (297 - 37 - 35) / 25.4 * 72
    assert int(height // (579 / 20)) == 22 == A4.lines


def test_body_text(word):
    paragraph = word.paragraph("经查")
    assert (
        value(paragraph, "pPr/spacing", "line") == "579"
        and value(paragraph, "pPr/spacing", "lineRule") == "exact"
    )
    assert value(paragraph, "pPr/ind", "firstLineChars") == "200" and value(paragraph, "pPr/jc") == "both"
    run = paragraph.find(f"{W}r")
    assert fonts_of(run) == {"仿宋_GB2312"} and value(run, "rPr/sz") == "32"
    assert int(value(run, "rPr/spacing")) == -4


@pytest.mark.parametrize(
    ("words", "face", "half_points"),
    [
        ("测试街道办事处文件", "方正小标宋简体", None),
        ("关于槐荫里", "方正小标宋简体", "44"),
        ("一、", "黑体", "32"),
        ("（一）", "楷体_GB2312", "32"),
        ("1.", "仿宋_GB2312", "32"),
        ("（1）", "仿宋_GB2312", "32"),
    ],
)
def test_faces_and_sizes(word, words, face, half_points):
    run = word.paragraph(words).find(f"{W}r")
    assert fonts_of(run) == {face}
    if half_points:
        assert value(run, "rPr/sz") == half_points


def test_red_head(word):
    mark = word.paragraph("办事处文件")
    assert value(mark.find(f"{W}r"), "rPr/color") == "D7000F" and value(mark, "pPr/jc") == "center"
    size, before = (
        int(value(mark.find(f"{W}r"), "rPr/sz")) / 2,
        int(value(mark, "pPr/spacing", "before")) / 20,
    )
    assert abs(before + size * 0.1 - 35 / 25.4 * 72) < 0.5, "35 mm below the top of the type area"
    signer = word.paragraph("签发人：")
    assert "张某某" in "".join(signer.itertext()) and fonts_of(signer.findall(f"{W}r")[-1]) == {"楷体_GB2312"}
    rules = [node for node in word.body.iter(f"{W}bottom") if node.get(f"{W}color") == "D7000F"]
    assert len(rules) == 1


def test_signature_four_characters_from_the_right(word):
    day, organ = word.paragraph("2026年11月2日"), word.paragraph("测试街道办事处")
    organ = [p for p in word.body.iter(f"{W}p") if "".join(p.itertext()) == "测试街道办事处"][0]
    assert value(day, "pPr/ind", "rightChars") == "400" and value(day, "pPr/jc") == "right"
    assert 350 <= int(value(organ, "pPr/ind", "rightChars")) <= 450, "centred over the date"


def test_unsealed_signature():
    found = Word(rich())
    organ = next(p for p in found.body.iter(f"{W}p") if "".join(p.itertext()) == "测试街道办事处")
    day = found.paragraph("2026年11月2日")
    # The organ ends two characters from the right at least; the date begins two to the right of the organ's begin.
    assert int(value(organ, "pPr/ind", "rightChars")) >= 200
    right, day_right = (int(value(p, "pPr/ind", "rightChars")) / 100 for p in (organ, day))
    assert abs((right + 7) - (day_right + 6.5) - 2) < 0.05


def test_page_number_fields_odd_and_even(word):
    settings = word.part("word/settings.xml")
    assert settings.find(f"{W}evenAndOddHeaders") is not None
    sides = {}
    for name in word.files.namelist():
        if name.startswith("word/footer"):
            foot = word.part(name)
            assert "PAGE" in "".join(foot.itertext()) and "—" in "".join(foot.itertext())
            assert value(foot.find(f"{W}p/{W}r"), "rPr/sz") == "28" and fonts_of(foot.find(f"{W}p/{W}r")) == {
                "宋体"
            }
            sides[value(foot.find(f"{W}p"), "pPr/jc")] = value(
                foot.find(f"{W}p"), "pPr/ind", f"{value(foot.find(f'{W}p'), 'pPr/jc')}Chars"
            )
    assert sides == {"right": "100", "left": "100"}


def test_letter_head_lies_in_the_first_page_only():
    found = Word(letter())
    section = found.body.find(f".//{W}sectPr")
    assert section.find(f"{W}titlePg") is not None
    margin = section.find(f"{W}pgMar")
    assert (
        abs(int(margin.get(f"{W}header")) - 30 * 56.7) < 2
        and abs(int(margin.get(f"{W}footer")) - 20 * 56.7) < 2
    )
    heads = [found.part(name) for name in found.files.namelist() if name.startswith("word/header")]
    with_mark = [head for head in heads if "测试街道办事处" in "".join(head.itertext())]
    assert len(with_mark) == 1
    border = with_mark[0].find(f".//{W}pBdr/{W}bottom")
    assert border.get(f"{W}color") == "D7000F" and border.get(f"{W}space") == "11"
    order = [child.tag for child in section]
    assert order.index(f"{W}titlePg") < order.index(f"{W}docGrid")


def test_imprint_rules(word):
    table = list(word.body.iter(f"{W}tbl"))[-1]
    borders = table.find(f"{W}tblPr/{W}tblBorders")
    assert borders.find(f"{W}top").get(f"{W}sz") == "8" and borders.find(f"{W}insideH").get(f"{W}sz") == "6"
    text = "".join(table.itertext())
    assert "抄送：综合执法队。" in text and "2026年11月2日印发" in text
    assert value(table.find(f".//{W}r"), "rPr/sz") == "28"


def test_form_merges_cells():
    found = Word(form())
    first = next(found.body.iter(f"{W}tbl"))
    spans = [node.get(f"{W}val") for node in first.iter(f"{W}gridSpan")]
    merges = [node.get(f"{W}val") for node in first.iter(f"{W}vMerge")]
    assert spans == ["3", "3"] and merges[0] == "restart" and len(merges) == 2
    widths = [int(node.get(f"{W}w")) for node in first.iter(f"{W}gridCol")]
    assert abs(sum(widths) - 156 * 56.69) < 6
    heights = [node.get(f"{W}hRule") for node in first.iter(f"{W}trHeight")]
    assert set(heights) == {"atLeast"}


ORDER = {
    "pPr": ["keepNext", "pageBreakBefore", "widowControl", "pBdr", "shd", "tabs", "autoSpaceDE", "snapToGrid", "spacing", "ind", "jc", "outlineLvl"],
    "rPr": ["rFonts", "snapToGrid", "color", "spacing", "sz", "szCs", "u", "lang"],
    "tblPr": ["tblStyle", "tblpPr", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
}  # fmt: skip


@pytest.mark.parametrize("make", [official, letter, form, rich])
def test_children_stand_in_the_order_of_the_schema(make):
    """Word opens nothing else without asking to repair it."""
    for parent, order in ORDER.items():
        for node in Word(make()).body.iter(f"{W}{parent}"):
            names = [child.tag[len(W) :] for child in node if child.tag[len(W) :] in order]
            assert names == sorted(names, key=order.index), (parent, names)
            assert len(names) == len(set(names))


def test_hostile_text_stays_text():
    words = "<w:p/> & ]]> # $x$ \x00\x0b 㛃䶮𬱖 😀 {{ x }}"
    found = Word(Paper("试", (Paragraph(words), Paragraph("A" * 300))))
    assert "<w:p/> & ]]> # $x$  㛃䶮𬱖 😀 {{ x }}" in found.text and "A" * 300 in found.text


def test_same_paper_same_bytes():
    assert docx.render(official()) == docx.render(official()) != docx.render(official(day="2026-11-03"))
    core = Word(official()).files.read("docProps/core.xml").decode()
    assert "2026-11-02" in core and "python-docx" not in core
    assert "docProps/thumbnail.jpeg" not in Word(official()).files.namelist()


def test_stand_ins_are_named_for_machines_without_the_fonts(word):
    table = word.part("word/fontTable.xml")
    found = {font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val") for font in table}
    assert found["仿宋_GB2312"] == "仿宋" and found["楷体_GB2312"] == "楷体"


def test_both_files_say_the_same():
    from tests.papers.papers import pages_of

    text = "".join(pages_of(official()))
    for part in (TEXT, "测街处〔2026〕12号", "抄送：综合执法队。", "二、处理意见"):
        assert part in Word(official()).text.replace(" ", "") and part in text


def test_broken_picture_is_refused():
    with pytest.raises(Refusal):
        docx.render(Paper("试", (Picture("AAAA"),)))
