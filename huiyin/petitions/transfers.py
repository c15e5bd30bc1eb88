"""Petitions passed on by another body: is one, may we say it is not ours, and what the other body answered."""

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, duties
from huiyin.cases.moving import move
from huiyin.cases.states import State
from huiyin.cases.wording import told_or_refuse
from huiyin.petitions.models import JurisdictionObjection
from huiyin.rules import clock

LAW = "《信访工作条例》第二十三条"
HELD_UP = ("accept", "decline", "refer", "merge")


def is_transferred(case) -> bool:
    """Did another body pass this petition on to us (转送、交办)? One query a move: limit rules ask it often."""
    if case.kind != "petition":
        return False
    held = case.__dict__.setdefault("petition_sources", {})
    if case.last_seq not in held:
        held[case.last_seq] = case.sources.exclude(owed_to="").exists()
    return held[case.last_seq]


def window_of(case):
    """The clock of the five working days, or None."""
    rows = case.deadlines.filter(round=case.round, code="XF-OBJ").order_by("started_at")
    return rows.last()


def why_no_objection(case) -> str:
    """Why no objection may be raised now, or ''."""
    if not is_transferred(case):
        return "不是别处转送、交办来的，谈不上管辖异议；不归街道管的用“不予受理”或“转送别处”"
    if case.jurisdiction_objections.exists():
        return "这件事已经提过一次异议"
    window = window_of(case)
    if window and clock.now() > window.due_at:
        last = clock.local(window.due_at)
        return f"收到之日起5个工作日的异议期到 {last.month}月{last.day}日为止，已经过了（{LAW}）"
    return ""


def raise_objection(case, *, by, source, reason: str, belongs_to: str, clause: str = ""):
    """Not ours: with reasons, within five working days of receipt, to the body that passed it on."""
    with move(case, "raise_objection", by) as step:
        refused = why_no_objection(case)
        if refused:
            raise Refusal(f"不能提出异议：{refused}。")
        row = case.sources.filter(pk=source.pk).exclude(owed_to="").first()
        if row is None:
            raise Refusal("请选这件事的转送单位。", status=400, errors={"source": "请从列表里选"})
        if len(reason.strip()) < 10:
            raise Refusal(
                "异议要写清理由。", status=400, errors={"reason": "至少 10 个字：为什么不属于本单位"}
            )
        basis = ""
        if clause:
            known = duties.clauses(case.office).get(clause)
            if known is None:
                raise Refusal("职责清单里没有这一条。", status=400, errors={"clause": "请从清单里选"})
            basis = duties.wording(known)
        made = JurisdictionObjection.objects.create(
            office_id=case.office_id, case=case, source=row, reason=reason.strip(), basis=basis[:200],
            belongs_to=belongs_to.strip(), raised_at=step.at, raised_by=by,
        )  # fmt: skip
        step.say(
            f"向{row.owed_to}提出异议：{reason.strip()}应当由{belongs_to.strip()}办理。",
            objection=str(made.pk), to=row.owed_to, notes=[basis] if basis else [],
        )  # fmt: skip


def answer_objection(case, *, by, subject, agreed: bool, text: str, told: str = "", document: str = ""):
    """What the other body said: agreed – the matter goes back to it; refused – it stays and must be taken on."""
    with move(case, "answer_objection", by, subject) as step:
        row = case.jurisdiction_objections.select_for_update().select_related("source").get(pk=subject.pk)
        if row.answered_at:
            raise Refusal("这次异议已经有了答复。")
        row.answered_at, row.answered_by, row.agreed = step.at, by, agreed
        row.answer, row.document = text.strip(), document.strip()
        row.save(update_fields=["answered_at", "answered_by", "agreed", "answer", "document"])
        where = row.source.owed_to
        if not agreed:
            step.say(f"{where}没有同意异议：{text.strip()}", objection=str(row.pk), approved=False)
            deadlines.happened(case, "objection_refused", step.at)
            return
        words = told.strip() or (
            f"您说的事原来由{where}转到我们这里。我们和{where}核对过，这件事应当由{row.belongs_to}来办，"
            f"已经退回{where}，由它转过去；以后的答复由那边给您。"
        )
        step.to_state = State.REFERRED
        step.say(
            told_or_refuse(words, case.office), told=True, to=row.belongs_to, objection=str(row.pk), approved=True,
            notes=[f"{where}：{text.strip()}"],
        )  # fmt: skip
        deadlines.end(case, step.at)


def hold_up(case, step):
    """While the other body has not answered, the matter is neither taken on nor sent away."""
    if step.verb not in HELD_UP or case.kind != "petition":
        return
    waiting = case.jurisdiction_objections.filter(answered_at=None).select_related("source").first()
    if waiting:
        raise Refusal(
            f"已经向{waiting.source.owed_to}提出异议，答复以前不能受理、不予受理或转走；"
            "来了答复先用“登记异议答复”。"
        )
