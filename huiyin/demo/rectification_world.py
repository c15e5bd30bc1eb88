"""Key places, leaders' duties, screenings of the last months, work plans and decisions of the invented subdistrict."""

from datetime import timedelta

from huiyin.areas.models import Area
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.demo.files import read
from huiyin.demo.moments import moment_ago
from huiyin.orgs.models import Organisation
from huiyin.rectification import duties, rules, screening, work
from huiyin.rectification.models import Accountability, HazardScreening, KeyPlace, LeaderDuty, WorkPlan
from huiyin.rules import clock

DAYS_BACK = 95
GRID_DAYS = (6, 33)


def load_places(office):
    """Key places and who answers for what; a place that is there stays as it is."""
    book, cast = read("rectification.yaml"), Cast(office, None)
    known = set(KeyPlace.objects.filter(office=office).values_list("name", flat=True))
    start = clock.today() - timedelta(days=400)
    for row in book["places"]:
        if row["name"] not in known:
            KeyPlace.objects.create(
                office=office, name=row["name"], kind=row["kind"], area=cast.grid(row["grid"]), address=row["address"],
                user=cast.handler(cast.unit(row["user"])), every_days=row.get("every"), valid_from=start,
            )  # fmt: skip
    if LeaderDuty.objects.filter(office=office).exists():
        return
    by = cast.user("lu.qingyuan")
    for row in book["duties"]:
        areas = Area.objects.filter(office=office, code__in=[office.code + code for code in row["areas"]])
        given = {
            **{name: row[name] for name in ("business", "safety", "petitions")},
            "user": cast.user(row["user"]), "organisations": [cast.unit(code) for code in row["units"]], "areas": list(areas),
            "start_on": clock.today() - timedelta(days=300), "source": row["source"].replace("%Y", str(clock.today().year)),
        }  # fmt: skip
        duties.enter(office, given, by=by)


def load_year(office):
    """What was screened, planned and decided: after the stories, so that decisions can name their matters."""
    book, cast = read("rectification.yaml"), Cast(office, None)
    _screenings(office, book, cast)
    for row in book["work_plans"]:
        _work_plan(office, row, cast)
    for row in book["decisions"]:
        _decision(office, row, cast)


def _screenings(office, book: dict, cast: Cast):
    if HazardScreening.objects.filter(office=office, key__startswith="demo:").exists():
        return
    rule = rules.content(office)["screening"]
    for number, row in enumerate(book["places"]):
        place = KeyPlace.objects.get(office=office, name=row["name"])
        every = max(3, screening.days_of(place, rule) - 2)
        blind = row.get("blind")
        if blind == 0:
            continue
        ago = blind if blind else number % every
        while ago < DAYS_BACK:
            _screened(office, book, cast, place, row, ago, number)
            ago += every
    unit = Organisation.objects.filter(office=office, kind="station").order_by("code")
    for number, grid in enumerate(
        Area.objects.filter(office=office).valid().grids().defer("boundary").order_by("code")
    ):
        station = next((row for row in unit if row.area_id == grid.parent_id), None)
        days = [] if number % 21 == 20 else GRID_DAYS
        for ago in days:
            worker = cast.grid_worker(grid)
            given = {
                "on": clock.today() - timedelta(days=ago + number % 9), "side": "government", "area": grid, "organisation": station,
                "inspectors": worker.name, "looked_at": book["grid_looked"], "fixed_count": number % 4 == 0,
            }  # fmt: skip
            _keep(office, given, worker, f"demo:{grid.code}:{ago}", ago + number % 9)


def _screened(office, book: dict, cast: Cast, place: KeyPlace, row: dict, ago: int, number: int):
    own = (ago + number) % 3 == 0
    looked = book["looked"][row["kind"]][own]
    fixed = (ago + number) % 4 == 0
    if fixed:
        looked += f"当场：{book['fixed'][(ago + number) % len(book['fixed'])]}。"
    unit = cast.unit(row["user"])
    by = cast.user(place.user.username)
    given = {
        "on": clock.today() - timedelta(days=ago), "side": "own" if own else "government", "place": place, "organisation": unit,
        "inspectors": "单位安全员" if own else by.name, "looked_at": looked, "fixed_count": int(fixed),
    }  # fmt: skip
    _keep(office, given, by, f"demo:{place.pk}:{ago}", ago)


def _keep(office, given: dict, by, key: str, ago: int):
    given["fixed_count"] = int(given["fixed_count"])
    with clock.travel(moment_ago(ago, "16:40")):
        screening.record(office, given, by=by, key=key)


def _work_plan(office, row: dict, cast: Cast):
    if WorkPlan.objects.filter(office=office, title=row["title"]).exists():
        return
    today = clock.today()
    tasks, ends = [], []
    for stage, what, target, standard, code, due, *done in row["tasks"]:
        unit = cast.unit(code)
        person = cast.handler(unit)
        tasks.append(work.TaskIn(stage, what, target, standard, person, unit, today + timedelta(days=due)))
        ends.append((due, done[0] if done else ""))
    given = {
        "title": row["title"], "goal": row["goal"], "basis": row.get("basis", ""), "organisation": cast.unit(row["lead"]),
        "from_on": today + timedelta(days=row["from"]), "until_on": today + timedelta(days=row["until"]), "change": "",
    }  # fmt: skip
    start = max(-row["from"], 3)
    with clock.travel(moment_ago(start, "10:10")):
        plan = work.write(office, given, tasks, by=cast.user(row["by"]))
    if "approve" not in row:
        return
    with clock.travel(moment_ago(start, "15:30")):
        plan = work.approve(plan, by=cast.user(row["approve"]))
    for task, (due, words) in zip(plan.tasks.order_by("number"), ends, strict=True):
        if words:
            with clock.travel(moment_ago(-due + 1, "16:00")):
                work.finish(task, by=cast.user(task.person.username), text=words)
    if "summary" in row:
        with clock.travel(moment_ago(-row["until"], "17:00")):
            work.end(plan, by=cast.user(row["by"]), summary=row["summary"])


def _decision(office, row: dict, cast: Cast):
    document = row["document"].replace("%Y", str(clock.today().year))
    if Accountability.objects.filter(office=office, document=document).exists():
        return
    case = (
        Case.objects.filter(office=office, intake_key=f"demo:{row['case']}").first()
        if "case" in row
        else None
    )
    with clock.travel(moment_ago(row["ago"], "11:00")):
        given = {
            "user": cast.user(row["user"]), "case": case, "what_for": row["what"], "decision": row["decision"],
            "authority": row["authority"], "document": document, "decided_on": clock.today(),
        }  # fmt: skip
        duties.decide(office, given, by=cast.user("bao.shuyi"))
