"""The door on the rail, the number on it, and what other pages of the desk show of publications."""

from huiyin.cases.record import has
from huiyin.publications.models import Objection, PublicationState, PublishedAnswer, TopicNote
from huiyin.publications.record import states_of, why_not
from huiyin.publications.reviewing import DOORS, REVIEWERS, WRITERS, objects
from huiyin.shell import rail

MOST_COUNTED = 100


def may_open(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & DOORS)


def waiting(request) -> int:
    """What this reviewer has to look at; counted up to 100."""
    user = request.user
    if not user.roles & REVIEWERS:
        return 0
    rows = [
        model.objects.filter(office_id=user.office_id, state=PublicationState.SUBMITTED)
        .exclude(writers__contains=[user.pk])[:MOST_COUNTED]
        .count()
        for model in (PublishedAnswer, TopicNote)
    ]
    return sum(rows)


def beside_matter(case, user) -> dict | None:
    """How the matter stands towards the public, for those who write or review."""
    if case.is_open or case.is_restricted or not may_open(user):
        return None
    row = states_of(case) if has(case, PublishedAnswer) else None
    return {
        "publication": row,
        "objected": has(case, Objection) and objects(case),
        "may_propose": row is None and bool(user.roles & WRITERS) and not why_not(case),
    }


def put_up():
    """Called once when the room is ready."""
    from huiyin.cases import beside

    rail.register(
        "publications", "公开", "speak", "desk_publications", allowed=may_open, count=waiting, order=70,
        on_phone=False, group="public",
    )  # fmt: skip
    beside.MATTER.fill("publications/parts/matter.html", beside_matter, order=80)
