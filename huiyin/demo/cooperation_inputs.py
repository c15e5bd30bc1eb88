"""What the moves of 协同 need in a story, and the matters that are made out of others (`part_of`, `group_of`)."""

from datetime import datetime, timedelta

from huiyin.cases.models import Case
from huiyin.cooperation.models import Split

COOPERATION_MAIN = {
    **dict.fromkeys(["unlink", "leave_group", "release_call"], "reason"),
    **dict.fromkeys(["answer_call", "sign_call", "measure_done", "champion_report"], "text"),
}


def made_of(cases: dict, story) -> Case | None:
    """The matter that a story goes on with: the n-th part of another, or the group matter it was joined to."""
    if "part_of" in story.data:
        parent = cases[f"demo:{story.data['part_of']}"]
        parts = Split.objects.filter(parent=parent).select_related("case").order_by("at", "pk")
        return parts[story.data.get("part", 1) - 1].case
    if "group_of" in story.data:
        return Case.objects.get(pk=cases[f"demo:{story.data['group_of']}"].pk).merged_into
    return None


def adopt(cases: dict, story, key: str) -> bool:
    """Put such a matter under the story's own key, so that a year that was broken off finds it again."""
    case = made_of(cases, story)
    if case is None:
        return False
    Case.objects.filter(pk=case.pk).update(intake_key=key)
    case.intake_key = key
    cases[key] = case
    return True


def _days(cast, given, at, **names):
    """'20d' or '5w' → a day, under another name."""
    for name, other in names.items():
        if name in given:
            given[other] = cast.dates.moment(given.pop(name), at).date()
    return given


def _escalate(cast, cases, case, given, at):
    given = _days(cast, given, at, due="due_on")
    if isinstance(given.get("review_on"), str):
        given["review_on"] = cast.dates.moment(given["review_on"], at).date()
    return given


def _other(cast, cases, case, given, at):
    other = cases[f"demo:{given['other']}"]
    other.refresh_from_db()
    return given | {"other": other}


def _gather(cast, cases, case, given, at):
    others = [cases[f"demo:{key}"] for key in given["others"]]
    for row in others:
        row.refresh_from_db()
    return given | {"others": others}


def _whistle(cast, cases, case, given, at):
    return given | {"units": [cast.unit(code) for code in given["units"]]}


def _joint(cast, cases, case, given, at):
    held_at: datetime = at - timedelta(minutes=given.pop("minutes", 50))
    units = [cast.unit(code) for code in given["units"]]
    given["summary"] = given.pop("text")
    return given | {"host": cast.unit(given["host"]), "units": units, "held_at": held_at}


def _measure(cast, cases, case, given, at):
    given = _days(cast, given, at, due="due_on")
    return given | {"organisation": cast.unit(given["organisation"])}


def _champion(cast, cases, case, given, at):
    steps = [f"{text} {cast.dates.moment(day, at).date()}" for text, day in given.pop("steps", [])]
    given = _days(cast, given, at, due="due_on")
    people = {name: cast.user(given[name]) for name in ("leader", "secretary") if name in given}
    return given | people | {"steps": "\n".join(steps)}


COOPERATION = {
    "escalate": _escalate,
    "review_upward": lambda cast, cases, case, given, at: _days(cast, given, at, next="next_on"),
    "link": _other,
    "gather": _gather,
    "whistle": _whistle,
    "answer_call": lambda cast, cases, case, given, at: {"way": "arrived", **given},
    "sign_call": lambda cast, cases, case, given, at: {"good": True, **given},
    "joint": _joint,
    "joint_measure": _measure,
    "champion": _champion,
    "champion_step": lambda cast, cases, case, given, at: _days(cast, given, at, due="due_on"),
}
