"""On a matter's page: which papers were issued, which can be issued now, and what the others wait for."""

from dataclasses import dataclass, field

from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import access, record
from huiyin.cases.beside import StoryRow
from huiyin.cases.workflow import CENTRE, CHIEF, MOVES, UNIT
from huiyin.documents.facts import Facts, day_words
from huiyin.documents.kinds import KINDS
from huiyin.documents.models import DocumentAct, IssuedDocument, Submission
from huiyin.orgs.models import Role

MOST = 30


def may_open(user) -> bool:
    """Who issues papers, hands them over or reads the register."""
    return bool(user.roles & (CENTRE | CHIEF | UNIT | {Role.SUPERVISOR}))


@dataclass
class Offer:
    """One paper that can be issued now; `about` says which unit or notice it is about."""

    kind: object
    key: str
    about: str
    url: str
    needs_signature: bool


@dataclass
class Waiting:
    """One that cannot be issued yet, and why."""

    label: str
    reason: str


@dataclass
class Shelf:
    issued: list = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    submissions: list = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.issued or self.offers or self.submissions)


def issued_of(case) -> list[IssuedDocument]:
    """The newest papers of a matter with their steps; asked once for a page."""
    if not record.has(case, IssuedDocument):
        return []
    if "issued_papers" not in case.__dict__:
        rows = (
            IssuedDocument.objects.filter(case=case)
            .defer("content")
            .select_related("issued_by", "approved_by")
        )
        rows = rows.prefetch_related("steps__by").order_by("-issued_at", "-pk")
        case.__dict__["issued_papers"] = list(rows[:MOST])
    return case.__dict__["issued_papers"]


def story_rows(case, user) -> list[StoryRow]:
    """In the matter's history: each paper issued, delivered, voided, with the way to it."""
    found = []
    for row in issued_of(case):
        label, url = row.get_kind_display(), reverse("desk_document", args=[row.pk])
        signed = f"{row.approved_by.name} 签发" if row.approved_by_id else ""
        who = f"{row.by_title} {row.issued_by.name}".strip()
        found.append(StoryRow(row.issued_at, "doc", f"出{label}", who, row.number, url, signed))
        for step in row.steps.all():
            if step.what == DocumentAct.DELIVERED:
                how = f"{day_words(step.on)} {step.get_way_display()}"
                found.append(StoryRow(step.at, "ok", f"{label}送达", step.by.name, row.number, url, how))
            else:
                words = f"作废理由：{step.words}"
                found.append(
                    StoryRow(step.at, "x", f"{label}作废", step.by.name, row.number, url, words, "turn")
                )
    return found


def shelf_of(case, user) -> Shelf:
    """Three queries at most; everything else is in memory on the matter's page."""
    shelf = Shelf()
    shelf.issued = issued_of(case)
    if record.has(case, Submission):
        shelf.submissions = list(Submission.objects.open().filter(case=case).defer("fields")[:MOST])
    there = {(row.kind, row.round, row.subject) for row in shelf.issued if row.voided is None}
    asked = {row.kind for row in shelf.submissions}
    facts = Facts(case)
    roles = {post.role for post in access.posts_on(case, user)}
    for code, kind in KINDS.items():
        if code in asked or not roles & kind.roles:
            continue
        door = kind.door(facts)
        if not door.is_apt:
            continue
        if not door.subjects:
            how = f"，先“{MOVES[door.verb].label}”" if door.verb in MOVES else ""
            shelf.waiting.append(Waiting(kind.label, f"{door.reason}{how}"))
        for subject in door.subjects:
            if (code, case.round, subject.key) not in there:
                needs = bool(facts.words(code).get("needs_approval"))
                shelf.offers.append(
                    Offer(kind, subject.key, subject.label, address(case, code, subject.key), needs)
                )
    return shelf


def address(case, code: str, key: str = "") -> str:
    """Where the draft of this paper is looked at and issued."""
    if key:
        return reverse("desk_document_draft", args=[case.number, code, key])
    return reverse("desk_document_draft", args=[case.number, code])


def matter_part(case, user) -> dict | None:
    try:
        shelf = shelf_of(case, user)
    except Refusal as refusal:  # the office's own wording lacks something: the matter's page stays readable
        return {"shelf": Shelf(issued=issued_of(case)), "refusal": refusal}
    return None if shelf.is_empty and not shelf.waiting else {"shelf": shelf}


def today_part(user) -> dict | None:
    """Papers that wait for this user's signature, at most five and a count up to 100."""
    if not user.roles & CHIEF:
        return None
    rows = Submission.objects.visible_to(user).open().exclude(asked_by=user)
    found = list(rows.select_related("case", "asked_by").defer("fields").order_by("asked_at")[:6])
    return {"submissions": found[:5], "more": len(found) > 5} if found else None
