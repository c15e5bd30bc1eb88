"""A long list on its way in, part by part: nobody at the counter waits behind it, and it goes on where it stopped.

Each part is one transaction that also counts it, so a job that is killed at any moment and begun again brings
no line twice and leaves none out. Before the first part every line is checked and one of every sort rehearsed.
"""

from django.db import transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.opening import importing, steps
from huiyin.opening.carrying import add
from huiyin.opening.models import Import
from huiyin.rules import clock

AT_ONCE = 10  # numbers are given out in turn: so long somebody who registers may have to wait


def run(row: Import, *, by) -> Import:
    """Bring in what is not in yet. Raises Refusal when another import runs, things have changed, or a line is refused."""
    step = steps.get(row.step)
    with importing.alone_for_long(row.office):
        row = _fresh(row.pk)
        if row.imported_at:
            return row
        _, plan = importing.sound(step, row)
        step.rehearse(row.office, plan, options=row.options)
        for start in range(0, len(plan.fresh), AT_ONCE):
            _part(row, step, plan.fresh[start : start + AT_ONCE])
        return _end(row, step, by)


def _fresh(pk, *, lock: bool = False) -> Import:
    rows = Import.objects.select_related("office")
    return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=pk)


@transaction.atomic
def _part(row: Import, step, lines: list):
    tally = step.bring_in(row.office, lines, options=row.options)
    held = Import.objects.select_for_update(of=("self",)).only("done", "untold").get(pk=row.pk)
    held.done, held.done_at, held.untold = held.done + len(lines), clock.now(), add(held.untold, tally)
    held.save(update_fields=["done", "done_at", "untold"])


@transaction.atomic
def _end(row: Import, step, by) -> Import:
    row = _fresh(row.pk, lock=True)
    _say(row, step)
    row.imported_at, row.by, row.content = clock.now(), by, ""
    row.save()
    record(
        f"导入{step.title}", f"import:{row.pk}", by=by, office=row.office, 文件=row.file_name, 摘要=row.digest,
        新增=row.fresh, 更新=row.changed, 不变=row.same, **step.told(row.done, row.options),
    )  # fmt: skip
    return row


def _say(row: Import, step):
    step.tell(row.office, row.untold, options=row.options, key=f"import:{row.pk}:{row.done}")
    row.untold = {}


@transaction.atomic
def give_up(pk, why: str, *, by) -> None:
    """The job is over and not through: say why, what is in and what is not; what is in stays and is told of."""
    row = (
        Import.objects.waiting()
        .select_for_update(of=("self",))
        .select_related("office")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        return
    if row.done:
        why = f"前面 {row.done} 件已经转入，后面 {row.left} 件没有动。{why}"
        if row.untold:
            _say(row, steps.get(row.step))
            record(
                f"导入{steps.get(row.step).title}，中途停下", f"import:{row.pk}", by=by, office=row.office,
                文件=row.file_name, 摘要=row.digest, 已转入=row.done, 没有动=row.left, 来源=row.options.get("system", ""),
            )  # fmt: skip
    row.started_at, row.trouble = None, why
    row.save(update_fields=["started_at", "trouble", "untold"])


def refused(refusal: Refusal) -> str:
    """A refusal as one line for the page."""
    return " ".join([refusal.message, "；".join(refusal.missing)]).strip()
