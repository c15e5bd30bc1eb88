"""联合处置: one record of a visit of several units, signed by each; whole, it proves that the matter was worked on."""

from datetime import date, datetime

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.moving import move
from huiyin.cases.states import Act
from huiyin.cooperation import together
from huiyin.cooperation.models import JointMeasure, JointRecord, JointUnit
from huiyin.cooperation.whistling import OVER
from huiyin.orgs.models import Post
from huiyin.rules import clock


@transaction.atomic
def joint(
    case, *, by, subject=None, host, units, held_at: datetime, place: str, summary: str, attachments=()
):
    """Open the record: who leads, which units were there, when, where, what was seen. Each unit then signs."""
    units = list(dict.fromkeys([host, *units]))
    if len(units) < 2:
        raise Refusal("联合处置至少要两家单位。", status=400, errors={"units": "再选一家"})
    if held_at > clock.now():
        raise Refusal("到场时间不能在以后，到了现场再记。", status=400, errors={"held_at": "请改时间"})
    with move(case, "joint", by) as step:
        if any(row.held_at == held_at and row.place == place.strip() for row in together.of(case).joints):
            raise Refusal("这一次已经记过了，请在那份记录上接着写。")
        _refuse_strangers(case, units)
        record = JointRecord.objects.create(
            office_id=case.office_id, case=case, round=case.round, held_at=held_at, place=place.strip(),
            summary=summary.strip(), host=host, opened_at=step.at, opened_by=by,
        )  # fmt: skip
        for unit in units:
            JointUnit.objects.create(office_id=case.office_id, case=case, record=record, organisation=unit)
        step.say(
            record.summary, act=Act.JOINT_ACTION, joint=str(record.pk), place=record.place,
            notes=[f"{clock.local(held_at):%m-%d %H:%M} {record.place}", "到场：" + "、".join(str(unit) for unit in units)],
        )  # fmt: skip
    case._bind(attachments, step.event)
    return record


def _refuse_strangers(case, units):
    if not case.is_restricted:
        return
    people = access.people_of(case)
    held = set(Post.objects.current().filter(user_id__in=people).values_list("organisation_id", flat=True))
    outside = [str(unit) for unit in units if unit.pk not in held]
    if outside:
        raise Refusal(
            f"这件限知，{'、'.join(outside)} 没有人在知情名单里，不能写进联合处置。", status=403,
            errors={"units": "只能选名单里有人的单位"},
        )  # fmt: skip


def sign(case, *, by, subject, people: str, finding: str):
    """One unit writes who came (name and post) and what it found, and signs. The last one makes the record whole."""
    with move(case, "joint_sign", by, subject) as step:
        row = JointUnit.objects.select_related("organisation", "record").get(pk=subject.pk)
        if row.signed_at:
            raise Refusal(f"{row} 已经签过。")
        if row.record.ended_at:
            raise Refusal("事项已经结束，这份记录不再签。")
        row.people, row.finding = people.strip(), finding.strip()
        row.signed_at, row.signed_by = step.at, by
        row.save(update_fields=["people", "finding", "signed_at", "signed_by"])
        left = row.record.units.filter(signed_at=None).count()
        if not left:
            row.record.completed_at = step.at
            row.record.save(update_fields=["completed_at"])
        step.say(
            row.finding, unit=str(row), joint=str(row.record_id), complete=not left,
            notes=[f"到场：{'、'.join(row.people.split())}", "各家签齐" if not left else f"还差 {left} 家签字"],
        )  # fmt: skip


def add_measure(case, *, by, subject, organisation, text: str, due_on: date, person: str = ""):
    """What the units agreed to do: by whom, until when."""
    if due_on < clock.today():
        raise Refusal("完成的日子不能是过去。", status=400, errors={"due_on": "请改日期"})
    with move(case, "joint_measure", by, subject) as step:
        record = JointRecord.objects.get(pk=subject.pk)
        if not record.units.filter(organisation=organisation).exists():
            raise Refusal("请选当天到场的单位。", status=400, errors={"organisation": "请从到场的单位里选"})
        known = record.measures.filter(organisation=organisation, text=text.strip())
        if known.exists():
            raise Refusal("这条措施已经记了。")
        row = JointMeasure.objects.create(
            office_id=case.office_id, case=case, record=record, organisation=organisation, text=text.strip(),
            person=person.strip(), due_on=due_on,
        )  # fmt: skip
        who = f"{organisation} {row.person}".strip()
        step.say(row.text, joint=str(record.pk), measure=str(row.pk), notes=[f"{who}，{due_on} 前"])


def finish_measure(case, *, by, subject, text: str):
    """A unit says that its measure is done, and how."""
    with move(case, "measure_done", by, subject) as step:
        row = JointMeasure.objects.get(pk=subject.pk)
        if row.done_at:
            raise Refusal("这条措施已经做完了。")
        row.done_at, row.done_by, row.done_text = step.at, by, text.strip()[:200]
        row.save(update_fields=["done_at", "done_by", "done_text"])
        late = clock.local(step.at).date() > row.due_on
        step.say(
            text.strip(),
            measure=str(row.pk),
            late=late,
            notes=[f"{row.text}：做完了" + ("，晚了" if late else "")],
        )


def follow(case, step):
    """A matter that ended another way needs no more signatures; what was signed stays."""
    if step.verb in OVER:
        JointRecord.objects.filter(case=case, completed_at=None, ended_at=None).update(ended_at=step.at)


def unfinished(case) -> str:
    """What stands in the way of closing, or ''."""
    said = []
    for record in together.of(case).joints:
        if record.ended_at:
            continue
        unsigned = [str(row) for row in record.units.all() if row.signed_at is None]
        undone = [str(row) for row in record.measures.all() if row.done_at is None]
        said += [f"联合处置还差 {'、'.join(unsigned)} 签字"] if unsigned else []
        said += [f"联合处置的措施没做完：{'、'.join(undone)}"] if undone else []
    return "；".join(said)
