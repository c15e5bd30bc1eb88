"""请示批示: a question put to the main leaders, and what they decided, as a note in the matter's history."""

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import move
from huiyin.cases.states import Act
from huiyin.petitions.models import Instruction


def seek_instructions(case, *, by, question: str, proposal: str = ""):
    """Ask the main leaders how to go on, with a proposal when there is one."""
    with move(case, "seek_instructions", by) as step:
        if case.instructions.filter(decided_at=None).exists():
            raise Refusal("已经有一份请示在等批示，批下来再请示。")
        row = Instruction.objects.create(
            office_id=case.office_id, case=case, question=question.strip(), proposal=proposal.strip(),
            asked_at=step.at, asked_by=by,
        )  # fmt: skip
        notes = [f"拟办意见：{row.proposal}"] if row.proposal else []
        step.say(row.question, act=Act.INSTRUCTION, instruction=str(row.pk), notes=notes)


def instruct(case, *, by, subject, decision: str):
    """The leader decides. Nobody answers their own question."""
    with move(case, "instruct", by, subject) as step:
        row = case.instructions.select_for_update().get(pk=subject.pk)
        if row.decided_at:
            raise Refusal("这份请示已经批了。")
        if row.asked_by_id == by.pk:
            raise Refusal("自己请示的，要由别的领导批。", status=403)
        row.decision, row.decided_at, row.decided_by = decision.strip(), step.at, by
        row.save(update_fields=["decision", "decided_at", "decided_by"])
        step.say(
            row.decision, act=Act.INSTRUCTION, instruction=str(row.pk), notes=[f"答 {row.asked_by.name} 的请示：{row.question}"]
        )  # fmt: skip
