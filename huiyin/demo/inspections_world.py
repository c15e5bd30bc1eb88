"""Inspections of the invented subdistrict: points before the first page; nights of the last weeks and last night,
and a census that is going on – through the room's own functions."""

from datetime import datetime, time, timedelta

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.demo.files import read
from huiyin.demo.snapshots import taken
from huiyin.inspections import census, nights, points
from huiyin.inspections.models import Census, CheckPoint, NightCheck, NightRound
from huiyin.rules import clock
from huiyin.rules.clock import TZ

MADE_AGO = 200


def at(day, text: str):
    return datetime.combine(day, time.fromisoformat(text), TZ)


def load_points(office):
    """What is looked at by night."""
    if CheckPoint.objects.filter(office=office).exists():
        return
    cast = Cast(office, None)
    with clock.travel(clock.now() - timedelta(days=MADE_AGO)):
        for line in read("inspections.yaml")["points"]:
            grid, name, kind, unit, place, look_for, key = line.split("|")
            points.add(
                office, by=cast.user("dai.changgeng"), name=name, kind=kind, area=cast.grid(grid), unit=cast.unit(unit),
                place=place, look_for=look_for, is_key=key == "1",
            )  # fmt: skip


def load_inspections(office):
    """The nights and the census, after the year."""
    book, cast = read("inspections.yaml"), Cast(office, None)
    for number, row in enumerate(book["nights"]["rounds"]):
        _night(office, book["nights"], row, number, cast)
    _tonight(office, book["nights"], cast)
    _census(office, book["census"], cast)


def _tonight(office, book: dict, cast: Cast):
    today = clock.today()
    if not NightRound.objects.filter(office=office, on=today).exists():
        nights.plan(
            office, by=cast.user(book["planner"]), on=today, leader=cast.user(book["leaders"][1]), unit=cast.unit(book["unit"])
        )  # fmt: skip


def _night(office, book: dict, row: dict, number: int, cast: Cast):
    day = clock.today() - timedelta(days=row["ago"])
    if NightRound.objects.filter(office=office, on=day).exists():
        return
    now, finds = (
        clock.now(),
        [line.split("|") for line in book["finds"] if int(line.split("|")[0]) == row["ago"]],
    )
    with clock.travel(at(day, "15:30")):
        night = nights.plan(
            office, by=cast.user(book["planner"]), on=day, leader=cast.user(book["leaders"][number % len(book["leaders"])]),
            unit=cast.unit(book["unit"]),
        )  # fmt: skip
    checks = {
        (check.point.name, check.unit.code): check for check in night.checks.select_related("point", "unit")
    }
    found = [(find, _check_of(checks, find[1], find[2])) for find in finds]
    cases = [
        (find, _find(office, check, find, day, place, cast), place)
        for place, (find, check) in enumerate(found)
    ]
    done = {check.pk for _, check in found}
    for place, ((_, unit), check) in enumerate(sorted(checks.items())):
        if check.pk in done or (unit in row["silent"] and place % 2):
            continue
        moment = at(day, "20:10") + timedelta(minutes=place * 4)
        with clock.travel(min(moment, now)):
            nights.check_off(
                check, by=cast.handler(check.unit), note="盖着的，没有人" if place % 5 == 0 else ""
            )
    for find, case, place in cases:
        _finish(office, find, case, day, place, cast, book, now)


def _check_of(checks: dict, name: str, unit: str) -> NightCheck:
    return checks.get((name, unit)) or next(check for (point, _), check in checks.items() if point == name)


def _find(office, check: NightCheck, find: list, day, place: int, cast: Cast) -> Case:
    by, seed = cast.handler(check.unit), f"night-{day}-{place}"
    with clock.travel(at(day, "20:40") + timedelta(minutes=place * 17)):
        photos = [taken(office, by, seed, mended=False, night=True)]
        return nights.find(check, by=by, text=find[4], city_class=find[3], photos=photos).case


def _finish(office, find: list, case: Case, day, place: int, cast: Cast, book: dict, now):
    """The unit mends it in the night, somebody else accepts it in the morning – as far as this one got."""
    *_, how, seen, stage = find
    unit, seed = case.lead.organisation, f"night-{day}-{place}"
    worker, checker, after = cast.handler(unit), cast.user(book["acceptor"]), day + timedelta(days=1)
    steps = [(at(day, "22:20"), "take", {}), (at(after, "01:30"), "report", {"text": f"{how}。"})]
    if stage == "back":
        steps += [
            (at(after, "08:10"), "redo", {"text": "边上还剩一点，请收干净再报。"}),
            (at(after, "09:05"), "report", {"text": f"{how}，剩下的也收干净了。"}),
        ]
    if stage == "doing":
        steps = steps[:1]
    for number, (moment, verb, given) in enumerate(steps):
        if moment > now:
            return
        with clock.travel(moment + timedelta(minutes=place * 3)):
            case.refresh_from_db()
            case.forget_cached()
            if verb in ("take", "report"):
                given = given | {"subject": case.lead}
            if verb == "report":
                given = given | {
                    "attachments": [taken(office, worker, seed, mended=True, name=f"改后{number}.jpg")]
                }
            case.do(verb, by=checker if verb == "redo" else worker, **given)
    moment = at(after, "09:30") + timedelta(minutes=place * 4)
    if stage in ("ok", "back") and moment <= now:
        with clock.travel(moment):
            case.refresh_from_db()
            photos = [taken(office, checker, f"{seed}-day", mended=True, name="验收.jpg")]
            nights.accept(case, by=checker, text=f"{seen}。", photos=photos)


def _census(office, book: dict, cast: Cast):
    if Census.objects.filter(office=office, name=book["name"]).exists():
        return
    today, keeper = clock.today(), cast.user(book["keeper"])
    start = today - timedelta(days=book["from_ago"])
    with clock.travel(at(start, "09:00")):
        row = census.open_census(
            office, by=keeper, name=book["name"], purpose=book["purpose"], edition=book["edition"], from_on=start,
            until_on=today + timedelta(days=book["until_in"]), rectify_on=today + timedelta(days=book["rectify_in"]),
        )  # fmt: skip
        for line in book["standards"]:
            text, kind, code, unit = line.split("|")
            what = {"city_class": code} if kind == "city_problem" else {"category": code}
            census.add_standard(row, text=text, kind=kind, unit=cast.unit(unit) if unit else None, **what)
        for grid, names in book["officials"].items():
            census.send_down(row, area=cast.grid(grid), users=[cast.user(name) for name in names])
    standards = list(row.standards.order_by("number"))
    for place, line in enumerate(book["problems"]):
        _problem(row, standards, line.split("|"), place, book, cast)
    for given in book["champions"]:
        _champion(row, given, keeper, cast)


def _problem(row: Census, standards: list, line: list, place: int, book: dict, cast: Cast):
    ago, grid, kind, subject, number, text, stage, *hard = line
    day, area = clock.today() - timedelta(days=int(ago)), cast.grid(grid)
    by = cast.user(book["officials"][grid][0])
    moment = at(day, "08:40") + timedelta(minutes=place * 37 % 500)
    with clock.travel(moment):
        problem = census.record(
            row, by=by, area=area, subject_kind=kind, subject=subject, standard=standards[int(number) - 1], text=text, cadre=by,
            is_hard=bool(hard), why_hard=hard[0] if hard else "", key=f"demo-{place}",
        )  # fmt: skip
    case = problem.case
    if stage == "w" or case.state != "dispatched":
        return
    worker = cast.handler(case.lead.organisation)
    with clock.travel(moment + timedelta(hours=3)):
        case.do("take", by=worker, subject=case.lead)
    if stage == "d":
        return
    with clock.travel(moment + timedelta(days=2)):
        case.do("report", by=worker, subject=case.lead, text=f"{subject}这一处改好了，对照标准看过。")
    if stage == "r":
        with clock.travel(moment + timedelta(days=3)):
            case.do("verify", by=cast.grid_worker(area), text=f"对照“{problem.standard.text}”复查，达到了。",
                    particulars={"closing_met": True})  # fmt: skip
            nights.settle(case, by=cast.user(book["closer"]))


def _champion(row: Census, given: dict, keeper, cast: Cast):
    problem = row.problems.filter(subject=given["subject"], standard__number=f"{given['number']:02d}").first()
    if problem is None:
        return
    with clock.travel(clock.now() - timedelta(days=5)):
        census.name_champion(
            problem, by=keeper, leader=cast.user(given["leader"]), secretary=cast.user(given["secretary"]), goal=given["goal"],
            due_on=clock.today() + timedelta(days=given["days"]),
        )  # fmt: skip
