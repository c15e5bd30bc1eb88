"""A rule as text: whatever is wrong with it is named in Chinese with its line and column."""

import pytest

from huiyin.rulebook import difference, reading, registry, shapes
from huiyin.rulebook.drafts import examine
from huiyin.rules import plain_yaml
from huiyin.rules.models import SEEDS, RuleSet

GOOD = "name: wording\nsource: 试\ncontent:\n  least_characters: {letter: 10, note: 4}\n  say_instead: {工单: 这件事}\n"


def wrong(text: str, name: str = "wording") -> list[reading.Problem]:
    with pytest.raises(reading.Unreadable) as caught:
        reading.read(text, name)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("content:\n  a: [1, 2\n  b: 3\n", 3, "方括号"),
        ("content:\n\tа: 1\n", 2, "Tab"),
        ("content:\n  派单：城建办\n  b: 1\n", 2, "中文冒号"),
        ('content:\n  a: "没有配对\n', 3, "引号"),
        ("content:\n  a: 1\n   b: 2\n", 3, "冒号"),
        ("content:\n  a: 1\n  a: 2\n", 3, "写了两次"),
        ("content: &x {a: 1}\nsource: *x\n", 1, "& 和 *"),
        ("content: !!python/object:os.system {}\n", 1, "标签"),
        ("", 1, "空的"),
        ("只有一句话", 1, "键: 值"),
        ("name: limits\ncontent: {}\n", 1, "这里要的是"),
        ("vorsion: 2\ncontent: {}\n", 1, "不认识"),
        ("valid_from: 明天\ncontent: {}\n", 1, "2026-12-01"),
        ("content: " + "[" * 20 + "]" * 20, 1, "层次太深"),
        ('content: {a: "x\\0y"}', 1, "空字符"),
    ],
)
def test_faulty_text_says_where_and_what(text, line, said):
    problems = wrong(text)
    assert said in problems[0].message, problems
    assert problems[0].line == line and problems[0].column > 0


def test_words_and_codes_stay_what_they_are():
    """YAML 1.1 would read off as false, 010203 as an octal number and 14:00 as 840."""
    sheet = reading.read(
        "content: {off: [on, no, yes], 码: 010203, 时: 14:00, 日: 2026-01-01, 数: 3, 真: true}", "x"
    )
    assert sheet.content == {
        "off": ["on", "no", "yes"], "码": "010203", "时": "14:00", "日": "2026-01-01", "数": 3, "真": True
    }  # fmt: skip


def test_content_alone_is_enough_and_keeps_its_lines():
    sheet = reading.read("# 说明\nleast_characters: {letter: 0}\n", "wording")
    problem = sheet.locate(reading.Problem("", ("least_characters", "letter")))
    assert sheet.content == {"least_characters": {"letter": 0}} and (problem.line, problem.column) == (2, 20)


def test_problem_of_something_missing_points_to_what_lacks_it(world):
    _, problems = examine("wording", GOOD.replace("letter: 10, ", ""), world.office)
    assert [(row.line, row.column, row.message) for row in problems] == [(4, 3, "这里缺 letter")]


def test_giants_are_refused():
    assert "太长" in wrong("content: " + "a" * 700_000)[0].message
    assert "太多" in wrong("content: [" + "1," * 70_000 + "]")[0].message


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_rule_reads_writes_and_passes_its_own_check(world, path):
    text = path.read_text()
    data = plain_yaml.read(text)
    assert plain_yaml.read(plain_yaml.write(data)) == data
    _, problems = examine(data["name"], text, world.office)
    assert [row for row in problems if not row.is_warning] == []


BROKEN = [
    ("calendar", lambda c: c["hours"].append(["18:00", "09:00"]), "从早到晚"),
    ("calendar", lambda c: c["years"].pop("2026"), "2026"),
    ("calendar", lambda c: c["years"]["2026"]["holidays"].update({"2026-13-01": "节"}), "2026-12-01 的样子"),
    ("limits", lambda c: c["limits"][0].update(amount=-1), "大于 0"),
    ("limits", lambda c: c["limits"][0].update(starts_with="nowhere"), "nowhere"),
    ("limits", lambda c: c["limits"][0].update(met_by=[3]), "要写文字"),
    ("limits", lambda c: c["limits"].append(dict(c["limits"][0])), "重复"),
    ("limits", lambda c: c.update(limits=[row for row in c["limits"] if row["duty"] != "close"]), "办结"),
    ("categories", lambda c: c["categories"][2].update(parent="99"), "没有上级分类"),
    ("categories", lambda c: c["categories"][2].update(code=10101), "要写文字"),
    ("categories", lambda c: c["categories"][2].update(clause="基本履职-999"), "职责清单里没有"),
    ("categories", lambda c: c["categories"][2].update(limit="三天"), "H4、D5"),
    ("categories", lambda c: c["categories"][2].update(kind="gossip"), "没有种类"),
    ("categories", lambda c: c["categories"][0].update(parent="0101"), "绕了一圈"),
    ("duty_lists", lambda c: c["lists"][0]["clauses"][0].pop("unit"), "二选一"),
    ("duty_lists", lambda c: c["lists"][0]["clauses"].pop(20), "这一版里没有"),
    ("procedures", lambda c: c["kinds"]["petition"].update(off=["answer"]), "关不得"),
    ("procedures", lambda c: c["kinds"]["petition"].update(off=["nothing"]), "没有“nothing”"),
    ("procedures", lambda c: c["kinds"].pop("petition"), "分类里用到种类"),
    ("procedures", lambda c: c["kinds"]["petition"].update(channels=[]), "1 到"),
    ("roles", lambda c: c["roles"]["admin"].update(reach="area"), "不看事项"),
    ("roles", lambda c: c["roles"].pop("clerk"), "缺岗位 clerk"),
    ("roles", lambda c: c["roles"]["clerk"].update(reach="unit"), "片区"),
    ("wording", lambda c: c["say_instead"].update({"工单": "那份工单"}), "不能说的"),
    ("wording", lambda c: c["least_characters"].update(note=0), "之间"),
    ("routing", lambda c: c["rules"][0].update(lead="zhifa"), "二选一"),
    ("routing", lambda c: c.update(rules={}), "一列"),
]


@pytest.mark.parametrize(("name", "breaks", "said"), BROKEN, ids=[f"{row[0]}-{row[2]}" for row in BROKEN])
def test_a_broken_rule_is_found(world, name, breaks, said):
    content = RuleSet.objects.current(name, world.office).content
    content = plain_yaml.read(plain_yaml.write(content))
    breaks(content)
    errors = [row.message for row in registry.problems(name, content, world.office) if not row.is_warning]
    assert any(said in message for message in errors), errors


def test_a_rule_without_a_checker_is_held_to_the_shape_of_its_active_version():
    active = {"keep_days": 30, "steps": [{"code": "a", "words": ["x"]}, {"code": "b"}], "地名": "甲"}
    shape = shapes.like(active)
    assert not list(shape.check({"keep_days": 9, "steps": [{"code": "c"}], "地名": ""}))
    found = [row.message for row in shape.check({"keep_days": "九", "steps": [{"kode": "c"}]})]
    assert len(found) == 4, found


def test_difference_is_told_by_item():
    old = {"rules": [{"name": "甲", "lead": "a"}, {"name": "乙", "lead": "b"}, {"name": "丙", "lead": "c"}]}
    new = {"rules": [{"name": "丙", "lead": "c"}, {"name": "甲", "lead": "x"}, {"name": "丁", "lead": "d"}]}
    rows = difference.changes(old, new, {"rules": "规则", "lead": "主办"}, is_ordered=True)
    told = [(row.kind, row.where, row.before, row.after) for row in rows]
    assert ("挪动", ("规则", "丙"), "第 3", "第 1") in told or (
        "挪动",
        ("规则", "甲"),
        "第 1",
        "第 2",
    ) in told
    assert ("改动", ("规则", "甲", "主办"), "a", "x") in told
    assert ("新增", ("规则", "丁"), "", "排第 3：主办 d") in told
    assert ("删去", ("规则", "乙"), "主办 b", "") in told
    assert len(told) == 4
    assert difference.changes(new, new) == []
