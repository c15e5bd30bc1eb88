"""The shipped limits: honest sources, the statutory rows, and which row counts for which matter."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.rules.limits import LimitPack, read_rule

KINDS = ("petition", "hotline", "city_problem", "service_request", "suggestion", "directive")


def codes(rules):
    return {rule.duty: rule.code for rule in rules}


@pytest.mark.parametrize(
    "code, amount, unit, article",
    [
        ("XF-FWD", 15, "calendar_days", "第22条"),
        ("XF-NTC-D", 15, "calendar_days", "第23条"),
        ("XF-NTC-T", 15, "calendar_days", "第23条"),
        ("XF-OBJ", 5, "working_days", "第23条"),
        ("XF-DO", 60, "calendar_days", "第34条"),
        ("XF-FC-REQ", 30, "calendar_days", "第35条"),
        ("XF-FC", 30, "calendar_days", "第35条"),
        ("XF-FH-REQ", 30, "calendar_days", "第36条"),
        ("XF-FH", 30, "calendar_days", "第36条"),
    ],
)
def test_statutory_rows(pack, code, amount, unit, article):
    rule = pack[code]
    assert (rule.amount, rule.unit, rule.article) == (amount, unit, article)
    assert rule.source_kind == "法定" and rule.law == "《信访工作条例》"
    assert rule.roll_to_workday == (unit == "calendar_days")


def test_petition_may_be_extended_once_by_thirty_days(pack):
    assert (pack["XF-DO"].extend_max, pack["XF-DO"].extend_times) == (30, 1)


def test_only_rows_with_a_law_behind_them_are_called_law(pack):
    for rule in pack:
        assert rule.source and (rule.source_kind == "法定") == rule.code.startswith("XF-"), rule.code


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_one_limit_for_closing_and_for_each_step(pack, kind):
    assert "close" in codes(pack.starting("accepted", kind, urgent=False))
    for part in ("lead", "co"):
        given = codes(pack.starting("assignment_sent", kind, "assignment", part=part, urgent=False))
        assert set(given) == {"take", "report"}
    assert set(codes(pack.starting("reported", kind))) == {"verify"}
    assert set(codes(pack.starting("verified", kind))) == {"answer"}


def test_the_most_specific_row_counts(pack):
    assert codes(pack.starting("accepted", "city_problem", urgent=True))["close"] == "CITY-URGENT"
    assert codes(pack.starting("accepted", "city_problem", urgent=False))["close"] == "CITY-NORMAL"
    assert codes(pack.starting("received", "petition"))["notice"] == "XF-NTC-D"
    moved = codes(pack.starting("received", "petition", transferred=True))
    assert moved == {"notice": "XF-NTC-T", "objection": "XF-OBJ"}
    first = codes(pack.starting("registered", "hotline", channel="web", urgent=True))
    assert first["first_contact"] == "FIRST-CONTACT-URGENT"
    assert "first_contact" not in codes(pack.starting("registered", "directive", channel="directive"))
    second = pack.starting("notice_sent", "petition", "notice", level=2)
    assert [rule.code for rule in second] == ["SUPERVISE-ANSWER-2"]


def test_an_order_with_a_length_of_its_own(pack):
    own = pack["CITY-NORMAL"].with_amount(4, "continuous_hours")
    assert (own.length, own.extend_max, own.extend_times) == ("4小时", 4, 2)
    with pytest.raises(Refusal, match="大于 0"):
        own.with_amount(0)


GOOD = {
    "code": "A",
    "name": "办结",
    "amount": 3,
    "unit": "working_days",
    "starts_with": "accepted",
    "met_by": "closed",
    "source_kind": "示例",
    "source": "试",
}


@pytest.mark.parametrize(
    "change, words",
    [
        ({"unit": "weeks"}, "单位 weeks 不认识"),
        ({"amount": -1}, "大于 0"),
        ({"amount": 1.5}, "要是整数"),
        ({"source": ""}, "缺 source"),
        ({"source_kind": "法定"}, "写明 law 和 article"),
        ({"source_kind": "官方"}, "来源类别"),
        ({"extend_max": 3}, "要么都写"),
        ({"extend_max": 3, "extend_times": 1, "extend_unit": "minutes"}, "延期单位"),
        ({"soon_share": 3}, "soon_share"),
        ({"starts_with": "born"}, "事件 born"),
        ({"colour": "red"}, "不认识的栏目 colour"),
    ],
)
def test_bad_rows_are_refused_by_name(change, words):
    with pytest.raises(Refusal) as refusal:
        read_rule(GOOD | change, events={"accepted": "受理", "closed": "办结"})
    assert "时限 A" in refusal.value.message and words in refusal.value.message


def test_a_code_may_stand_only_once():
    with pytest.raises(Refusal, match="出现了两次"):
        LimitPack({"events": {"accepted": "受理", "closed": "办结"}, "limits": [GOOD, GOOD]})
