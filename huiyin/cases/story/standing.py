"""The first sentence that the person reads – it is the answer – and the bar below it."""

from dataclasses import dataclass, field
from datetime import date

from huiyin.cases.states import State
from huiyin.cases.story.history import History
from huiyin.cases.story.trail import day_words
from huiyin.rules import clock

STATIONS = (("收到了",), ("有人", "管了"), ("在办",), ("有人", "去看过"), ("答复您",))  # may break between
PLACE = {
    State.RECEIVED: 0,
    State.ACCEPTED: 1,
    State.DISPATCHED: 1,
    State.IN_HAND: 2,
    State.REPORTED: 3,
    State.VERIFIED: 4,
    State.ANSWERED: 4,
    State.CLOSED: 4,
}
# Which move brings a matter to each station.
ARRIVALS = (("register",), ("dispatch", "designate", "accept"), ("take",), ("verify",), ("answer",))


@dataclass(frozen=True)
class Stop:
    """One station of the bar: css is done, here or ''."""

    name: tuple[str, ...]
    below: str
    css: str


@dataclass(frozen=True)
class Standing:
    lines: list[str]
    bar: list[Stop] = field(default_factory=list)
    is_late: bool = False
    is_paused: bool = False

    @property
    def words(self) -> str:
        """All lines as one, with plain spaces."""
        return "".join(self.lines).replace("\u00a0", " ")


def standing_of(history: History) -> Standing:
    case = history.case
    late = case.is_open and case.state != State.ANSWERED and history.days_late is not None
    is_paused = case.is_paused and case.is_open
    if late:
        lines = _late(history.days_late)
    elif is_paused:
        lines = _paused(history)
    else:
        lines = SENTENCES[case.state](history)
    bar = _bar(history) if case.state in PLACE and not history.last("answer_at_once") else []
    return Standing([line for line in lines if line], bar, late, is_paused)


def _day(day: date | None) -> str:
    if day is None:
        return ""
    year = "" if day.year == clock.today().year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日"


def _late(days: int) -> list[str]:
    return [
        "还在办。",
        f"过了答复的日子 {days}\u00a0天，对不起。" if days else "今天该答复您，过了时候，对不起。",
    ]


def _paused(history) -> list[str]:
    pause = history.last("pause")
    day = date.fromisoformat(pause.data["review_on"]) if pause else None
    return ["先等一等。", f"等到 {_day(day)}再看，到时告诉您。" if day else ""]


def _received(history):
    accept = history.reading("accept")
    if accept and accept.is_late:
        return ["收到了，还没定下由谁办。", "过了该定下的时候，对不起。"]
    return ["收到了。", "我们先看由谁来办。"]


def _accepted(history):
    if history.case.round > 1:
        return ["重新打开了，编号不变。", _by_when(history)]
    return ["收下了，正在定由谁来办。", _by_when(history)]


def _by_when(history) -> str:
    return f"{_day(history.answer_on)}前答复您。" if history.answer_on else ""


def _dispatched(history):
    return [f"有人管了，交给了{history.unit_name}。", _by_when(history)]


def _in_hand(history):
    return [f"在办，由{history.unit_name}来办。", _by_when(history)]


def _reported(history):
    return ["办过了，等没经手的人去看。", _by_when(history)]


def _verified(history):
    return ["有人去看过了。", "正在给您写答复。"]


def _took(case) -> str:
    start = clock.local(case.registered_at).date()
    days = (clock.local(case.answered_at).date() - start).days if case.answered_at else 0
    if case.round > 1:
        return "已经再次答复您了。"
    return f"已经答复您了，用了 {days}\u00a0天。" if days else "已经答复您了，当天就办。"


def _answered(history):
    return [_took(history.case), "办得好不好，您说了算。"]


def _closed(history):
    if history.last("answer_at_once"):
        return ["当场就答复您了。", "还有不清楚的，可以重新打开。"]
    answer = history.last("answer")
    if answer and answer.data.get("outcome") == "unsupported":
        return ["这次没能办成。", "理由写在答复里。"]
    if answer and answer.data.get("outcome") == "explained":
        return ["已经给您说明了。", "还有不清楚的，打答复里的电话。"]
    return [_took(history.case), "这件事办完了。没好，可以重新打开。"]


def _referred(history):
    event = history.last("refer")
    return [f"归{event.data.get('to') if event else '别处'}管，", "已经替您转过去了。"]


SENTENCES = {
    State.RECEIVED: _received,
    State.ACCEPTED: _accepted,
    State.DISPATCHED: _dispatched,
    State.IN_HAND: _in_hand,
    State.REPORTED: _reported,
    State.VERIFIED: _verified,
    State.ANSWERED: _answered,
    State.CLOSED: _closed,
    State.NOT_ACCEPTED: lambda history: ["这件事我们办不了。", "理由和去处写在下面。"],
    State.REFERRED: _referred,
    State.WITHDRAWN: lambda history: ["您说不用办了，就停在这里。", "还要办，可以重新打开。"],
    State.MERGED: lambda history: ["和邻居说的是同一件，", "一起办、一起答复。"],
    State.VOID: lambda history: ["这一条登记错了，已经作废。", "有事请再说一遍，或打下面的电话。"],
}


def _bar(history) -> list[Stop]:
    case = history.case
    here = PLACE[case.state]
    stops = []
    for number, name in enumerate(STATIONS):
        event = _arrival(history, ARRIVALS[number], case.round if number else 1)
        below = day_words(event.at) if event and number <= here else ""
        if number == 4 and not below and case.state not in (State.ANSWERED, State.CLOSED):
            day = history.answer_on
            below = f"{day.month}\u00a0月 {day.day}\u00a0日前" if day and history.days_late is None else ""
        css = "here" if number == here else "done" if number < here else ""
        stops.append(Stop(name, below, css))
    return stops


def _arrival(history, verbs, round_number):
    return next((row for row in history.events if row.verb in verbs and row.round == round_number), None)
