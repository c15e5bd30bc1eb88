"""Reception by leader: batches and person-times, group visits apart, results so far – from the visits themselves."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum

from huiyin.accounts.models import User
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.models.case import GROUP_SIZE
from huiyin.cases.states import OPEN, Channel, State
from huiyin.reception import house_rules
from huiyin.reception.models import Consultation, HallVisit

GROUP = Q(group_size__gte=GROUP_SIZE)
RESULTS = {
    "closed": ("已办结", Q(state=State.CLOSED)),
    "answered": ("已答复待办结", Q(state=State.ANSWERED)),
    "open": ("在办", Q(state__in=sorted(OPEN - {State.ANSWERED}))),
    "other": ("其他结束", ~Q(state__in=sorted(OPEN | {State.CLOSED}))),
}
MOST_ON_SHEET = 200


def at_reception() -> Q:
    """Came to the reception itself: not made a matter at a window of the hall or by the legal station."""
    elsewhere = Exists(HallVisit.objects.filter(case_id=OuterRef("pk")))
    elsewhere |= Exists(Consultation.objects.filter(case_id=OuterRef("pk")))
    return Q(channel=Channel.VISIT) & ~elsewhere


@dataclass(frozen=True)
class Total:
    """One line: batches (批次), person-times (人次), and both of visits by five persons or more (集体访)."""

    leader: User | None
    batches: int
    persons: int
    group_batches: int
    group_persons: int
    closed: int
    answered: int
    open: int
    other: int


def visits(user, period):
    """Matters that came by a visit to the reception in the period, as far as `user` may read them."""
    return Case.objects.visible_to(user).filter(
        at_reception(), office_id=user.office_id, **period.holds("registered_at")
    )


def narrowed(rows, *, leader: str = "", group: bool = False, result: str = ""):
    """The visits behind one number of the table."""
    if leader:
        rows = rows.filter(received_by__username=leader)
    if group:
        rows = rows.filter(GROUP)
    return rows.filter(RESULTS[result][1]) if result in RESULTS else rows


def totals(user, period) -> tuple[Total, list[Total]]:
    """(the whole, one line for each receiver, most batches first)."""
    sums = {
        "batches": Count("pk"),
        "persons": Sum("group_size", default=0),
        "group_batches": Count("pk", filter=GROUP),
        "group_persons": Sum("group_size", filter=GROUP, default=0),
        **{name: Count("pk", filter=condition) for name, (_, condition) in RESULTS.items()},
    }
    rows = visits(user, period).order_by().values("received_by").annotate(**sums)
    rows = sorted(rows, key=lambda row: -row["batches"])
    users = User.objects.in_bulk([row["received_by"] for row in rows if row["received_by"]])
    lines = [Total(users.get(row.pop("received_by")), **row) for row in rows]
    whole = {name: sum(getattr(line, name) for line in lines) for name in sums}
    return Total(None, **whole), lines


# Whether a visit is past a step of the reception's rules (rule set `reception`), by what the matter says.
PAST = {
    "register": lambda case: True,
    "talk": lambda case: case.received_by_id is not None,
    "charge": lambda case: case.in_charge_id is not None,
    "accept": lambda case: case.state != State.RECEIVED,
    "dispatch": lambda case: case.state not in (State.RECEIVED, State.ACCEPTED),
    "answer": lambda case: case.answered_at is not None,
    "close": lambda case: case.state == State.CLOSED,
}


def next_step(case, steps: list[dict]) -> dict | None:
    """The first step of the rules that this visit has not passed; None for one that is over."""
    if case.state not in OPEN:
        return None
    return next((step for step in steps if step["code"] in PAST and not PAST[step["code"]](case)), None)


def unseen(user, period) -> int:
    """Visits of the period that `user` may not read; said on the sheet so that nothing seems left out."""
    every = Case.objects.filter(at_reception(), office_id=user.office_id, **period.holds("registered_at"))
    return every.count() - visits(user, period).count()


def lines_of(user, period) -> list[Case]:
    """The visits of the sheet in the order they came, each with its masked raiser as `raiser` and its `next_step`."""
    steps = house_rules.steps(user.office)
    parties = CaseParty.objects.filter(role="raiser").select_related("party")
    rows = (
        visits(user, period)
        .select_related("received_by", "area", "in_charge")
        .order_by("registered_at", "pk")
    )
    found = list(rows.prefetch_related(Prefetch("parties", parties, to_attr="raisers"))[:MOST_ON_SHEET])
    for row in found:
        row.raiser = row.raisers[0].party.masked_name if row.raisers else "未留姓名"
        row.next_step = next_step(row, steps)
    return found
