"""A draft of the procedures tried on past matters: which steps that were made it would refuse, what it would have asked.

Nothing is changed. A condition is judged by the record as it stands: what is not there today was not there then.
"""

import time as stopwatch
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from huiyin.cases import categories, requirements
from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.particulars import REGISTER, choices_of
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import MOVES
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock

DAYS = 366
MOST_ROWS = 300
MOST_LINES = 6
BATCH = 250
SECONDS = 8.0  # a trial that takes longer says how far it came
FIELDS = ("pk", "number", "kind", "category", "particulars", "state", "registered_at", "is_restricted")
EMPTY = (None, "", [])


def run(content, active, office, *, by, many: int) -> dict:
    """Play the moves of the last `many` matters of a year under `content`, and say what differs from `active`.

    Returns JSON: counts by kind and reason, kinds that would vanish, at most MOST_ROWS matters (ids and numbers only).
    """
    since = clock.now() - timedelta(days=DAYS)
    rows = Case.objects.filter(office=office, registered_at__gte=since).exclude(state=State.VOID)
    rows = list(rows.order_by("-registered_at").values(*FIELDS)[:many])
    tally = Tally(content["kinds"], (active or {"kinds": {}})["kinds"], categories.table(office))
    posts = _posts(office)
    began = stopwatch.monotonic()
    for start in range(0, len(rows), BATCH):
        if stopwatch.monotonic() - began > SECONDS:
            break
        batch = rows[start : start + BATCH]
        events = _events([row["pk"] for row in batch])
        judged = _judged(batch, events, tally)
        for row in batch:
            tally.add(row, events[row["pk"]], posts, judged.get(row["pk"], {}))
    return tally.result(rows, many)


def _events(ids) -> dict:
    """case id → [(verb, user id, moment)] of the moves that staff made, each struck-out one left out."""
    found = defaultdict(list)
    rows = CaseEvent.objects.filter(case_id__in=ids, voided_by=None).order_by("case_id", "seq")
    for case_id, verb, by, at in rows.values_list("case_id", "verb", "by_id", "at"):
        found[case_id].append((verb, by, at))
    return found


def _posts(office) -> dict:
    """user id → [(role, from, until, substitute's id)] of every post there was."""
    found = defaultdict(list)
    rows = Post.objects.filter(office=office).values_list(
        "user_id", "substitute_id", "role", "start_on", "end_on"
    )
    for user, substitute, role, start, end in rows:
        for holder in {user, substitute} - {None}:
            found[holder].append((role, start, end))
    return found


def _judged(batch, events, tally) -> dict:
    """case id → {requirement code: what is missing}, for matters that made a move which now asks for more."""
    found, wanted = defaultdict(dict), {}
    for row in batch:
        codes = {code for verb, *_ in events[row["pk"]] for code in tally.fresh_conditions(row["kind"], verb)}
        if codes:
            wanted[row["pk"]] = codes
    for case in Case.objects.filter(pk__in=wanted).select_related("office", "area").defer("words"):
        for code in wanted[case.pk]:
            missing = requirements.KNOWN[code].unmet(case)
            if missing:
                found[case.pk][code] = missing
    return found


@dataclass
class Line:
    """One way in which the draft differs for a kind: how many moves of how many matters it touches."""

    text: str
    times: int = 0
    matters: set = field(default_factory=set)


class Tally:
    """What the trial adds up while it runs. `new` and `old` are kind → procedure."""

    def __init__(self, new: dict, old: dict, table: dict):
        self.new, self.old, self.table = new, old, table
        self.counted = 0
        self.matters, self.touched, self.gone, self.gone_open, self.lost = (
            Counter(),
            Counter(),
            Counter(),
            Counter(),
            Counter(),
        )
        self.lines: dict[str, dict[str, Line]] = defaultdict(dict)
        self.rows: list[dict] = []

    def fresh_conditions(self, kind: str, verb: str) -> set[str]:
        """Conditions that the draft asks for before `verb` and the version in force does not."""
        new = set(self.new.get(kind, {}).get("requires", {}).get(verb, ()))
        return (new - set(self.old.get(kind, {}).get("requires", {}).get(verb, ()))) & set(requirements.KNOWN)

    def add(self, row, events, posts, judged):
        self.counted += 1
        kind = row["kind"]
        self.matters[kind] += 1
        home = (self.table.get(row["category"]) or {}).get("kind")
        if home and home not in self.new and home in self.old:
            self.lost[home] += 1
        if kind not in self.new:
            self.gone[kind] += 1
            self.gone_open[kind] += row["state"] in OPEN
            return
        said = dict.fromkeys([*self._moves(kind, events, posts, judged), *self._fields(kind, row, events)])
        for text in said:
            line = self.lines[kind].setdefault(text, Line(text))
            line.times += 1
            line.matters.add(row["pk"])
        if said:
            self.touched[kind] += 1
            if len(self.rows) < MOST_ROWS:
                number = "" if row["is_restricted"] else row["number"]
                self.rows.append(
                    {"case": str(row["pk"]), "number": number, "kind": kind, "lines": list(said)[:MOST_LINES]}
                )

    def _moves(self, kind, events, posts, judged):
        new, old = self.new[kind], self.old.get(kind, {})
        for verb, by, at in events:
            move = MOVES.get(verb)
            if move is None:
                continue
            if _is_off(new, move) and not _is_off(old, move):
                yield f"“{move.label}”这一步关了，当时做过"
                continue
            allowed = _roles(new, move)
            if by and allowed < _roles(old, move) and not _held(posts[by], at) & allowed:
                names = (
                    "、".join(Role(role).label for role in Role.values if role in _held(posts[by], at))
                    or "没有岗位的人"
                )
                yield f"“{move.label}”当时由{names}做，这一版不让"
            for code in sorted(self.fresh_conditions(kind, verb)):
                if code in judged:
                    yield f"“{move.label}”以前要有“{requirements.KNOWN[code].name}”，记录里没有"

    def _fields(self, kind, row, events):
        made = {verb for verb, *_ in events}
        before = {item["code"]: item for item in self.old.get(kind, {}).get("fields", [])}
        for item in self.new[kind].get("fields", []):
            if item["at"] != REGISTER and item["at"] not in made:
                continue
            value, was, name = row["particulars"].get(item["code"]), before.get(item["code"]), item["name"]
            where = "登记" if item["at"] == REGISTER else MOVES[item["at"]].label
            if (
                value in EMPTY
                and item.get("required")
                and not (was and was.get("required") and was["at"] == item["at"])
            ):
                yield f"要素“{name}”在“{where}”必填，当时没有"
            elif value in EMPTY and was is None:
                yield f"要素“{name}”会在“{where}”问，当时没有问"
            elif value not in EMPTY and item.get("choices"):
                kept = value if isinstance(value, list) else [value]
                if set(kept) - set(dict(choices_of(item))):
                    yield f"要素“{name}”当时选的，这一版没有这个选项"

    def result(self, rows, many: int) -> dict:
        kinds = []
        for kind, number in self.matters.most_common():
            name = (self.new.get(kind) or self.old.get(kind) or {"name": kind})["name"]
            lines = sorted(self.lines[kind].values(), key=lambda line: -len(line.matters))
            said = [{"text": line.text, "matters": len(line.matters), "times": line.times} for line in lines]
            kinds.append(
                {"kind": kind, "name": name, "matters": number, "changed": self.touched[kind], "lines": said}
            )
        names = {kind: self.old.get(kind, {"name": kind})["name"] for kind in {*self.gone, *self.lost}}
        days = (
            [f"{clock.local(row['registered_at']):%Y-%m-%d}" for row in (rows[self.counted - 1], rows[0])]
            if self.counted
            else ["", ""]
        )
        return {
            "asked": many, "counted": self.counted, "found": len(rows), "first": days[0], "last": days[1],
            "changed": sum(self.touched.values()) + sum(self.gone.values()), "open": sum(row["state"] in OPEN for row in rows),
            "kinds": kinds, "rows": self.rows,
            "gone": [{"name": names[kind], "matters": number, "open": self.gone_open[kind]} for kind, number in self.gone.most_common()],
            "lost": [{"name": names[kind], "matters": number} for kind, number in self.lost.most_common()],
        }  # fmt: skip


def _is_off(procedure: dict, move) -> bool:
    return move.verb in procedure.get("off", []) or (
        move.opt_in and move.verb not in procedure.get("opens", [])
    )


def _roles(procedure: dict, move) -> frozenset:
    named = procedure.get("roles", {}).get(move.verb)
    return move.roles & frozenset(named) if named else move.roles


def _held(posts, at) -> set:
    """Roles that these posts gave on the day of `at`."""
    day = clock.local(at).date()
    return {role for role, start, end in posts if start <= day and (end is None or end > day)}


def shown(result: dict, user) -> dict:
    """The result for this reader: titles only of matters that the reader may read."""
    ids = [row["case"] for row in result["rows"]]
    seen = Case.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "number", "title")
    titles = {str(pk): (number, title) for pk, number, title in seen}
    names = {row["kind"]: row["name"] for row in result["kinds"]}
    rows = [
        {**row, "seen": titles.get(row["case"]), "kind_name": names.get(row["kind"])}
        for row in result["rows"]
    ]
    touched = sum(row["changed"] for row in result["kinds"])
    return {**result, "rows": rows, "more": max(0, touched - len(rows)), "reads": bool(titles)}
