"""Jobs of the set-up; may be done twice without harm."""

from procrastinate.contrib.django import app

from huiyin.opening import importing


@app.periodic(cron="23 * * * *", periodic_id="opening_files")
@app.task(queueing_lock="opening_files", pass_context=False)
def forget_files(timestamp: int):
    """Files that nobody imported go after a day."""
    importing.forget_old()
