"""A draft of the routing rules tried on past matters, beside the rules in force and where the matters really went."""

import time as stopwatch
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from huiyin.areas.models import Area
from huiyin.cases import categories, deadlines, present
from huiyin.cases.models import Assignment, Case, CaseEvent
from huiyin.cases.routing import BY_CATEGORY, LOCAL, LOCAL_NAMES, NAMES, NO_RULE, Facts, Pack, text_of
from huiyin.cases.routing_check import shadowed
from huiyin.cases.states import Part, State
from huiyin.orgs.models import Organisation
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

DAYS = 730
MOST_ROWS = 300
SECONDS = 8.0  # a trial that takes longer says how far it came
CENTRE = "由中心定"
ONLY_AROUND = "还是这家，只变协办或优先"


def run(content, active, office, *, by, many: int) -> dict:
    """Try `content` on the last `many` matters of two years as they were registered; nothing is changed.

    Returns JSON: counts, one row a rule, at most MOST_ROWS rows of what would change (ids and numbers only).
    """
    past = Past(office, many)
    days = deadlines.calendar(RuleSet.objects.current("calendar", office).pk)
    new, old = Pack(content, days), Pack(active, days)
    tally = Tally()
    began = stopwatch.monotonic()
    for row in past.rows:
        if stopwatch.monotonic() - began > SECONDS:
            break
        facts, usual = past.facts(row), past.usual(row)
        tally.add(row, past, new.decide(facts, usual), old.decide(facts, usual))
    return tally.result(content, new, past, many)


class Past:
    """Matters of the past with what the rules ask, read in a handful of queries."""

    FIELDS = (
        "pk", "number", "kind", "channel", "category", "area_id", "registered_at", "title", "description",
        "wants", "place", "group_size", "is_restricted",
    )  # fmt: skip

    def __init__(self, office, many: int):
        self.office = office
        rows = Case.objects.filter(office=office, registered_at__gte=clock.now() - timedelta(days=DAYS))
        rows = rows.exclude(state__in=[State.VOID, State.MERGED]).order_by("-registered_at")
        self.rows = list(rows.values(*self.FIELDS)[:many])
        ids = [row["pk"] for row in self.rows]
        self._areas()
        self.old_words = self._before_amendment(ids)
        self.went, self.bounced = self._went(ids)
        self.table = categories.table(office)
        units = (
            Organisation.objects.handling()
            .filter(office=office)
            .only("code", "short_name", "name", "kind", "area_id")
        )
        self.units = {unit.code: unit for unit in units}
        roll = present.roll(office)
        self.unable = {code for code, unit in self.units.items() if not roll.has_posts(unit.pk)}
        self.local = {
            (mark, unit.area_id): unit for mark, kind in LOCAL.items() for unit in units if unit.kind == kind
        }

    def _areas(self):
        rows = Area.objects.filter(pk__in={row["area_id"] for row in self.rows}).values_list(
            "pk", "ancestors"
        )
        self.paths = {pk: [*ancestors, pk] for pk, ancestors in rows}
        every = {pk for path in self.paths.values() for pk in path}
        self.codes = dict(Area.objects.filter(pk__in=every).values_list("pk", "code"))

    @staticmethod
    def _before_amendment(ids) -> dict:
        """case id → {field: value} as it was before corrections that came after the first dispatch."""
        found, sent = defaultdict(dict), set()
        rows = CaseEvent.objects.filter(
            case_id__in=ids, verb__in=["dispatch", "designate", "amend"]
        ).order_by("case_id", "seq")
        for case_id, verb, data in rows.values_list("case_id", "verb", "data__changes"):
            if verb != "amend":
                sent.add(case_id)
            elif case_id in sent:
                for name, change in (data or {}).items():
                    found[case_id].setdefault(name, change["old"])
        return found

    @staticmethod
    def _went(ids) -> tuple[dict, Counter]:
        """(case id → code and name of the unit that led it in the end, case id → times a lead returned it)."""
        went, bounced = {}, Counter()
        rows = Assignment.objects.filter(case_id__in=ids, part=Part.LEAD).select_related("organisation")
        rows = rows.defer("organisation__services", "report", "task").order_by("sent_at")
        for row in rows:
            if row.returned_at is not None:
                bounced[row.case_id] += 1
            else:
                went[row.case_id] = (row.organisation.code, str(row.organisation))
        return went, bounced

    def facts(self, row) -> Facts:
        was = self.old_words.get(row["pk"], {})
        said = [was.get(name, row[name]) for name in ("title", "description", "wants", "place")]
        return Facts(
            row["kind"], was.get("channel", row["channel"]), was.get("category", row["category"]),
            tuple(self.codes[pk] for pk in self.paths[row["area_id"]] if pk in self.codes),
            clock.local(row["registered_at"]), text_of(*said), int(was.get("group_size", row["group_size"])),
            row["is_restricted"],
        )  # fmt: skip

    def usual(self, row) -> str:
        category = self.old_words.get(row["pk"], {}).get("category", row["category"])
        return (self.table.get(category) or {}).get("unit") or ""

    def unit(self, code: str, row):
        """The unit meant by `code` for this matter, or None."""
        if code not in LOCAL:
            return self.units.get(code)
        return next(
            (self.local[(code, pk)] for pk in self.paths[row["area_id"]] if (code, pk) in self.local), None
        )

    def called(self, code: str, row) -> str:
        """Whom a decision means, in words."""
        if not code:
            return CENTRE
        unit = self.unit(code, row)
        if unit is None:
            return f"{LOCAL_NAMES.get(code, code)}（没有这家）"
        return f"{unit}（没有在任的人）" if unit.code in self.unable else str(unit)


@dataclass
class Line:
    """How one rule fared."""

    hits: int = 0
    changed: int = 0
    agreed: int = 0


class Tally:
    """What the trial adds up while it runs."""

    def __init__(self):
        self.counted = self.changed = self.known = 0
        self.agreed = Counter()
        self.to_centre = Counter()
        self.lines: dict[str, Line] = defaultdict(Line)
        self.rows: list[dict] = []
        self.moves: Counter = Counter()
        self.first = self.last = ""

    def add(self, row, past: Past, new, old):
        self.counted += 1
        day = f"{clock.local(row['registered_at']):%Y-%m-%d}"
        self.first, self.last = day, self.last or day
        went = past.went.get(row["pk"])
        line = self.lines[new.called or NO_RULE]
        line.hits += 1
        self.to_centre["new"] += not new.lead
        self.to_centre["old"] += not old.lead
        if went:
            self.known += 1
            for which, decision in (("new", new), ("old", old)):
                unit = past.unit(decision.lead, row) if decision.lead else None
                is_same = unit is not None and unit.code == went[0]
                self.agreed[which] += is_same
                line.agreed += is_same and which == "new"
        if new.outcome == old.outcome:
            return
        self.changed += 1
        line.changed += 1
        pair = (past.called(old.lead, row), past.called(new.lead, row))
        self.moves[pair if pair[0] != pair[1] else (pair[0], ONLY_AROUND)] += 1
        if len(self.rows) < MOST_ROWS:
            self.rows.append(self._row(row, past, new, old, went, pair))

    @staticmethod
    def _row(row, past, new, old, went, pair) -> dict:
        conditions = [NAMES[name] for name in new.rule.conditions] if new.rule else []
        return {
            "case": str(row["pk"]),
            "number": "" if row["is_restricted"] else row["number"],
            "went": went[1] if went else "",
            "bounced": past.bounced.get(row["pk"], 0),
            "old": pair[0],
            "old_rule": old.called or NO_RULE,
            "new": pair[1],
            "new_rule": new.called or NO_RULE,
            "co": "、".join(past.called(code, row) for code in new.co),
            "urgent": new.is_urgent,
            "why": "、".join(conditions),
            "better": bool(went) and went[1] == pair[1],
            "worse": bool(went) and went[1] == pair[0],
        }

    def result(self, content, pack: Pack, past: Past, many: int) -> dict:
        names = [rule.name for rule in pack.rules] + [BY_CATEGORY, NO_RULE]
        never = [rule.name for rule in pack.rules if not self.lines[rule.name].hits]
        return {
            "asked": many,
            "counted": self.counted,
            "found": len(past.rows),
            "first": self.first,
            "last": self.last,
            "changed": self.changed,
            "known": self.known,
            "agreed_new": self.agreed["new"],
            "agreed_old": self.agreed["old"],
            "centre_new": self.to_centre["new"],
            "centre_old": self.to_centre["old"],
            "rules": [{"name": name, **vars(self.lines[name])} for name in names],
            "never": never,
            "shadowed": [problem.message for problem in shadowed(content)],
            "moves": [[old, new, count] for (old, new), count in self.moves.most_common(30)],
            "rows": self.rows,
        }


def shown(result: dict, user) -> dict:
    """The result for this reader: titles only of matters that the reader may read."""
    ids = [row["case"] for row in result["rows"]]
    seen = Case.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "number", "title")
    titles = {str(pk): (number, title) for pk, number, title in seen}
    rows = [{**row, "seen": titles.get(row["case"])} for row in result["rows"]]
    return {**result, "rows": rows, "more": max(0, result["changed"] - len(rows)), "reads": bool(titles)}
