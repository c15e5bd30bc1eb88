"""Identities are taken out of a text, and nothing else is."""

import pytest

from huiyin.publications.masking import Known, doubts, mask

KNOWN = Known(
    persons=("蓝采珍", "何阿姨"),
    bodies=("好再来烧烤店",),
    staff=("林启航",),
    keep=frozenset({"00006000132"}),
)


@pytest.mark.parametrize(
    ("text", "told", "kinds"),
    [
        ("我是蓝采珍，井盖响", "我是这位居民，井盖响", ["name"]),
        ("蓝女士您好：换好了", "您好：换好了", ["name"]),
        ("陈阿姨、王大爷都来说过", "几位居民都来说过", ["name", "name"]),
        ("请王建国师傅去看", "请这位居民去看", ["name"]),
        ("城建办林启航去过", "城建办工作人员去过", ["name"]),
        ("好再来烧烤店夜里吵", "那家单位夜里吵", ["name"]),
        ("电话10012345678", "电话某号码", ["phone"]),
        ("打 100-1234-5678 或 0000-6661234", "打 某号码 或 某号码", ["phone", "phone"]),
        ("身份证 330102199001011234", "身份证 某证件号", ["identity"]),
        ("身份证33010219900101123X。", "身份证某证件号。", ["identity"]),
        ("浙A·12345 堵门", "某车 堵门", ["plate"]),
        ("浙AD12345 堵门", "某车 堵门", ["plate"]),
        ("写到 a.b@c.cn", "写到 某邮箱", ["email"]),
        ("加微信号abc_12345", "加某账号", ["account"]),
        ("住滨江路118号", "住滨江路某号", ["house"]),
        ("槐荫里3幢二单元501室漏水", "槐荫里某幢漏水", ["house"]),
        ("槐荫里三幢门口", "槐荫里某幢门口", ["house"]),
        ("3-2-501 的人", "某户 的人", ["house"]),
        ("12幢2单元 301", "某幢", ["house"]),
        ("八十号院", "某号院", ["house"]),
    ],
)
def test_what_points_at_somebody_is_replaced_and_listed(text, told, kinds):
    masked = mask(text, KNOWN)
    assert masked.text == told and [piece.kind for piece in masked.pieces] == kinds
    assert not mask(masked.text, KNOWN).pieces, "nothing is left to find in what was masked"
    assert "".join(part for part, _ in masked.parts) == text, "the marked source is the whole source"


@pytest.mark.parametrize(
    "text",
    [
        "再响请打 0000-600 0132，夜里也有人接",
        "打 12345、119、110 都行",
        "11月18号修好，2026-11-18 又去看，第3号令",
        "一座小桥，两栋楼，那一幢楼的灯，几号开始",
        "高龄老人、独居老人、白内障老人、社区的医生都说好",
        "居民女士们、各位邻居：昨天量的是 46 分贝，限值是 50",
        "收了三百块，四户都退了，900 块到账，用了 5000 元",
        "7 路车末班晚上十点二十，周一到周五",
    ],
)
def test_what_points_at_nobody_stays(text):
    assert mask(text, KNOWN).text == text


def test_what_only_a_person_can_judge_is_pointed_out():
    found = {(piece.kind, piece.text) for piece in doubts("老张烧烤楼上五楼，我爱人去过，周师傅也在")}
    assert {kind for kind, _ in found} == {"店名、单位", "楼栋、楼层", "家人", "称呼"}


def test_the_texts_of_a_year_hold_nothing_after_the_pass():
    """Every description and answer of the demo's stories, masked once, is clean for the second pass."""
    from huiyin.demo.scripts import read_stories

    for story in read_stories():
        known = Known(persons=tuple(story.data.get("people", [])))
        for text in (story.data["title"], story.data["says"], story.data.get("wants", "")):
            once = mask(text, known).text
            assert not mask(once, known).pieces, (story.key, once)
            for name in known.persons:
                assert name not in once
