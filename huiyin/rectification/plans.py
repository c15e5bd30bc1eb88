"""The plan of one matter: written, checked by another, carried out measure by measure, accepted by another.

For every kind whose procedure has a `plan`. Everything that happens is one move of the matter.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Prefetch

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import move
from huiyin.rectification import rules, substance
from huiyin.rectification.models import Measure, MeasureState, Plan, PlanState


@dataclass
class MeasureIn:
    """One measure as it is written: what, to what end, by which standard, who, until when."""

    what: str
    target: str
    standard: str
    person: object
    organisation: object
    due_on: date
    stage: str = ""  # of tasks of a work plan


@dataclass
class Written:
    """A plan as it is handed in. `leader` answers for the whole."""

    goal: str
    due_on: date
    leader: object
    measures: list[MeasureIn] = field(default_factory=list)
    approach: str = ""
    funds: str = ""
    emergency: str = ""


def versions(case):
    """All versions of this matter's plans with their measures, the latest first."""
    measures = Measure.objects.select_related("organisation", "person", "done_by").order_by("number")
    rows = Plan.objects.filter(case=case).select_related("leader", "written_by", "decided_by", "accepted_by")
    return rows.prefetch_related(Prefetch("measures", measures)).order_by("-round", "-version")


def current(case) -> Plan | None:
    """The plan of this round that no later version has replaced; read once for a page."""
    held = case.__dict__.setdefault("held_plan", {})
    key = (case.round, case.last_seq)
    if key not in held:
        rows = versions(case).filter(round=case.round).in_force()
        held[key] = rows.first()
    return held[key]


def forget(case):
    case.__dict__.pop("held_plan", None)


def live_measures(case) -> list[Measure]:
    """Measures of the plan in force, in their order."""
    plan = current(case)
    return list(plan.measures.all()) if plan else []


def executors(case) -> set:
    """User ids of those who carried out or answer for measures of this round: they never accept the work."""
    plan = current(case)
    if plan is None:
        return set()
    rows = live_measures(case)
    people = {row.done_by_id for row in rows} | {row.person_id for row in rows}
    return (people | {plan.leader_id, plan.self_accepted_by_id}) - {None}


def write(case, *, by, goal, due_on, leader, measures, approach="", funds="", emergency="") -> Plan:
    """Hand in a plan, or a new version of it; measures already done and unchanged stay done.

    Raises Refusal 400 with what the rules of substance refuse.
    """
    given = Written(goal, due_on, leader, list(measures), approach, funds, emergency)
    with move(case, "write_plan", by) as step:
        forget(case)
        if not given.measures:
            raise Refusal("至少写一条措施。", status=400, errors={"measures": "请写措施"})
        found = substance.check(case, given)
        refused = [row for row in found if row.refuses]
        if refused:
            raise Refusal(
                "方案还不能送审：" + "；".join(row.text for row in refused) + "。",
                status=400,
                errors={_field_of(refused[0]): "；".join(row.text for row in refused)},
            )
        plan = _store(case, given, found, by, step.at)
        step.say(goal.strip(), plan=str(plan.pk), version=plan.version)
        step.data["notes"] = [f"第 {plan.version} 版，{len(given.measures)} 条措施，{due_on} 前完成"]
        step.data["notes"] += [row.text for row in found]
    forget(case)
    return plan


def _field_of(finding: substance.Finding) -> str:
    if finding.row:
        return "measures"
    return {"past": "due_on", "late": "due_on", "same": "measures"}.get(finding.code, "goal")


def _store(case, given: Written, found, by, at) -> Plan:
    """The new version; the one before is superseded and its unchanged done measures are carried over."""
    before = Plan.objects.filter(case=case, round=case.round)
    last = before.in_force().first()
    done = {_same(row): row for row in last.measures.all() if row.state == MeasureState.DONE} if last else {}
    before.in_force().update(state=PlanState.SUPERSEDED)
    plan = Plan.objects.create(
        office_id=case.office_id, case=case, round=case.round, version=before.count() + 1, goal=given.goal.strip(),
        approach=given.approach.strip(), leader=given.leader, funds=given.funds.strip(),
        emergency=given.emergency.strip(), due_on=given.due_on, findings=[row.as_data() for row in found],
        digest=substance.digest_of(given), written_at=at, written_by=by,
    )  # fmt: skip
    for number, row in enumerate(given.measures, 1):
        made = Measure(
            office_id=case.office_id, case=case, plan=plan, number=number, what=row.what.strip(),
            target=row.target.strip(), standard=row.standard.strip(), organisation=row.organisation,
            person=row.person, due_on=row.due_on,
        )  # fmt: skip
        old = done.get(_same(made))
        if old:
            for name in ("state", "done_at", "done_by", "done_text", "done_event"):
                setattr(made, name, getattr(old, name))
        made.save()
    return plan


def _same(row: Measure) -> tuple:
    return (substance.bare(row.what), substance.bare(row.standard), row.person_id)


def decide(case, *, by, subject, approve: bool, text: str = "") -> Plan:
    """Another person approves the plan or returns it with reasons; what the rules noticed must be answered."""
    with move(case, "check_plan", by, subject) as step:
        forget(case)
        plan = Plan.objects.get(pk=subject.pk)
        involved = {plan.written_by_id, plan.leader_id, *plan.measures.values_list("person_id", flat=True)}
        if by.pk in involved:
            raise Refusal("方案是您写的，或者由您来改，要请别人审。", status=403)
        if not approve and len(text.strip()) < 4:
            raise Refusal("退回要写明哪里不具体、哪里做不到。", status=400, errors={"text": "请写明哪里要改"})
        if approve and plan.findings and len(text.strip()) < 4:
            raise Refusal(
                "规则核对有提示，通过要写明为什么可行。", status=400, errors={"text": "请对提示写一句"}
            )
        plan.state = PlanState.APPROVED if approve else PlanState.RETURNED
        plan.decided_at, plan.decided_by, plan.reason = step.at, by, text.strip()
        plan.save(update_fields=["state", "decided_at", "decided_by", "reason"])
        if approve:  # whoever owes a measure must be able to read the matter, whatever unit they are of
            people = {row.person_id for row in plan.measures.all()} | {plan.leader_id}
            case.named_readers = [*case.named_readers, *(people - set(case.named_readers))]
        step.say(text.strip(), approved=approve, version=plan.version, plan=str(plan.pk))
        step.data["notes"] = [f"第 {plan.version} 版{'通过，可以动工' if approve else '退回，改好再送'}"]
    forget(case)
    return plan


@transaction.atomic
def finish(case, *, by, subject, text: str, attachments=()) -> Measure:
    """One measure is done, with words and, where the procedure asks for it, a picture."""
    with move(case, "finish_measure", by, subject) as step:
        forget(case)
        row = Measure.objects.select_related("plan").get(pk=subject.pk)
        if row.plan.state != PlanState.APPROVED:
            raise Refusal("方案还没有通过，不能动工。先请人审方案。")
        if not row.is_owed:
            raise Refusal(f"第 {row.number} 条{row.get_state_display()}，不用再交。")
        if rules.photo_wanted(case) and not any(file.is_image for file in attachments):
            raise Refusal(
                "改好要有照片为证，请传改后的照片。", status=400, errors={"attachments": "请传改后的照片"}
            )
        row.state, row.done_at, row.done_by, row.done_text = MeasureState.DONE, step.at, by, text.strip()
        row.save(update_fields=["state", "done_at", "done_by", "done_text"])
        left = Measure.objects.owed().filter(plan=row.plan).count()
        step.say(text.strip(), measure=str(row.pk), number=row.number)
        step.data["notes"] = [
            f"第 {row.number} 条：{row.what[:60]}",
            f"还剩 {left} 条" if left else "全部改完",
        ]
    case._bind(attachments, step.event)
    row.done_event = step.event
    row.save(update_fields=["done_event"])
    forget(case)
    return row


def give_back(case, *, by, subject, text: str) -> Measure:
    """Not done as the standard says: one measure goes back; the unit's own acceptance no longer stands."""
    with move(case, "return_measure", by, subject) as step:
        if by.pk in executors(case):
            raise Refusal("整改是您经手的，退不退回由别人来定。", status=403)
        forget(case)
        row = Measure.objects.select_related("plan").get(pk=subject.pk)
        row.state, row.returned_text = MeasureState.RETURNED, text.strip()
        row.save(update_fields=["state", "returned_text"])
        _unaccept(row.plan)
        step.say(text.strip(), measure=str(row.pk), number=row.number)
        step.data["notes"] = [f"第 {row.number} 条：{row.what[:60]}"]
    forget(case)
    return row


def _unaccept(plan: Plan):
    plan.self_accepted_at = plan.self_accepted_by = plan.accepted_at = plan.accepted_by = None
    plan.save(update_fields=["self_accepted_at", "self_accepted_by", "accepted_at", "accepted_by"])


def accept_own(case, *, by, subject, text: str) -> Plan:
    """自查验收: the responsible side has gone through its own list before it asks others to look."""
    with move(case, "accept_own", by, subject) as step:
        forget(case)
        owing = [row.number for row in live_measures(case) if row.is_owed]
        if owing:
            raise Refusal(f"第 {'、'.join(map(str, owing))} 条还没改完，改完再自查验收。")
        plan = Plan.objects.get(pk=subject.pk)
        plan.self_accepted_at, plan.self_accepted_by = step.at, by
        plan.save(update_fields=["self_accepted_at", "self_accepted_by"])
        step.say(text.strip(), plan=str(plan.pk))
    forget(case)
    return plan


@transaction.atomic
def settle_on_spot(case, *, by, how: str, text: str, attachments=()):
    """现场了结: put right while standing there, or nothing of the kind was found; no plan is asked for then."""
    with move(case, "on_spot", by) as step:
        grade = case.particulars.get("grade", "")
        if how == "fixed" and grade and grade not in _spot_grades(case):
            raise Refusal("这一等级的隐患不能当场了结，要编整改方案。")
        if not any(file.is_image for file in attachments):
            raise Refusal("现场了结要有照片。", status=400, errors={"attachments": "请传现场照片"})
        step.say(text.strip(), how=how)
        step.data["notes"] = ["当场改好" if how == "fixed" else "现场看了，没有这个问题"]
    case._bind(attachments, step.event)
    forget(case)


def _spot_grades(case) -> list[str]:
    from huiyin.cases import procedures

    return procedures.of(case).get("plan", {}).get("on_spot", [])
