"""What a paper may say about a matter: read from its record once, in words fit for print."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import NoReverseMatch, reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, deadlines, procedures, record
from huiyin.cases.states import Part
from huiyin.documents.rule_checks import PLACEHOLDER, in_force, shipped
from huiyin.papers.blocks import Span
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

CHANNELS = {
    "visit": "来访", "call": "来电", "letter": "来信", "web": "在网上", "hotline": "通过热线", "outreach": "在走访中",
}  # fmt: skip


# (case) → a sentence at the foot of a letter to the person, or ''; filled by rooms above.
LETTER_FEET: list[Callable] = []


@dataclass(frozen=True)
class Missing:
    """A fact that the record does not have, and the verb that supplies it ('' when no verb can)."""

    what: str
    verb: str = ""
    how: str = ""

    def __str__(self):
        return f"{self.what}（{self.how}）" if self.how else self.what


@dataclass
class Facts:
    """One matter, as the builders ask about it. `site` is the address of the portal ('https://…'), or ''."""

    case: object
    site: str = ""
    missing: list[Missing] = field(default_factory=list)

    @property
    def office(self):
        return self.case.office

    @cached_property
    def rules(self) -> RuleSet:
        """The office's wording in force. Raises Refusal 409 with what is wrong when papers cannot be made of it."""
        return in_force(self.office)

    def words(self, kind: str) -> dict:
        """The office's wording of a kind; as shipped where its version is older than the kind."""
        return self.rules.content["kinds"].get(kind) or shipped()["kinds"][kind]

    @property
    def is_petition(self) -> bool:
        return self.case.kind == "petition"

    @cached_property
    def events(self) -> list:
        """The history without what was struck out."""
        rows = record.rows(self.case, "events")
        struck = {row.voids_id for row in rows}
        return [row for row in rows if row.pk not in struck]

    def event(self, *verbs: str, this_round: bool = True):
        """The last event of one of these verbs, in this round; None when there is none."""
        found = [
            row
            for row in self.events
            if row.verb in verbs and (not this_round or row.round == self.case.round)
        ]
        return found[-1] if found else None

    def need(self, value, what: str, verb: str = "", how: str = ""):
        """`value`, or '' with the gap noted."""
        if not value:
            self.missing.append(Missing(what, verb, how))
        return value or ""

    @cached_property
    def parties(self) -> list:
        """Who raised it, first the raiser, then the representatives."""
        rows = self.case.parties.filter(role__in=["raiser", "representative"]).select_related("party")
        return [row.party for row in rows.order_by("role", "pk")]

    def names(self) -> tuple[Span, ...]:
        """Names as spans that copies without identity mask; a gap is noted when nobody left a name."""
        found = [party for party in self.parties if party.name]
        self.need(found, "姓名", "", "登记时没有留姓名；没有姓名的不用书面告知")
        parts: list[Span] = []
        for party in found:
            parts += [Span("、"), Span(party.name, identity="name")]
        return tuple(parts[1:])

    def without_names(self, text: str) -> str:
        """`text` with the names and telephone numbers of those who raised the matter masked."""
        for party in self.parties:
            if len(party.name) >= 2:
                text = text.replace(party.name, party.masked_name)
            if len(party.phone) >= 7:
                text = text.replace(party.phone, party.masked_phone)
        return text

    @property
    def kind_name(self) -> str:
        return procedures.kind_name(self.case)

    @property
    def category(self) -> str:
        return categories.path_name(self.office, self.case.category)

    @property
    def place(self) -> str:
        """'槐荫里 3 幢（东社区 01 网格）'."""
        case = self.case
        return f"{case.place}（{case.area.name}）" if case.place else case.area.name

    def due(self, duty: str, *, assignment=None):
        """When the clock of this duty is due in this round, a moment; None when there is no such clock."""
        for row in record.rows(self.case, "deadlines"):
            same = row.assignment_id == (assignment.pk if assignment else None)
            if row.round == self.case.round and same and deadlines.rule_of(row).duty == duty:
                return row.due_at
        return None

    @property
    def lead(self):
        """The lead assignment of this round, also after it was signed off; None before dispatch."""
        rows = [
            row for row in self.case.live_assignments if row.part == Part.LEAD and row.state != "returned"
        ]
        return rows[-1] if rows else None

    @property
    def track_url(self) -> str:
        """The address that shows the person how far it is; '' where no portal address is known."""
        if not self.site:
            return ""
        try:
            return self.site.rstrip("/") + reverse("portal_track", args=[self.case.tracking_code])
        except NoReverseMatch:
            return ""

    @cached_property
    def print_words(self) -> dict:
        """What the braces in the office's wording stand for; '' where the record has nothing."""
        case, office, accepted = self.case, self.office, self.event("accept")
        close = self.due("close")
        return {
            "registered_on": day(case.registered_at),
            "channel": CHANNELS.get(case.channel, ""),
            "title": case.title,
            "number": case.number,
            "accepted_on": day(accepted.at) if accepted else "",
            "due_on": day(close) if close else "",
            "unit": self.lead.organisation.name if self.lead else "",
            "phone": office.phone,
            "hours": office.hours,
            "address": office.address,
            "office": office.name,
            "short_name": office.short_name,
            "code": Span(case.tracking_code, identity="code"),
        }

    def feet(self) -> list[str]:
        """What rooms above add at the foot of a letter, e.g. who hears suggestions in this domain."""
        return [words for words in (foot(self.case) for foot in LETTER_FEET) if words]

    def sentences(self, templates) -> list[tuple[Span, ...]]:
        """Each template as spans; one that asks for something the record does not have is left out."""
        found = []
        for template in templates:
            filled = fill(template, self.print_words)
            if filled:
                found.append(filled)
        return found


def fill(template: str, words: dict) -> tuple[Span, ...]:
    """The template with its braces filled; () when one of them is empty. Text in a value is never read again."""
    parts: list = []
    for number, piece in enumerate(PLACEHOLDER.split(template)):
        if number % 2 == 0:
            parts.append(Span(piece))
            continue
        value = words.get(piece)
        if value is None:
            raise Refusal(f"文书规则里的“{{{piece}}}”不认识，请管理员改规则。")
        if not (value.text if isinstance(value, Span) else value):
            return ()
        parts.append(value if isinstance(value, Span) else Span(value))
    return tuple(parts)


def day(moment) -> str:
    """2026年11月22日, without leading zeros."""
    return day_words(clock.local(moment))


def day_words(on) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def hour(moment) -> str:
    """2026年11月22日 9:40; the end of a day is the day alone."""
    moment = clock.local(moment)
    if (moment.hour, moment.minute) == (23, 59):
        return day(moment)
    return f"{day(moment)} {moment.hour}:{moment:%M}"


def sentence(text: str) -> str:
    """Typed words with a full stop at the end of each line that has no mark there."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return "\n".join(line if line[-1] in "。！？；：”）…" else f"{line}。" for line in lines)


def titled(title: str) -> str:
    """A matter's title inside the title of a paper: quoted when it has marks of its own."""
    title = title.strip().rstrip("。！？；，")
    return f"“{title}”" if re.search(r"[，。；：、！？]", title) else title
