"""What the person who raised a matter may see of it, in words as said at the counter. For page and API."""

from huiyin.base.ids import clean_tracking_code
from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.states import OPEN, Act, State
from huiyin.rules import clock

STATE_WORDS = {
    State.RECEIVED: "收到了",
    State.ACCEPTED: "收下了，正在定由谁来办",
    State.DISPATCHED: "有人管了",
    State.IN_HAND: "在办",
    State.REPORTED: "办过了，正请没经手的人去看",
    State.VERIFIED: "有人去看过了，正在写答复",
    State.ANSWERED: "已经答复您了，办得好不好，您说了算",
    State.CLOSED: "已经答复您了，办得好不好，您说了算",
    State.NOT_ACCEPTED: "这里办不了，说明了理由和可以去的地方",
    State.REFERRED: "归别处管，已经替您转过去",
    State.WITHDRAWN: "按您的意思不再办了",
    State.MERGED: "和邻居说的是同一件，一起办、一起答复",
    State.VOID: "这一条登记错了，已经作废",
}
OUTCOME_WORDS = {"solved": "解决了", "explained": "说明了情况", "unsupported": "这次没能办成，说明了理由"}
_PLAIN = {
    "register": "收到您说的事",
    "accept": "收下了",
    "decline": "这里办不了",
    "return_work": "换一家来办，答复的日子不变",
    "recall": "换一家来办，答复的日子不变",
    "contact": "联系了您",
    "verify": "有人去看过（不是办事的那个人）",
    "redo": "看过还没办好，接着办",
    "tell": "告诉您进展",
    "pause": "先等一等",
    "resume": "接着办了",
    "escalate": "报给了上面，请一起想办法",
    "answer": "答复您了",
    "withdraw": "按您的意思不再办了",
    "reopen": "重新打开了，编号不变",
    "merge": "和邻居说的是同一件，一起办、一起答复",
    "supervise": "催办了一次",
    "void": "这一条登记错了，已经作废",
}
_ACTS = {
    Act.TALK: "找人谈过",
    Act.SITE_CHECK: "到现场看过",
    Act.MEDIATION: "请两边坐下来谈过",
    Act.JOINT_ACTION: "几家一起去处理",
    Act.OPINION: "给对方定了改好的日子",
    Act.REFUSED: "对方没有答应",
    Act.COMMITMENT: "对方写了保证",
    Act.RECTIFIED: "对方改好了",
    Act.WORK: "到现场处理",
}


def find(code: str) -> tuple[Case, str]:
    """The matter behind a tracking code, and whose voice it is ('' for the first raiser). Refusal 404 otherwise."""
    clean = clean_tracking_code(code[:40])
    rows = Case.objects.select_related("office", "area", "merged_into")
    case = rows.filter(tracking_code=clean).first() if clean else None
    if case:
        return case, ""
    links = CaseParty.objects.filter(tracking_code=clean).exclude(role="respondent")
    link = links.first() if clean else None
    if link is None:
        raise Refusal("没有找到这个查询码。请核对回执上的 9 位，里面没有 0、1、I、O 这几个字。", status=404)
    return rows.get(pk=link.case_id), str(link.pk)


def state_words(case) -> str:
    if case.is_paused and case.is_open:
        return "先等一等，到日子再看"
    return STATE_WORDS[case.state]


def trail(case) -> list[dict]:
    """[{at, words, text}] oldest first: steps that a person understands; `text` only where they were told it."""
    struck = set(case.events.exclude(voids=None).values_list("voids_id", flat=True))
    found = []
    for event in case.events.all():
        words = "" if event.pk in struck else _words_of(event)
        if words:
            found.append({"at": event.at, "words": words, "text": event.text if event.is_told else ""})
    return found


def _words_of(event) -> str:
    data = event.data
    if event.verb in ("dispatch", "designate"):
        return f"请{data.get('lead', '')}来办"
    if event.verb == "add_unit":
        return f"又请{'、'.join(data.get('co', []))}一起办"
    if event.verb in ("take", "report") and data.get("part") == "主办":
        return f"{data.get('unit', '')}接手了" if event.verb == "take" else f"{data.get('unit', '')}说办好了"
    if event.verb == "return_work" and event.to_state != State.ACCEPTED:
        return ""
    if event.verb == "overrule" and event.to_state == State.DISPATCHED:
        return f"还由{data.get('unit', '')}来办"
    if event.verb == "refer":
        return f"归别处管，已经替您转给{data.get('to', '')}"
    if event.verb == "record":
        return _ACTS.get(event.act, "")
    if event.verb == "decide_extension":
        return "要多用几天" if data.get("approved") else ""
    if event.verb == "look_back":
        return "又有反复，重新办" if data.get("has_relapsed") else "回头看过，没有反复"
    return _PLAIN.get(event.verb, "")


def answer_of(case) -> dict | None:
    """{text, at, outcome} of the answer now in force; a merged matter has the answer of the one it joined."""
    case = case.merged_into or case
    if case.answered_at is None:
        return None
    event = case.events.filter(verb="answer", round=case.round).last()
    return event and {
        "text": event.text,
        "at": event.at,
        "outcome": OUTCOME_WORDS.get(event.data.get("outcome"), ""),
    }


def due(case) -> tuple:
    """(moment by which the person is owed the end of it or None, whether that has passed)."""
    case = case.merged_into or case
    if case.state not in OPEN or case.is_paused or case.answered_at:
        return None, False
    rows = case.deadlines.running().filter(round=case.round, assignment=None, notice=None)
    ends = [row.due_at for row in rows if deadlines.rule_of(row).duty == "close"]
    moment = min(ends, default=None)
    return moment, bool(moment and moment < clock.now())


def may_rate(case, voice: str = "") -> bool:
    """One verdict for each answer and voice."""
    if case.state not in (State.ANSWERED, State.CLOSED):
        return False
    return not case.ratings.filter(round=case.round, voice=voice).exists()
