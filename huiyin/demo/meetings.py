"""The joint conferences of the demo year: the system draws the list, world/conferences.yaml says what was settled."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from huiyin.cases import conference
from huiyin.cases.models import Conference
from huiyin.demo.files import read
from huiyin.rules.clock import TZ, local

BOOK = "conferences.yaml"


@dataclass
class Meeting:
    at: datetime
    data: dict


def read_meetings(dates) -> list[Meeting]:
    """Every conference with its moment; `ago` counts working days back from the end of the year."""
    rows = read(BOOK)["conferences"]
    return [
        Meeting(datetime.combine(dates.back(row["ago"]), time.fromisoformat(row["at"]), TZ), row)
        for row in rows
    ]


def hold(cast, meeting: Meeting) -> int:
    """Draw the list, settle each item, close; returns the number of items. Nothing when it was held already."""
    held_on = local(meeting.at).date()
    if Conference.objects.filter(office=cast.office, held_on=held_on).exists():
        return 0
    book = read(BOOK)
    secretary, chair = cast.user(book["secretary"]), cast.user(book["chair"])
    if not conference.candidates(secretary):
        return 0
    made = conference.draw(by=secretary, held_on=held_on, chair=chair, place=book["place"])
    items = conference.items_for(made, secretary)
    for item in items:
        key = (item.case.intake_key or "").removeprefix("demo:")
        said = meeting.data["settled"].get(key) or book["otherwise"]
        conference.settle(
            item,
            by=secretary,
            measure=said["measure"],
            owner=cast.user(said["owner"]),
            next_on=held_on + timedelta(days=said["next"]),
            analysis=said.get("analysis", book["analysis"]) if item.reads_file else "",
            kept=said.get("kept", "partly") if item.promised and item.promised.owner_id else "",
            accountability=said.get("accountability", ""),
        )
    conference.close(made, by=secretary)
    return len(items)
