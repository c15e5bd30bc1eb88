"""Limits in Chinese words: what is left, by how much it is late, when it is due, and why."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from huiyin.rules.clock import local, today
from huiyin.rules.limit_flow import DAY_UNITS, TICK, WORK_UNITS

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_TIMES = {1: "一次", 2: "两次", 3: "三次"}


def span_words(unit: str, span: timedelta, day_length: timedelta, *, late: bool = False) -> str:
    """2 日 1 时 · 3.5 工时 · 18 分, rounded down (whole days of lateness up). Empty when under a minute."""
    if unit == "calendar_days" and late:
        return f"{math.ceil(span / _DAY)} 日"
    day = day_length if unit in WORK_UNITS else _DAY
    if unit == "calendar_days" and span >= day:
        return f"{span // day} 日"
    if span >= day:
        hours = (span % day) // _HOUR
        return f"{span // day} 日" + (f" {hours} 时" if hours else "")
    if span >= _HOUR:
        if unit in WORK_UNITS:
            return f"{span // (_HOUR / 2) / 2:g} 工时"
        minutes = (span % _HOUR) // _MINUTE
        return f"{span // _HOUR} 时" + (f" {minutes} 分" if minutes else "")
    return f"{span // _MINUTE} 分" if span >= _MINUTE else ""


def left_words(unit: str, left: timedelta, day_length: timedelta) -> str:
    # A calendar day ends a microsecond before midnight; without that one, 10:00 would read 13 时 59 分.
    words = span_words(unit, left + TICK, day_length)
    return f"剩 {words}" if words else "剩不到 1 分"


def late_words(unit: str, late_by: timedelta, day_length: timedelta, *, met: bool) -> str:
    words = span_words(unit, late_by, day_length, late=True)
    if met:
        return f"迟 {words}" if words else "刚过时限"
    return f"超 {words}" if words else "刚超期"


def paused_words(reason: str) -> str:
    if not reason:
        return "已停"
    return f"已停，{reason}" if reason.startswith("等") else f"已停，等{reason}"


def day_words(day: date, near: date | None = None) -> str:
    """2026年12月25日, or 12月25日 within the year of `near`."""
    year = "" if near and near.year == day.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def moment_words(moment: datetime, near: date | None = None) -> str:
    moment = local(moment)
    return f"{day_words(moment.date(), near)} {moment:%H:%M}"


def due_words(due_at: datetime | None, unit: str, on: date | None = None) -> str:
    """今天 15:30 · 明天 18:00 · 12月25日, seen from the day `on` (default today)."""
    if due_at is None:
        return ""
    on = on or today()
    due_at = local(due_at)
    near = {0: "今天", 1: "明天", -1: "昨天"}.get((due_at.date() - on).days)
    day = near or day_words(due_at.date(), on)
    return day if unit == "calendar_days" else f"{day} {due_at:%H:%M}"


def start_words(unit: str, event: str) -> str:
    return f"自{event}之日起" if unit in DAY_UNITS else f"自{event}时起"


def extension_words(extensions: Sequence, amounts: Sequence[str]) -> str:
    count = _TIMES.get(len(extensions), f"{len(extensions)}次")
    return f"经批准延期{count}（{'、'.join(amounts)}）"


def pause_words(pauses: Iterable, unit: str, near: date) -> list[str]:
    """One phrase a pause: 11月3日至11月6日停止计时（等鉴定）."""
    phrases = []
    for pause in pauses:
        begin, end = local(pause.from_at), pause.until and local(pause.until)
        if unit in DAY_UNITS:
            first, last = day_words(begin.date(), near), end and day_words(end.date(), near)
        else:
            first, last = moment_words(begin, near), end and moment_words(end, near)
        span = f"{first}至{last}" if last else f"{first}起"
        phrases.append(f"{span}停止计时" + (f"（{pause.reason}）" if pause.reason else ""))
    return phrases
