"""Plans and measures as stories write them: `measures` are rows [措施, 目标, 标准, 谁, 几时], photos are drawn."""

from datetime import timedelta

from huiyin.cases import attachments
from huiyin.demo import drawn
from huiyin.demo.cast import Cast
from huiyin.rectification import plans
from huiyin.rectification.plans import MeasureIn
from huiyin.rules import clock


def _who(cast: Cast, code: str):
    """(user, unit) of '@user.name' or of a unit's code (its A 角)."""
    if code.startswith("@"):
        user = cast.user(code[1:])
        return user, user.current_posts[0].organisation
    unit = cast.unit(code)
    return cast.handler(unit), unit


def plan_of(cast: Cast, given: dict, at) -> dict:
    """The keyword arguments of `plans.write`."""
    rows = []
    for what, target, standard, who, due in given["measures"]:
        user, unit = _who(cast, who)
        rows.append(MeasureIn(what, target, standard, user, unit, cast.dates.moment(due, at).date()))
    leader, _ = _who(cast, given["leader"])
    due_on = cast.dates.moment(given["due"], at).date()
    words = {name: given[name] for name in ("approach", "funds", "emergency") if name in given}
    return {"goal": given["goal"], "due_on": due_on, "leader": leader, "measures": rows, **words}


def _write_plan(cast, cases, case, given, at):
    return plan_of(cast, given, at)


def _with_photo(cast, cases, case, given, at):
    """A picture of the place afterwards."""
    number = case.last_seq + len(case.title)
    return {**given, "attachments": [attachments.store(drawn.work_done(number), case.office)]}


def _check_plan(cast, cases, case, given, at):
    return {"approve": True, "text": "", **given}


def put_right(case, row: dict, cast: Cast, lead, checker: str = "wu.zhengming"):
    """A plan written, checked by another, done and gone through within this day; `row` has goal, measures, done."""
    due = clock.today() + timedelta(days=3)
    rows = []
    for what, target, standard, code in row["measures"]:
        user, unit = _who(cast, code)
        rows.append(MeasureIn(what, target, standard, user, unit, due))
    case.do("write_plan", by=lead, goal=row["goal"], due_on=due, leader=lead, measures=rows)
    case.do("check_plan", by=cast.user(checker), subject=plans.current(case), approve=True)
    for number, words in enumerate(row["done"]):
        measure = plans.live_measures(case)[number]
        picture = attachments.store(drawn.work_done(number), case.office, by=measure.person)
        by = cast.user(measure.person.username)
        case.do("finish_measure", by=by, subject=measure, text=words, attachments=[picture])
    case.do("accept_own", by=lead, subject=plans.current(case), text="对着清单一条条看过，都做到了。")
    case.refresh_from_db()
    case.forget_cached()


PLANNED = {
    "write_plan": _write_plan,
    "check_plan": _check_plan,
    "finish_measure": _with_photo,
    "on_spot": _with_photo,
}
