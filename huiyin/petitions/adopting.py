"""意见建议: adopted or not and why, by whom and by when; what was adopted is followed until it is done."""

from datetime import date

from huiyin.base.refusal import Refusal
from huiyin.cases import procedures
from huiyin.cases.moving import move
from huiyin.cases.wording import told_or_refuse
from huiyin.petitions.models import Adoption, AdoptionResult, AdoptionStep
from huiyin.rules import clock

TO_BE_DONE = frozenset({AdoptionResult.ADOPTED, AdoptionResult.PARTLY})
MAY_PUBLISH = "may_publish"


def of_round(case) -> Adoption | None:
    """What was decided in this round, or None."""
    rows = case.adoptions.filter(round=case.round).select_related("organisation", "decided_by")
    return rows.first()


def undecided(case) -> str:
    """What an answer to a suggestion still lacks."""
    if any(case.category.startswith(start) for start in procedures.of(case).get("not_adopted", ())):
        return ""  # thanks and the like: there is nothing to adopt
    return "" if of_round(case) else "还没有定采纳不采纳（先“研究采纳”）"


def adopt(
    case, *, by, result: str, reason: str, organisation=None, todo: str = "", due_on: date | None = None
):
    """Decide: adopted, partly, kept in mind, not – always with the reason; what is adopted names unit, task and day.

    May be decided anew while the person has not been answered.
    """
    with move(case, "adopt", by) as step:
        if result not in AdoptionResult.values:
            raise Refusal("采纳情况请从列表里选。", status=400, errors={"result": "请选一项"})
        errors = {}
        if result in TO_BE_DONE:
            given = {"organisation": organisation, "todo": todo.strip(), "due_on": due_on}
            names = {"organisation": "由哪个单位落实", "todo": "做什么", "due_on": "什么时候做完"}
            errors = {key: f"采纳了就要写明{names[key]}" for key, value in given.items() if not value}
            if due_on and due_on < clock.today():
                errors["due_on"] = "做完的日子不能是过去"
        if errors:
            raise Refusal("；".join(errors.values()) + "。", status=400, errors=errors)
        is_owed = result in TO_BE_DONE
        row, _ = Adoption.objects.update_or_create(
            office_id=case.office_id, case=case, round=case.round,
            defaults={
                "result": result, "reason": reason.strip(), "decided_at": step.at, "decided_by": by,
                "organisation": organisation if is_owed else None, "todo": todo.strip() if is_owed else "",
                "due_on": due_on if is_owed else None, "done_on": None,
            },
        )  # fmt: skip
        plan = [f"{organisation}：{todo.strip()}，{due_on:%Y-%m-%d}前做完"] if is_owed else []
        step.say(
            f"{row.get_result_display()}：{row.reason}", adoption=str(row.pk), result=result, notes=plan,
            due_on=str(due_on or ""), unit=str(organisation or ""),
        )  # fmt: skip


def follow_up(case, *, by, subject, text: str, is_done: bool, due_on: date | None = None, told: str = ""):
    """How far it has come. Done – the person is told; not done – a new day may be set, with the words why."""
    with move(case, "implement", by, subject) as step:
        row = case.adoptions.select_for_update(of=("self",)).get(pk=subject.pk)
        if not row.is_owed:
            raise Refusal("这条建议没有要落实的，或者已经落实完了。")
        if due_on and due_on <= clock.today():
            raise Refusal("改到的日子要在今天之后。", status=400, errors={"due_on": "请改日期"})
        AdoptionStep.objects.create(
            office_id=case.office_id, adoption=row, at=step.at, by=by, text=text.strip(), is_done=is_done,
            due_on=None if is_done else due_on,
        )  # fmt: skip
        if is_done:
            row.done_on = clock.today()
        elif due_on:
            row.due_on = due_on
        row.save(update_fields=["done_on", "due_on"])
        words = told.strip() or f"您提的建议落实了：{text.strip()}"
        notes = [] if is_done or not due_on else [f"做完的日子改到 {due_on:%Y-%m-%d}"]
        step.say(
            told_or_refuse(words, case.office) if is_done else text.strip(), told=is_done, adoption=str(row.pk),
            approved=is_done, notes=[*notes, *([text.strip()] if is_done and told.strip() else [])],
        )  # fmt: skip


def begin_again(case, step):
    """Opened again: what the last round still owed is not asked for twice – the new round decides anew."""
    if case.kind == "suggestion" and step.verb in ("reopen", "look_back") and step.to_state:
        rows = case.adoptions.filter(round__lt=case.round, done_on=None)
        rows.update(due_on=None)


def told_of(case) -> dict | None:
    """{result, label, reason, todo, due_on, done_on} of the last decision, for what is told in public; None without one."""
    row = case.adoptions.order_by("-round").first()
    if row is None:
        return None
    return {
        "result": row.result, "label": row.get_result_display(), "reason": row.reason, "todo": row.todo,
        "due_on": row.due_on, "done_on": row.done_on,
    }  # fmt: skip
