"""One page of matters, ready to be shown: limit, first contact, who owes it, what happened last. Six queries."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Prefetch

from huiyin.cases import deadlines
from huiyin.cases.models import Assignment, Case, CaseEvent, Deadline
from huiyin.cases.states import AssignmentState, Part
from huiyin.cases.workflow import EVENT_LABELS
from huiyin.rules import clock

GROUPS = (("late", "已超期"), ("today", "今天到期"), ("later", "以后"), ("none", "没有在走的时限"))


@dataclass
class Row:
    """What a list shows of one matter."""

    case: Case
    limit: object
    limit_name: str
    contact: object
    owes: str
    last: CaseEvent | None
    group: str

    @property
    def last_label(self) -> str:
        return EVENT_LABELS.get(self.last.verb, self.last.verb) if self.last else ""

    @property
    def shown_state(self) -> str:
        returned = any(row.state == AssignmentState.RETURNED for row in self.case.shown_assignments)
        return "returned" if returned and self.case.state == "accepted" else self.case.shown_state

    @property
    def shown_state_label(self) -> str:
        return "被退回" if self.shown_state == "returned" else self.case.shown_state_label


def prepared(queryset):
    """`queryset` with everything `rows_of` reads."""
    assignments = Assignment.objects.exclude(state=AssignmentState.RELEASED).select_related("organisation")
    contact = Deadline.objects.filter(code__startswith="FIRST-CONTACT", dropped_at=None)
    # Outlines of grids and search documents are many kilobytes a row; no list shows them.
    queryset = queryset.defer("area__boundary", "words")
    return queryset.select_related("area", "in_charge", "next_deadline").prefetch_related(
        Prefetch("assignments", assignments.order_by("sent_at"), to_attr="shown_assignments"),
        Prefetch("deadlines", contact, to_attr="contact_clocks"),
        "pauses",
        "next_deadline__extensions",
    )


def rows_of(cases: list[Case], at=None) -> list[Row]:
    """Rows for cases that came through `prepared`, in their order."""
    at = at or clock.now()
    ids = [case.pk for case in cases]
    last = {
        event.case_id: event
        for event in CaseEvent.objects.filter(case_id__in=ids, seq=F("case__last_seq")).select_related("by")
    }
    return [_row(case, last.get(case.pk), at) for case in cases]


def _row(case: Case, last, at) -> Row:
    limit, name = None, ""
    if case.next_deadline:
        limit = _reading(case.next_deadline, case, at)
        name = deadlines.rule_of(case.next_deadline).name
    clocks = [row for row in case.contact_clocks if row.round == case.round]
    contact = _reading(clocks[0], case, at) if clocks else None
    return Row(case, limit, name, contact, _owes(case), last, group_of(case, at))


def _reading(deadline, case, at):
    extensions = deadline.__dict__.get("_prefetched_objects_cache", {}).get("extensions", ())
    approved = [row for row in extensions if row.is_approved]
    return deadlines.reading(deadline, case, at, list(case.pauses.all()), approved)


def _owes(case: Case) -> str:
    rows = [row for row in case.shown_assignments if row.round == case.round and row.state != "returned"]
    lead = next((row for row in reversed(rows) if row.part == Part.LEAD), None)
    return str(lead.organisation) if lead else "中心"


def group_of(case: Case, at) -> str:
    """Which heading of the list the matter stands under."""
    if case.due_at is None or case.is_paused:
        return "none" if case.due_at is None else "later"
    if case.due_at < at:
        return "late"
    tomorrow = clock.local(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return "today" if case.due_at < tomorrow else "later"


def grouped(rows: list[Row]) -> list[tuple[str, str, list[Row]]]:
    """Rows under 已超期, 今天到期, 以后 – as they come, empty groups left out."""
    return [
        (code, name, found) for code, name in GROUPS if (found := [row for row in rows if row.group == code])
    ]
