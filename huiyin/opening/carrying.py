"""One matter of a former register on its way in, by the verbs everybody uses.

What the file knows is written at its own day: registered and accepted then, sent to a unit and taken then, and
the clocks run from those days. What it does not know (when the unit got it) happens now: no moment is made up.
Of a day the hour is unknown; nine in the morning stands for it. Every event says where the matter comes from.
"""

import hashlib
from datetime import date, datetime, time

from huiyin.areas.models import AreaKind
from huiyin.cases import deadlines, intake
from huiyin.cases.carried_over import carrying
from huiyin.cases.intake import Person, Words
from huiyin.cases.models import Case, Deadline
from huiyin.cases.states import Reply
from huiyin.cases.workflow import MOVES
from huiyin.notices.models import Reminder, send
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock

NINE, SIX = time(9, tzinfo=clock.TZ), time(18, tzinfo=clock.TZ)


class Carrier:
    """Brings matters of `system` into `office` in the name of `clerk`; `tables`: code → category, area, unit, handler."""

    def __init__(self, office, clerk, system: str, tables: dict):
        self.office, self.clerk, self.system, self.tables = office, clerk, system, tables
        areas = tables["area"].values()
        self.street = next(area for area in areas if area.kind == AreaKind.SUBDISTRICT)
        self.places: dict = tables.setdefault("place", {})  # what was looked up before

    def carry(self, row) -> Case:
        """Through register, accept, dispatch, take, as far as its line goes; nobody is told of it here."""
        with carrying():
            return self._carry(row)

    def _carry(self, row) -> Case:
        clerk, unit = self.clerk, self.tables["unit"].get(row["unit"])
        origin = f"从{self.system}转入，原编号 {row['number']}。"
        with clock.travel(moment(row["registered_on"])):
            key = key_of(self.system, row["number"])
            case = intake.register(self.office, self._words(row), by=clerk, key=key)
        if not (unit or row["accepted_on"]):
            return case
        with clock.travel(moment(row["accepted_on"] or row["registered_on"])):
            case.accept(by=clerk, text=f"您说的事收下了，由{self.office.short_name}来办。{origin}")
        if unit is None:
            return case
        with clock.travel(moment(row["sent_on"])):
            case.dispatch(by=clerk, lead=unit, task=f"{origin}接着办。", due_at=_evening(row["due_on"]))
        handler = self.tables["handler"].get(row["handler"])
        if handler is not None:
            with clock.travel(moment(row["taken_on"])):
                case.take(by=handler, subject=case.lead)
        return case

    def _words(self, row) -> Words:
        person = Person(name=row["name"] or "", phone=row["phone"] or "")
        source = {
            "system": self.system, "outside_number": row["number"], "owed_to": row["owed_to"] or "",
            "due_at": _evening(row["due_on"]),
        }  # fmt: skip
        return Words(
            description=row["description"], kind=row["kind"], channel=row["channel"], title=row["title"] or "",
            wants=row["wants"] or "", category=row["category"] or "", area=self._area(row), place=row["place"] or "",
            group_size=row["people"] or 1, persons=[person] if person.name or person.phone else [],
            reply_by=Reply.PHONE if person.phone else Reply.WEB, sources=[source],
        )  # fmt: skip

    def _area(self, row):
        """The area that the line names, else the grid of its place, else the whole subdistrict."""
        area, place = self.tables["area"].get(row["area"]), row["place"]
        if area is None and place:
            if place not in self.places:
                self.places[place] = intake.area_of_place(self.office, place)
            area = self.places[place]
        return area or self.street


def moment(day: date | None) -> datetime:
    """Nine in the morning of a known day, never later than now; now for an unknown one."""
    return min(datetime.combine(day, NINE), clock.now()) if day else clock.now()


def _evening(day: date | None) -> datetime | None:
    return datetime.combine(day, SIX) if day else None


def key_of(system: str, number: str) -> str:
    """The intake key of a line: the same line again is the same matter."""
    return "opening:" + hashlib.sha256(f"{system}\n{number}".encode()).hexdigest()


def mark_late(office, cases: list[Case]) -> set:
    """Ids of the matters that come in late; their clocks neither alarm nor call for a notice by themselves."""
    now = clock.now()
    rows = Deadline.objects.running().filter(office=office, case__in=cases, due_at__lt=now)
    rows = [row for row in rows if not deadlines.rule_of(row).is_window]
    Reminder.objects.bulk_create(
        [Reminder(office=office, subject=row.pk, what="old", due_at=row.due_at, at=now) for row in rows],
        ignore_conflicts=True,
    )
    return {row.case_id for row in rows}


def tally(cases: list[Case], *, late: set) -> dict[str, list[int]]:
    """{code of the unit that has it: [how many, of these late]}; what no unit has yet is not in it."""
    found: dict = {}
    for case in cases:
        if case.lead:
            counts = found.setdefault(case.lead.organisation.code, [0, 0])
            counts[0] += 1
            counts[1] += case.pk in late
    return found


def add(one: dict, other: dict) -> dict:
    """Two tallies as one."""
    codes = one.keys() | other.keys()
    return {
        code: [a + b for a, b in zip(one.get(code, (0, 0)), other.get(code, (0, 0)), strict=True)]
        for code in codes
    }


def tell_units(office, tally: dict, *, system: str, key: str) -> None:
    """Hundreds of old matters would bury what is new: each unit hears once how many came."""
    for unit in Organisation.objects.filter(office=office, code__in=tally):
        number, late = tally[unit.code]
        posts = Post.objects.current().filter(organisation=unit, role__in=MOVES["take"].roles)
        users = [post.user for post in posts.select_related("user")]
        overdue = f"（{late} 件已经超期）" if late else ""
        text = f"从{system}转入 {number} 件老事项{overdue}，在{unit}手里，请在“事项”里看"
        send(users, text, office=office, url="/desk/cases/", key=f"{key}:{unit.code}")
