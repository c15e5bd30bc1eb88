"""并成群体件: what different persons said of one thing goes on as one matter; each keeps code and answer, unseen."""

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import intake, joining
from huiyin.cases.models import Case
from huiyin.cases.models.case import GROUP_SIZE
from huiyin.cases.moving import move
from huiyin.cases.states import State
from huiyin.cooperation import splitting, together
from huiyin.cooperation.models import GroupMatter
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

JOINABLE = (State.RECEIVED, State.ACCEPTED)


@transaction.atomic
def gather(case, *, by, subject=None, others, title: str, text: str) -> Case:
    """One group matter of `case` and `others`, each of them joined to it. Returns the group matter.

    Raises Refusal 400 for matters that are restricted, ended, in hand or of the very same persons only.
    """
    rows = [case, *(row for row in others if row.pk != case.pk)]
    _check(case, rows)
    together.lock_all(*rows)
    words = intake.Words(
        description=text, title=title, kind=case.kind, channel=case.channel, category=case.category, area=case.area,
        place=case.place, lon=case.lon, lat=case.lat, is_urgent=any(row.is_urgent for row in rows),
        particulars=case.particulars,
    )  # fmt: skip
    numbers = [row.number for row in rows]
    group = splitting.register_quietly(
        case.office, words, by=by, key=f"group:{case.pk}:{case.last_seq}",
        group_of=numbers, notes=[f"由 {len(numbers)} 件并成：{'、'.join(numbers)}"],
    )  # fmt: skip
    GroupMatter.objects.get_or_create(
        office_id=case.office_id, case=group, defaults={"made_at": clock.now(), "made_by": by}
    )
    with move(group, "accept", by) as step:
        step.say(f"{len(rows)} 件说的是同一件事，并在一起办、一起答复。", told=True)
    for row in rows:
        row.merge(by=by, into=group, reason=title)
    recount(group)
    if joining.count_persons(group) < 2:
        raise Refusal("这几件是同一个人说的，用“并入”就行，不是群体件。", status=400)
    group.refresh_from_db()
    return group


def _check(case, rows):
    most = RuleSet.objects.current("cooperation", case.office_id).content["group"]["most_matters"]
    if not 2 <= len(rows) <= most:
        raise Refusal(f"请选 2 到 {most} 件。", status=400, errors={"others": "请选别的人说的同一件事"})
    for row in rows:
        if row.state not in JOINABLE:
            raise Refusal(
                f"{row.number} 已经{row.get_state_display()}，只有还没派出去的才能并成群体件。"
                "派出去了的先“收回改派”。", status=400, errors={"others": f"{row.number} 不能并"},
            )  # fmt: skip
        if row.is_restricted or together.of(row).children:
            raise Refusal(
                f"{row.number} 是限知的或拆分过的，不能并。",
                status=400,
                errors={"others": f"{row.number} 不能并"},
            )


def recount(group):
    """Bring the number of persons of a group matter in line with the matters joined to it."""
    row = GroupMatter.objects.filter(case=group).first()
    if row is None:
        return
    row.persons = joining.count_persons(group)
    row.save(update_fields=["persons"])
    group.group_size = max(row.persons, 1)
    group.is_urgent = group.is_urgent or group.group_size >= GROUP_SIZE
    Case.objects.filter(pk=group.pk).update(group_size=group.group_size, is_urgent=group.is_urgent)


def follow(case, step):
    """A matter joined to a group later counts too; its row is written after this step, so it is named."""
    if step.verb == "receive_merged" and GroupMatter.objects.filter(case=case).exists():
        row = Case.objects.filter(office_id=case.office_id, number=step.data.get("number")).first()
        persons = joining.count_persons(case, also=row)
        GroupMatter.objects.filter(case=case).update(persons=persons)
        case.group_size = max(persons, 1)
        case.is_urgent = case.is_urgent or case.group_size >= GROUP_SIZE


@transaction.atomic
def leave(case, *, by, subject=None, reason: str):
    """A matter that was joined wrongly goes its own way again: mirror of 并入, in both histories."""
    into = case.merged_into
    if into is None:
        raise Refusal("这件没有并入别的事项。")
    together.lock_all(case, into)
    with move(case, "leave_group", by) as step:
        case.merged_into = None
        joined = case.events.filter(verb="merge").order_by("-seq").first()
        if joined:  # its clocks go on as if it had never been joined
            case.deadlines.filter(dropped_at=joined.at).update(dropped_at=None)
        step.say(reason.strip(), number=into.number, notes=[f"不再和 {into.number} 一起办，单独接着办"])
        case.save(update_fields=["merged_into"])
        together.note_on(
            into, "left_group", reason.strip(), by, number=case.number, notes=[f"{case.number} 退出去单独办"]
        )
    recount(into)  # fmt: skip
