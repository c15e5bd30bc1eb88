"""派单规则: ordered rules say who shall do a matter; the first that fits wins, and what none fits the centre decides.

Rule set `routing`: {automatic, rules: [{name, if, lead, co, urgent, note, auto, stop}]}; see docs/rules.md.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache

from huiyin.areas.models import Area
from huiyin.cases import carried_over, categories, deadlines, present
from huiyin.cases.states import AssignmentState, Channel
from huiyin.orgs.models import Organisation, OrganisationKind
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, rule_set

STATION, COMMITTEE = "@station", "@committee"
LOCAL = {STATION: OrganisationKind.STATION, COMMITTEE: OrganisationKind.COMMITTEE}
LOCAL_NAMES = {STATION: "本社区服务站", COMMITTEE: "本社区居委会"}
MOMENTS = {
    "work": "办公时间", "off": "非办公时间", "night": "夜间（22 点到 6 点）", "workday": "工作日", "rest": "休息日",
}  # fmt: skip
NIGHT = (time(22), time(6))
NO_RULE = "没有规则适合，由中心定"
BY_CATEGORY = "分类默认"


@dataclass(frozen=True)
class Facts:
    """What rules may ask about a matter, as it came in."""

    kind: str
    channel: str
    category: str
    areas: tuple[str, ...]  # codes from the city down
    at: datetime
    text: str
    group_size: int = 1
    is_restricted: bool = False


def text_of(*parts: str) -> str:
    """Words to look in: small letters, no blanks."""
    return "".join("".join(parts).lower().split())


def facts_of(case) -> Facts:
    codes = dict(Area.objects.filter(pk__in=case.area.path).values_list("pk", "code"))
    return Facts(
        case.kind, case.channel, case.category, tuple(codes[pk] for pk in case.area.path if pk in codes),
        clock.local(case.registered_at), text_of(case.title, case.description, case.wants, case.place),
        case.group_size, case.is_restricted,
    )  # fmt: skip


def many(value) -> list:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Rule:
    """One rule, read: its conditions as (name, test, wanted in words)."""

    number: int
    name: str
    conditions: dict
    lead: str = ""
    co: tuple[str, ...] = ()
    is_urgent: bool = False
    note: str = ""
    is_auto: bool = False
    is_stop: bool = False

    def first_miss(self, facts: Facts, days) -> str:
        """The name of the first condition that does not fit, or ''."""
        return next(
            (name for name, want in self.conditions.items() if not TESTS[name](want, facts, days)), ""
        )


def read_rule(number: int, row: dict) -> Rule:
    return Rule(
        number, row["name"], dict(row.get("if") or {}), row.get("lead") or "", tuple(many(row.get("co") or [])),
        bool(row.get("urgent")), row.get("note") or "", bool(row.get("auto")), bool(row.get("stop")),
    )  # fmt: skip


# Tests: (what the rule wants, facts, working calendar) → does it fit? ------------------------------------


def _one_of(attribute):
    return lambda want, facts, days: getattr(facts, attribute) in many(want)


def _category(want, facts, days) -> bool:
    return bool(facts.category) and facts.category.startswith(tuple(many(want)))


def _area(want, facts, days) -> bool:
    return any(code.startswith(tuple(many(want))) for code in facts.areas)


def _time(want, facts, days) -> bool:
    at, day = facts.at, facts.at.date()
    if "from" in want and day < date.fromisoformat(want["from"]):
        return False
    if "until" in want and day > date.fromisoformat(want["until"]):
        return False
    if "between" in want and not _between(at.time(), *map(_clock, want["between"])):
        return False
    return "is" not in want or any(_moment(word, at, days) for word in many(want["is"]))


def _moment(word: str, at: datetime, days) -> bool:
    if word == "night":
        return _between(at.time(), *NIGHT)
    if word in ("workday", "rest"):
        return days.is_workday(at.date()) == (word == "workday")
    is_open = any(start <= at < end for start, end in days.work_spans(at.date()))
    return is_open == (word == "work")


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def _between(at: time, start: time, end: time) -> bool:
    """From start up to end, which may lie after midnight."""
    return start <= at < end if start < end else at >= start or at < end


def _words(want, facts, days) -> bool:
    return (
        all(text_of(word) in facts.text for word in many(want.get("all", [])))
        and ("any" not in want or any(text_of(word) in facts.text for word in many(want["any"])))
        and not any(text_of(word) in facts.text for word in many(want.get("none", [])))
    )


TESTS = {
    "kind": _one_of("kind"),
    "channel": _one_of("channel"),
    "category": _category,
    "area": _area,
    "time": _time,
    "words": _words,
    "group": lambda want, facts, days: facts.group_size >= want,
    "restricted": lambda want, facts, days: facts.is_restricted == want,
}
NAMES = {
    "kind": "种类", "channel": "渠道", "category": "分类", "area": "片区", "time": "时间", "words": "话里的词",
    "group": "人数", "restricted": "限知",
}  # fmt: skip


# Deciding -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What a pack says about facts: unit codes only. `rule` None: by the category's own unit, or nobody."""

    rule: Rule | None = None
    lead: str = ""
    co: tuple[str, ...] = ()
    is_urgent: bool = False
    missed: tuple[tuple[str, str], ...] = ()  # (rule passed over, condition that did not fit)

    @property
    def called(self) -> str:
        return self.rule.name if self.rule else BY_CATEGORY if self.lead else ""

    @property
    def outcome(self) -> tuple:
        return self.lead, tuple(sorted(self.co)), self.is_urgent


class Pack:
    """The rules of one version with the calendar by which they read the clock."""

    def __init__(self, content: dict | None, days):
        content = content or {}
        self.days = days
        self.is_automatic = bool(content.get("automatic"))
        self.rules = [read_rule(number, row) for number, row in enumerate(content.get("rules") or [])]

    def decide(self, facts: Facts, category_unit: str = "", *, explain: bool = False) -> Decision:
        """The first rule that fits; else the category's own unit; else nobody. Bounded by the number of rules."""
        missed = []
        for rule in self.rules:
            miss = rule.first_miss(facts, self.days)
            if not miss:
                return Decision(rule, rule.lead, rule.co, rule.is_urgent, tuple(missed))
            if explain:
                missed.append((rule.name, miss))
        return Decision(None, category_unit, missed=tuple(missed))


@lru_cache(maxsize=16)
def _pack(rules_id, calendar_id) -> Pack:
    return Pack(rule_set(rules_id).content, deadlines.calendar(calendar_id))


def active(office) -> RuleSet | None:
    try:
        return RuleSet.objects.current("routing", office)
    except RuleSet.DoesNotExist:
        return None


def pack_of(office, rules: RuleSet | None) -> Pack:
    days = RuleSet.objects.current("calendar", office)
    return _pack(rules.pk, days.pk) if rules else Pack(None, deadlines.calendar(days.pk))


def unit_of_category(office, category: str) -> str:
    return (categories.table(office).get(category) or {}).get("unit") or ""


# Proposing ----------------------------------------------------------------------------------------------


@dataclass
class Proposal:
    """Whom the rules propose for one matter, why, and what stands against it. `lead` None: the centre decides."""

    called: str = ""
    version: int = 0
    lead: Organisation | None = None
    co: list = field(default_factory=list)
    is_urgent: bool = False
    note: str = ""
    is_auto: bool = False
    is_rule: bool = False
    why: list[str] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    trouble: str = ""
    acting: list[str] = field(default_factory=list)

    def as_data(self, lead) -> dict:
        """What the history keeps: which rule spoke, in which version, and was it followed."""
        return {
            "rule": self.called,
            "version": self.version,
            "proposed": str(self.lead or ""),
            "followed": self.lead is not None and self.lead.pk == lead.pk,
        }


def propose(case) -> Proposal:
    """The proposal for this matter as it stands now."""
    rules = active(case.office)
    pack = pack_of(case.office, rules)
    facts = facts_of(case)
    decision = pack.decide(facts, unit_of_category(case.office, case.category), explain=True)
    found = Proposal(decision.called, rules.version if rules else 0, is_rule=decision.rule is not None)
    found.missed = [(name, NAMES[miss]) for name, miss in decision.missed]
    if decision.rule:
        found.note, found.is_urgent = decision.rule.note, decision.is_urgent
        found.is_auto = pack.is_automatic and decision.rule.is_auto
        found.why = reasons(case, decision.rule, facts)
    elif decision.lead:
        found.why = [f"分类“{categories.path_name(case.office, case.category)}”平常由它办"]
    if not decision.lead:
        stop = decision.rule and f"规则“{decision.called}”要求由中心定"
        found.trouble = stop or NO_RULE
        return found
    _find_units(case, decision, found)
    return found


def _find_units(case, decision: Decision, found: Proposal):
    """Put the organisations of the decision into `found`; say what stands against the lead."""
    wanted = [decision.lead, *decision.co]
    units = units_for(case, wanted)
    lead = units.get(decision.lead)
    name = LOCAL_NAMES.get(decision.lead, decision.lead)
    if lead is None:
        found.trouble = f"{found.called}要派给“{name}”，但没有这家单位或不能派事项；由中心定"
        return
    returned = case.assignments.filter(organisation=lead, round=case.round, returned_at__isnull=False)
    if returned.exclude(state__in=[AssignmentState.SENT, AssignmentState.ACCEPTED]).exists():
        found.trouble = f"{found.called}要派给{lead}，但它这一轮已经退回；由中心定"
        return
    roll = present.roll(case.office, [unit.pk for unit in units.values()])
    if not roll.has_posts(lead.pk):
        found.trouble = f"{found.called}要派给{lead}，但那里没有在任的经办人；由中心定"
        return
    found.lead = lead
    found.co = [units[code] for code in decision.co if code in units and units[code] != lead]
    found.acting = roll.names(lead.pk)
    if not found.acting:
        found.trouble = f"{lead}今天没有人在岗，也没有 B 角顶上：派过去可能没人签收"


def units_for(case, codes) -> dict[str, Organisation]:
    """code → unit that a matter can be sent to; @station and @committee are those of the matter's community."""
    plain = [code for code in codes if code not in LOCAL]
    rows = Organisation.objects.handling().filter(office=case.office).defer("services")
    found = {row.code: row for row in rows.filter(code__in=plain)} if plain else {}
    for mark in {code for code in codes if code in LOCAL}:
        unit = rows.filter(kind=LOCAL[mark], area_id__in=case.area.path).order_by("code").first()
        if unit is not None:
            found[mark] = unit
    return found


def reasons(case, rule: Rule, facts: Facts) -> list[str]:
    """Why the rule fits this matter, one phrase a condition."""
    wanted = [(name, rule.conditions[name]) for name in NAMES if name in rule.conditions]
    return [_reason(name, want, case, facts) for name, want in wanted] or ["没有条件，都适合"]


def _reason(name: str, want, case, facts: Facts) -> str:
    if name == "category":
        return f"分类是{categories.path_name(case.office, facts.category)}"
    if name == "area":
        return f"在{case.area}"
    if name == "channel":
        return f"渠道是{Channel(facts.channel).label}"
    if name == "time":
        return f"{facts.at:%m-%d %H:%M} 来的，{time_words(want)}"
    if name == "words":
        hits = [
            word
            for word in [*many(want.get("any", [])), *many(want.get("all", []))]
            if text_of(word) in facts.text
        ]
        return f"话里有“{'”“'.join(hits)}”" if hits else f"话里没有“{'”“'.join(many(want['none']))}”"
    if name == "group":
        return f"{facts.group_size} 人一起反映"
    if name == "restricted":
        return "限知事项" if want else "不是限知事项"
    return f"种类合（{'、'.join(many(want))}）" if not case else f"种类是{_kind_name(case)}"


def _kind_name(case) -> str:
    from huiyin.cases import procedures

    return procedures.kind_name(case)


def time_words(want: dict) -> str:
    parts = [MOMENTS[word] for word in many(want.get("is", []))]
    if "between" in want:
        parts.append("{} 到 {}".format(*want["between"]))
    if "from" in want or "until" in want:
        parts.append(f"{want.get('from', '')} 至 {want.get('until', '')}".strip())
    return "、".join(parts)


def dispatch_by_rule(case, *, by):
    """Send an accepted matter on at once where the rule that fits says `auto` and the rule set allows it.

    Returns the event's proposal, or None where nothing was done: no such rule, somebody missing, a doubt
    by the duty list, a matter that few may read, one carried over. The actor is whoever accepted it.
    """
    from huiyin.cases import duties

    if carried_over.is_carrying():
        return None
    rules = active(case.office)
    if rules is None or not rules.content.get("automatic"):
        return None
    found = propose(case)
    if not found.is_auto or found.lead is None or found.trouble or case.is_restricted:
        return None
    if duties.objection(case, found.lead):
        return None
    case.dispatch(
        by=by, lead=found.lead, co=found.co, task=found.note, urgent=found.is_urgent, automatic=True
    )
    return found
