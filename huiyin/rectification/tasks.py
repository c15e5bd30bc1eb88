"""Jobs of this room; done twice they do no harm."""

from procrastinate.contrib.django import app

from huiyin.rectification import overdue


@app.periodic(cron="*/10 * * * *", periodic_id="overdue_major_hazards")
@app.task(queueing_lock="overdue_major_hazards", pass_context=False)
def tell_of_overdue_major_hazards(timestamp: int):
    """Leaders hear of an overdue major hazard the same day."""
    overdue.watch()
