"""Jobs of the messages. All may be done twice without harm; what a lost job left, the next minute's one finds."""

from procrastinate.contrib.django import app

from huiyin.notices import outbox


@app.task(queueing_lock="deliver", pass_context=False)
def deliver():
    """Send what is due."""
    outbox.deliver_due()


@app.periodic(cron="* * * * *", periodic_id="deliver")
@app.task(queueing_lock="deliver_left", pass_context=False)
def deliver_left(timestamp: int):
    """What waits for another try, and what nobody was called for."""
    outbox.deliver_due()


@app.periodic(cron="41 3 * * *", periodic_id="purge_deliveries")
@app.task(queueing_lock="purge_deliveries", pass_context=False)
def purge_deliveries(timestamp: int):
    """Sent messages go after the days that the office keeps them."""
    outbox.purge()
