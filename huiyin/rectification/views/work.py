"""工作方案: list, one plan with its tasks by stage, a new version, approval, tasks done or made matters."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.areas.forms import day_field
from huiyin.cases.form_fields import ModelChoice, day, line, words
from huiyin.cases.intake_form import name_the_missing
from huiyin.orgs.models import Organisation
from huiyin.rectification import people, work
from huiyin.rectification.fields import MeasuresField
from huiyin.rectification.models import WorkPlan, WorkPlanState, WorkTask
from huiyin.rectification.views.frame import LEADERS, READERS, WRITERS, act, chips, keyset, page
from huiyin.shell.access import staff

VIEWS = [("active", "实施"), ("draft", "起草"), ("ended", "已收尾"), ("superseded", "老版")]


class WorkPlanForm(forms.Form):
    title = line("方案名称", most=100)
    goal = words("目标", least=6)
    basis = line("依据", required=False)
    organisation = ModelChoice(label="牵头单位")
    from_on = day_field("从")
    until_on = day("到")
    tasks = MeasuresField(
        label="任务", stages=True, help_text="一项一件事：阶段、目标、标准、责任人、时限都要写。"
    )
    change = line("改了什么", required=False, help_text="换版时写。")

    def __init__(self, *args, office, before=None, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        units = Organisation.objects.handling().filter(office=office).defer("services").order_by("code")
        self.fields["organisation"].queryset = units
        self.fields["tasks"].prepare(office)
        self.fields["change"].required = before is not None


class DoneForm(forms.Form):
    text = words("完成情况", least=4)


class EndForm(forms.Form):
    summary = words("总结", least=10)


def initial_of(plan: WorkPlan) -> dict:
    """The next version begins with the words of this one."""
    rows = [
        {
            "stage": row.stage, "what": row.what, "target": row.target, "standard": row.standard,
            "who": people.written(row.person, row.organisation), "due_on": row.due_on.isoformat(),
        }
        for row in plan.tasks.select_related("person", "organisation").order_by("number")
    ]  # fmt: skip
    names = ("title", "goal", "basis", "from_on", "until_on")
    return {
        **{name: getattr(plan, name) for name in names},
        "organisation": plan.organisation_id,
        "tasks": rows,
    }


def _plan(request, pk) -> WorkPlan:
    rows = WorkPlan.objects.visible_to(request.user).select_related(
        "organisation", "written_by", "approved_by", "office"
    )
    return get_object_or_404(rows, pk=pk)


@staff(roles=READERS)
@require_safe
def work_plans(request):
    """GET: work plans by where they stand."""
    view = request.GET.get("view", "active")
    view = view if view in dict(VIEWS) else "active"
    rows = WorkPlan.objects.visible_to(request.user).filter(state=view).select_related("organisation")
    found, more = keyset(request, rows.prefetch_related("tasks"), "written_at")
    for plan in found:
        plan.rows = list(plan.tasks.all())
        plan.done = sum(row.done_at is not None for row in plan.rows)
        plan.late = sum(row.is_overdue for row in plan.rows)
    context = {
        "rows": found, "more": more, "views": chips("desk_work_plans", VIEWS, view, "view"),
        "may": bool(request.user.roles & WRITERS),
    }  # fmt: skip
    return page(request, "work_plans.html", "work", context)


@staff(roles=WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, pk=None):
    """GET: the form of a new plan, or of the next version of one. POST: keep it."""
    office, before = request.user.office, _plan(request, pk) if pk else None
    initial = initial_of(before) if before else None
    form = WorkPlanForm(request.POST or None, office=office, before=before, initial=initial)

    def again(form, status=200):
        return page(request, "work_plan_form.html", "work", {"form": form, "before": before}, status)

    if request.method != "POST":
        return again(form)

    def doing(tasks, **given):
        rows = [
            work.TaskIn(
                row.stage, row.what, row.target, row.standard, row.person, row.organisation, row.due_on
            )
            for row in tasks
        ]
        return work.write(office, given, rows, by=request.user, before=before)

    return act(
        request,
        form,
        doing,
        "存好了，等领导批。",
        lambda plan: reverse("desk_work_plan", args=[plan.pk]),
        again,
    )


@staff(roles=READERS)
@require_safe
def work_plan(request, pk):
    """GET: one plan, its tasks by stage, its versions."""
    return _page(request, _plan(request, pk))


def _page(request, plan, status=200, done=None, end=None, done_of=None):
    tasks = list(plan.tasks.select_related("organisation", "person", "done_by", "case").order_by("number"))
    running = plan.state == WorkPlanState.ACTIVE
    writer = bool(request.user.roles & WRITERS)
    for row in tasks:
        may = running and row.done_at is None
        row.form = (
            (done if done_of == row.pk else DoneForm(prefix=f"t{row.number}"))
            if may and work.may_finish(row, request.user)
            else None
        )
        row.may_become = may and writer and row.case_id is None
    older = WorkPlan.objects.visible_to(request.user).filter(code=plan.code).exclude(pk=plan.pk)
    context = {
        "plan": plan, "tasks": tasks, "older": list(older.order_by("-version")[:20]),
        "left": sum(row.done_at is None for row in tasks), "end": end or EndForm(),
        "may_approve": plan.state == WorkPlanState.DRAFT and bool(request.user.roles & LEADERS) and plan.written_by_id != request.user.pk,
        "may_change": writer and plan.state in (WorkPlanState.DRAFT, WorkPlanState.ACTIVE),
        "may_end": running and writer,
    }  # fmt: skip
    return page(request, "work_plan.html", "work", context, status)


class Nothing(forms.Form):
    """A decision needs no words."""


@staff(roles=LEADERS)
@require_POST
def approve(request, pk):
    """POST: a leader puts the plan in force."""
    plan = _plan(request, pk)
    goal = reverse("desk_work_plan", args=[pk])
    doing = lambda: work.approve(plan, by=request.user)  # noqa: E731
    return act(
        request,
        Nothing(request.POST),
        doing,
        "批准了，开始实施。",
        goal,
        lambda f, s: _page(request, plan, s),
    )


@staff(roles=WRITERS)
@require_POST
def end(request, pk):
    """POST: the plan is summed up."""
    plan, form = _plan(request, pk), EndForm(request.POST)
    goal = reverse("desk_work_plan", args=[pk])
    doing = lambda **given: work.end(plan, by=request.user, **given)  # noqa: E731
    return act(request, form, doing, "收尾了。", goal, lambda f, s: _page(request, plan, s, end=f))


def _task(request, pk) -> WorkTask:
    rows = WorkTask.objects.visible_to(request.user).select_related("plan", "organisation")
    return get_object_or_404(rows, pk=pk)


@staff(roles=READERS)
@require_POST
def done(request, pk):
    """POST: a task is done."""
    task = _task(request, pk)
    form = DoneForm(request.POST, prefix=f"t{task.number}")
    goal = reverse("desk_work_plan", args=[task.plan_id])
    again = lambda f, s: _page(request, _plan(request, task.plan_id), s, done=f, done_of=task.pk)  # noqa: E731
    return act(
        request, form, lambda **given: work.finish(task, by=request.user, **given), "记下了。", goal, again
    )


@staff(roles=WRITERS)
@require_POST
def as_matter(request, pk):
    """POST: the task becomes a matter of its own."""
    task = _task(request, pk)
    goal = lambda case: reverse("desk_case", args=[case.number])  # noqa: E731
    again = lambda f, s: _page(request, _plan(request, task.plan_id), s)  # noqa: E731
    return act(
        request,
        Nothing(request.POST),
        lambda: work.as_matter(task, by=request.user),
        "立成交办事项了。",
        goal,
        again,
    )


urlpatterns = [
    path("rectification/work/", work_plans, name="desk_work_plans"),
    path("rectification/work/new/", write, name="desk_work_plan_new"),
    path("rectification/work/<uuid:pk>/", work_plan, name="desk_work_plan"),
    path("rectification/work/<uuid:pk>/change/", write, name="desk_work_plan_change"),
    path("rectification/work/<uuid:pk>/approve/", approve, name="desk_work_plan_approve"),
    path("rectification/work/<uuid:pk>/end/", end, name="desk_work_plan_end"),
    path("rectification/work/tasks/<uuid:pk>/done/", done, name="desk_work_task_done"),
    path("rectification/work/tasks/<uuid:pk>/matter/", as_matter, name="desk_work_task_matter"),
]
