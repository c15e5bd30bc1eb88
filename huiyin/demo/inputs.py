"""From what a story writes to the keyword arguments of a verb."""

from datetime import timedelta
from zlib import crc32

from huiyin.cases import deadlines, offers
from huiyin.cases.intake import Person, Words
from huiyin.cases.states import Contacted, Satisfied, Solved
from huiyin.cases.verbs.correcting import STRIKEABLE
from huiyin.cases.workflow import MOVES
from huiyin.demo.cast import Cast
from huiyin.demo.cooperation_inputs import COOPERATION, COOPERATION_MAIN
from huiyin.demo.incident_inputs import INCIDENTS
from huiyin.demo.inspection_inputs import INSPECTED, add_pictures
from huiyin.demo.petition_inputs import PETITION_MAIN, PETITIONS
from huiyin.demo.plan_inputs import PLANNED
from huiyin.demo.scripts import Story
from huiyin.demo.snapshots import taken
from huiyin.demo.upstream_inputs import UPSTREAM, UPSTREAM_MAIN
from huiyin.rules import clock

MAIN = {
    **dict.fromkeys(
        ["finish_measure", "accept_own", "return_measure", "lift_stop", "enforcement_answer"], "text"
    ),
    "grade": "reason",
    "regrade": "reason",
    **PETITION_MAIN,
    **dict.fromkeys(
        ["overrule", "release", "recall", "mark_key", "withdraw", "reopen", "void", "void_entry"], "reason"
    ),
    **dict.fromkeys(
        ["accept", "contact", "record", "tell", "report", "verify", "answer", "redo", "supervise"], "text"
    ),
    **dict.fromkeys(
        ["answer_notice", "check_progress", "sign_off", "resume", "look_back", "feed_back"], "text"
    ),
    **UPSTREAM_MAIN,
    **COOPERATION_MAIN,
}
RENAMED = {
    "reply": "reply_by",
    "outside": "outside_number",
    "review": "review_on",
    "relapsed": "has_relapsed",
    "look_back": "look_back_on",
}


def words_of(cast: Cast, story: Story, at) -> tuple[Words, object]:
    """What came in, and who wrote it down (None: the resident on the web)."""
    data = story.data
    spot = cast.spot(data.get("place", ""))
    area = cast.grid(data["grid"]) if "grid" in data else spot.parent if spot else None
    point = spot if spot and spot.parent_id == getattr(area, "pk", None) else area
    words = Words(
        description=data["says"], kind=data["kind"], channel=data["channel"], title=data["title"],
        wants=data.get("wants", ""), category=data["category"], area=area, place=data.get("place", ""),
        lon=getattr(point, "lon", None), lat=getattr(point, "lat", None), group_size=data.get("group", 1),
        persons=[Person(name, phone_of(name), address=data.get("home", "")) for name in data.get("people", [])],
        reply_by=data.get("reply", "web"), is_restricted=data.get("restricted", False),
        is_urgent=data.get("urgent", False), particulars=data.get("particulars", {}),
    )  # fmt: skip
    if "source" in data:
        source = data["source"]
        words.sources = [
            {
                "system": source["system"],
                "outside_number": dated(source["number"], at),
                "owed_to": source.get("owed_to", ""),
                "due_at": cast.dates.moment(source["due"], at) if "due" in source else None,
            }
        ]
    if data["channel"] == "visit":
        words.received_by = cast.receiver(at)
    if data["channel"] == "web":
        return words, None
    if data["channel"] == "patrol":
        by, count, dark = cast.grid_worker(area), data.get("pictures", 0), not 6 <= at.hour < 18
        seeds = [f"demo:{story.key}-{number}" for number in range(1, count + 1)]
        words.attachments = [taken(cast.office, by, seed, mended=False, night=dark) for seed in seeds]
        return words, by
    return words, cast.desk(story)


def dated(number: str, at) -> str:
    """'鹤街〔%Y〕46号' with the year of the moment."""
    return number.replace("%Y", str(at.year))


def phone_of(name: str) -> str:
    """An invented mobile number; the prefix 100 does not exist."""
    return f"100{crc32(name.encode()) % 10**8:08d}"


def inputs_of(cast: Cast, cases: dict, case, step, by, at) -> dict:
    value = step.value
    if value is None:
        given = {}
    elif isinstance(value, str):
        given = {MAIN[step.verb]: value}
    elif isinstance(value, list):
        given = verdict(value)
    else:
        given = {RENAMED.get(name, name): item for name, item in value.items()}
    for name in ("document", "outside_number"):
        if name in given:
            given[name] = dated(given[name], at)
    for name in ("lead", "unit"):
        if name in given:
            given[name] = cast.unit(given[name])
    if "co" in given:
        given["co"] = [cast.unit(code) for code in given["co"]]
    given = add_pictures(cast, case, step.verb, given, by)
    asked = given.pop("particulars", {})
    special = SPECIAL.get(step.verb)
    if special:
        given = special(cast, cases, case, given, at)
    if step.act:
        given["act"] = step.act
    if asked:
        given["particulars"] = asked
    which = given.pop("which", 1)
    subject = given.get("subject") or subject_of(cast, case, step, by, which)
    if subject is not None:
        given["subject"] = subject
    return given


def verdict(value: list) -> dict:
    """[有, 解决了, 满意, 一句话] → the inputs of a rating."""
    labels = [
        {label: code for code, label in choices}
        for choices in (Contacted.choices, Solved.choices, Satisfied.choices)
    ]
    contacted, solved, satisfied = (table[word] for table, word in zip(labels, value, strict=False))
    words = value[3] if len(value) > 3 else ""
    return {"contacted": contacted, "solved": solved, "satisfied": satisfied, "words": words}


def subject_of(cast: Cast, case, step, by, which: int = 1):
    """The assignment, notice, extension or letter that the step is about; of rooms above the `which`-th."""
    kind = MOVES[step.verb].subject
    if kind in offers.SUBJECTS:
        states = MOVES[step.verb].subject_states
        rows = [row for row in offers.SUBJECTS[kind].live(case) if not states or row.state in states]
        if step.who in cast.units and rows and hasattr(rows[0], "organisation_id"):
            rows = [row for row in rows if row.organisation_id == cast.unit(step.who).pk]
        if len(rows) < which:
            raise LookupError(f"没有可以“{MOVES[step.verb].label}”的")
        return rows[which - 1]
    if kind == "notice":
        return case.notices.filter(answered_at=None).order_by("issued_at").last()
    if kind == "extension":
        return case.extensions.filter(decided_at=None).first()
    if kind == "letter":
        return case.letters.filter(signed_on=None, persons=by).first()
    if kind != "assignment":
        return None
    states = MOVES[step.verb].subject_states
    rows = [row for row in case.live_assignments if row.state in states]
    if step.who in cast.units:
        rows = [row for row in rows if row.organisation.code == step.who]
    elif MOVES[step.verb].own_unit:
        mine = {post.organisation_id for post in by.current_posts}
        rows = [row for row in rows if row.organisation_id in mine]
    if not rows:
        raise LookupError(f"没有可以“{MOVES[step.verb].label}”的承办单位")
    return rows[-1]


def _dispatch(cast, cases, case, given, at):
    if "due" in given:
        given["due_at"] = cast.dates.moment(given.pop("due"), at)
    return given


def _record(cast, cases, case, given, at):
    if "due" in given:
        given["due_on"] = cast.dates.moment(given.pop("due"), at).date()
    return given


def _answer(cast, cases, case, given, at):
    return {"reply_by": case.reply_by, **given}


def _feed_back(cast, cases, case, given, at):
    return given | {"source": case.sources.exclude(owed_to="").first()}


def _close(cast, cases, case, given, at):
    days = given.get("look_back_on")
    return {"look_back_on": clock.local(at).date() + timedelta(days=days)} if days else {}


def _pause(cast, cases, case, given, at):
    return {**given, "review_on": cast.dates.moment(given["review_on"], at).date()}


def _merge(cast, cases, case, given, at):
    into = cases[f"demo:{given['into']}"]
    into.refresh_from_db()
    return {**given, "into": into}


def _extension(cast, cases, case, given, at):
    duty = given.pop("duty")
    rows = [row for row in deadlines.extendable(case) if deadlines.rule_of(row).duty == duty]
    if not rows:
        raise LookupError(f"没有可以延的时限 {duty}")
    return {**given, "deadline": rows[0]}


def _letter(cast, cases, case, given, at):
    given["organisation"] = given.pop("unit")
    given["persons"] = [cast.user(name) for name in given["persons"]]
    given["due_on"] = cast.dates.moment(given.pop("due"), at).date()
    return given


def _person(cast, cases, case, given, at):
    return {"handler": cast.user(given["handler"])}


def _void_entry(cast, cases, case, given, at):
    """The script strikes out what was written last."""
    return {**given, "entry": case.events.filter(verb__in=STRIKEABLE).order_by("seq").last()}


def _look_back(cast, cases, case, given, at):
    days = given.pop("next", None)
    return {**given, **({"next_on": clock.local(at).date() + timedelta(days=days)} if days else {})}


SPECIAL = {
    "feed_back": _feed_back, "dispatch": _dispatch, "record": _record, "answer": _answer, "close": _close, "pause": _pause, "merge": _merge,
    "ask_extension": _extension, "issue_letter": _letter, "assign_person": _person, "look_back": _look_back, "void_entry": _void_entry,
    **COOPERATION, **PLANNED, **PETITIONS, **INSPECTED, **INCIDENTS, **UPSTREAM,
}  # fmt: skip
