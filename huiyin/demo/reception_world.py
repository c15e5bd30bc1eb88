"""The reception room of the invented subdistrict: rota, windows, contacts before the first page; calls, orders,
visits, tip-offs, consultations and thanks once the year has been played – all through the room's own functions."""

from datetime import timedelta

from huiyin.areas.models import Area
from huiyin.cases import attachments, services
from huiyin.cases.evidence import missing_of
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.models import Case
from huiyin.demo import drawn
from huiyin.demo.cast import Cast
from huiyin.demo.files import read
from huiyin.demo.inputs import dated, phone_of, verdict
from huiyin.demo.moments import moment_ago, workday_ago
from huiyin.demo.plan_inputs import put_right
from huiyin.demo.reception_days import load_consultations, load_hall, load_thanks
from huiyin.orgs.models import Post
from huiyin.reception import (
    contacts,
    directives,
    hotline,
    house_rules,
    outreach,
    rota,
    service_use,
    tipoffs,
)
from huiyin.reception.models import (
    DomainContact,
    HotlineCall,
    RotaSwap,
    RotaWeek,
    ServiceUse,
    Window,
    WindowDuty,
)
from huiyin.rules import clock
from huiyin.rules.calendar import midnight

WEEKS_BACK = 8
REGISTRAR, VERIFIER = "dai.changgeng", "liang.siqi"


def load_reception(office):
    """What stands before anybody comes: who receives, who sits where, who answers for what."""
    book, cast = read("reception.yaml"), Cast(office, None)
    _rota(office, book["rota"], cast)
    _contacts(office, book["contacts"], cast)
    _windows(office, book["windows"], cast)


def load_received(office):
    """What came in: after the year, so that matters and numbers follow on."""
    book, cast = read("reception.yaml"), Cast(office, None)
    for number, row in enumerate(book["visits"]):
        _visitor(office, row, number, cast)
    for number, row in enumerate(book["calls"]):
        _call(office, row, number, cast)
    for number, row in enumerate(book["directives"]):
        _directive(office, row, number, cast)
    for number, row in enumerate(book["outreach"]):
        _visit(office, row, number, cast)
    for number, row in enumerate(book["tipoffs"]):
        _tipoff(office, row, number, cast)
    _service_items(office, cast)
    load_hall(office, book["hall"], cast)
    load_consultations(office, book["consulting"], cast)
    for number, row in enumerate(book["thanks"]):
        load_thanks(office, row, number, cast)


def _rota(office, book: dict, cast: Cast):
    calendar = house_rules.calendar(office)
    this = rota.monday_of(clock.today())
    clerk, head = cast.user(REGISTRAR), cast.user("shao.wenpu")
    for week in range(-WEEKS_BACK, 2):
        monday = this + timedelta(weeks=week)
        if RotaWeek.objects.filter(office=office, monday=monday).exists():
            continue
        plans = []
        for day in rota.days_of(monday):
            if calendar.is_workday(day):
                row = book["days"][min(day.weekday(), 4)]
                plans.append(rota.Plan(day, "whole", cast.user(row["user"]), row["kind"], book["place"]))
        with clock.travel(min(midnight(monday) - timedelta(hours=56), clock.now())):
            rota.save_week(office, monday, plans, by=clerk)
            rota.publish(office, monday, by=head)
    if not RotaSwap.objects.filter(office=office).exists():
        _swap(office, this + timedelta(weeks=1), book["swap"], cast)


def _swap(office, monday, row: dict, cast: Cast):
    days = [day for day in rota.entries(office, monday) if day.on.weekday() == row["weekday"]]
    if days:
        takes = cast.user(row["takes"])
        with clock.travel(clock.now() - timedelta(hours=3)):
            swap = rota.ask_swap(days[0], by=days[0].leader, takes=takes, reason=row["reason"])
        with clock.travel(clock.now() - timedelta(hours=1)):
            rota.answer_swap(swap, by=takes, agree=True)


def _head_post(office, unit: str) -> Post:
    """The head of the unit, else whoever works there first."""
    posts = Post.objects.current().filter(office=office, organisation__code=unit)
    ranks = {"director": 0, "unit_head": 1, "handler": 2}
    return sorted(posts, key=lambda post: (ranks.get(post.role, 9), str(post.pk)))[0]


def _contacts(office, rows: list, cast: Cast):
    since = clock.today() - timedelta(days=200)
    for row in rows:
        if not DomainContact.objects.filter(office=office, domain=row["domain"]).exists():
            post = _head_post(office, row["user"])
            contacts.name_contact(
                office, row["domain"], post=post, phone=row["phone"], start_on=since, by=cast.user(REGISTRAR)
            )


def _windows(office, rows: list, cast: Cast):
    since = clock.today() - timedelta(days=300)
    for row in rows:
        window, is_new = Window.objects.get_or_create(
            office=office, number=row["number"], closed_on=None,
            defaults={"name": row["name"], "organisation": cast.unit(row["org"]), "groups": row["groups"], "opened_on": since},
        )  # fmt: skip
        if is_new:
            users = row.get("users")
            posts = Post.objects.current().filter(office=office, organisation=window.organisation)
            posts = posts.filter(user__username__in=users) if users else posts.filter(role="handler")
            WindowDuty.objects.create(
                office=office, window=window, post=posts.order_by("pk")[0], start_on=since
            )


def _visitor(office, row: dict, number: int, cast: Cast):
    """Somebody at the reception today, received by the leader of the day."""
    at = max(clock.now() - timedelta(minutes=row["before"]), midnight(clock.today()))
    words = Words(
        description=row["says"], wants=row["wants"], kind="petition", channel="visit", category=row["category"],
        area=cast.grid(row["grid"]), group_size=row["group"], persons=[Person(row["name"], phone_of(row["name"]))],
        reply_by="phone", received_by=rota.on_duty(office, at),
    )  # fmt: skip
    clerk = cast.user("chen.shouli")
    with clock.travel(at):
        case = register(office, words, by=clerk, key=f"demo:visitor:{number}")
    if row.get("accept") and case.state == "received":
        with clock.travel(at + timedelta(minutes=8)):
            case.accept(by=clerk)


def _call(office, row: dict, number: int, cast: Cast):
    key = f"demo:call:{number}"
    if HotlineCall.objects.filter(office=office, form_key=key).exists():
        return
    rang = moment_ago(row["ago"], row["at"])
    answered = rang + timedelta(seconds=row["after"])
    name = row.get("name", "")
    name = "" if name == "匿名" else name
    outcome = "answered" if "answer" in row else "dispatched" if "dispatch" in row else ""
    given = {
        "rang_at": rang, "answered_at": answered, "ended_at": answered + timedelta(minutes=3), "subject": row["subject"],
        "place": row.get("place", ""), "area": _grid_of(cast, row.get("place", "")), "person_name": name,
        "person_phone": phone_of(name) if name else "", "outcome": outcome, "answer": row.get("answer", ""),
        "category": row.get("dispatch", ""), "description": row.get("says", ""),
    }  # fmt: skip
    with clock.travel(answered + timedelta(minutes=3)):
        hotline.log(office, given, by=cast.user("wen.xiaoman"), key=key)


def _grid_of(cast: Cast, place: str) -> Area | None:
    spot = cast.spot(place) if place else None
    return spot.parent if spot else None


def _directive(office, row: dict, number: int, cast: Cast):
    key = f"demo:directive:{number}"
    if Case.objects.filter(office=office, intake_key=key).exists():
        return
    at, by = workday_ago(office, row["ago"], "09:20:00"), cast.user(REGISTRAR)
    due_at = midnight(clock.today() + timedelta(days=row["due"])) + timedelta(hours=18)
    given = {
        "system": row["system"], "outside_number": dated(row["number"], at), "owed_to": "", "due_at": due_at,
        "description": row["says"], "title": row["title"], "category": row["category"], "area": None,
        "place": row.get("place", ""), "level": row["level"], "document": row["document"], "received_on": at.date(),
        "remark": row.get("remark", ""), "lead": cast.unit(row["lead"]) if "lead" in row else None,
        "co": [cast.unit(code) for code in row.get("co", [])], "task": "",
    }  # fmt: skip
    with clock.travel(at):
        case = directives.receive(office, given, [drawn.road(flooded=True)], by=by, key=key)
    if "work" not in row:
        return
    for assignment in case.live_assignments:
        with clock.travel(at + timedelta(minutes=20)):
            case.take(by=cast.handler(assignment.organisation), subject=assignment)
    lead = cast.handler(given["lead"])
    with clock.travel(at + timedelta(days=1)):
        case.record(by=lead, act="work", text=row["work"])
    if "report" in row:
        _finish_directive(office, case, row, at, lead, cast)


def _finish_directive(office, case, row: dict, at, lead, cast: Cast):
    by, verifier = cast.user(REGISTRAR), cast.user(VERIFIER)
    with clock.travel(at + timedelta(days=2)):
        case.record(by=lead, act="joint_action", text=row["joint_action"])
        put_right(case, row["plan"], cast, lead)
        photo = attachments.store(drawn.road(flooded=False), office, by=lead)
        case.record(by=lead, act="rectified", text="整改完成，附照片。", attachments=[photo])
        for part in case.live_assignments:
            if not part.is_lead:
                case.report(
                    by=cast.handler(part.organisation), subject=part, text="已配合清掏，路面冲洗干净。"
                )
    with clock.travel(at + timedelta(days=3)):
        case.report(by=lead, subject=case.lead, text=row["report"])
    with clock.travel(at + timedelta(days=5)):
        case.verify(by=verifier, text=row["checked"])
        case.answer(by=by, text=row["answer"], reply_by=case.reply_by, outcome="solved")
        case.feed_back(by=by, source=case.sources.first(), text=row["feedback"])
    with clock.travel(at + timedelta(days=6)):
        case.rate(by=verifier, **verdict(row["verdict"]))
        if not missing_of(case):  # a holiday in between may have made a step late, which then wants a notice
            case.close(by=by, look_back_on=clock.today() + timedelta(days=40))


def _visit(office, row: dict, number: int, cast: Cast):
    key = f"demo:outreach:{number}"
    at, by = moment_ago(row["ago"], "10:30:00"), cast.user(row["by"])
    given = {
        "on": at.date(), "visitors": row["visitors"], "role": row.get("role", ""), "area": cast.grid(row["grid"]), "place": row["place"],
        "person_name": row["name"], "person_phone": phone_of(row["name"]), "note": row["note"],
    }  # fmt: skip
    brought = [
        outreach.Brought(part["says"], part["kind"], part["category"], part.get("wants", ""))
        for part in row["brought"]
    ]
    with clock.travel(at):
        visit, is_new = outreach.note_visit(office, given, brought, by=by, key=key)
    if not is_new:
        return
    for part, demand in zip(row["brought"], visit.demands.order_by("pk"), strict=True):
        if "unit" in part:
            _handle(demand.case, part, at + timedelta(hours=2), cast)


def _tipoff(office, row: dict, number: int, cast: Cast):
    key = f"demo:tipoff:{number}"
    if Case.objects.filter(office=office, intake_key=key).exists():
        return
    at = workday_ago(office, row["ago"], "15:10:00")
    given = {
        "description": row["says"], "channel": "call", "title": row["title"], "category": row["category"], "area": None,
        "place": row.get("place", ""), "person_name": row.get("name", ""), "person_phone": row.get("phone", ""), "address": "",
    }  # fmt: skip
    with clock.travel(at):
        case = tipoffs.take(office, given, by=cast.user("shao.wenpu"), key=key)
    if "unit" in row:
        _handle(case, row, at + timedelta(hours=1), cast, centre="shao.wenpu")


def _handle(case, row: dict, at, cast: Cast, centre: str = REGISTRAR):
    """From received as far as the words in `row` go: work, report, checked, answer."""
    by, unit = cast.user(centre), cast.unit(row["unit"])
    with clock.travel(at):
        case.accept(by=by)
        case.dispatch(by=by, lead=unit)
    restricted = case.is_restricted
    handler = _head_post(case.office, unit.code).user if restricted else cast.handler(unit)
    handler = cast.user(handler.username)
    with clock.travel(at + timedelta(hours=1)):
        case.take(by=handler, subject=case.lead)
        if "check" in row:
            case.record(by=handler, act="site_check", text=row["check"])
    if "work" not in row:
        return
    with clock.travel(at + timedelta(hours=3)):
        case.record(by=handler, act="work", text=row["work"])
        if row.get("report"):
            case.report(by=handler, subject=case.lead, text=row["report"])
    if "answer" in row:
        with clock.travel(at + timedelta(hours=6)):
            case.verify(by=cast.user(VERIFIER), text=row["checked"])
            if case.kind == outreach.OPINION:
                due = (at + timedelta(days=14)).date()
                case.do(
                    "adopt",
                    by=by,
                    result="adopted",
                    reason="能办，也该办。",
                    organisation=unit,
                    todo=row["work"],
                    due_on=max(due, clock.today()),
                )
            case.answer(
                by=by, text=row["answer"], reply_by=case.reply_by, outcome=row.get("outcome", "solved")
            )


def _service_items(office, cast: Cast):
    """Requests of the year get the item that fits their category."""
    by_category = {
        row.category: row.code for row in reversed(services.table(office).values()) if row.category
    }
    by = cast.user("chen.shouli")
    rows = Case.objects.filter(office=office, kind=service_use.REQUEST, category__in=by_category)
    rows = rows.filter(service_uses=None, intake_key__startswith="demo:")
    uses = [
        ServiceUse(
            office=office, case=case, service=by_category[case.category], set_at=case.registered_at, set_by=by
        )
        for case in rows.only("category", "registered_at")
    ]
    ServiceUse.objects.bulk_create(uses, ignore_conflicts=True)
