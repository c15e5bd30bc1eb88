"""Papers of the demo year: issued in order of time from the matters as they were played, delivered, one voided."""

from dataclasses import dataclass, field
from datetime import timedelta

from huiyin.base.refusal import Refusal
from huiyin.cases import record
from huiyin.cases.models import Case
from huiyin.cases.states import OPEN
from huiyin.demo.files import read
from huiyin.documents import issuing
from huiyin.documents.facts import Facts
from huiyin.documents.kinds import KINDS
from huiyin.documents.models import DocumentKind
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock
from huiyin.rules.models import Counter

UNIT_PAPERS = {DocumentKind.TRANSFER, DocumentKind.SUPERVISION}
LONGEST_WAIT = timedelta(days=3)


@dataclass
class Turn:
    """One paper to issue at a moment, by whom."""

    at: object
    case: Case
    kind: str
    key: str = ""
    by: object = None
    signed_by: object = None
    extra: dict = field(default_factory=dict)


def load_documents(office):
    """Each paper in a transaction of its own; one that was broken off goes on, a finished one stays as it is."""
    done = Counter.objects.get_or_create(office=office, series="demo-documents-done", year=0)[0]
    if done.last:
        return
    book, people = read("documents.yaml"), _people(office)
    rows = Case.objects.filter(office=office, round=1, is_restricted=False).select_related("office", "area")
    cases = [record.load(case) for case in rows.order_by("registered_at", "pk")]
    turns = [turn for case in cases for turn in _turns(case, book, people)]
    turns = _thinned(sorted(turns, key=lambda turn: (turn.at, turn.case.number, turn.kind)), book["every"])
    waiting = _waiting(turns, book["waiting_signature"])
    spoilt = [turn for turn in turns if turn.kind == "acceptance"][book["voided_acceptance"] :][:1]
    for number, turn in enumerate(turn for turn in turns if turn not in waiting):
        _play(turn, number, book, is_spoilt=turn in spoilt)
    for turn in waiting:
        with clock.travel(turn.at), _quietly():
            issuing.submit(turn.case, turn.kind, by=turn.by, extra=turn.extra)
    Counter.objects.filter(office=office, series=done.series).update(last=1)


class _quietly:
    """A paper that the matter does not allow is left out of the demo."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return isinstance(error, Refusal)


def _people(office) -> dict:
    """role → user of the first post in force."""
    found = {}
    for post in Post.objects.of_roles(office, Role.CLERK, Role.DUTY_LEADER, Role.DEPUTY, Role.LEADER):
        found.setdefault(post.role, post.user)
    return found


def _turns(case: Case, book: dict, people: dict) -> list[Turn]:
    """What this matter's history calls for, each at its moment; not later than now."""
    facts, clerk = Facts(case), people[Role.CLERK]
    chief = people.get(Role.DEPUTY) or people[Role.DUTY_LEADER]
    verbs = {
        "registration": "register", "acceptance": "accept", "non_acceptance": "decline", "transfer": "dispatch",
        "supervision": "supervise", "opinion": "answer", "reply": "answer",
    }  # fmt: skip
    found = []
    for kind, verb in verbs.items():
        event = facts.event(verb, this_round=False)
        if event is None or (kind == "reply" and facts.is_petition):
            continue
        at = event.at + timedelta(minutes=book["after"][kind])
        if kind == "acceptance":
            sent = facts.event("dispatch")
            at = (
                max(at, sent.at + timedelta(minutes=10)) if sent and sent.at - event.at < LONGEST_WAIT else at
            )
        if at > clock.now():
            continue
        for subject in KINDS[kind].door(facts).subjects:
            turn = Turn(at, case, kind, subject.key, event.by or clerk, chief)
            if kind == "supervision":
                turn.at = subject.row.issued_at + timedelta(minutes=book["after"][kind])
            if kind == "opinion":
                lead = facts.lead
                outcome = event.data.get("outcome", "solved")
                turn.extra = {"outcome": outcome, "basis": (lead.duty_item if lead else "") or book["basis"]}
            if issuing.post_for(case, turn.by, KINDS[kind].roles) is None:
                turn.by = clerk
            found.append(turn)
    return found


def _thinned(turns: list[Turn], every: dict) -> list[Turn]:
    """Each n-th paper of a kind, as `every` says."""
    seen, kept = {}, []
    for turn in turns:
        seen[turn.kind] = seen.get(turn.kind, -1) + 1
        if seen[turn.kind] % every[turn.kind] == 0:
            kept.append(turn)
    return kept


def _waiting(turns: list[Turn], count: int) -> list[Turn]:
    """The latest opinions of open matters: they lie with a leader."""
    rows = [turn for turn in turns if turn.kind == "opinion" and turn.case.state in OPEN]
    return rows[-count:] if count else []


def _play(turn: Turn, number: int, book: dict, *, is_spoilt: bool):
    made = None
    with clock.travel(turn.at), _quietly():
        signed = turn.signed_by if issuing.needs_signature(turn.case, turn.kind) else None
        made = issuing.issue(turn.case, turn.kind, turn.key, by=turn.by, extra=turn.extra, signed_by=signed)
        if is_spoilt and made.edition == 1:
            issuing.void(made, by=turn.by, reason=book["void_reason"])
            made = issuing.issue(
                turn.case, turn.kind, turn.key, by=turn.by, extra=turn.extra, signed_by=signed
            )
    if made is None or made.kind == DocumentKind.REGISTRATION:
        return
    ways = book["unit_deliveries" if made.kind in UNIT_PAPERS else "deliveries"]
    way = ways[number % len(ways)]
    at = turn.at + timedelta(days=way["days"], hours=1)
    if at > clock.now() - timedelta(days=book["still_out_days"]):
        return
    with clock.travel(at), _quietly():
        issuing.deliver(made, by=turn.by, on=at.date(), way=way["way"], words=way["words"])
