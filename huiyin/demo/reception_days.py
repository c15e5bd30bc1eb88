"""The hall's tickets, the legal consultations and the thanks of the invented subdistrict."""

from datetime import time, timedelta

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.demo.inputs import phone_of
from huiyin.demo.moments import moment_ago, workday_ago
from huiyin.reception import consulting, hall, hall_matters, house_rules, thanks
from huiyin.reception.models import ConsultationDay, HallVisit, Thanks, Window
from huiyin.rules import clock
from huiyin.rules.calendar import midnight


def load_hall(office, book: dict, cast: Cast):
    if HallVisit.objects.filter(office=office).exists():
        return
    clerk = cast.user("chen.shouli")
    for number, code in enumerate(book["past"]):
        at = workday_ago(office, 1 + number // 6, f"{9 + number % 6}:05:00".rjust(8, "0"))
        _serve(office, code, number, at, clerk, book)
    now = clock.now()
    for number, code in enumerate(book["today"]):
        at = now - timedelta(minutes=6 * (len(book["today"]) - number))
        if number < 6:
            _serve(office, code, 100 + number, max(at, midnight(now.date())), clerk, book)
        else:
            with clock.travel(max(at, midnight(now.date()))):
                hall.take_ticket(office, {"service": code}, by=clerk, key=f"demo:hall:{100 + number}")


CAME = (
    "沃女士", "巩师傅", "厉婆婆", "宓先生", "咸女士", "隆师傅", "桑婆婆", "幸先生", "卓大姐", "逯师傅", "郁阿姨", "逄先生", "蔚女士",
)  # fmt: skip


def _serve(office, code: str, number: int, at, clerk, book: dict):
    """One visit from ticket to result, and mostly a word on the service."""
    name = CAME[number % len(CAME)]
    with clock.travel(at):
        given = {"service": code, "person_name": name, "person_phone": phone_of(name)}
        visit, _ = hall.take_ticket(office, given, by=clerk, key=f"demo:hall:{number}")
        window = Window.objects.current().filter(office=office, groups__contains=[visit.group]).first()
    result = "supplement" if number % 5 == 2 else "transferred" if number == 4 else "finished"
    with clock.travel(at + timedelta(minutes=4)):
        visit = hall.call_next(window, by=clerk)
    with clock.travel(at + timedelta(minutes=5)):
        item, known = services.get(office, visit.service), hall_matters.handed_in(visit)
        lacking = [name for name in item.documents if name not in known and not name.startswith("不用材料")]
        given = {
            "result": result if lacking or result != "supplement" else "finished",
            "missing": lacking[-1:],
            "description": book["transferred"],
            "note": "",
        }
        visit = hall.finish(visit, given, by=clerk)
        if number % 7 != 3:
            hall.rate(visit.code, "fair" if number == 9 else "yes")


def load_consultations(office, book: dict, cast: Cast):
    if ConsultationDay.objects.filter(office=office).exists():
        return
    lawyer, clerk = cast.user(book["worker"]), cast.user("chen.shouli")
    days = {}
    for row in book["held"]:
        at = workday_ago(office, row["ago"], "14:30:00")
        with clock.travel(at):
            if row["ago"] not in days:
                days[row["ago"]] = consulting.sit(office, _sitting(at.date(), lawyer), by=lawyer)
            given = {
                "slot": row["slot"],
                "topic": row["topic"],
                "person_name": row["name"],
                "person_phone": phone_of(row["name"]),
            }
            made, _ = consulting.book(days[row["ago"]], given, by=clerk, key=f"demo:law:{row['name']}")
            made = consulting.advise(
                made, by=lawyer, question=row["question"], advice=row["advice"], topic=row["topic"]
            )
            if "refer" in row:
                consulting.refer(made, row["refer"], by=lawyer)
    calendar = house_rules.calendar(office)
    first = calendar.workday_from(clock.today())
    coming = consulting.sit(office, _sitting(first, lawyer), by=lawyer)
    second = calendar.add_working_days(first, 2)
    consulting.sit(office, _sitting(second, cast.user(book["second"])), by=lawyer)
    for row in book["booked"]:
        given = {
            "slot": row["slot"],
            "topic": row["topic"],
            "person_name": row["name"],
            "person_phone": phone_of(row["name"]),
        }
        consulting.book(coming, given, by=clerk, key=f"demo:law:{row['name']}")


def _sitting(day, worker) -> dict:
    return {
        "on": day,
        "worker": worker,
        "starts": time(14, 30),
        "minutes": 30,
        "slots": 6,
        "place": "法律咨询站",
    }


def load_thanks(office, row: dict, number: int, cast: Cast):
    key = f"demo:thanks:{number}"
    if Thanks.objects.filter(office=office, form_key=key).exists():
        return
    at = moment_ago(row["ago"], "11:00:00")
    case = None
    if "case_of" in row:
        case = Case.objects.filter(office=office, category=row["case_of"], channel="outreach").first()
    given = {
        "kind": row["kind"], "sender": row["sender"], "is_public": row["public"], "on": at.date(), "text": row["text"],
        "case": case, "organisation": cast.unit(row["org"]) if "org" in row else None, "service": row.get("service", ""),
    }  # fmt: skip
    with clock.travel(at):
        thanks.receive(office, given, None, by=cast.user("chen.shouli"), key=key)
