"""拆分: one demand becomes a matter of its own; contact and answer to the person stay with the parent."""

import hashlib
from contextvars import ContextVar

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, evidence, intake, procedures
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.moving import move
from huiyin.cases.states import State
from huiyin.cooperation import together
from huiyin.cooperation.models import Split
from huiyin.rules.models import RuleSet

# (word for the event of registration, the row to make) while a child or a group matter is registered
MAKING: ContextVar[dict | None] = ContextVar("making", default=None)
ANSWERED = (State.ANSWERED, State.CLOSED)


def kinds_for(case) -> dict[str, str]:
    """kind → name of what a part can become: not those that are taken in by a form of their own."""
    rows = procedures.current(case.office).content["kinds"]
    apart = {kind for kind, row in rows.items() if row.get("levels") or row.get("informant")}
    return {kind: row["name"] for kind, row in rows.items() if kind not in apart}


def register_quietly(office, words, *, by, key, **marks) -> Case:
    """Register a matter made out of others; `marks` go into its first event. The person is not told: they know."""
    token = MAKING.set(marks)
    try:
        return intake.register(office, words, by=by, key=key)
    finally:
        MAKING.reset(token)


def mark_registration(case, step):
    """A follower: the first event says out of what the matter was made."""
    marks = MAKING.get()
    if step.verb == "register" and marks:
        step.data |= marks


@transaction.atomic
def split(
    case, *, by, subject=None, title: str, text: str, kind: str, category: str = "", wants: str = ""
) -> Case:
    """Take one demand out of `case`. Returns the child: received, same place and channel, the same parties.

    Raises Refusal 400 for a kind that cannot be made so, 409 for a child of a child or one too many.
    """
    with move(case, "split", by) as step:
        if kind not in kinds_for(case):
            raise Refusal(
                "拆出来的不能是这个种类，请从列表里选。", status=400, errors={"kind": "请从列表里选"}
            )
        held = together.of(case)
        if held.parent:
            raise Refusal(f"这件本身是从 {held.parent.parent.number} 拆出来的，请到母件上拆。")
        most = RuleSet.objects.current("cooperation", case.office_id).content["split"]["most_children"]
        if len(held.children) >= most:
            raise Refusal(f"已经拆了 {most} 件，再多就不好对一个人答复了。请把相近的要求合着办。")
        child = _register(case, by, title, text, kind, category, wants)
        step.say(text.strip(), child=child.number, notes=[f"{child.number} {child.title}"])
    return child  # fmt: skip


def _register(case, by, title, text, kind, category, wants) -> Case:
    key = f"split:{case.pk}:{hashlib.sha256(f'{title}|{text}'.encode()).hexdigest()[:16]}"
    known = Case.objects.filter(office=case.office, intake_key=key).first()
    if known:
        raise Refusal(f"这一项已经拆出去了，就是 {known.number}。")
    words = intake.Words(
        description=text, title=title, kind=kind, channel=case.channel, category=category or case.category, wants=wants,
        area=case.area, place=case.place, lon=case.lon, lat=case.lat, is_restricted=case.is_restricted,
        is_urgent=case.is_urgent, received_by=case.received_by,
    )  # fmt: skip
    child = register_quietly(
        case.office, words, by=by, key=key,
        part_of=case.number, notes=[f"由 {case.number} 拆出，答复并到那一件一起说"],
    )  # fmt: skip
    child.group_size, child.is_anonymous = case.group_size, case.is_anonymous
    child.named_readers = list(dict.fromkeys([*child.named_readers, *case.named_readers]))
    for row in case.parties.exclude(role="joined").order_by("pk"):
        CaseParty.objects.get_or_create(
            office_id=case.office_id, case=child, party_id=row.party_id, defaults={"role": row.role}
        )
    if case.first_contact_at:
        is_new, child.first_contact_at = child.first_contact_at is None, case.first_contact_at
        if is_new:
            deadlines.happened(child, "contacted")
            deadlines.choose_next(child)
    child.save()
    Split.objects.create(office_id=case.office_id, case=child, parent=case, at=child.registered_at, by=by)
    return child


def gathered(case) -> dict:
    """What the children answered, one paragraph each: proposed as text of the parent's one answer."""
    children = [row.case for row in together.of(case).children]
    parts = [(child, answer_of(child)) for child in children]
    found = [f"关于{child.title}：{event.text.strip()}" for child, event in parts if event]
    return {"text": "\n".join(found)} if found else {}


def answer_of(case):
    """The event with the answer of this round, or None."""
    return case.events.filter(verb__in=evidence.ANSWERS, round=case.round).order_by("-seq").first()


def unanswered(case) -> str:
    """What stands in the way of the parent's answer, or ''."""
    waiting = [
        row.case.number
        for row in together.of(case).children
        if row.case.is_open and row.case.state not in ANSWERED
    ]
    return f"拆出去的 {'、'.join(waiting)} 还没答复，等齐了一起答复本人" if waiting else ""  # fmt: skip


def still_open(case) -> str:
    """What stands in the way of the parent's end, or ''."""
    waiting = [child.number for child in together.of(case).open_children]
    return f"拆出去的 {'、'.join(waiting)} 还没办结" if waiting else ""


def follow(case, step):
    """Contact with the person counts for the parts too; who withdraws the whole withdraws its parts."""
    if step.verb == "contact":
        _contacted(case, step)
    elif step.verb == "withdraw":
        _withdraw_parts(case, step)


def _contacted(case, step):
    for child in together.of(case).open_children:
        if child.first_contact_at is None:
            together.lock_all(child)
            child.first_contact_at = step.at
            deadlines.happened(child, "contacted")
            deadlines.choose_next(child)
            child.save(update_fields=["first_contact_at", "next_deadline", "due_at"])


def _withdraw_parts(case, step):
    """A part that may not be withdrawn – a danger stays one – goes on by itself, and the history says so."""
    gone, stay = [], []
    for child in together.of(case).open_children:
        try:
            with transaction.atomic():
                child.withdraw(by=step.by, reason=f"随 {case.number} 一起撤回。")
            gone.append(child.number)
        except Refusal:
            stay.append(child.number)
    notes = [f"一起撤回：{'、'.join(gone)}"] if gone else []
    notes += [f"照样办：{'、'.join(stay)}"] if stay else []
    if notes:
        step.data["notes"] = [*step.data.get("notes", ()), *notes]
