"""一岗双责: what is open under each leader, and decisions on accountability that only few may read."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from huiyin.audit.models import record as audit
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Assignment, Case
from huiyin.cases.states import OPEN, AssignmentState
from huiyin.rectification import rules
from huiyin.rectification.models import MAY_READ_DECISIONS, Accountability, LeaderDuty
from huiyin.rules import clock

KINDS = {
    "all": ("在办", Q()),
    "hazard": ("隐患", Q(kind="hazard")),
    "petition": ("信访", Q(kind__in=["petition", "dispute", "early_sign"])),
    "late": ("超期", None),
}
MOST = 1000


@dataclass
class Standing:
    """One leader's duty with what is open under it, by KINDS; each number opens its matters."""

    duty: LeaderDuty
    units: list
    areas: list
    counts: dict = field(default_factory=dict)


def under(user, duty: LeaderDuty, what: str = "all"):
    """Open matters under this leader that `user` may read: owed by the units of the line, or in the linked areas."""
    units = [row.pk for row in duty.organisations.all()]
    areas = [row.pk for row in duty.areas.all()]
    owed = Assignment.objects.filter(case_id=OuterRef("pk"), organisation_id__in=units)
    owed = owed.exclude(state__in=[AssignmentState.RETURNED, AssignmentState.RELEASED])
    mine = Exists(owed)
    if areas:
        mine |= Q(area_id__in=areas) | Q(area__ancestors__overlap=areas)
    rows = Case.objects.visible_to(user).filter(mine, state__in=OPEN)
    if what == "late":
        return rows.filter(due_at__lt=clock.now(), paused_at=None)
    return rows.filter(KINDS[what][1])


def standings(user) -> list[Standing]:
    """Every leader in force today, with capped numbers."""
    rows = (
        LeaderDuty.objects.visible_to(user)
        .current()
        .select_related("user")
        .prefetch_related("organisations", "areas")
    )
    found = []
    for duty in rows.order_by("start_on", "pk")[:40]:
        held = list(under(user, duty).order_by().values_list("kind", "due_at", "paused_at")[:MOST])
        now = clock.now()
        counts = {
            "all": len(held),
            "hazard": sum(kind == "hazard" for kind, _, _ in held),
            "petition": sum(kind in ("petition", "dispute", "early_sign") for kind, _, _ in held),
            "late": sum(bool(due and due < now and paused is None) for _, due, paused in held),
        }
        found.append(Standing(duty, list(duty.organisations.all()), list(duty.areas.all()), counts))
    return found


@transaction.atomic
def enter(office, given: dict, *, by) -> LeaderDuty:
    """A leader's duty from a day on; the one before ends that day."""
    before = (
        LeaderDuty.objects.select_for_update().filter(office=office, user=given["user"], end_on=None).first()
    )
    if before:
        if given["start_on"] <= before.start_on:
            raise Refusal(
                f"现在的一份从 {before.start_on} 起，新的要在它之后。",
                status=400,
                errors={"start_on": "太早"},
            )
        before.end_on = given["start_on"]
        before.save(update_fields=["end_on"])
    names = ("user", "business", "safety", "petitions", "start_on", "source")
    duty = LeaderDuty.objects.create(office=office, **{name: given[name] for name in names})
    duty.organisations.set(given["organisations"])
    duty.areas.set(given.get("areas", ()))
    audit("一岗双责", f"leader_duty:{duty.pk}", by=by, office=office, leader=given["user"].name)
    return duty


def may_read_all(user) -> bool:
    return bool(user.roles & MAY_READ_DECISIONS)


def decisions(user, address: str = "") -> list[Accountability]:
    """Decisions that `user` may read, the latest first; every reading leaves a trace."""
    rows = (
        Accountability.objects.visible_to(user).select_related("user", "case").order_by("-decided_on", "-pk")
    )
    found = list(rows[:100])
    if found:
        audit("看问责决定", "accountability", by=user, address=address, number=len(found))
    names = rules.content(user.office_id)["decisions"]
    for row in found:
        row.decision_name = names.get(row.decision, row.decision)
    return found


@transaction.atomic
def decide(office, given: dict, *, by) -> Accountability:
    """Keep one decision; the same document about the same person is kept once."""
    if not may_read_all(by):
        raise Refusal("问责决定由纪检和主要领导记录。", status=403)
    if given["user"].pk == by.pk:
        raise Refusal("对自己的决定要由别人记录。", status=403)
    if given["decided_on"] > clock.today():
        raise Refusal("决定日不能在今天以后。", status=400, errors={"decided_on": "太晚"})
    if given["decision"] not in rules.content(office)["decisions"]:
        raise Refusal("没有这种决定，请从列表里选。", status=400, errors={"decision": "请选"})
    row, is_new = Accountability.objects.get_or_create(
        office=office, document=given["document"].strip(), user=given["user"],
        defaults={
            "case": given.get("case"), "what_for": given["what_for"].strip(), "decision": given["decision"],
            "authority": given["authority"].strip(), "decided_on": given["decided_on"], "recorded_at": clock.now(),
            "recorded_by": by,
        },
    )  # fmt: skip
    if is_new:
        audit("记问责决定", f"accountability:{row.pk}", by=by, office=office)
    return row
