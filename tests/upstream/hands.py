"""Short hands for the tests of this room: an order from upstream and the usual way through it."""

from datetime import datetime

from huiyin.rules import clock
from huiyin.rules.clock import TZ

SYSTEM = "市12345热线"
MONDAY = datetime(
    2026, 9, 21, 9, 0, tzinfo=TZ
)  # before the Mid-Autumn day (25) and 国庆 with its make-up days


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TZ)


def order(world, number="RX-0921-001", *, due=None, now=MONDAY, **more):
    """A matter that came from the hotline with its own number and, when given, its own limit."""
    source = {"system": SYSTEM, "outside_number": number, "owed_to": "市热线办", "due_at": due}
    given = {"kind": "hotline", "channel": "hotline", "category": "020301", "sources": [source], **more}
    return world.register(by=world.clerk, at=now, **given)


def accept(world, case, now):
    with clock.travel(now):
        case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    return case


def send(world, case, now, lead=None, **more):
    with clock.travel(now):
        case.dispatch(by=world.clerk, lead=lead or world.enforcement, task="去看一看，照规定办。", **more)
    return case


def answered(world, case, start):
    """Accepted, sent, taken, reported, verified and answered, an hour each."""
    from datetime import timedelta

    hour = timedelta(hours=1)
    accept(world, case, start)
    send(world, case, start + hour)
    with clock.travel(start + 2 * hour):
        case.take(by=world.handler, subject=case.lead)
        case.contact(by=world.handler, text="电话里说了今天下午去看。")
    with clock.travel(start + 3 * hour):
        case.report(by=world.handler, subject=case.lead, text="到现场处理好了，拍了照片。")
    with clock.travel(start + 4 * hour):
        case.verify(by=world.east_worker, text="去看过了，确实弄好了。")
        case.answer(
            by=world.clerk, reply_by="phone", text="您反映的事情已经办好了，有什么再打电话给我们，谢谢您。"
        )
    return case


def closing(case):
    """The clock of closing that runs now."""
    from huiyin.cases import deadlines

    rows = case.deadlines.running().filter(round=case.round, assignment=None)
    return next(row for row in rows if deadlines.rule_of(row).duty == "close")
