"""Matters from superiors: the paper they came by, whom they were sent to, their limit, the report upward."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from huiyin.cases import attachments, particulars, procedures, record
from huiyin.cases.intake import Words, register
from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.cases.states import OPEN, Act, Channel
from huiyin.reception.models import Directive
from huiyin.rules import clock

MEASURES = ("record", "report", "check_progress", "answer_notice", "escalate", "finish_measure", "on_spot")


@transaction.atomic
def receive(office, given: dict, files, *, by, key: str) -> Case:
    """Register the matter with its paper; with a lead unit named it is accepted and dispatched at once."""
    source = {
        "system": given["system"],
        "outside_number": given["outside_number"],
        "owed_to": given["owed_to"] or given["system"],
        "due_at": given["due_at"],
    }
    words = Words(
        description=given["description"],
        title=given["title"],
        kind="directive",
        channel=Channel.DIRECTIVE,
        category=given["category"],
        area=given["area"],
        place=given["place"],
        is_urgent=True,
        sources=[source],
        attachments=[attachments.store(upload, office, by=by, from_person=True) for upload in files],
        particulars=_particulars(office, given),
    )
    case = register(office, words, by=by, key=key)
    _, is_new = Directive.objects.get_or_create(
        office=office,
        case=case,
        defaults={
            "source": case.sources.order_by("pk").first(),
            "level": given["level"],
            "document": given["document"],
            "received_on": given["received_on"],
            "remark": given["remark"],
        },
    )
    if is_new and given["lead"]:
        case.accept(by=by)
        task = given["task"] or "按来文要求办理，报结前附整改前后对照。"
        due_at = given["due_at"] if given["due_at"] and given["due_at"] > clock.now() else None
        case.dispatch(by=by, lead=given["lead"], co=list(given["co"]), task=task, due_at=due_at)
    return case


def _particulars(office, given: dict) -> dict:
    """What the paper says that the procedure of orders also asks for: the level, and the leader's words."""
    known = {
        row["code"]: row for row in procedures.current(office).content["kinds"]["directive"].get("fields", [])
    }
    found = {}
    level = known.get("source_level")
    if level and given["level"] in dict(particulars.choices_of(level)):
        found["source_level"] = given["level"]
    if given.get("remark") and "leader_view" in known:
        found["leader_view"] = given["remark"]
    return found


def rows(user):
    """Papers whose matters `user` may read, each with `is_fed_back`."""
    told = CaseEvent.objects.annotate(source=KeyTextTransform("source", "data")).filter(
        office_id=OuterRef("office_id"), case_id=OuterRef("case_id"), verb="feed_back",
        source=Cast(OuterRef("source_id"), CharField()), round=OuterRef("case__round"),
    )  # fmt: skip
    visible = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"))
    found = Directive.objects.filter(Exists(visible), office_id=user.office_id)
    return found.annotate(is_fed_back=Exists(told))


STANDINGS = {
    "late": (
        "超过交办时限",
        lambda now: Q(is_fed_back=False, source__due_at__lt=now, case__state__in=sorted(OPEN)),
    ),
    "running": ("在办", lambda now: Q(case__state__in=sorted(OPEN))),
    "owed": ("没反馈", lambda now: Q(is_fed_back=False)),
    "fed_back": ("已反馈", lambda now: Q(is_fed_back=True)),
}


def narrowed(found, *, level: str = "", standing: str = ""):
    if level:
        found = found.filter(level=level)
    return found.filter(STANDINGS[standing][1](clock.now())) if standing in STANDINGS else found


@dataclass
class Report:
    """The feedback report, put together from the record; `missing` names what the record lacks."""

    directive: Directive
    case: Case
    units: list = field(default_factory=list)
    measures: list = field(default_factory=list)
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)
    results: list = field(default_factory=list)
    reactions: list = field(default_factory=list)
    feedback: list = field(default_factory=list)
    look_backs: list = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def report_of(directive: Directive) -> Report:
    case = record.load(directive.case)
    events = [event for event in case.events.all() if event.round == case.round]
    struck = {event.voids_id for event in events if event.voids_id}
    events = [event for event in events if event.pk not in struck]
    found = Report(directive, case, units=case.live_assignments)
    for event in events:
        if event.verb in MEASURES and event.text and event.act != Act.NOTE:
            found.measures.append(event)
        if event.verb in ("verify", "answer"):
            found.results.append(event)
        if event.verb == "feed_back":
            found.feedback.append(event)
        if event.verb == "look_back":
            found.look_backs.append(event)
    _pictures(found, events)
    found.reactions = [row for row in record.rows(case, "ratings") if row.round == case.round]
    found.missing = _missing(found)
    return found


def _pictures(found: Report, events):
    """What came with the matter shows how it was; what the units added when it was done shows how it is."""
    done = {
        event.pk
        for event in events
        if event.verb in ("report", "verify", "answer", "finish_measure", "on_spot")
    }
    done |= {event.pk for event in events if event.act == Act.RECTIFIED}
    for row in Attachment.objects.filter(case=found.case, content_type__startswith="image/").order_by("pk"):
        (found.after if row.event_id in done else found.before).append(row)


def _missing(found: Report) -> list[str]:
    has = {
        "来文字号": found.directive.source.outside_number,
        "责任单位": any(row.is_lead for row in found.units),
        "整改措施的记录": found.measures,
        "整改前的照片": found.before,
        "整改后的照片": found.after,
        "没经手的人核实": any(event.verb == "verify" for event in found.results),
        "群众的反应（评价或回访）": found.reactions,
        "向交办单位反馈": found.feedback,
    }
    return [name for name, there in has.items() if not there]
