"""关联: two matters that have to do with each other, seen from both; taken back by a mirror event."""

from django.db import transaction
from django.db.models import Q

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import move
from huiyin.cooperation import together
from huiyin.cooperation.models import Link


@transaction.atomic
def link(case, *, by, subject=None, other, reason: str) -> Link:
    """Relate `case` to `other`. Refused: to itself, twice, and between a restricted matter and an open one."""
    if other.pk == case.pk:
        raise Refusal("不能和自己关联，请填另一件。", status=400, errors={"other": "填另一件的编号"})
    if other.is_restricted != case.is_restricted:
        raise Refusal(
            "限知的事项不能和别的事项互相关联，编号会让不该知道的人知道。",
            status=400,
            errors={"other": "换一件"},
        )
    together.lock_all(case, other)
    if any(other.pk == row.other_id for row in together.of(case).links):
        raise Refusal(f"和 {other.number} 已经关联了。")
    with move(case, "link", by) as step:
        both = {"reason": reason.strip()[:200], "at": step.at, "by": by, "office_id": case.office_id}
        row = Link.objects.create(case=case, other=other, **both)
        Link.objects.create(case=other, other=case, **both)
        step.say(row.reason, number=other.number, notes=[f"和 {other.number} 有关"])
        together.note_on(
            other, "linked", row.reason, by, number=case.number, notes=[f"和 {case.number} 有关"]
        )
    return row


@transaction.atomic
def unlink(case, *, by, subject, reason: str):
    """Take a relation back, from whichever side; both rows stay with their end."""
    other = Link.objects.select_related("other").get(pk=subject.pk).other
    together.lock_all(case, other)
    with move(case, "unlink", by, subject) as step:
        sides = Q(case=case, other=other) | Q(case=other, other=case)
        if not Link.objects.filter(sides, removed_at=None).update(removed_at=step.at, removed_by=by):
            raise Refusal("这个关联已经解除了。")
        step.say(reason.strip(), number=other.number, notes=[f"不再和 {other.number} 关联"])
        together.note_on(
            other, "unlinked", reason.strip(), by, number=case.number, notes=[f"不再和 {case.number} 关联"]
        )
