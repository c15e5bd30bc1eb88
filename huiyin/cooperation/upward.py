"""向上呈报 and back: what was asked of whom, by when it is owed, when it is looked at again, what came back."""

from datetime import date

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.moving import move
from huiyin.cooperation import together
from huiyin.cooperation.models import Upward, UpwardResult
from huiyin.rules import clock

OVER = frozenset({"withdraw", "void", "merge", "refer", "decline", "close"})


def follow(case, step):
    """A report upward gets its row; the end of the matter ends what is still waited for."""
    if step.verb == "escalate":
        _begin(case, step)
    elif step.verb in OVER:
        ended = Upward.objects.filter(case=case, answered_at=None, ended_at=None).update(ended_at=step.at)
        if ended:
            step.data["notes"] = [*step.data.get("notes", ()), "报上去的不再等答复"]


def _begin(case, step):
    data = step.data
    asked = (data.get("asked") or step.text).strip()
    if any(row.to == data["to"] and row.asked == asked for row in together.of(case).open_upwards):
        raise Refusal(f"同样的请求已经报过{data['to']}，还在等答复。")
    day = clock.local(step.at).date()
    for name, label in (("due_on", "对方答复的日子"), ("review_on", "再看的日子")):
        if data.get(name) and date.fromisoformat(data[name]) < day:
            raise Refusal(f"{label}不能是过去的日子。", status=400, errors={name: "请改日期"})
    Upward.objects.create(
        office_id=case.office_id, case=case, round=case.round, to=data["to"], document=data.get("document", ""),
        outside_number=data.get("outside_number", ""), asked=asked, sent_at=step.at, sent_by=step.by,
        due_on=data.get("due_on") or None, review_on=data.get("review_on") or data.get("due_on") or None,
    )  # fmt: skip
    dated = [
        f"{data['due_on']} 前请答复" if data.get("due_on") else "",
        f"{data['review_on']} 再看" if data.get("review_on") else "",
    ]
    step.data["notes"] = [*step.data.get("notes", ()), *filter(None, [f"请求：{data['asked']}" if data.get("asked") else "", *dated])]  # fmt: skip


def review(case, *, by, subject, text: str, next_on: date):
    """Still to be negotiated: what was heard when asking again, and when to ask next."""
    if next_on <= clock.today():
        raise Refusal("下次再看要在今天之后。", status=400, errors={"next_on": "请选今天之后的日子"})
    with move(case, "review_upward", by, subject) as step:
        row = _open(subject)
        row.review_on, row.reviews = next_on, row.reviews + 1
        row.save(update_fields=["review_on", "reviews"])
        step.say(
            text.strip(),
            to=row.to,
            upward=str(row.pk),
            notes=[f"问 {row.to}，第 {row.reviews} 次", f"{next_on} 再看"],
        )


def hear(case, *, by, subject, result: str, text: str, document: str = ""):
    """The answer came: solved, partly or declined. The clocks of a paused matter run again; work goes on."""
    if result not in UpwardResult.values:
        raise Refusal("请选答复是哪一种。", status=400, errors={"result": "请选一个"})
    with move(case, "hear_upward", by, subject) as step:
        row = _open(subject)
        row.result, row.answer, row.answer_document = result, text.strip(), document.strip()
        row.answered_at, row.answered_by = step.at, by
        row.save(update_fields=["result", "answer", "answer_document", "answered_at", "answered_by"])
        notes = [f"{row.to}：{row.get_result_display()}", document.strip()]
        others = [item for item in together.of(case).open_upwards if item.pk != row.pk]
        if case.is_paused and not others:
            case.pauses.filter(until_at=None).update(until_at=step.at)
            case.paused_at = None
            deadlines.recompute(case, step.at)
            notes.append("不再挂账，时限接着走")
        step.say(
            row.answer, to=row.to, result=result, upward=str(row.pk), notes=[note for note in notes if note]
        )


def _open(subject) -> Upward:
    row = Upward.objects.get(pk=subject.pk)
    if not row.is_open:
        raise Refusal(f"{row} 已经有了结果，不用再记。")
    return row
