"""What is sent back: rows of the list, one whole matter, what the person may see of theirs."""

from huiyin.cases import categories, deadlines, procedures, story, tracking
from huiyin.cases.evidence import evidence_of, missing_of
from huiyin.cases.offers import offers
from huiyin.cases.states import Act, Contacted, Satisfied, Solved
from huiyin.cases.story.letter import OUTCOMES
from huiyin.cases.workflow import EVENT_LABELS
from huiyin.rules import clock

PREFIX = "/api/v1/cases"
MOST_EVENTS = 500
CAN = {
    "urge": "urge",
    "rate": "rating",
    "reopen": "reopen",
    "withdraw": "withdraw",
}  # verb → the address below the code


def row(case) -> dict:
    """One line of the list."""
    now = clock.now()
    return {
        "number": case.number,
        "href": f"{PREFIX}/{case.number}",
        "title": case.title,
        "state": case.state,
        "state_label": case.shown_state_label,
        "is_paused": case.is_paused,
        "kind": case.kind,
        "kind_label": procedures.kind_name(case),
        "channel": case.channel,
        "channel_label": case.get_channel_display(),
        "category": case.category,
        "category_label": categories.path_name(case.office_id, case.category),
        "area": {"code": case.area.code, "name": case.area.name},
        "place": case.place,
        "group_size": case.group_size,
        "is_key": case.is_key,
        "is_urgent": case.is_urgent,
        "in_charge": case.in_charge.name if case.in_charge else None,
        "registered_at": case.registered_at,
        "updated_at": case.updated_at,
        "due_at": case.due_at,
        "is_overdue": bool(case.is_open and not case.is_paused and case.due_at and case.due_at < now),
    }


def whole(case, user) -> dict:
    """The matter with its history, limits, evidence, and the moves that `user` may make now."""
    evidence = evidence_of(case)
    return {
        **row(case),
        "tracking_code": case.tracking_code,
        "description": case.description,
        "wants": case.wants,
        "round": case.round,
        "lon": case.lon,
        "lat": case.lat,
        "is_restricted": case.is_restricted,
        "particulars": case.particulars,
        "reply_by": case.reply_by,
        "bounce_count": case.bounce_count,
        "answered_at": case.answered_at,
        "closed_at": case.closed_at,
        "look_back_on": case.look_back_on,
        "merged_into": case.merged_into.number if case.merged_into else None,
        "persons": [_person(link) for link in case.parties.select_related("party").order_by("pk")],
        "sources": list(case.sources.values("system", "outside_number", "owed_to", "due_at")),
        "limits": [_limit(case, *item) for item in deadlines.readings(case)],
        "assignments": [_assignment(item) for item in _assignments(case)],
        "notices": [
            _notice(item) for item in case.notices.select_related("organisation").order_by("issued_at")
        ],
        "letters": [
            _letter(item) for item in case.letters.select_related("organisation").order_by("issued_at")
        ],
        "ratings": list(
            case.ratings.order_by("rated_at").values(
                "round", "contacted", "solved", "satisfied", "words", "rated_at"
            )
        ),
        "attachments": list(
            case.attachments.order_by("uploaded_at").values(
                "id", "name", "content_type", "size_bytes", "uploaded_at", "is_from_person"
            )
        ),
        "evidence": [
            {"name": item.name, "is_there": item.is_there, "applies": item.applies, "text": item.text}
            for item in evidence
        ],
        "missing_for_close": [item.name for item in missing_of(case)],
        "events": _events(case),
        "moves": [offer.as_json(PREFIX) for offer in offers(case, user)],
    }


def gone(case) -> dict:
    """What is left to say when the move took the matter out of the user's sight."""
    return {
        "number": case.number,
        "state": case.state,
        "state_label": case.shown_state_label,
        "note": "已经办到，这件事不再归您看。",
        "moves": [],
    }


def _person(link) -> dict:
    """Never more than this: who needs the full name and number opens the page, which is written down."""
    party = link.party
    return {
        "role": link.role,
        "role_label": link.get_role_display(),
        "name": party.masked_name,
        "phone": party.masked_phone,
    }


def _limit(case, deadline, rule, reading) -> dict:
    return {
        "code": rule.code,
        "name": rule.name,
        "unit": str(deadline.assignment.organisation) if deadline.assignment else None,
        "started_at": deadline.started_at,
        "due_at": reading.due_at,
        "met_at": deadline.met_at,
        "dropped_at": deadline.dropped_at,
        "is_late": reading.is_late,
        "status": reading.status,
        "text": reading.text,
        "rule": f"{rule.cited}，{rule.length}",
    }


def _assignments(case):
    rows = case.assignments.select_related("organisation", "handler", "signed_off_by")
    return rows.order_by("round", "part", "sent_at")


def _assignment(item) -> dict:
    return {
        "id": item.pk,
        "unit": {"code": item.organisation.code, "name": str(item.organisation)},
        "part": item.part,
        "part_label": item.get_part_display(),
        "state": item.state,
        "state_label": item.get_state_display(),
        "round": item.round,
        "handler": item.handler.name if item.handler else None,
        "task": item.task,
        "duty_item": item.duty_item,
        "is_designated": item.is_designated,
        "sent_at": item.sent_at,
        "accepted_at": item.accepted_at,
        "returned_at": item.returned_at,
        "return_reason": item.return_reason,
        "return_clause": item.return_clause,
        "reported_at": item.reported_at,
        "report": item.report,
        "signed_off_at": item.signed_off_at,
        "signed_off_by": item.signed_off_by.name if item.signed_off_by else None,
    }


def _notice(item) -> dict:
    return {
        "number": item.number,
        "unit": str(item.organisation),
        "level": item.level,
        "cause": item.cause,
        "text": item.text,
        "issued_at": item.issued_at,
        "due_at": item.due_at,
        "answered_at": item.answered_at,
        "answer": item.answer,
    }


def _letter(item) -> dict:
    return {
        "number": item.number,
        "unit": str(item.organisation),
        "persons": item.person_names,
        "due_on": item.due_on,
        "task": item.task,
        "requirement": item.requirement,
        "signed_on": item.signed_on,
    }


def _events(case) -> list[dict]:
    """The newest MOST_EVENTS, oldest first."""
    rows = list(case.events.select_related("by", "voids").order_by("-seq")[:MOST_EVENTS])
    struck = {item.voids_id for item in rows if item.voids_id}
    return [
        {
            "seq": item.seq,
            "verb": item.verb,
            "label": EVENT_LABELS.get(item.verb, item.verb),
            "at": item.at,
            "by": item.by.name if item.by else None,
            "by_title": item.by_title,
            "from_state": item.from_state,
            "to_state": item.to_state,
            "round": item.round,
            "act": item.act,
            "act_label": Act(item.act).label if item.act else "",
            "text": item.text,
            "is_told": item.is_told,
            "is_void": item.pk in struck,
            "voids": item.voids.seq if item.voids else None,
            "data": item.data,
        }
        for item in reversed(rows)
    ]


def tracked(found) -> dict:
    """What the tracking page says, for programs: the same words, the same way, nothing of the person."""
    case, telling = found.case, story.Telling.of(found)
    owed = telling.goal_history.owed
    steps = [(step, False) for step in telling.trail()] + [(step, True) for step in telling.goal_trail()]
    steps.sort(key=lambda item: item[0].at)
    may = tracking.allowed(found, found.rating)
    return {
        "number": case.number,
        "state": case.state,
        "state_label": telling.words,
        "registered_at": case.registered_at,
        "due_at": owed.due_at if owed else None,
        "is_late": bool(owed and owed.is_late),
        "told": [{"at": step.at, "text": step.text} for step, _ in steps if step.is_told],
        "trail": [{"at": step.at, "words": step.line, "is_joined": joined} for step, joined in steps],
        "answer": _answer(telling.answer),
        "can": [name for verb, name in CAN.items() if may[verb]],
        "rating": _choices() if may["rate"] else None,
    }


def _answer(event) -> dict | None:
    return event and {
        "text": story.veiled(event.text),
        "at": event.at,
        "outcome": OUTCOMES.get(event.data.get("outcome"), ""),
    }


def _choices() -> dict:
    return {
        "contacted": dict(Contacted.choices),
        "solved": dict(Solved.choices),
        "satisfied": dict(Satisfied.choices),
    }
