"""Jobs of the set-up; may be done twice without harm."""

from procrastinate.contrib.django import app

from huiyin.accounts.models import User
from huiyin.base.locks import only_one
from huiyin.base.refusal import Refusal
from huiyin.opening import importing, parts, steps
from huiyin.opening.models import Import
from huiyin.rules import clock

MOST_AT_ONCE = 10


def begin(row: Import, *, by) -> Import:
    """Import now; what would keep the page waiting is handed to a job. A second click changes nothing.

    What a job left half done, or a job that is gone, goes on where it stopped.
    """
    if not steps.get(row.step).is_slow or (row.fresh <= MOST_AT_ONCE and not row.done):
        return importing.run(row, by=by)
    rows = Import.objects.waiting().filter(pk=row.pk)
    if not row.is_stuck:
        rows = rows.filter(started_at=None)
    if not row.problems and rows.update(started_at=clock.now(), trouble="", by=by):
        import_file.defer(pk=str(row.pk), user=str(by.pk))
    row.refresh_from_db()
    return row


@app.task(queue="default", pass_context=False)
def import_file(pk: str, user: str):
    """One long import. A refusal is told on the file's page; a job that is done twice brings nothing twice."""
    by = User.objects.get(pk=user)
    with only_one(f"import:{pk}") as mine:
        row = Import.objects.waiting().filter(pk=pk).first() if mine else None
        if row is None:
            return
        try:
            parts.run(row, by=by)
        except Refusal as refusal:
            parts.give_up(pk, parts.refused(refusal), by=by)
        except Exception:
            parts.give_up(pk, "程序出了错，停在这里。请把时间告诉维护的人，或接着再试一次。", by=by)
            raise


@app.periodic(cron="23 * * * *", periodic_id="opening_files")
@app.task(queueing_lock="opening_files", pass_context=False)
def forget_files(timestamp: int):
    """Files that nobody imported go after a day."""
    importing.forget_old()
