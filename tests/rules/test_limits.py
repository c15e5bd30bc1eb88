"""Limits by the letter of the law and of office practice: when due, how they read, how they explain."""

from datetime import date, timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.rules.clock import local
from huiyin.rules.limits import (
    Extension,
    Facts,
    Pause,
    due_at,
    due_words,
    explain,
    read_rule,
    refuse_extension,
    state,
    was_late,
)


def rule(amount=5, unit="working_days", **more):
    row = {"code": "T", "name": "办结", "starts_with": "accepted", "met_by": "closed"}
    row |= {"source_kind": "示例", "source": "测试", "amount": amount, "unit": unit}
    return read_rule(row | more)


def law(amount, unit="calendar_days", **more):
    return rule(amount, unit, source_kind="法定", law="《信访工作条例》", article="第34条", **more)


def pause(begin, end=None, reason=""):
    return Pause(local(begin), end and local(end), reason)


LAST = "23:59:59.999999"


@pytest.mark.parametrize(
    "made, start, due",
    [
        # 60 日，受理当日不计
        (law(60), "2026-10-26 09:20", f"2026-12-25 {LAST}"),
        (law(60), "2026-10-26 23:59", f"2026-12-25 {LAST}"),
        # 末日是国庆节，顺延到节后第一个工作日；示例时限不顺延
        (law(15), "2026-09-18 10:00", f"2026-10-08 {LAST}"),
        (rule(15, "calendar_days"), "2026-09-18 10:00", f"2026-10-03 {LAST}"),
        # 末日是调休上班的星期六，不顺延
        (law(15), "2026-09-25 10:00", f"2026-10-10 {LAST}"),
        # 末日是普通星期日
        (law(15), "2026-11-07 10:00", f"2026-11-23 {LAST}"),
        # 节前星期五受理的 5 个工作日（2023 年国庆前 9 月 28 日）
        (rule(5), "2023-09-28 16:00", "2023-10-11 18:00"),
        # 休息日受理：第一个工作日算第一日
        (rule(1), "2026-10-03 10:00", "2026-10-08 18:00"),
        (rule(1), "2026-10-08 19:30", "2026-10-09 18:00"),
        # 工作时跨午休、跨周末；小时和分钟夜里照走
        (rule(4, "working_hours"), "2026-11-20 16:00", "2026-11-23 10:00"),
        (rule(4, "working_hours"), "2026-11-20 12:30", "2026-11-20 18:00"),
        (rule(2, "continuous_hours"), "2026-11-20 23:00", "2026-11-21 01:00"),
        (rule(30, "minutes"), "2026-11-20 23:45", "2026-11-21 00:15"),
    ],
)
def test_due(calendar, made, start, due):
    assert due_at(made, local(start), calendar) == local(due)


@pytest.mark.parametrize(
    "made, pauses, due",
    [
        # 停钟当日剩几日，恢复后还剩几日（11 月 2 日受理，15 日）
        (rule(15, "calendar_days"), [], f"2026-11-17 {LAST}"),
        (rule(15, "calendar_days"), [pause("2026-11-07 10:00", "2026-11-12 10:00")], f"2026-11-22 {LAST}"),
        (rule(15, "calendar_days"), [pause("2026-11-07 10:00", "2026-11-07 15:00")], f"2026-11-17 {LAST}"),
        (rule(15, "calendar_days"), [pause("2026-11-18 00:00", "2026-12-12 10:00")], f"2026-11-17 {LAST}"),
        (rule(15, "calendar_days"), [pause("2026-11-17 23:00", "2026-11-18 01:00")], f"2026-11-18 {LAST}"),
        # 工作日：下班以后停、上班以前恢复，不影响
        (rule(5), [pause("2026-11-04 18:00", "2026-11-05 08:00")], "2026-11-09 18:00"),
        (rule(5), [pause("2026-11-04 17:59", "2026-11-05 08:00")], "2026-11-10 18:00"),
        (rule(5), [pause("2026-11-06 18:30", "2026-11-09 07:00")], "2026-11-09 18:00"),
        (rule(5), [pause("2026-11-05 09:00")], None),
        (rule(5), [pause("2026-11-09 18:00")], "2026-11-09 18:00"),
        # 法定末日是星期日，顺延的星期一又停着
        (law(6), [pause("2026-11-08 09:00", "2026-11-11 09:00")], f"2026-11-11 {LAST}"),
        (law(6), [pause("2026-11-09 09:00", "2026-11-11 09:00")], f"2026-11-11 {LAST}"),
        (law(6), [pause("2026-11-09 09:00")], None),
        (law(6), [pause("2026-11-09 09:00", "2026-11-10 00:00")], f"2026-11-10 {LAST}"),
        # 到期那一刻才停，不影响
        (rule(8, "working_hours"), [pause("2026-11-03 09:00")], "2026-11-03 09:00"),
        (rule(2, "continuous_hours"), [pause("2026-11-02 11:00", "2026-11-02 13:00")], "2026-11-02 11:00"),
        # 工作时、小时只扣停着的那一段
        (rule(8, "working_hours"), [pause("2026-11-02 11:00", "2026-11-02 15:00")], "2026-11-03 11:00"),
        (rule(24, "continuous_hours"), [pause("2026-11-02 20:00", "2026-11-03 02:00")], "2026-11-03 15:00"),
        (rule(8, "working_hours"), [pause("2026-11-02 12:00", "2026-11-02 14:00")], "2026-11-03 09:00"),
    ],
)
def test_due_with_pauses(calendar, made, pauses, due):
    assert due_at(made, local("2026-11-02 09:00"), calendar, pauses) == (due and local(due))


def test_extension_counts_on_before_rolling(calendar):
    extra = [Extension(30, "calendar_days", local("2026-09-20"))]
    # 60 + 30 日落在国庆假期
    assert due_at(law(60), local("2026-07-05 09:00"), calendar, (), extra) == local(f"2026-10-08 {LAST}")
    with pytest.raises(Refusal, match="按日计"):
        due_at(
            law(60), local("2026-07-05"), calendar, (), [Extension(3, "working_days", local("2026-07-06"))]
        )


def test_a_due_moment_set_by_hand(calendar):
    start, given = local("2026-11-02 09:00"), local("2026-11-20 17:00")
    stops = [pause("2026-11-10 10:00", "2026-11-11 10:00")]
    assert due_at(rule(10), start, calendar, set_to=given) == given
    assert due_at(rule(10), start, calendar, stops, set_to=given) == local("2026-11-23 17:00")
    extra = [Extension(2, "working_days", local("2026-11-19"))]
    assert due_at(rule(10), start, calendar, (), extra, given) == local("2026-11-24 17:00")
    words = explain(rule(10), Facts(start, set_to=given), calendar, start)
    assert words.startswith("交办时定的期限，2026年11月20日 17:00")


@pytest.mark.parametrize(
    "made, start, at, text, status",
    [
        (law(60), "2026-10-26 09:20", "2026-11-24 10:20", "剩 31 日", "ok"),
        (law(60), "2026-10-26 09:20", "2026-12-25 10:00", "剩 14 时", "soon"),
        (law(60), "2026-10-26 09:20", "2026-12-26 10:00", "超 1 日", "late"),
        (rule(5), "2026-11-16 09:00", "2026-11-19 10:00", "剩 2 日 6 时", "ok"),
        (rule(5), "2026-11-16 09:00", "2026-11-19 08:00", "剩 3 日", "ok"),
        (rule(1), "2026-11-23 09:00", "2026-11-24 14:30", "剩 3.5 工时", "ok"),
        (rule(5), "2026-11-16 09:00", "2026-11-25 11:00", "超 1 日 3 时", "late"),
        (rule(5), "2026-11-16 09:00", "2026-11-23 19:00", "刚超期", "late"),
        (rule(4, "working_hours"), "2026-11-24 08:00", "2026-11-24 11:30", "剩 30 分", "soon"),
        (rule(4, "working_hours"), "2026-11-24 08:00", "2026-11-24 16:00", "超 2 工时", "late"),
        (rule(30, "minutes"), "2026-11-24 10:08", "2026-11-24 10:20", "剩 18 分", "ok"),
        (rule(30, "minutes"), "2026-11-24 10:08", "2026-11-24 10:37:30", "剩不到 1 分", "soon"),
        (rule(30, "minutes"), "2026-11-24 10:08", "2026-11-24 11:38", "超 1 时", "late"),
        (rule(2, "continuous_hours"), "2026-11-24 10:00", "2026-11-24 10:20", "剩 1 时 40 分", "ok"),
        (rule(5), "2026-11-16 09:00", "2026-11-16 08:59", "未起算", "off"),
    ],
)
def test_reading(calendar, made, start, at, text, status):
    reading = state(made, Facts(local(start)), calendar, local(at))
    assert (reading.text, reading.status) == (text, status)


def test_a_limit_is_in_time_up_to_its_last_moment(calendar):
    start = local("2026-11-16 09:00")
    for made in (rule(5), rule(5, "calendar_days"), rule(5, "working_hours"), rule(5, "minutes")):
        due = due_at(made, start, calendar)
        tick = timedelta(microseconds=1)
        assert state(made, Facts(start, met_at=due), calendar, due + tick).text == "按时"
        assert state(made, Facts(start, met_at=due + tick), calendar, due + tick).is_late
        assert state(made, Facts(start), calendar, due).elapsed_share == 1


def test_met_late_stays_late_though_extended_afterwards(calendar):
    facts = Facts(
        local("2026-11-16 09:00"),
        met_at=local("2026-11-24 18:00"),
        extensions=(Extension(5, "working_days", local("2026-11-25 09:00")),),
    )
    reading = state(rule(5), facts, calendar, local("2026-11-26 09:00"))
    assert (reading.text, reading.status, reading.is_met, reading.is_late) == ("迟 1 日", "late", True, True)


def test_late_then_extended_reads_well_again_but_was_late(calendar):
    late = Facts(
        local("2026-11-16 09:00"), extensions=(Extension(5, "working_days", local("2026-11-24 10:00")),)
    )
    assert state(rule(5), late, calendar, local("2026-11-24 09:00")).is_late
    assert not state(rule(5), late, calendar, local("2026-11-24 11:00")).is_late
    assert was_late(rule(5), late, calendar, local("2026-11-24 11:00"))
    assert not was_late(rule(5), late, calendar, local("2026-11-23 18:00"))


def test_stopped(calendar):
    facts = Facts(
        local("2026-11-16 09:00"), pauses=(pause("2026-11-18 09:00", "2026-11-20 09:00", "鉴定报告"),)
    )
    reading = state(rule(5), facts, calendar, local("2026-11-19 10:00"))
    assert (reading.text, reading.status, reading.is_paused) == ("已停，等鉴定报告", "hold", True)
    assert reading.due_at is None and reading.due_if_resumed == local("2026-11-24 18:00")
    assert "11月18日起停止计时（鉴定报告），恢复计时后接着算" in explain(
        rule(5), facts, calendar, local("2026-11-19 10:00")
    )
    assert 0 < reading.elapsed_share < 0.5 and reading.left == timedelta(hours=3 * 8 + 6)
    resumed = state(rule(5), facts, calendar, local("2026-11-20 09:00"))
    assert resumed.due_at == local("2026-11-25 18:00") and not resumed.is_paused


def test_stopping_a_late_limit_does_not_hide_that_it_is_late(calendar):
    facts = Facts(local("2026-11-16 09:00"), pauses=(pause("2026-11-24 09:00"),))
    reading = state(rule(5), facts, calendar, local("2026-11-24 10:00"))
    assert reading.is_late and not reading.is_paused and reading.text == "超 2 工时"


def test_dropped_and_windows(calendar):
    gone = Facts(local("2026-11-16 09:00"), dropped_at=local("2026-11-18 09:00"))
    reading = state(rule(5), gone, calendar, local("2026-12-18 09:00"))
    assert (reading.text, reading.status, reading.is_late) == ("不再计时", "off", False)
    ask = state(law(30, is_window=True), Facts(local("2026-09-01")), calendar, local("2026-11-01"))
    assert (ask.text, ask.is_late) == ("期限已过", False)


def test_soon_by_amount_or_share(calendar):
    start = local("2026-11-02 09:00")
    by_amount = rule(10, soon_amount=1)
    assert not state(by_amount, Facts(start), calendar, local("2026-11-13 17:59")).is_soon
    assert state(by_amount, Facts(start), calendar, local("2026-11-13 18:00")).is_soon
    by_share = rule(10, soon_share=0.5)
    assert state(by_share, Facts(start), calendar, local("2026-11-10 09:00")).is_soon
    assert not state(by_share, Facts(start), calendar, local("2026-11-06 09:00")).is_soon


def test_provisional_only_when_it_rests_on_an_unconfirmed_year(calendar):
    at = local("2026-12-20 10:00")

    def provisional(made, start):
        return state(made, Facts(local(start)), calendar, at).is_provisional

    assert provisional(rule(15), "2026-12-18 09:00")
    assert not provisional(rule(5), "2026-12-18 09:00")
    assert provisional(law(60), "2026-12-01 09:00")
    assert not provisional(rule(60, "calendar_days"), "2026-12-01 09:00")
    assert not provisional(rule(999, "continuous_hours"), "2026-12-18 09:00")


def test_explanations(calendar, pack):
    petition = pack["XF-DO"]
    start = local("2026-10-26 09:20")
    at = local("2026-11-24 10:00")
    plain = explain(petition, Facts(start), calendar, at, pack.events)
    assert plain == "《信访工作条例》第34条，60日，自受理之日起，至2026年12月25日（10月26日受理）"
    extended = Facts(
        start,
        pauses=(pause("2026-11-03 10:00", "2026-11-06 10:00", "等鉴定"),),
        extensions=(Extension(30, "calendar_days", local("2026-11-20")),),
    )
    assert explain(petition, extended, calendar, at, pack.events) == (
        "《信访工作条例》第34条，60日，自受理之日起，经批准延期一次（30日），"
        "11月3日至11月6日停止计时（等鉴定），至2027年1月27日（2026年10月26日受理）"
        "；2027年放假安排尚未公布，届时重算"
    )
    notice = explain(pack["XF-NTC-D"], Facts(local("2026-09-18 10:00")), calendar, at, pack.events)
    assert notice == (
        "《信访工作条例》第23条，15日，自收到之日起，末日逢休息日顺延，至2026年10月8日（9月18日收到）"
    )
    contact = explain(pack["FIRST-CONTACT"], Facts(start), calendar, at, pack.events)
    assert contact == "示例，30分钟，自登记时起，至2026年10月26日 09:50（10月26日登记）"


def test_due_in_words():
    on = date(2026, 11, 24)
    assert due_words(local("2026-11-24 15:30"), "working_hours", on) == "今天 15:30"
    assert due_words(local(f"2026-11-25 {LAST}"), "calendar_days", on) == "明天"
    assert due_words(local("2026-12-25 18:00"), "working_days", on) == "12月25日 18:00"
    assert due_words(local(f"2027-01-25 {LAST}"), "calendar_days", on) == "2027年1月25日"


def test_extensions_that_are_refused(calendar, pack):
    petition, facts = pack["XF-DO"], Facts(local("2026-10-26 09:20"))
    at = local("2026-12-01 10:00")
    refuse_extension(petition, facts, calendar, 30, at)
    once = Facts(facts.start, extensions=(Extension(10, "calendar_days", local("2026-11-30")),))
    met = Facts(facts.start, met_at=local("2026-11-30"))
    for made, known, amount, when, words in [
        (petition, facts, 31, at, "一次最多延期30日"),
        (petition, facts, 0, at, "一次最多延期30日"),
        (petition, once, 10, at, "最多延期 1 次"),
        (petition, met, 10, at, "已经了结"),
        (petition, facts, 10, local("2026-12-28 10:00"), "已经超3日"),
        (pack["ANSWER"], facts, 1, at, "不能延期"),
    ]:
        with pytest.raises(Refusal, match=words):
            refuse_extension(made, known, calendar, amount, when)
