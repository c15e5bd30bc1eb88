"""Jobs of the matters. All are idempotent: a job that was cut off is simply done again."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huiyin.accounts.models import Office
from huiyin.cases import attachments, drafts, early_signs, twin_words, watch

STALLED_SECONDS = 300


@app.periodic(cron="17 * * * *", periodic_id="orphans")
@app.task(queueing_lock="orphans", pass_context=False)
def purge_orphans(timestamp: int):
    """Uploads that never found their matter go after a day."""
    attachments.purge_orphans()


@app.periodic(cron="40 3 * * *", periodic_id="drafts")
@app.task(queueing_lock="drafts", pass_context=False)
def purge_drafts(timestamp: int):
    """Drafts that nobody touched for the days of the rule go."""
    drafts.purge_old()


@app.periodic(cron="20 3 * * *", periodic_id="word_counts")
@app.task(queueing_lock="word_counts", pass_context=False)
def count_words(timestamp: int):
    """Which words are rare in each office, for likely twins."""
    for office in Office.objects.all():
        twin_words.count_words(office)


@app.periodic(cron="5 7 * * *", periodic_id="early_signs")
@app.task(queueing_lock="early_signs", pass_context=False)
def watch_early_signs(timestamp: int):
    """Early signs whose day of contact was missed: warned, and raised by rule."""
    early_signs.watch_missed()


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
