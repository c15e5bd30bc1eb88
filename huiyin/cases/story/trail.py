"""The way a matter has gone, in plain words. Only told texts are quoted; all else is one line of our own."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from huiyin.cases.states import Act, Channel, Part
from huiyin.cases.story.history import veiled
from huiyin.rules.clock import local


@dataclass(frozen=True)
class Entry:
    """One station: when, a line in plain words, a text below it, and the mark before it.

    `is_told`: the text is what the office told the person; else it is their own, or a remark of ours.
    """

    at: datetime
    line: str
    text: str = ""
    mark: str = "p-open"
    is_answer: bool = False
    is_told: bool = False


SHOWN_ACTS = {
    Act.SITE_CHECK: "{unit}到现场看了",
    Act.MEDIATION: "{unit}请大家坐下来谈过",
    Act.JOINT_ACTION: "几家一起去了现场",
    Act.WORK: "{unit}在现场办了",
    Act.RECTIFIED: "要改的地方改好了",
}
CONTACTS = {"phone": "给您打过电话", "visit": "和您当面说过", "message": "给您留过言"}
ANSWERS = {"phone": "给您打了电话，并写了答复", "visit": "当面跟您说了，并写了答复", "letter": "给您寄了信"}
HIDDEN_FROM_OTHERS = frozenset({"register", "withdraw", "reopen", "contact", "rate"})


def trail_of(history, *, shown=None, of_other: bool = False, voice: str = "") -> list[Entry]:
    """Newest first. `shown`: the move whose words stand in the letter above, not to be said twice.

    `of_other`: this is the matter that ours was merged into; its person stays unseen.
    `voice`: whose page it is ('' the first person's, else the id of a party)."""
    teller = _Teller(history, voice)
    entries = []
    for event in history.events:
        if of_other and event.verb in HIDDEN_FROM_OTHERS:
            continue
        tell = getattr(teller, event.verb, None)
        entry = tell(event) if tell else None
        if entry:
            entries.append(replace(entry, text="", is_told=False) if event.pk == shown else entry)
    if history.case.is_open and history.days_late is not None:
        entries.append(Entry(history.reading("close").due_at, "到了答复的日子，没办好"))
        entries.sort(key=lambda entry: entry.at)
    return entries[::-1]


class _Teller:
    """One method for each verb that a resident hears of; verbs without a method are the office's own affair."""

    def __init__(self, history, voice: str = ""):
        self.history = history
        self.voice = voice
        self.case = history.case
        self.leads_sent = 0

    def _unit(self, event) -> str:
        return event.data.get("unit") or (str(event.assignment.organisation) if event.assignment else "")

    def _told(self, event, line: str, after: str = "", **look) -> Entry:
        """With the words that the person was told, and nothing below the line where they were not."""
        text = veiled(event.text) if event.is_told else ""
        return Entry(event.at, line, text + after, is_told=bool(text), **look)

    def _own(self, event, line: str) -> Entry:
        """With the person's own words; what staff wrote down for them stays inside."""
        return Entry(event.at, line, veiled(event.text) if event.by_id is None else "")

    def _is_lead(self, event) -> bool:
        return bool(event.assignment and event.assignment.part == Part.LEAD)

    def register(self, event):
        said = f"「{veiled(event.text)}」" if event.data.get("channel") == Channel.WEB else ""
        return Entry(event.at, "收到您说的事", said)

    def accept(self, event):
        return self._told(event, "收下了，我们来办")

    def decline(self, event):
        return self._told(event, "这件事我们办不了，说明了理由", mark="p-core")

    def refer(self, event):
        return self._told(event, f"归{event.data.get('to', '别处')}管，已经替您转过去", mark="p-core")

    def merge(self, event):
        return Entry(event.at, "和邻居说的是同一件，一起办、一起答复")

    def receive_merged(self, event):
        return Entry(event.at, "有邻居说了同一件事，一起办")

    def void(self, event):
        return Entry(event.at, "这一条登记错了，已经作废")

    def dispatch(self, event):
        self.leads_sent += 1
        line = (
            f"交给{event.data.get('lead', '')}来办"
            if self.leads_sent == 1
            else f"换{event.data.get('lead', '')}来办"
        )
        with_others = event.data.get("co") or []
        helped = f"{'、'.join(with_others)}一起办。" if with_others else ""
        return Entry(event.at, line, helped + ("答复的日子不变。" if self.leads_sent > 1 else ""))

    designate = dispatch

    def add_unit(self, event):
        return Entry(event.at, f"请{'、'.join(event.data.get('co', []))}一起来办")

    def take(self, event):
        return Entry(
            event.at, f"{self._unit(event)}接下来办" if self._is_lead(event) else f"{self._unit(event)}也来办"
        )

    def return_work(self, event):
        return Entry(event.at, "换一家来办", "答复的日子不变。") if self._is_lead(event) else None

    def recall(self, event):
        return Entry(event.at, "换一家来办", "答复的日子不变。")

    def overrule(self, event):
        return (
            Entry(event.at, f"商定还是由{self._unit(event)}来办", "答复的日子不变。")
            if self._is_lead(event)
            else None
        )

    def contact(self, event):
        return Entry(event.at, CONTACTS.get(event.data.get("how"), "联系过您"))

    def record(self, event):
        line = SHOWN_ACTS.get(event.act)
        return Entry(event.at, line.format(unit=event.by_title.split(" ")[0])) if line else None

    def tell(self, event):
        return self._told(event, "告诉您办到哪一步了")

    def urge(self, event):
        if event.data.get("voice", "") != self.voice:
            return Entry(event.at, "又有人来说这件事，已经催办")
        if event.data.get("joined"):
            return Entry(event.at, "收到您说的事，和先来的一起办", self._said(event))
        return Entry(event.at, "您催了一次，办事的人看到了", self._said(event))

    def supplement(self, event):
        if event.data.get("voice", "") != self.voice:
            return None
        photos = event.data.get("files") or 0
        return Entry(event.at, f"您补充了情况{f'和 {photos} 张照片' if photos else ''}", self._said(event))

    def _said(self, event) -> str:
        """Their own words where they wrote them, or said them at the counter as a matter of their own."""
        return f"「{veiled(event.text)}」" if event.by_id is None and event.text else ""

    def supervise(self, event):
        late = event.data.get("cause") == "late"
        return Entry(event.at, "过了日子没办好，已经催办" if late else "街道领导在盯这件事")

    def decide_extension(self, event):
        return self._told(event, "要多用几天") if event.is_told else None

    def pause(self, event):
        day = date.fromisoformat(event.data["review_on"])
        return self._told(event, "先等一等", f"\n等到 {day.month} 月 {day.day} 日再看。")

    def resume(self, event):
        return Entry(event.at, "接着办了")

    def escalate(self, event):
        return Entry(event.at, f"街道自己办不了的，报给了{event.data.get('to', '上面')}")

    def report(self, event):
        if self._is_lead(event):
            return Entry(event.at, f"{self._unit(event)}说办好了，等别人去看")
        return Entry(event.at, f"{self._unit(event)}办完了他们那一份")

    def redo(self, event):
        return Entry(event.at, "去看过，还没办好，接着办")

    def verify(self, event):
        return Entry(event.at, "有人去看过", "去看的人和办事的人不是同一个。")

    def answer(self, event):
        now = event is self.history.last("answer")
        line = ANSWERS.get(event.data.get("reply_by"), "给您写了答复")
        return self._told(event, line, mark="p-core", is_answer=now)

    def answer_at_once(self, event):
        return self._told(event, "当场答复您，这件事就办完了", mark="p-core", is_answer=True)

    def close(self, event):
        return Entry(event.at, "这件事办完了")

    def withdraw(self, event):
        return self._own(event, "您说不用办了")

    def reopen(self, event):
        return self._own(event, "重新打开，编号不变")

    def look_back(self, event):
        again = event.data.get("has_relapsed")
        return Entry(event.at, "回头去看，又出现了，重新办" if again else "办完以后又去看过，没有反复")

    def rate(self, event):
        return Entry(event.at, "收到评价")


def day_words(moment) -> str:
    """'18 日': under the stations of the bar."""
    return f"{local(moment).day} 日"
