"""Titles in balanced lines, numerals, masks; a paper kept as JSON is the same paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.papers import content
from huiyin.papers.blocks import Code, Paper, Paragraph, Span
from huiyin.papers.text import balanced, breakable, chinese_numeral, clean, heading_label, masked, width_of
from tests.papers.papers import form, letter, official, rich


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于楼道灯不亮的答复书", 1),
        ("关于槐荫里3幢楼下井盖松动噪声扰民信访事项的处理意见书", 2),
        ("关于“楼下的井盖松了，晚上车一过就响，老人睡不着”信访事项的处理意见书", 2),
    ],
)
def test_title_lines_are_balanced_and_keep_words(title, lines):
    found = balanced(title, 18)
    assert len(found) == lines and "".join(found) == title
    assert all(width_of(line) <= 18 for line in found)
    assert max(map(width_of, found)) - min(map(width_of, found)) <= 6
    for word in ("噪声", "井盖", "信访", "事项", "处理", "意见书", "答复书"):
        assert sum(word in line for line in found) == ("".join(found).count(word) > 0)
    assert not any(line[0] in "，。的”）" for line in found)


@given(st.text(min_size=1, max_size=120))
def test_no_title_loses_a_character(title):
    assert "".join(balanced(clean(title), 18)) == clean(title).replace("\n", "")


def test_numbers_of_headings():
    assert [chinese_numeral(n) for n in (1, 10, 11, 20, 25)] == ["一", "十", "十一", "二十", "二十五"]
    assert [heading_label(level, 3) for level in (1, 2, 3, 4)] == ["三、", "（三）", "3.", "（3）"]


def test_masks():
    assert masked("何阿姨", "name") == "何*" and masked("10000001234", "phone") == "100****1234"
    assert (
        masked("12345", "phone") == "****"
        and masked("一号路", "address") == "（略）"
        and masked("话", "") == "话"
    )


def test_long_words_get_chances_to_break():
    assert breakable("中" * 50) == "中" * 50 and "\u200b" in breakable("a" * 30)
    assert breakable("a" * 30).replace("\u200b", "") == "a" * 30


@pytest.mark.parametrize("make", [official, letter, form, rich])
def test_kept_as_json_it_is_the_same_paper(make):
    assert content.load(content.dump(make())) == make()
    assert content.dump(content.load(content.dump(make()))) == content.dump(make())


def test_copy_without_identity():
    paper = Paper(
        "试",
        (Paragraph(("请", Span("何阿姨", identity="name"))), Code("https://x.test/t/ABC", is_personal=True)),
    )
    assert content.names_a_person(paper)
    copy = content.without_identity(paper)
    kept = content.dump(copy)
    assert "何阿姨" not in kept and "何*" in kept and "x.test" not in kept
    assert not content.names_a_person(copy) and content.names_a_person(form())
    assert "何阿姨" not in content.dump(content.without_identity(form()))


def test_unknown_content_is_refused():
    for text in ('{"version": 2}', '{"version": 1, "is": "Nothing"}'):
        with pytest.raises(ValueError):
            content.load(text)
