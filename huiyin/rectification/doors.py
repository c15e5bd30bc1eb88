"""The room's moves, conditions and followers, its door on the rail and its parts on the desk's pages."""

from huiyin.cases import beside, moving, offers, procedure_check
from huiyin.documents.kinds import KINDS
from huiyin.rectification import conditions, following, moves, papers, parts, rules
from huiyin.rectification.views import frame
from huiyin.shell import rail


def put_up():
    """Called once when the room is ready."""
    moves.register()
    conditions.register()
    procedure_check.KEYS.update(rules.KEYS)
    moving.FOLLOWERS.append(following.follow)
    lead_waits = offers.CONDITIONS["report"]
    offers.CONDITIONS["report"] = lambda *given: lead_waits(*given) or conditions.report_waits(*given)
    for kind in papers.ROWS:
        KINDS[kind.code] = kind
    rail.register(
        "rectification", "整改", "verify", "desk_plans", allowed=frame.may_enter, order=46, on_phone=False
    )
    beside.MATTER.fill("rectification/parts/matter.html", parts.of_matter, order=10)
    beside.TODAY.fill("rectification/parts/today.html", parts.today, order=30)
