"""Everything of this room about one matter, read once: nothing is asked of a matter whose history names no such move."""

from dataclasses import dataclass, field

from django.db.models import Q

from huiyin.cases import record
from huiyin.cases.models import Case
from huiyin.cooperation.models import (
    Call,
    Champion,
    GroupMatter,
    JointRecord,
    Link,
    Split,
    Upward,
)

PART_OF, GROUP = "part_of", "group_of"  # in the event of registration
CASE = "case__area", "case__office"


@dataclass
class Together:
    """`parent`: the split row by which this matter was taken out of another; the rest are lists, oldest first."""

    parent: Split | None = None
    children: list[Split] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    group: GroupMatter | None = None
    upwards: list[Upward] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    joints: list[JointRecord] = field(default_factory=list)
    champions: list[Champion] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())

    @property
    def champion(self) -> Champion | None:
        """The one who stands behind it now."""
        return next((row for row in self.champions if row.ended_at is None), None)

    @property
    def open_children(self) -> list[Case]:
        return [row.case for row in self.children if row.case.is_open]

    @property
    def open_upwards(self) -> list[Upward]:
        return [row for row in self.upwards if row.is_open]


def verbs_of(case) -> set[str]:
    """Which moves of this room the history of `case` names."""
    if record.is_loaded(case, "events"):
        found = set()
        for event in case.events.all():
            found.add(event.verb)
            if event.verb == "register":
                found |= {PART_OF, GROUP} & event.data.keys()
        return found & MADE
    marks = Q(verb__in=MADE) | Q(verb="register", data__has_any_keys=[PART_OF, GROUP])
    rows = case.events.filter(marks).values_list("verb", "data")
    return {verb for verb, _ in rows} & MADE | {
        mark for verb, data in rows if verb == "register" for mark in {PART_OF, GROUP} & data.keys()
    }


MADE = {PART_OF, GROUP, "split", "link", "linked", "escalate", "whistle", "joint", "champion"}


def of(case) -> Together:
    """Cached on the matter until its next move."""
    if "together" not in case.__dict__:
        case.__dict__["together"] = _read(case, verbs_of(case))
    return case.__dict__["together"]


def _read(case, verbs) -> Together:
    found = Together()
    if PART_OF in verbs:
        found.parent = (
            Split.objects.filter(case=case).select_related("parent__office", "parent__area").first()
        )
    if "split" in verbs:
        found.children = list(
            Split.objects.filter(parent=case).select_related(*CASE, "case__in_charge").order_by("at", "pk")
        )
    if {"link", "linked"} & verbs:
        rows = Link.objects.filter(case=case, removed_at=None)
        found.links = list(rows.select_related("other").order_by("at", "pk"))
    if GROUP in verbs:
        found.group = GroupMatter.objects.filter(case=case).first()
    if "escalate" in verbs:
        found.upwards = list(
            Upward.objects.filter(case=case).select_related("sent_by").order_by("sent_at", "pk")
        )
    if "whistle" in verbs:
        rows = Call.objects.filter(case=case).select_related(
            "whistle", "organisation", "answered_by", "signed_by"
        )
        found.calls = list(rows.order_by("whistle__at", "due_at", "pk"))
    if "joint" in verbs:
        rows = JointRecord.objects.filter(case=case).select_related("host", "opened_by")
        rows = rows.prefetch_related("units__organisation", "units__signed_by", "measures__organisation")
        found.joints = list(rows.order_by("held_at", "pk"))
    if "champion" in verbs:
        rows = Champion.objects.filter(case=case).select_related("leader", "secretary")
        found.champions = list(rows.prefetch_related("steps").order_by("named_at", "pk"))
    return found  # fmt: skip


def taking_part(case) -> set:
    """Ids of units called to the matter or at a joint visit: they read it and do their part."""
    held = of(case)
    calls = {row.organisation_id for row in held.calls if row.released_at is None}
    return calls | {unit.organisation_id for joint in held.joints for unit in joint.units.all()}


def lock_all(*cases) -> None:
    """Lock several matters in one order, so that two people who join them crosswise do not wait for each other."""
    ids = sorted(case.pk for case in cases)
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))


def note_on(case, verb: str, text: str, by, **data):
    """The other half of a move, written into the history of the matter that it also concerns."""
    from huiyin.cases.moving import Step, finish, lock

    lock(case)
    step = Step(case, verb, by)
    step.title = by.title if by else "居民"
    step.say(text, **data)
    finish(case, step)
