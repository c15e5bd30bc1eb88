"""What happens next and by when, for the receipt: from the matter's own clocks and the rules in force."""

from dataclasses import dataclass
from datetime import date, datetime

from huiyin.cases import deadlines
from huiyin.cases.states import Reply, State
from huiyin.cases.story import History
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

WEEK = "一二三四五六日"


@dataclass(frozen=True)
class Promise:
    """`by` is what stands before the line: a near word for the day, or 答复以后; `moment` when there is a date."""

    by: str
    line: str
    text: str = ""
    moment: datetime | None = None


def promises_of(case) -> list[Promise]:
    history = History(case)
    rows = [row for row in (_contact(case, history), *_answer(case, history)) if row]
    rows.sort(key=lambda row: (row.moment is None, row.moment or case.registered_at))
    if case.state not in (State.NOT_ACCEPTED, State.REFERRED, State.WITHDRAWN, State.VOID, State.MERGED):
        rows.append(Promise("答复以后", "您来评", "解决没有、满不满意。没解决，可以重新打开，编号不变。"))
    return rows


def _contact(case, history) -> Promise | None:
    reading = history.reading("first_contact")
    if reading is None or reading.is_met or not case.is_open or not reading.due_at:
        return None
    if case.is_anonymous:
        return Promise(
            near(reading.due_on), "有人来看这件事", "您没留电话，凭查询码看进度就行。", reading.due_at
        )
    return Promise(
        near(reading.due_on), "有人联系您或去看", f"最晚 {local_time(reading.due_at)}。", reading.due_at
    )


def _answer(case, history) -> list[Promise]:
    how = {
        Reply.PHONE: "打电话告诉您",
        Reply.SMS: "发短信告诉您",
        Reply.EMAIL: "发邮件告诉您",
        Reply.VISIT: "当面告诉您",
        Reply.LETTER: "给您寄信",
        Reply.WEB: "写在进度页上",
    }
    way = how[case.reply_by]
    if case.state == State.RECEIVED:
        rows = []
        accept = history.reading("accept")
        if accept and accept.due_at:
            line = Promise(near(accept.due_on), "定下由谁来办", "哪天答复您，也写在进度页上。", accept.due_at)
            rows.append(line)
        length = _usual_length(case)
        return [
            *rows,
            Promise(
                f"收下后 {length}内" if length else "办好以后", "给您答复", f"{way}。要更久，会先说明为什么。"
            ),
        ]
    if history.answer_on and case.is_open and case.state != State.ANSWERED:
        reading = history.reading("close")
        return [Promise(near(reading.due_on), "给您答复", f"{way}。要更久，会先说明为什么。", reading.due_at)]
    return []


def _usual_length(case) -> str:
    """'5 个工作日': the length of the closing limit for a matter of this kind."""
    pack = deadlines.pack(RuleSet.objects.current("limits", case.office_id).pk)
    rules = pack.starting("accepted", case.kind, **deadlines.traits(case))
    rule = next((rule for rule in rules if rule.duty == "close"), None)
    if rule is None:
        return ""
    words = {
        "calendar_days": "天",
        "working_days": "个工作日",
        "continuous_hours": "小时",
        "working_hours": "个工作时",
    }
    return f"{rule.amount:g} {words[rule.unit]}" if rule.unit in words else ""


def near(day: date) -> str:
    """今天内, 明天, 周四前, 下周三前, or 11 月 25 日前 further off."""
    today = clock.today()
    ahead = (day - today).days
    if ahead in (0, 1):
        return ("今天内", "明天")[ahead]
    monday = (day - today).days + today.weekday()
    if ahead > 0 and monday < 7:
        return f"周{WEEK[day.weekday()]}前"
    if ahead > 0 and monday < 14:
        return f"下周{WEEK[day.weekday()]}前"
    return f"{day.month} 月 {day.day} 日前"


def local_time(moment: datetime) -> str:
    at = clock.local(moment)
    return f"{at.month} 月 {at.day} 日 {at:%H:%M}"
