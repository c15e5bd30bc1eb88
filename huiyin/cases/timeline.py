"""A matter's history as its page tells it: newest first, what was told marked, what was struck out still readable."""

from collections import defaultdict
from dataclasses import dataclass, field

from huiyin.cases import particulars, record
from huiyin.cases.models import CaseEvent
from huiyin.cases.states import Act, Channel, Contacted, Reply, Satisfied, Solved
from huiyin.cases.workflow import EVENT_LABELS
from huiyin.rules import clock

# Steps that only say how the work moved: folded into one line at the end.
MACHINE = frozenset({"take", "assign_person", "warn", "hand_over", "recompute", "receive_merged", "release"})
KINDS = {
    "return_work": "turn", "redo": "turn", "recall": "turn", "reopen": "turn", "overrule": "turn", "void": "turn",
    "urge": "turn", "supervise": "alarm", "mark_key": "alarm", "verify": "good", "sign_off": "good", "close": "good",
}  # fmt: skip
ICONS = {
    "register": "people", "accept": "speak", "decline": "x", "refer": "out", "merge": "merge", "void": "x",
    "dispatch": "send", "designate": "send", "add_unit": "plus", "recall": "undo", "return_work": "back",
    "overrule": "swap", "contact": "phone", "record": "note", "tell": "speak", "mark_key": "flag",
    "supervise": "bell", "answer_notice": "doc", "check_progress": "eye", "ask_extension": "clock",
    "decide_extension": "clock", "pause": "pause", "resume": "right", "escalate": "up", "verify": "verify",
    "redo": "undo", "answer": "speak", "close": "ok", "withdraw": "undo", "reopen": "undo", "look_back": "eye",
    "rate": "user", "issue_letter": "doc", "sign_letter": "doc", "amend": "note", "void_entry": "x",
    "attach": "clip", "report": "ok", "sign_off": "ok", "urge": "bell", "supplement": "clip", "answer_at_once": "speak",
    "follow_up": "phone", "relevel": "flag",
}  # fmt: skip
ICON_OF: dict[str, str] = {}  # of moves that rooms above bring
ACT_ICONS = {
    Act.TALK: "speak", Act.SITE_CHECK: "eye", Act.MEDIATION: "help", Act.JOINT_ACTION: "team",
    Act.INSTRUCTION: "doc", Act.OPINION: "doc", Act.COMMITMENT: "doc", Act.RECTIFIED: "ok",
}  # fmt: skip
HOW = {"phone": "打电话", "visit": "见面", "message": "留言"}
OUTCOMES = {"solved": "解决了", "explained": "说明了情况", "unsupported": "没能办成，说明了理由"}
CAUSES = {"late": "超期", "key": "重点"}


@dataclass
class Entry:
    """One event as it is drawn. `kind`: plain, turn, alarm, good or pub (told to the person)."""

    event: CaseEvent
    kind: str
    icon: str
    heading: str
    who: str
    document: str = ""
    notes: list[str] = field(default_factory=list)
    changes: list[dict] = field(default_factory=list)
    pictures: list = field(default_factory=list)
    files: list = field(default_factory=list)
    struck_by: CaseEvent | None = None

    @property
    def at(self):
        return self.event.at

    @property
    def is_told(self) -> bool:
        return self.event.is_told

    @property
    def is_person_speaking(self) -> bool:
        """The words are the person's own."""
        return self.event.verb in ("register", "rate", "urge", "supplement") or (
            self.event.verb == "reopen" and not self.event.by_id
        )


@dataclass
class Story:
    """Entries newest first; machine steps apart; how many were told to the person."""

    entries: list[Entry]
    machine: list[Entry]
    told: int
    rows: list = field(default_factory=list)

    @property
    def lines(self) -> list:
        """Entries and what rooms above add (`beside.StoryRow`), newest first."""
        if not self.rows:
            return self.entries
        return sorted([*self.entries, *self.rows], key=lambda line: line.at, reverse=True)

    @property
    def machine_names(self) -> str:
        return "、".join(dict.fromkeys(entry.heading.split("：")[0] for entry in self.machine))


def story_of(case, *, only_told: bool = False, rows=()) -> Story:
    """The whole history of `case` with its files; `rows` of other rooms stand among it."""
    events = record.rows(case, "events")
    struck = {event.voids_id: event for event in events if event.voids_id}
    files = defaultdict(list)
    for row in case.attachments.all():
        files[row.event_id].append(row)
    entries = [_entry(case, event, struck.get(event.pk), files[event.pk]) for event in reversed(events)]
    shown = [entry for entry in entries if entry.event.verb not in MACHINE]
    told = [entry for entry in shown if entry.is_told]
    machine = [entry for entry in entries if entry.event.verb in MACHINE]
    if only_told:
        return Story(told, [], len(told))
    return Story(shown, machine, len(told), list(rows))


def _entry(case, event, struck_by, files) -> Entry:
    name = event.by.name if event.by else ""
    who = f"{event.by_title} {name}".strip() if name else event.by_title
    kind = "pub" if event.is_told else KINDS.get(event.verb, "plain")
    icon = ACT_ICONS.get(event.act) or ICONS.get(event.verb) or ICON_OF.get(event.verb, "note")
    entry = Entry(event, kind, icon, _heading(case, event), who, struck_by=struck_by)
    entry.document = event.data.get("number", "") if event.verb in DOCUMENTED else ""
    entry.notes = list(event.data.get("notes", ()))  # lines of moves that rooms above bring
    entry.notes += [note for note in _NOTES.get(event.verb, _no_notes)(event.data) if note]
    if event.data.get("particulars"):
        was = dict(particulars.shown(case, event.data.get("was", {})))
        held = particulars.shown(case, event.data["particulars"])
        entry.notes += [
            f"{name}：{was[name]} → {value}" if name in was else f"{name}：{value}" for name, value in held
        ]
    entry.changes = list(event.data.get("changes", {}).values())
    entry.pictures = [row for row in files if row.is_image]
    entry.files = [row for row in files if not row.is_image]
    return entry


DOCUMENTED = ("supervise", "answer_notice", "issue_letter", "sign_letter")


def _heading(case, event) -> str:
    data, label = event.data, EVENT_LABELS[event.verb]
    if event.verb == "register":
        channel = Channel(data["channel"]).label if data.get("channel") else ""
        persons, chosen = data.get("persons", 1), data.get("representatives", 0)
        more = f" {persons} 人" + (f"，推选代表 {chosen} 人" if chosen else "") if persons > 1 else ""
        return f"{channel}登记{more}" if channel else label
    if event.verb == "record":
        return Act(event.act).label if event.act else label
    if event.verb in ("dispatch", "designate"):
        return f"{label}：{data.get('lead', '')} 主办"
    if event.verb == "verify":
        return "核实：属实，已办好" if data.get("is_true", True) else "核实：反映的情况不属实"
    if event.verb == "supervise":
        return f"{'第二次' if data.get('level') == 2 else ''}督办通知"
    if event.verb == "decide_extension":
        return "批准延期" if data.get("approved") else "没有批准延期"
    if event.verb == "return_work":
        return f"退回（第 {data.get('bounces', 1)} 次）"
    if event.verb in ("take", "report", "sign_off", "release", "overrule", "recall", "redo") and data.get(
        "unit"
    ):
        return f"{label}：{data['unit']}"
    if event.verb == "urge":
        return f"第 {data.get('count', 1)} 次催办" + ("：又有人说同一件事" if data.get("joined") else "")
    if event.verb in ("contact", "follow_up"):
        return f"{label}：{HOW.get(data.get('how'), '')}"
    if event.verb == "reopen":
        return f"{label}（第 {data.get('round', event.round)} 轮）"
    return label


def _no_notes(data) -> list[str]:
    return []


def _units(data) -> list[str]:
    co = data.get("co") or []
    return [
        f"协办 {'、'.join(co)}" if co else "",
        data.get("duty_item", ""),
        "指定承办，不能再退" if data.get("designated") else "",
        _by_rule(data.get("routing") or {}),
        f"不按清单派：{data['duty_reason']}" if data.get("duty_reason") else "",
    ]


def _by_rule(routed: dict) -> str:
    if not routed.get("followed"):
        return ""
    return f"{'自动派，' if routed.get('automatic') else ''}按派单规则“{routed['rule']}”（第 {routed['version']} 版）"


def _answer(data) -> list[str]:
    way = Reply(data["reply_by"]).label if data.get("reply_by") in Reply.values else ""
    return [
        "，".join(part for part in (way, data.get("delivered"), OUTCOMES.get(data.get("outcome"))) if part)
    ]


def _rate(data) -> list[str]:
    return [
        f"联系过：{Contacted(data['contacted']).label} · 解决：{Solved(data['solved']).label}"
        f" · {Satisfied(data['satisfied']).label}"
    ]


def _dated(label: str, key: str):
    return lambda data: [f"{label} {data[key]}" if data.get(key) else ""]


_NOTES = {
    "dispatch": _units,
    "designate": _units,
    "add_unit": _units,
    "answer": _answer,
    "answer_at_once": _answer,
    "urge": lambda data: [Channel(data["channel"]).label if data.get("channel") in Channel.values else ""],
    "follow_up": lambda data: [f"下次联系 {data.get('next_on', '')}"],
    "relevel": lambda data: [
        f"{data.get('old', '')} → {data.get('new', '')}，下次联系 {data.get('next_on', '')}"
    ],
    "rate": _rate,
    "return_work": lambda data: [f"依据 {data['clause']}" if data.get("clause") else ""],
    "supervise": lambda data: [
        "　".join(part for part in (f"致 {data.get('unit', '')}", CAUSES.get(data.get("cause"), "")) if part)
    ],
    "record": lambda data: [data.get("place", ""), f"整改到 {data['due_on']}" if data.get("due_on") else ""],
    "pause": lambda data: [f"等：{data.get('reason', '')}", f"{data.get('review_on', '')} 再看"],
    "ask_extension": lambda data: [f"“{data.get('deadline', '')}”延长 {data.get('amount', '')}"],
    "escalate": lambda data: [
        f"报 {data.get('to', '')}",
        data.get("document", ""),
        data.get("outside_number", ""),
    ],
    "refer": lambda data: [
        f"转给 {data.get('to', '')}",
        data.get("phone", ""),
        data.get("outside_number", ""),
    ],
    "merge": lambda data: [f"并入 {data.get('into', '')}", data.get("reason", "")],
    "verify": lambda data: [f"一并验收 {'、'.join(data['signed_off'])}" if data.get("signed_off") else ""],
    "look_back": lambda data: [
        "反弹了，重新办" if data.get("has_relapsed") else "没有反弹",
        *_dated("下次", "next_on")(data),
    ],
    "close": _dated("回头看", "look_back_on"),
    "assign_person": lambda data: [f"{data.get('old') or '未定'} → {data.get('new', '')}"],
    "sign_letter": _dated("签于", "signed_on"),
    "void_entry": lambda data: [f"划去第 {data.get('seq', '')} 条"],
}


def day_count(case, at=None) -> int:
    """The matter's day: 1 on the day of registration; for an ended matter the days it took."""
    until = case.ended_at or at or clock.now()
    return (clock.local(until).date() - clock.local(case.registered_at).date()).days + 1
