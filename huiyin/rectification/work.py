"""Work plans: written, approved by another, followed task by task, changed in versions, summed up."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Words, register
from huiyin.cases.states import Channel
from huiyin.cases.wording import shorten
from huiyin.rectification.models import WorkPlan, WorkPlanState, WorkTask
from huiyin.rules import clock
from huiyin.rules.calendar import midnight
from huiyin.rules.numbers import next_number


@dataclass
class TaskIn:
    """One task with its four specifics."""

    stage: str
    what: str
    target: str
    standard: str
    person: object
    organisation: object
    due_on: date


@transaction.atomic
def write(office, given: dict, tasks: list[TaskIn], *, by, before: WorkPlan | None = None) -> WorkPlan:
    """A new plan, or the next version of `before`: unchanged tasks that are done stay done."""
    late = [
        str(number)
        for number, row in enumerate(tasks, 1)
        if not given["from_on"] <= row.due_on <= given["until_on"]
    ]
    if not tasks:
        raise Refusal("至少写一项任务。", status=400, errors={"tasks": "请写任务"})
    if given["from_on"] > given["until_on"]:
        raise Refusal("起日不能晚于止日。", status=400, errors={"until_on": "太早"})
    if late:
        raise Refusal(
            f"第 {'、'.join(late)} 项的时限不在方案的起止日之间。",
            status=400,
            errors={"tasks": "时限要在起止日之间"},
        )
    if before:
        before = WorkPlan.objects.select_for_update().get(pk=before.pk)
        if before.state not in (WorkPlanState.DRAFT, WorkPlanState.ACTIVE):
            raise Refusal(f"这一版{before.get_state_display()}，请改最新的一版。")
        if not given.get("change", "").strip():
            raise Refusal("换版要写改了什么。", status=400, errors={"change": "请写改了什么"})
    code, version = (before.code, before.version + 1) if before else (_code(office), 1)
    done = {_same(row): row for row in before.tasks.exclude(done_at=None)} if before else {}
    kept = {_same(row): row.case_id for row in before.tasks.exclude(case=None)} if before else {}
    plan = WorkPlan.objects.create(
        office=office, code=code, version=version, title=given["title"].strip(), goal=given["goal"].strip(),
        basis=given.get("basis", "").strip(), organisation=given["organisation"], from_on=given["from_on"],
        until_on=given["until_on"], change=given.get("change", "").strip(), written_at=clock.now(), written_by=by,
    )  # fmt: skip
    for number, row in enumerate(tasks, 1):
        task = WorkTask(
            office=office, plan=plan, number=number, stage=row.stage.strip(), what=row.what.strip(), target=row.target.strip(),
            standard=row.standard.strip(), organisation=row.organisation, person=row.person, due_on=row.due_on,
        )  # fmt: skip
        old = done.get(_same(task))
        if old:
            task.done_at, task.done_by, task.done_text = old.done_at, old.done_by, old.done_text
        task.case_id = kept.get(_same(task))
        task.save()
    return plan


def _same(row) -> tuple:
    return (row.what.strip(), row.person_id)


def _code(office) -> str:
    year = clock.today().year
    return f"{year}-{next_number(office.pk, 'work-plan', year):02d}"


@transaction.atomic
def approve(plan: WorkPlan, *, by) -> WorkPlan:
    """A leader who did not write it puts it in force; the version before is then superseded."""
    plan = WorkPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != WorkPlanState.DRAFT:
        raise Refusal(f"这一版{plan.get_state_display()}，不用再批。")
    if plan.written_by_id == by.pk:
        raise Refusal("方案是您写的，要请别的领导批。", status=403)
    older = WorkPlan.objects.filter(office_id=plan.office_id, code=plan.code, version__lt=plan.version)
    older.filter(state__in=[WorkPlanState.DRAFT, WorkPlanState.ACTIVE]).update(state=WorkPlanState.SUPERSEDED)
    plan.state, plan.approved_at, plan.approved_by = WorkPlanState.ACTIVE, clock.now(), by
    plan.save(update_fields=["state", "approved_at", "approved_by"])
    return plan


@transaction.atomic
def finish(task: WorkTask, *, by, text: str) -> WorkTask:
    """A task is done; only of a plan in force, once."""
    task = WorkTask.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task.pk)
    if task.plan.state != WorkPlanState.ACTIVE:
        raise Refusal(f"方案{task.plan.get_state_display()}，不能记完成。")
    if task.done_at:
        raise Refusal(f"第 {task.number} 项已在 {clock.local(task.done_at):%m-%d} 完成。")
    if not may_finish(task, by):
        raise Refusal(f"这一项由{task.organisation}来做，完成由他们记。", status=403)
    task.done_at, task.done_by, task.done_text = clock.now(), by, text.strip()
    task.save(update_fields=["done_at", "done_by", "done_text"])
    return task


def may_finish(task: WorkTask, user) -> bool:
    return task.person_id == user.pk or task.organisation_id in {
        post.organisation_id for post in user.current_posts
    }


@transaction.atomic
def as_matter(task: WorkTask, *, by):
    """立为交办事项: the task becomes a matter with limits, plan and look-backs of its own; asked twice, the same one."""
    task = (
        WorkTask.objects.select_for_update(of=("self",))
        .select_related("plan__office", "organisation__area")
        .get(pk=task.pk)
    )
    if task.case_id:
        return task.case
    if task.plan.state != WorkPlanState.ACTIVE or task.done_at:
        raise Refusal("方案在实施、任务没完成的才能立成事项。")
    plan = task.plan
    words = Words(
        description=f"{task.what}\n目标：{task.target}\n标准：{task.standard}", title=shorten(task.what), kind="directive",
        channel=Channel.DIRECTIVE, area=task.organisation.area, particulars={"source_level": "meeting"},
        sources=[{"system": plan.title[:60], "outside_number": f"{plan.code} 第 {task.number} 项", "owed_to": str(plan.organisation)}],
    )  # fmt: skip
    case = register(plan.office, words, by=by, key=f"work-task:{task.pk}")
    case.accept(by=by)
    due_at = midnight(task.due_on) + timedelta(hours=18)
    due_at = due_at if due_at > clock.now() else None
    case.dispatch(
        by=by, lead=task.organisation, task=f"按“{plan.title}”第 {task.number} 项办。", due_at=due_at
    )
    task.case = case
    task.save(update_fields=["case"])
    return case


@transaction.atomic
def end(plan: WorkPlan, *, by, summary: str) -> WorkPlan:
    """Summed up: only when every task is done."""
    plan = WorkPlan.objects.select_for_update().get(pk=plan.pk)
    left = plan.tasks.filter(done_at=None).count()
    if plan.state != WorkPlanState.ACTIVE:
        raise Refusal(f"方案{plan.get_state_display()}，不能收尾。")
    if left:
        raise Refusal(f"还有 {left} 项没完成，做完再收尾。", missing=("任务完成",))
    plan.state, plan.summary = WorkPlanState.ENDED, summary.strip()
    plan.save(update_fields=["state", "summary"])
    return plan
