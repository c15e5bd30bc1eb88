"""Rules that the house itself reads below all rooms: the working calendar and the limits."""

from collections.abc import Iterator

from huiyin.base.refusal import Refusal
from huiyin.rulebook import registry
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Book, Clock, Day, Flag, OneOrMore, Rows, Table, Text
from huiyin.rules import clock
from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.limit_rules import read_rule
from huiyin.rules.limits import LimitPack

CALENDAR = Table(
    needs={"years": Book(
        Table(needs={"confirmed": Flag(), "source": Text()},
              may={"holidays": Book(Text(), key=Day()), "workdays": Book(Text(), key=Day())}, what="这一年"),
        key=Text(like=(r"\d{4}", "四位年份"), may_be_number=True), least=1)},
    may={"hours": Rows(Rows(Clock(), least=2, most=2), least=1, most=6)},
    what="日历",
)  # fmt: skip


def check_calendar(content, office) -> Iterator[Problem]:
    """Days that are days, hours in order, no day both free and worked, this year and the last one there."""
    found = list(CALENDAR.check(content))
    yield from found
    if found:
        return
    try:
        WorkCalendar(content)
    except Refusal as refusal:
        yield Problem(refusal.message.removeprefix("工作日历："))
    year = clock.today().year
    if str(year) not in content["years"]:
        yield Problem(f"没有 {year} 年：今年的放假和调休要写上", ("years",))
    for row in sorted(content["years"]):
        if not content["years"][row]["confirmed"] and row <= str(year):
            yield warning(f"{row} 年还标着没有确认", ("years", row, "confirmed"))


def check_limits(content, office) -> Iterator[Problem]:
    """Every row can be computed with, every event is known, and no matter is left without its main limits."""
    shape = Table(
        needs={"events": Book(Text(), least=1), "limits": Rows(_Limit(), least=1, key="code")}, what="时限"
    )
    found = list(shape.check(content))
    yield from found
    if found:
        return
    events, rules = content["events"], content["limits"]
    for number, row in enumerate(rules):
        try:
            read_rule(row, events)
        except Refusal as refusal:
            found.append(Problem(refusal.message, ("limits", number)))
    yield from found
    if found:
        return
    duties = {rule.duty for rule in LimitPack(content)}
    for duty, name in (
        ("close", "办结"),
        ("take", "签收"),
        ("report", "报结"),
        ("first_contact", "首次联系"),
    ):
        if duty not in duties:
            yield Problem(f"没有一行管“{name}”（duty: {duty}），事项会没有这个时限", ("limits",))
    used = {rule.starts_with for rule in LimitPack(content)} | {
        e for r in LimitPack(content) for e in r.met_by
    }
    for event in events:
        if event not in used:
            yield warning(f"事件 {event} 没有哪个时限用到", ("events", event))


class _Limit(Table):
    """A row of a limit; numbers and words are checked when it is read."""

    def __init__(self):
        super().__init__(what="这一行")

    def check(self, value, path=()):
        if not isinstance(value, dict):
            yield Problem("每个时限要写“键: 值”", path)
            return
        for key in ("code", "name", "unit", "starts_with", "source_kind", "source", "duty", "subject", "law",
                    "article", "note", "extend_unit", "owed_by"):  # fmt: skip
            if key in value:
                yield from Text(may_be_empty=key in ("note", "law", "article", "extend_unit")).check(
                    value[key], (*path, key)
                )
        for key in ("met_by", "applies"):
            if key in value:
                yield from OneOrMore(Text()).check(value[key], (*path, key))
        for key in ("amount", "extend_max", "extend_times", "soon_share", "soon_amount"):
            if key in value and (isinstance(value[key], bool) or not isinstance(value[key], int | float)):
                yield Problem("这里要写数字", (*path, key))
        for key in ("roll_to_workday", "is_window"):
            if key in value:
                yield from Flag().check(value[key], (*path, key))
        if "when" in value and not isinstance(value["when"], dict):
            yield Problem("when 要写“键: 值”，例如 {channel: [phone]}", (*path, "when"))


def register():
    registry.register(
        "calendar",
        "工作日历",
        check=check_calendar,
        about="放假、调休上班、办公时间；每年公布后启用新的一版，在走的时限会重算",
        help="hours: 办公时间，一对一对写；years: 年份 → confirmed 是否已公布、holidays 放假、workdays 调休上班",
        labels={
            "hours": "办公时间", "years": "年份", "holidays": "放假", "workdays": "调休上班",
            "confirmed": "已公布", "source": "来源",
        },
        order=30,
    )  # fmt: skip
    registry.register(
        "limits",
        "时限",
        check=check_limits,
        about="每个时限从哪件事起算、多长、到哪件事为止、能延多少；在走的时限按开始时的那一版",
        help="events: 事件 → 名称；limits: 一行一个时限。source_kind 是法定、国标、地方或示例；法定的要写 law 和 article",
        labels={
            "events": "事件", "limits": "时限", "amount": "数量", "unit": "单位", "starts_with": "起算",
            "met_by": "到此为止", "applies": "种类", "when": "条件", "extend_max": "每次最多延",
            "extend_times": "最多延几次", "source": "来源", "source_kind": "来源类别", "law": "法规",
            "article": "条文", "name": "名称", "duty": "管什么", "subject": "谁的时钟", "note": "说明",
            "soon_amount": "提前多少提醒", "soon_share": "过了多少提醒", "roll_to_workday": "逢休顺延",
        },
        order=20,
    )  # fmt: skip
