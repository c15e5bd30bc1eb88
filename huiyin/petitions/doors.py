"""What this room brings to the others: moves, conditions, clocks, papers, parts of pages, one door on the rail."""

from huiyin.cases import access, beside, conference, deadlines, moving, procedure_check, requirements
from huiyin.documents import issuing
from huiyin.documents.kinds import KINDS
from huiyin.petitions import (
    accusations,
    adopting,
    moves,
    papers,
    parts,
    reviewing,
    routes_check,
    transfers,
)
from huiyin.petitions.models import ReviewLevel
from huiyin.rulebook.shapes import Rows, Table, Text
from huiyin.shell import rail


def put_up():
    """Called once when the room is ready."""
    moves.put_in()
    access.KEPT_FROM.append(accusations.kept_from)
    conference.OWNER_CHECKS.append(accusations.refuse_owner)
    deadlines.TRAITS["transferred"] = transfers.is_transferred
    deadlines.STOPS.append(reviewing.hearing_stops)
    deadlines.AFTER_CLOSING.update(reviewing.ANSWERED_BY.values())
    issuing.ON_DELIVERED.append(reviewing.opinion_delivered)
    moving.FOLLOWERS.extend(
        [transfers.hold_up, routes_check.check, accusations.guard, reviewing.guard, adopting.begin_again]
    )
    requirements.add("adoption_decided", "采纳情况", adopting.undecided)
    named = {level: Text(most=60) for level in ReviewLevel.values}
    procedure_check.KEYS["reviews"] = Table(needs={}, may=named, what="复查复核机关")
    procedure_check.LABELS["reviews"] = "复查复核机关"
    procedure_check.KEYS["not_adopted"] = Rows(Text(most=12))
    procedure_check.LABELS["not_adopted"] = "不用定采纳的分类"
    for kind in papers.ROWS:
        KINDS[kind.code] = kind
    beside.MATTER.fill("petitions/parts/matter.html", parts.of_case, order=25)
    beside.TODAY.fill("petitions/parts/today.html", parts.today, order=30)
    rail.register(
        "petitions", "信访", "book", "desk_petitions", allowed=parts.may_open, order=62, on_phone=False
    )
