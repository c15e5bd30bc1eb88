"""The rows of this room on one matter, read once for a page: buttons, parts and papers ask for the same ones."""

from huiyin.cases.states import State
from huiyin.petitions.models import Hearing

ANSWERED = frozenset({State.ANSWERED, State.CLOSED})


def _once(case, name: str, find):
    """`find()` once for each number of events that the matter has."""
    kept = case.__dict__.setdefault("petition_rows", {})
    key = (name, case.last_seq, case.round)
    if key not in kept:
        kept[key] = find()
    return kept[key]


def objections(case) -> list:
    if case.kind != "petition":
        return []
    rows = case.jurisdiction_objections.select_related("source", "raised_by")
    return _once(case, "objections", lambda: list(rows.order_by("raised_at")))


def reviews(case) -> list:
    """Of this round, with their hearings."""
    if case.kind != "petition" or case.state not in ANSWERED:
        return []

    def find():
        rows = list(case.reviews.filter(round=case.round).order_by("taken_at", "pk"))
        heard = list(Hearing.objects.filter(case=case).order_by("began_at")) if rows else []
        for row in rows:
            row.held = [hearing for hearing in heard if hearing.review_id == row.pk]
            row.is_stopped = any(hearing.ended_at is None for hearing in row.held)
            for hearing in row.held:
                hearing.review = row
        return rows

    return _once(case, "reviews", find)


def hearings(case) -> list:
    return [hearing for row in reviews(case) for hearing in row.held]


def accused(case) -> list:
    if case.kind != "petition" or not case.is_restricted:
        return []
    rows = case.accused.filter(cleared_at=None).select_related("organisation")
    return _once(case, "accused", lambda: list(rows.order_by("named_at")))


def instructions(case) -> list:
    if case.kind != "petition":
        return []
    rows = case.instructions.select_related("asked_by", "decided_by")
    return _once(case, "instructions", lambda: list(rows.order_by("asked_at")))


def adoptions(case) -> list:
    if case.kind != "suggestion" or case.state == State.RECEIVED:
        return []
    rows = case.adoptions.select_related("organisation")
    return _once(case, "adoptions", lambda: list(rows.order_by("round")))
