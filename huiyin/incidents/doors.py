"""What this room brings to the others: moves, conditions, papers, parts of pages, one door on the rail."""

from huiyin.cases import beside, moving, requirements
from huiyin.documents.kinds import KINDS
from huiyin.incidents import ledger, moves, papers, reading, sealing
from huiyin.shell import rail


def put_up():
    """Called once when the room is ready."""
    moves.put_in()
    moving.FOLLOWERS.append(sealing.follow)
    requirements.add("incident_reported", "事件报告", ledger.unreported)
    requirements.add("rumour_answered", "公开澄清", ledger.unsaid)
    requirements.add("normal_again", "恢复正常", ledger.not_normal)
    requirements.add("incident_summarised", "总结", ledger.not_summarised)
    for kind in papers.ROWS:
        KINDS[kind.code] = kind
    beside.MATTER.fill("incidents/parts/of_case.html", reading.of_case, order=20)
    beside.TODAY.fill("incidents/parts/today.html", reading.today, order=5)
    rail.register(
        "incidents", "突发事件", "bell", "desk_incidents", allowed=reading.may_open, order=64, on_phone=False
    )
