"""Who hears of a move: messages to staff and to the person, derived from its event in the same transaction.

Called in one place, when the event is written; the rows stand in the rule set `messages`.
"""

from huiyin.cases import carried_over, categories, deadlines, procedures, resident_messages
from huiyin.cases.recipients import Recipients
from huiyin.cases.states import AssignmentState
from huiyin.cases.story.history import veiled
from huiyin.cases.verbs.dispatching import BOUNCES_BEFORE_DESIGNATION
from huiyin.notices import rules
from huiyin.notices.models import send
from huiyin.orgs.models import Role
from huiyin.rules import clock

INBOX = "/desk/inbox/"
FACTS = frozenset({"group", "by_clerk", "bounced", "lead", "co", "approved", "relapsed", "bad"})


def tell(case, step):
    """Staff and person hear of the event that `step` has just written, once."""
    if carried_over.is_carrying():
        return
    content = rules.content(case.office_id)
    facts = facts_of(case, step)
    rows = [row for row in content["staff"] if row["verb"] == step.verb and applies(row, facts)]
    _tell_staff(case, step, rows)
    resident_messages.tell(case, step, facts)


def applies(row: dict, facts: set) -> bool:
    return set(row.get("if", ())) <= facts and not set(row.get("unless", ())) & facts


def facts_of(case, step) -> set[str]:
    """What a row may ask of a move: those of FACTS that are so."""
    data, part = step.data, step.assignment
    found = {
        "group": case.is_group,
        "by_clerk": step.by is not None and Role.CLERK in step.by.roles,
        "bounced": case.bounce_count >= BOUNCES_BEFORE_DESIGNATION,
        "lead": part is not None and part.is_lead,
        "co": part is not None and not part.is_lead,
        "approved": bool(data.get("approved")),
        "relapsed": bool(data.get("has_relapsed")),
        "bad": data.get("solved") == "no" or data.get("satisfied") == "no",
    }
    return {name for name, is_so in found.items() if is_so}


def _tell_staff(case, step, rows):
    """Alarms first: who is meant by two rows hears the graver one."""
    told = {step.by.pk} if step.by else set()
    number = 0
    for row in sorted(rows, key=lambda row: row.get("level", "plain")):
        for part in _parts(case, step, row):
            number += 1
            people = Recipients(case, part).add(row["who"], **_named(case, step))
            users, through = people.find(without=told, left=row.get("left", False))
            words = {
                "unit": str(part.organisation) if part else "",
                "due": _due(case, step, part),
                "bounces": case.bounce_count,
                "people": case.group_size,
                "urges": case.urge_count,
                "document": step.data.get("number", ""),
            }
            say(
                case, row["text"], words, users, through, key=f"event:{case.pk}:{step.event.seq}:{number}",
                group=row["group"], level=row.get("level", "plain"), left=row.get("left", False),
            )  # fmt: skip
            told |= set(users)


def say(case, text, words, users, through, *, key, group, level="plain", left=False):
    """One message about `case` in the words of a rule; outside the house without its title."""
    if not users:
        return
    common = {"number": case.number, **words}
    send(
        users.values(),
        rules.fill(text, {"what": _what(case), **common}),
        office=case.office,
        url=INBOX if left else f"/desk/cases/{case.number}/",
        key=key,
        level=level,
        group=group,
        outside=rules.fill(text, {"what": _what_outside(case), **common}),
        through=through,
        restricted=case.is_restricted,
    )


def _what(case) -> str:
    return case.number if case.is_restricted else f"{case.number} {veiled(case.title)}"


def _what_outside(case) -> str:
    """Number and category: a title may hold a name."""
    if case.is_restricted:
        return case.number
    row = categories.table(case.office_id).get(case.category)
    return f"{case.number} {row['name'] if row else procedures.kind_name(case)}"


def _parts(case, step, row) -> list:
    """The units' parts that a row is about: each one sent gets words of its own."""
    if "sent" not in row["who"]:
        return [step.assignment]
    sent = step.data.get("sent", ())
    return list(case.assignments.filter(pk__in=sent).select_related("organisation").order_by("sent_at", "pk"))


def _named(case, step) -> dict:
    """Users that only this kind of move knows."""
    subject = step.subject
    named = {
        "asker": [getattr(subject, "asked_by_id", None)],
        "issuer": [getattr(subject, "issued_by_id", None)],
        "letter_issuer": [getattr(subject, "issued_by_id", None)],
    }
    if step.verb in ("take", "report"):
        sent = case.events.filter(verb__in=("dispatch", "designate", "add_unit"), round=case.round)
        named["dispatcher"] = [sent.order_by("-seq").values_list("by_id", flat=True).first()]
    if step.verb == "issue_letter":
        named["letter_persons"] = case.letters.get(pk=step.data["letter"]).persons.values_list(
            "pk", flat=True
        )
    return named


def _due(case, step, part) -> str:
    """'，11 月 20 日 18:00 前' of what the unit now owes, or ''."""
    if step.verb == "supervise":
        return before(step.subject.due_at)
    if part is None or part.state != AssignmentState.SENT:
        return ""
    clocks = [row for row in case.deadlines.running().filter(assignment=part)]
    due = [row.due_at for row in clocks if deadlines.rule_of(row).duty == "report"]
    return before(due[0]) if due else ""


def before(moment) -> str:
    at = clock.local(moment)
    return f"，{at.month} 月 {at.day} 日 {at:%H:%M} 前"
