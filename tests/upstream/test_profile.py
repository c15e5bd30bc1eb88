"""The profile and the rates as an office edits them: what cannot work is held back, what it says is followed."""

import copy

import pytest

from huiyin.rules import clock, models
from huiyin.rules.models import RuleSet
from huiyin.upstream import profile, profile_check
from huiyin.upstream.models import UpstreamOrder
from tests.upstream.test_files import bring


def changed(world, name="upstream_profile", **changes):
    content = copy.deepcopy(RuleSet.objects.current(name, world.office).content)
    for path, value in changes.items():
        content[path] = value
    return content


def problems(world, content, check=profile_check.check_profile):
    return [row.message for row in check(content, world.office) if not row.is_warning]


def test_what_is_shipped_holds(world):
    assert problems(world, changed(world)) == []
    assert problems(world, changed(world, "callback"), profile_check.check_callback) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"columns": [{"heading": "内容", "to": "text"}, {"heading": "题", "to": "title"}, {"heading": "态", "to": "state"}]}, "工单编号"),
     ({"categories": {"市容 › 垃圾": "99"}}, "没有分类"), ({"reply": [{"heading": "题", "from": "title"}, {"heading": "复", "from": "reply"}]}, "工单编号"),
     ({"problem": {"bounces": 0, "redos": 3, "tells": ["leader"]}}, "要在 1 和 20 之间")],
)  # fmt: skip
def test_a_profile_that_cannot_work_is_held_back(world, changes, says):
    assert any(says in message for message in problems(world, changed(world, **changes)))


def test_weights_make_a_hundred(world):
    content = changed(world, "callback")
    content["rates"]["solved"]["weight"] = 50
    assert any("100" in message for message in problems(world, content, profile_check.check_callback))


def test_an_office_reads_its_own_columns(world):
    content = changed(world, system="临河热线", columns=[
        {"heading": "单号", "to": "number"}, {"heading": "诉求内容", "to": "text"}, {"heading": "截止", "to": "due"},
        {"heading": "诉求类别", "to": "category"}], categories={"城管类": "020301"})  # fmt: skip
    RuleSet.objects.create(
        office=world.office, name="upstream_profile", version=2, valid_from=clock.today(), source="测试",
        content=content, activated_at=clock.now(),
    )  # fmt: skip
    models.forget()
    row = {"单号": "L-9", "诉求内容": "河边步道的栏杆断了一截。", "截止": "2026-12-01", "诉求类别": "城管类"}
    batch = bring(world, row, now=clock.now())
    models.forget()
    assert batch.lines.get().result == "new"
    found = UpstreamOrder.objects.get()
    assert (found.system, found.number, found.case.category) == ("临河热线", "L-9", "020301")
    assert clock.local(found.source.due_at).strftime("%m-%d %H:%M") == "12-01 18:00"
    assert profile.content(world.office)["system"] == "临河热线"
