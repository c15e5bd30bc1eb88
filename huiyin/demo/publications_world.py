"""What the invented subdistrict told in public in its year: drafted, reviewed and taken down by the real verbs."""

from datetime import timedelta

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.demo.files import read
from huiyin.publications import reviewing
from huiyin.publications.models import PublishedAnswer, TopicNote
from huiyin.publications.record import why_not
from huiyin.rules import clock

DRAFTED, REVIEWED = timedelta(days=2, hours=1), timedelta(days=1, hours=4)


def load_publications(office):
    """After the year: answers of its stories and notes on its topics. What is there already stays."""
    book = read("publications.yaml")
    users = {user.username: user for user in User.objects.filter(office=office)}
    people = {
        "writer": users[book["writer"]],
        "second": users[book["second_writer"]],
        "reviewers": [users[name] for name in book["reviewers"]],
    }
    for number, entry in enumerate(book["answers"]):
        case = Case.objects.filter(office=office, intake_key=f"demo:{entry['story']}").first()
        if case and not PublishedAnswer.objects.filter(case=case).exists() and not why_not(case):
            _tell(case, entry, people, number)
    for number, entry in enumerate(book["notes"]):
        if not TopicNote.objects.filter(office=office, category=entry["category"]).exists():
            _note(office, entry, people, number)


def _tell(case, entry, people, number: int):
    writer = people["writer"] if number % 3 else people["second"]
    reviewer = people["reviewers"][number % len(people["reviewers"])]
    latest = clock.now() - timedelta(minutes=50)
    begun = min(_at_work(case.closed_at + DRAFTED), latest)
    with clock.travel(begun):
        row = reviewing.draft(case, by=_fresh(writer))
        row = reviewing.rewrite(row, by=_fresh(writer), title=entry["title"], done=entry["done"])
    with clock.travel(begun + timedelta(minutes=12)):
        try:
            row = reviewing.submit(row, by=_fresh(writer))
        except Refusal:  # the record names somebody the pass cannot take out: it stays a draft for a person
            return
    state = entry.get("state", "published")
    if state == "submitted":
        return
    with clock.travel(min(_at_work(begun + REVIEWED), latest + timedelta(minutes=20))):
        if state == "sent_back":
            reviewing.send_back(row, by=_fresh(reviewer), reason=entry["reason"])
            return
        row = reviewing.publish(row, by=_fresh(reviewer))
    with clock.travel(min(_at_work(begun + 3 * REVIEWED), latest + timedelta(minutes=40))):
        if state == "withdrawn":
            reviewing.withdraw(row, by=_fresh(writer), reason=entry["reason"])
        elif state == "objected":
            reviewing.object_to(case)


def _note(office, entry, people, number: int):
    reviewer = people["reviewers"][number % len(people["reviewers"])]
    begun = _at_work(clock.now() - timedelta(days=entry["days_ago"]))
    with clock.travel(begun):
        row = reviewing.write_note(
            office, by=_fresh(people["writer"]), category=entry["category"], text=entry["text"]
        )
        row = reviewing.submit(row, by=_fresh(people["writer"]))
    with clock.travel(begun + REVIEWED):
        reviewing.publish(row, by=_fresh(reviewer))


def _at_work(moment):
    """The same day at an hour when the office works, on Monday for a weekend."""
    day = clock.local(moment).replace(hour=10, minute=20 + moment.minute % 30, second=0, microsecond=0)
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def _fresh(user) -> User:
    """A user whose posts are looked up on the day that is played."""
    return User.objects.get(pk=user.pk)
