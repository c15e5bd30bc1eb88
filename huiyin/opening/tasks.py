"""Jobs of the set-up; may be done twice without harm."""

from procrastinate.contrib.django import app

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.opening import importing, steps
from huiyin.opening.models import Import
from huiyin.rules import clock

MOST_AT_ONCE = 30


def begin(row: Import, *, by) -> Import:
    """Import now; what would keep the page waiting is handed to a job. A second click changes nothing."""
    if not steps.get(row.step).is_slow or row.fresh <= MOST_AT_ONCE:
        return importing.run(row, by=by)
    waiting = Import.objects.waiting().filter(pk=row.pk, started_at=None)
    if not row.problems and waiting.update(started_at=clock.now(), trouble="", by=by):
        import_file.defer(pk=str(row.pk), user=str(by.pk))
    row.refresh_from_db()
    return row


@app.task(queue="default", pass_context=False)
def import_file(pk: str, user: str):
    """One long import, in one transaction. A refusal is told on the file's page."""
    row, by = Import.objects.filter(pk=pk).first(), User.objects.get(pk=user)
    if row is None:
        return
    try:
        importing.run(row, by=by)
    except Refusal as refusal:
        _give_up(row, " ".join([refusal.message, "；".join(refusal.missing)]).strip())
    except Exception:
        _give_up(row, "程序出了错，什么都没有导入。请把时间告诉维护的人，或再试一次。")
        raise


def _give_up(row: Import, why: str) -> None:
    Import.objects.waiting().filter(pk=row.pk).update(started_at=None, trouble=why)


@app.periodic(cron="23 * * * *", periodic_id="opening_files")
@app.task(queueing_lock="opening_files", pass_context=False)
def forget_files(timestamp: int):
    """Files that nobody imported go after a day."""
    importing.forget_old()
