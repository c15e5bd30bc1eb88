"""When a post ends: the matters that its holder handled in that unit go to the heir, each with an event."""

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Assignment, Case, ConferenceItem
from huiyin.cases.moving import Step, finish, lock
from huiyin.cases.states import OWED


@transaction.atomic
def hand_over(post, *, to, by) -> int:
    """Hand over open assignments of `post`; returns how many. Refused when there are some and nobody to take them."""
    rows, items = _open_work(post)
    count = rows.count() + items.count()
    if count and to is None:
        raise Refusal(f"{post.user.name} 手上还有 {count} 件没办完，请先指定接手的人（B 角或继任者）。")
    if count and to.pk == post.user_id:
        raise Refusal("接手的人不能是本人，请另选。", status=400)
    for row in rows:
        _hand_over_one(row, to, by)
    items.update(owner=to)
    return count


def owed(post) -> list[tuple[str, int]]:
    """What would be handed over now, in words with numbers."""
    rows, items = _open_work(post)
    return [("件在办事项", rows.count()), ("项会上定的事", items.count())]


def _open_work(post):
    rows = Assignment.objects.filter(
        office=post.office, organisation=post.organisation, handler=post.user, state__in=OWED
    )
    items = ConferenceItem.objects.filter(office=post.office, owner=post.user, conference__closed_at=None)
    return rows.select_related("case"), items


def _hand_over_one(row: Assignment, to, by):
    case = Case.objects.select_related("office", "area").get(pk=row.case_id)
    lock(case)
    row.handler = to
    row.save(update_fields=["handler"])
    if row.is_lead:
        case.in_charge = to
    step = Step(case, "hand_over", by)
    step.title = by.title
    step.assignment = row
    step.say("原经办人离任，接着办的人已经定好。", unit=str(row.organisation), new=to.name)
    finish(case, step)
