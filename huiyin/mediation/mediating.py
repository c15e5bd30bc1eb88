"""The course of a mediation: opened on a level, sittings, agreed, failed or passed up – each written into the matter.

One file goes through all levels: passing up closes this level's mediation and opens the next one's.
"""

from datetime import date, datetime

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import numbering
from huiyin.cases.models import Case
from huiyin.cases.states import OPEN, Act
from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.mediation import rules
from huiyin.mediation.models import Mediation, MediationOutcome, MediationSession
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock

MAY_MEDIATE = CENTRE | CHIEF | UNIT | {Role.GRID_WORKER}
SERIES = "调"


@transaction.atomic
def open_mediation(
    case, *, by, level: int, organisation, mediators, opened_at: datetime | None = None
) -> Mediation:
    """Begin mediation of `case` on `level` by `organisation`; `mediators` are members of staff."""
    case = _locked(case)
    if case.state not in OPEN:
        raise Refusal("这件事已经结束，要再调先重新办理。")
    running = case.mediations.open().first()
    if running:
        raise Refusal(f"{running} 还在调解，先写结果再开下一级。")
    now = opened_at or clock.now()
    rule = rules.in_force(case.office)
    row = rules.level_rule(rule, level)
    if organisation.kind not in row["bodies"]:
        raise Refusal(
            f"{organisation}不主持“{row['name']}”这一级的调解，请换一家。",
            status=400,
            errors={"organisation": "请换"},
        )
    people = _mediators(organisation, mediators)
    mediation = Mediation.objects.create(
        office=case.office, case=case, number=numbering.document_number(case.office, SERIES, now), level=level,
        organisation=organisation, mediator_names="、".join(user.name for user in people)[:200], opened_at=now,
        opened_by=by, due_on=rules.due_on(case.office, level, clock.local(now).date(), rule), rules=rule,
    )  # fmt: skip
    mediation.mediators.set(people)
    _write(
        case,
        by,
        f"第 {level} 级调解开始：{organisation}，调解员{mediation.mediator_names}，{mediation.number}。",
    )
    return mediation


def _mediators(organisation, users) -> list:
    """The mediators, each with a post today; at least one."""
    people = list(users)
    if not people:
        raise Refusal("请选至少一名调解员。", status=400, errors={"mediators": "请选"})
    held = set(Post.objects.current().filter(user__in=people).values_list("user_id", flat=True))
    gone = [user.name for user in people if user.pk not in held]
    if gone:
        raise Refusal(
            f"{'、'.join(gone)} 现在没有在任岗位，请换人。", status=400, errors={"mediators": "请换"}
        )
    return people


@transaction.atomic
def hold(
    mediation,
    *,
    by,
    held_at: datetime,
    place: str,
    present: str,
    minutes: str,
    result: str,
    next_on: date | None = None,
) -> MediationSession:
    """Record one sitting. It cannot lie in the future or before the mediation began."""
    mediation = _open(mediation, by)
    if held_at > clock.now():
        raise Refusal(
            "还没到的时间不能记笔录；约好的时间写在“下次时间”。", status=400, errors={"held_at": "太晚"}
        )
    if held_at < mediation.opened_at.replace(second=0, microsecond=0):  # forms give whole minutes
        raise Refusal("笔录的时间早于调解开始。", status=400, errors={"held_at": "太早"})
    if next_on and next_on < clock.local(held_at).date():
        raise Refusal("下次时间不能早于这一次。", status=400, errors={"next_on": "太早"})
    sitting = MediationSession.objects.create(
        office=mediation.office, mediation=mediation, held_at=held_at, place=place, present=present, minutes=minutes,
        result=result, next_on=next_on, recorded_by=by, recorded_at=clock.now(),
    )  # fmt: skip
    again = f"，下次 {next_on}" if next_on else ""
    _write(
        mediation.case,
        by,
        f"{mediation.number} 第 {mediation.sessions.count()} 次调解：{result}{again}。",
        place,
    )
    return sitting


@transaction.atomic
def close(mediation, *, by, outcome: str, text: str, turned_criminal: bool = False) -> Mediation:
    """Not agreed (`failed`) or given up by the parties (`withdrawn`). An agreement closes by itself."""
    if outcome not in (MediationOutcome.FAILED, MediationOutcome.WITHDRAWN):
        raise Refusal("达成协议的请记协议，往上转的请用“转上一级”。", status=400, errors={"outcome": "请换"})
    mediation = _open(mediation, by)
    if outcome == MediationOutcome.FAILED and not mediation.sessions.exists():
        raise Refusal("一次也没有调解，不能写“没有调成”。先记一次调解笔录。", missing=("调解笔录",))
    mediation.turned_criminal = turned_criminal
    mediation.turned_criminal = turned_criminal
    _end(mediation, outcome, text)
    ways = "，已告知可以申请仲裁、提起诉讼或者申请法律援助" if outcome == MediationOutcome.FAILED else ""
    _write(mediation.case, by, f"{mediation.number} {mediation.get_outcome_display()}：{text}{ways}。")
    return mediation


@transaction.atomic
def pass_up(mediation, *, by, organisation, mediators, reason: str) -> Mediation:
    """Not settled here: the same matter goes to the next level. Returns the new mediation."""
    mediation = _open(mediation, by)
    if mediation.level >= rules.HIGHEST:
        raise Refusal("已经是最高一级。没有调成的，告知当事人仲裁、诉讼和法律援助的去处。")
    if not mediation.sessions.exists():
        raise Refusal("一次也没有调解，不能往上转。先记一次调解笔录。", missing=("调解笔录",))
    _end(mediation, MediationOutcome.PASSED_UP, reason)
    return open_mediation(
        mediation.case, by=by, level=mediation.level + 1, organisation=organisation, mediators=mediators
    )


def agreed(mediation, *, by, text: str):
    """Close as agreed; called with the agreement in one transaction."""
    mediation = _open(mediation, by)
    _end(mediation, MediationOutcome.AGREED, text)
    return mediation


def _end(mediation, outcome: str, text: str):
    mediation.outcome, mediation.outcome_text, mediation.closed_at = outcome, text.strip(), clock.now()
    mediation.save(update_fields=["outcome", "outcome_text", "closed_at", "turned_criminal"])


def _open(mediation, by) -> Mediation:
    """The mediation under lock (its matter first), still open."""
    _locked(mediation.case)
    fresh = Mediation.objects.select_for_update(of=("self",)).select_related("case__office", "organisation")
    mediation = fresh.get(pk=mediation.pk)
    if mediation.outcome != MediationOutcome.OPEN:
        at = clock.local(mediation.closed_at)
        raise Refusal(
            f"{mediation.number} 已在 {at:%Y-%m-%d %H:%M} 结束：{mediation.get_outcome_display()}。"
        )
    return mediation


def _locked(case) -> Case:
    """The row of the matter under lock, so that two who act at once come one after the other."""
    return Case.objects.select_for_update(of=("self",)).select_related("office").get(pk=case.pk)


def _write(case, by, text: str, place: str = ""):
    """One entry in the history of the matter; whoever may not write there may not mediate."""
    case.record(by=by, act=Act.MEDIATION, text=text, place=place)
