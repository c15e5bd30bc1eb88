"""From the record of a matter to the words that may be told of it in public."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case, Rating
from huiyin.cases.states import Solved, State
from huiyin.cases.story import History
from huiyin.cases.story.trail import SHOWN_ACTS
from huiyin.orgs.models import Organisation
from huiyin.people.models import PartyKind
from huiyin.petitions import adopting
from huiyin.publications.masking import Known, Masked, mask
from huiyin.publications.models import Objection, PublicationState, PublishedAnswer
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

SUGGESTION = "suggestion"  # outside petitions: told in public only when the person agreed
MOST_WORDS = {"title": 60, "said": 2000, "done": 1000, "answer": 4000}


def rules(office) -> dict:
    """The content of the rule set `publication` in force."""
    return RuleSet.objects.current("publication", office).content


def may_be_told(office):
    """Matters of the office that the rules allow to be published at all."""
    content = rules(office)
    since = clock.now() - timedelta(days=content["closed_within_days"])
    rows = Case.objects.filter(
        office=office,
        state=State.CLOSED,
        closed_at__gte=since,
        is_restricted=False,
        kind__in=content["kinds"],
    ).exclude(category="")
    rows = rows.filter(~Q(kind=SUGGESTION) | Q(particulars__may_publish=True))
    for start in content["categories_never"]:
        rows = rows.exclude(category__startswith=start)
    return rows.exclude(Exists(Objection.objects.filter(case_id=OuterRef("pk"))))


def proposals(user, office, *, only_solved: bool = True):
    """Closed matters that `user` may read, that may be told and were not told yet; the newest first."""
    told = PublishedAnswer.objects.filter(case_id=OuterRef("pk"), round=OuterRef("round"))
    rows = may_be_told(office).visible_to(user).exclude(Exists(told))
    if only_solved:
        solved = Rating.objects.filter(
            case_id=OuterRef("pk"), round=OuterRef("round"), solved=Solved.YES, voice=""
        )
        rows = rows.filter(Exists(solved))
    return rows.select_related("area").defer("area__boundary", "words").order_by("-closed_at", "-pk")


def why_not(case) -> str:
    """Why this matter may not be told in public, or ''."""
    if case.state != State.CLOSED:
        return f"这件事现在是“{case.get_state_display()}”，办结以后才能公开。"
    if case.is_restricted:
        return "限知事项不公开。"
    content = rules(case.office)
    if case.kind not in content["kinds"]:
        return "这一类事项按规定不公开。"
    if not case.category or any(case.category.startswith(start) for start in content["categories_never"]):
        return "这个分类按规定不公开。"
    if case.kind == SUGGESTION and not case.particulars.get(adopting.MAY_PUBLISH):
        return "提建议的人还没有说同意公开；同意了，在事项页“补填要素”里记上。"
    if Objection.objects.filter(office_id=case.office_id, case=case).exists():
        return "本人不同意公开，不再提。"
    return ""


def public_numbers(office) -> frozenset:
    """Digits of the numbers that everybody may ring: the office's and its organisations'."""
    rows = Organisation.objects.filter(office=office).exclude(phone="").values_list("phone", flat=True)
    return frozenset(re.sub(r"\D", "", number) for number in [*rows, office.phone])


def known_of(case) -> Known:
    """The names behind a matter, those who worked on it, and the numbers that are public."""
    parties = [row.party for row in case.parties.select_related("party")]
    staff = case.events.exclude(by=None).values_list("by__name", flat=True).distinct()
    return Known(
        persons=tuple(row.name for row in parties if row.kind == PartyKind.PERSON),
        bodies=tuple(row.name for row in parties if row.kind != PartyKind.PERSON),
        staff=tuple(name for name in staff if name),
        keep=public_numbers(case.office),
    )


@dataclass(frozen=True)
class Sketch:
    """The four texts as the record has them, each with what was masked in it."""

    title: Masked
    said: Masked
    done: Masked
    answer: Masked
    outcome: str
    known: Known

    @property
    def parts(self) -> list[tuple[str, str, Masked]]:
        names = {"title": "事由", "said": "居民说了什么", "done": "办了什么", "answer": "怎么答复的"}
        return [(name, label, getattr(self, name)) for name, label in names.items()]

    @property
    def pieces(self) -> list:
        return [piece for _, _, masked in self.parts for piece in masked.pieces]


def sketch_of(case) -> Sketch:
    """Title, what was said, what was done and the answer of the round in force, without identities."""
    history, known = History(case), known_of(case)
    answer = history.last("answer", "answer_at_once")
    if answer is None:
        raise Refusal("这一轮还没有答复，不能公开。")
    texts = {"title": case.title, "said": case.description, "done": _done(history), "answer": answer.text}
    masked = {name: mask(text.strip(), known) for name, text in texts.items()}
    return Sketch(**masked, outcome=answer.data.get("outcome", "solved"), known=known)


def _done(history) -> str:
    """What was done, station by station, in our own words: 'x 月 x 日城建办到现场看了。'"""
    lines = []
    for event in history.events:
        if event.round != history.case.round:
            continue
        day = clock.local(event.at)
        when = f"{day.month} 月 {day.day} 日"
        if event.verb == "take" and event.assignment and event.assignment.is_lead:
            lines.append(f"{when}，{event.assignment.organisation}接下来办。")
        elif event.verb == "record" and event.act in SHOWN_ACTS:
            lines.append(f"{when}，{SHOWN_ACTS[event.act].format(unit=event.by_title.split(' ')[0])}。")
        elif event.verb == "verify":
            lines.append(f"{when}，没经手的人去看过。")
    lines += _adopted(history.case)
    return "".join(dict.fromkeys(lines))


def _adopted(case) -> list[str]:
    """What became of a suggestion: adopted or not and why, and whether it is done."""
    row = adopting.told_of(case) if case.kind == SUGGESTION else None
    if row is None:
        return []
    done = f"{row['done_on'].month} 月 {row['done_on'].day} 日落实了。" if row["done_on"] else ""
    return [f"采纳情况：{row['label']}。{row['reason'].rstrip('。')}。{done}"]


def community_of(case) -> Area | None:
    """The community of the matter's place; nothing finer is told."""
    return (
        Area.objects.filter(pk__in=case.area.path, kind=AreaKind.COMMUNITY)
        .defer("boundary")
        .order_by("code")
        .first()
    )


def days_of(case) -> int:
    """Whole days from registration to the answer."""
    return max(
        0,
        (
            clock.local(case.answered_at or case.closed_at).date() - clock.local(case.registered_at).date()
        ).days,
    )


def solved_of(case) -> str:
    """What the person said of this round: yes, partly, no, or '' when they did not."""
    rating = case.ratings.filter(round=case.round, voice="").first()
    return rating.solved if rating else ""


def shortened(name: str, text: str) -> str:
    most = MOST_WORDS[name]
    return text if len(text) <= most else text[: most - 1] + "…"


def states_of(case) -> PublishedAnswer | None:
    """The answer of this round in whatever state, the live one first."""
    rows = PublishedAnswer.objects.filter(office_id=case.office_id, case=case, round=case.round)
    found = sorted(
        rows, key=lambda row: (row.state == PublicationState.WITHDRAWN, -row.written_at.timestamp())
    )
    return found[0] if found else None


@dataclass(frozen=True)
class Told:
    """How a matter stands towards the public, for its person: what is published of it, and whether they object."""

    answer: PublishedAnswer | None
    is_objected: bool
    may_be_told: bool


def told_of(case) -> Told:
    rows = PublishedAnswer.objects.public(case.office).filter(case=case).defer("words")
    answer = rows.first() if case.state == State.CLOSED else None
    is_objected = Objection.objects.filter(office_id=case.office_id, case=case).exists()
    kind = not case.is_restricted and case.kind in rules(case.office)["kinds"]
    return Told(answer, is_objected, kind and case.state not in (State.VOID, State.MERGED))
