"""What the pages of incidents ask: the list, and one incident as a course of steps, each with its time."""

from dataclasses import dataclass, field

from django.db.models import Count, Q

from huiyin.cases import particulars
from huiyin.cases.models import Case
from huiyin.cases.states import OPEN
from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.incidents import ledger
from huiyin.orgs.models import Role

READERS = CENTRE | CHIEF | UNIT | {Role.SUPERVISOR, Role.GRID_WORKER}
KIND = "incident"
PAGE = 50
MOST = 200
VIEWS = {"open": "处置中", "ended": "已了结"}


def may_open(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & READERS)


def page(user, view: str, after: str = "") -> tuple[list[Case], str]:
    """PAGE incidents that `user` may read, the latest first, and the number where the next page goes on."""
    rows = Case.objects.visible_to(user).filter(office=user.office_id, kind=KIND)
    rows = rows.filter(state__in=OPEN) if view == "open" else rows.exclude(state__in=OPEN)
    last = rows.filter(number=after).first() if after else None
    if last:
        rows = rows.filter(
            Q(registered_at__lt=last.registered_at) | Q(registered_at=last.registered_at, pk__lt=last.pk)
        )
    rows = rows.select_related("area", "office").defer("words", "area__boundary")
    rows = rows.annotate(reports=Count("incident_reports")).order_by("-registered_at", "-pk")
    found = list(rows[: PAGE + 1])
    for row in found:
        row.sort = dict(particulars.shown(row)).get("事件类别", "")
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else ""


@dataclass
class Step:
    """One stage of the course: what is there of it, and the move that adds to it."""

    name: str
    verb: str
    rows: list = field(default_factory=list)
    note: str = ""

    @property
    def is_there(self) -> bool:
        return bool(self.rows)


def course(case) -> dict:
    """Everything about one incident, each list bounded to MOST rows."""
    reports = list(case.incident_reports.order_by("number")[:MOST])
    for row in reports:
        row.minutes = max(0, int((row.told_at - case.registered_at).total_seconds() // 60))
    facts = list(case.site_facts.order_by("number")[:MOST])
    briefings = list(case.briefings.order_by("held_at")[:MOST])
    statements = list(
        case.statements.select_related("drafted_by", "decided_by").prefetch_related("releases", "facts")[
            :MOST
        ]
    )
    damages = list(
        case.damages.select_related("party", "area")
        .prefetch_related("taken_back_by")
        .order_by("number")[:MOST]
    )
    relief = list(
        case.relief.select_related("damage").prefetch_related("taken_back_by").order_by("number")[:MOST]
    )
    for row in [*damages, *relief]:
        row.is_struck = row.takes_back_id is not None or bool(row.taken_back_by.all())
    events = {
        row.verb: row for row in case.events.filter(verb__in=("back_to_normal", "summarise")).order_by("seq")
    }
    steps = [
        Step("接报", "", [case]),
        Step("向上报告", "report_incident", reports),
        Step("核实现场情况", "gather_facts", facts),
        Step("内部通报", "brief", briefings),
        Step("对外口径", "draft_statement", [row for row in statements if row.state != "refused"]),
        Step("登记受损", "record_damage", damages),
        Step("收发款物", "record_relief", relief),
        Step("清理恢复", "clean_up", list(case.clean_ups.order_by("done_on", "pk")[:MOST])),
        Step("恢复正常", "back_to_normal", [events[v] for v in ("back_to_normal",) if v in events]),
        Step("总结", "summarise", [events[v] for v in ("summarise",) if v in events]),
    ]
    return {
        "steps": steps,
        "reports": reports,
        "facts": facts,
        "briefings": briefings,
        "statements": statements,
        "damages": damages,
        "relief": relief,
        "clean_ups": steps[7].rows,
        "normal": events.get("back_to_normal"),
        "summary": events.get("summarise"),
        "sums": ledger.sums(case),
        "particulars": particulars.shown(case),
    }


def of_case(case, user) -> dict | None:
    """The part beside an incident's page."""
    if case.kind != KIND:
        return None
    first = case.incident_reports.order_by("number").first()
    waiting = case.statements.filter(state="draft").count()
    minutes = int((first.told_at - case.registered_at).total_seconds() // 60) if first else None
    return {
        "case": case,
        "first": first,
        "minutes": minutes,
        "waiting": waiting,
        "normal": ledger.normal_since(case),
    }


def today(user) -> dict | None:
    """Open incidents, the latest first; at most five."""
    if not may_open(user):
        return None
    rows = Case.objects.visible_to(user).filter(office=user.office_id, kind=KIND, state__in=OPEN)
    found = list(rows.order_by("-registered_at").only("number", "title", "registered_at", "office_id")[:5])
    return {"incidents": found} if found else None
