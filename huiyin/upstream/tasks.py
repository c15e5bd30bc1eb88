"""Jobs of the upstream's files; may be done twice without harm."""

from procrastinate.contrib.django import app

from huiyin.accounts.models import User
from huiyin.upstream import importing
from huiyin.upstream.models import ImportBatch


def begin(batch: ImportBatch, *, by) -> int:
    """Apply the first rows now and leave the rest to a job; returns how many are left."""
    left = importing.apply(batch, by=by, most=importing.AT_ONCE)
    if left:
        apply_rows.defer(pk=str(batch.pk), user=str(by.pk))
    return left


@app.task(queue="default", pass_context=False)
def apply_rows(pk: str, user: str):
    """The rows of one file that still wait."""
    batch = ImportBatch.objects.select_related("office").filter(pk=pk).first()
    if batch is not None:
        importing.apply(batch, by=User.objects.get(pk=user))


@app.periodic(cron="27 * * * *", periodic_id="upstream_files")
@app.task(queueing_lock="upstream_files", pass_context=False)
def forget_files(timestamp: int):
    """Files that came in a day ago go."""
    importing.forget_files()
