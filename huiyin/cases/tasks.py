"""Jobs of the matters. All are idempotent: a job that was cut off is simply done again."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huiyin.cases import attachments, watch

STALLED_SECONDS = 300


@app.periodic(cron="17 * * * *", periodic_id="orphans")
@app.task(queueing_lock="orphans", pass_context=False)
def purge_orphans(timestamp: int):
    """Uploads that never found their matter go after a day."""
    attachments.purge_orphans()


@app.periodic(cron="*/2 * * * *", periodic_id="watch")
@app.task(queueing_lock="watch", retry=RetryStrategy(max_attempts=3, wait=30), pass_context=False)
def watch_clocks(timestamp: int):
    """Notices for late matters, reviews due, confirmed calendars."""
    watch.watch_all()


@app.periodic(cron="*/5 * * * *", periodic_id="stalled")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp: int):
    """Put jobs whose worker died back into the queue."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await context.app.job_manager.retry_job(job)
