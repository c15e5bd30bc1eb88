"""Hazards: graded by a named post with reasons, stopped and let go again, referred to whoever may punish."""

from huiyin.base.refusal import Refusal
from huiyin.cases import numbering, particulars, procedures, record
from huiyin.cases.moving import move
from huiyin.rectification import conditions, plans
from huiyin.rectification.models import EnforcementReferral, StopKind, StopOrder
from huiyin.rules.models import RuleSet

MAJOR = "major"
GRADED = ("grade", "regrade")


def grade(case, *, by, reason: str):
    """Grade it in this round; the grade itself comes as the particular `grade` of this move."""
    with move(case, "grade", by) as step:
        if any(row.round == case.round for row in gradings(case)):
            raise Refusal(f"这一轮已经定为“{grade_name(case)}”，要改请用“重新定级”。")
        _graded(case, step, reason)


def regrade(case, *, by, reason: str):
    """Graver or lighter than it was taken for: both grades and reasons stay in the history, other limits run."""
    with move(case, "regrade", by) as step:
        if not any(row.round == case.round for row in gradings(case)):
            raise Refusal("还没有定级，先用“定级”。")
        if step.particulars.get("grade") == case.particulars.get("grade"):
            raise Refusal(
                f"现在就是“{grade_name(case)}”，没有改动。", status=400, errors={"of_grade": "请换一个"}
            )
        _graded(case, step, reason)
        _drop_old_clocks(case, step.at)


def _graded(case, step, reason: str):
    before, asked = case.particulars.get("grade", ""), step.particulars.get("grade", "")
    if not asked:
        raise Refusal("请选等级。", status=400, errors={"of_grade": "请选等级"})
    step.say(reason.strip(), old=before, new=asked)
    if before:
        step.data["was"] = {"grade": before}


def _drop_old_clocks(case, at):
    """Another grade has other limits: those that the old grade started run no longer."""
    from huiyin.cases import deadlines

    for row in case.deadlines.running().filter(round=case.round, assignment=None, notice=None):
        if deadlines.rule_of(row).starts_with == "graded":
            row.dropped_at = at
            row.save(update_fields=["dropped_at"])


def series(case, kind: str) -> str:
    """The series of numbers of this kind of paper, as the office's rule for papers says."""
    return RuleSet.objects.current("documents", case.office_id).content["kinds"][kind]["series"]


def grade_name(case, code: str = "") -> str:
    """'重大' of the code, or of the matter's own grade; '' while there is none."""
    code = code or case.particulars.get("grade", "")
    rows = [row for row in particulars.asked_at(procedures.of(case)) if row["code"] == "grade"]
    return dict(particulars.choices_of(rows[0])).get(code, code) if rows and code else ""


def is_major(case) -> bool:
    return case.kind == "hazard" and case.particulars.get("grade") == MAJOR


def gradings(case) -> list:
    """Events of grading, the first one first."""
    return [row for row in record.rows(case, "events") if row.verb in GRADED]


def stop(case, *, by, kind: str, what: str, reason: str, authority: str = "", document: str = ""):
    """停用停业: the street asks to stop; an order names the authority that gave it and its number."""
    with move(case, "stop", by) as step:
        if StopOrder.objects.filter(case=case, what=what.strip()).standing().exists():
            raise Refusal(f"“{what.strip()}”已经停着，不用再发。")
        if kind == StopKind.ORDER and not (authority.strip() and document.strip()):
            raise Refusal(
                "责令停产停业由有权机关决定，要写明是哪个机关、文号是什么；街道自己只能通知先停。",
                status=400,
                errors={"authority": "请写决定机关", "document": "请写文号"},
            )
        if kind == StopKind.ADVICE:
            authority, document = (
                case.office.name,
                numbering.document_number(case.office, series(case, "stop_notice"), step.at),
            )
        row = StopOrder.objects.create(
            office_id=case.office_id, case=case, kind=kind, what=what.strip(), reason=reason.strip(),
            authority=authority.strip(), document=document.strip(), issued_at=step.at, issued_by=by,
        )  # fmt: skip
        step.say(reason.strip(), stop=str(row.pk), what=row.what)
        step.data["notes"] = [f"{row.get_kind_display()}：{row.what}", f"{row.authority} {row.document}"]
    return row


def lift(case, *, by, subject, text: str):
    """Let it run again, only after the work was accepted, and not by whoever did it."""
    with move(case, "lift_stop", by, subject) as step:
        lacking = conditions.accepted_by_other(case)
        if lacking:
            raise Refusal(f"还不能解除：{lacking}。验收合格才能恢复。", missing=("别人验收",))
        if by.pk in plans.executors(case):
            raise Refusal("整改是您经手的，解除要由别人来定。", status=403)
        row = StopOrder.objects.get(pk=subject.pk)
        row.lifted_at, row.lifted_by, row.lift_text = step.at, by, text.strip()
        row.save(update_fields=["lifted_at", "lifted_by", "lift_text"])
        step.say(text.strip(), stop=str(row.pk), what=row.what)
        days = (step.at - row.issued_at).days
        step.data["notes"] = [f"{row.what}，停了 {days} 天"]
    return row


def refer(case, *, by, to: str, facts: str, basis: str):
    """移送执法: facts and what they seem to break go to the body that may punish; the matter itself goes on."""
    with move(case, "refer_enforcement", by) as step:
        open_ones = EnforcementReferral.objects.filter(case=case, to=to.strip(), answered_at=None)
        if open_ones.exists():
            raise Refusal(f"已经移送{to.strip()}，还没有回复，不用再送。")
        row = EnforcementReferral.objects.create(
            office_id=case.office_id, case=case, number=numbering.document_number(case.office, series(case, "enforce_referral"), step.at),
            to=to.strip(), facts=facts.strip(), basis=basis.strip(), sent_at=step.at, sent_by=by,
        )  # fmt: skip
        step.say(facts.strip(), referral=str(row.pk))
        step.data["notes"] = [f"移送{row.to}，{row.number}", f"涉嫌违反：{row.basis}"]
    return row


def take_answer(case, *, by, subject, text: str, document: str = ""):
    """What the body that may punish has decided."""
    with move(case, "enforcement_answer", by, subject) as step:
        row = EnforcementReferral.objects.get(pk=subject.pk)
        if row.answered_at:
            raise Refusal(f"{row.to}的处理结果已经记过。")
        row.answer, row.answer_document, row.answered_at = text.strip(), document.strip(), step.at
        row.save(update_fields=["answer", "answer_document", "answered_at"])
        step.say(text.strip(), referral=str(row.pk))
        step.data["notes"] = [f"{row.to} {row.answer_document}".strip()]
    return row
