"""The moves of this room, registered once: every kind may make them unless its procedure switches them off."""

from django.db.models import QuerySet

from huiyin.cases import access, evidence, kind_moves, move_form, moving, requirements, workflow
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import CENTRE, CHIEF, LIVE, UNIT, Move
from huiyin.cooperation import (
    championing,
    forms,
    grouping,
    jointly,
    linking,
    splitting,
    territory,
    together,
    upward,
    whistling,
)
from huiyin.cooperation import models as rows
from huiyin.orgs.models import Role

CALLERS = CENTRE | CHIEF | {Role.STATION, Role.UNIT_HEAD, Role.GRID_WORKER, Role.SUPERVISOR}
TOGETHER = CENTRE | CHIEF | {Role.STATION, Role.UNIT_HEAD, Role.SUPERVISOR}
WORKING = LIVE - {State.ANSWERED}
ELSEWHERE = {"linked": "被关联", "unlinked": "被解除关联", "left_group": "退出一件"}


def register():
    _subjects()
    _matters()
    _upward()
    _whistle()
    _joint()
    _champion()
    workflow.EVENT_LABELS.update(ELSEWHERE)
    for follower in (splitting.mark_registration, splitting.follow, grouping.follow, upward.follow, whistling.follow,
                     jointly.follow, championing.follow):  # fmt: skip
        moving.FOLLOWERS.append(follower)
    moving.FOLLOWERS.append(lambda case, step: case.__dict__.pop("together", None))
    access.TAKING_PART.append(together.taking_part)
    evidence.HANDLED_BY["joint_sign"] = lambda event: bool(event.data.get("complete"))
    move_form.SUGGESTIONS["answer"] = splitting.gathered
    move_form.SUGGESTIONS["issue_letter"] = territory.first_for_letter
    ends = ("close", "refer", "merge", "void")
    requirements.add("parts_answered", "拆出去的都答复了", splitting.unanswered, always=("answer",))
    requirements.add("parts_ended", "拆出去的都办结了", splitting.still_open, always=ends)
    requirements.add("whistles_signed", "吹哨的都销哨了", whistling.unsigned, always=("close",))
    requirements.add("joint_finished", "联合处置签齐办完", jointly.unfinished, always=("close",))


def _every(model, **more):
    def rows_of(case) -> QuerySet:
        return model.objects.filter(office_id=case.office_id, case=case, **more)

    return rows_of


def _subjects():
    held = together.of
    add = kind_moves.add_subjects
    add("link", lambda case: held(case).links, _every(rows.Link))
    add("upward", lambda case: held(case).open_upwards, _every(rows.Upward))
    add("call_owed", lambda case: [row for row in held(case).calls if row.is_waiting], _every(rows.Call))
    add(
        "call_answered",
        lambda case: [
            row for row in held(case).calls if row.answered_at and not row.signed_at and not row.released_at
        ],
        _every(rows.Call),
    )
    add(
        "joint", lambda case: [row for row in held(case).joints if not row.ended_at], _every(rows.JointRecord)
    )
    add("joint_unit", _unsigned, _every(rows.JointUnit))
    add(
        "joint_measure",
        lambda case: [row for joint in held(case).joints for row in joint.measures.all() if not row.done_at],
        _every(rows.JointMeasure),
    )
    add("champion", lambda case: [row for row in [held(case).champion] if row], _every(rows.Champion))
    add("champion_step", lambda case: [row for row in (held(case).champion.steps.all() if held(case).champion else []) if not row.done_at], _every(rows.ChampionStep))  # fmt: skip


def _unsigned(case) -> list:
    joints = [joint for joint in together.of(case).joints if not joint.ended_at]
    return [row for joint in joints for row in joint.units.all() if row.signed_at is None]


def _add(verb, label, does, sources, roles, form, act, *, to=None, icon="note", condition=None, **rest):
    row = Move(verb, label, does, frozenset(sources), to, frozenset(roles), while_paused=True, **rest)
    kind_moves.add(row, form=form, act=act, icon=icon, condition=condition, quiet=True)


def _matters():
    _add(
        "split",
        "拆分",
        "一人说了几件，各办各的，一起答复",
        WORKING - {State.REPORTED, State.VERIFIED},
        CENTRE,
        forms.Split,
        splitting.split,
        icon="swap",
        rank=62,
        condition=lambda case, *_: "拆出来的不再拆" if together.of(case).parent else "",
    )
    _add(
        "link",
        "关联",
        "和另一件有关，两边都看得到",
        set(State) - {State.VOID},
        TOGETHER,
        forms.Link,
        linking.link,
        icon="merge",
        rank=78,
    )
    _add(
        "unlink",
        "解除关联",
        "关联错了，留痕解除",
        set(State) - {State.VOID},
        TOGETHER,
        forms.Reason,
        linking.unlink,
        icon="x",
        rank=89,
        subject="link",
    )
    _add(
        "gather",
        "并成群体件",
        "不同的人说同一件事",
        grouping.JOINABLE,
        CENTRE,
        forms.Gather,
        grouping.gather,
        icon="people",
        rank=64,
        condition=_may_gather,
    )
    _add("leave_group", "退出并案", "并错了，单独接着办", {State.MERGED}, CENTRE,
         forms.Reason, grouping.leave, to=State.ACCEPTED, icon="undo", rank=60)  # fmt: skip


def _may_gather(case, user, subject):
    if case.is_restricted:
        return "限知的不能并"
    held = together.of(case)
    if held.children or held.group or held.parent:
        return "拆分过的、已经是群体件的不能再并"
    return "" if forms.alike(case, user).exists() else "附近没有像这件、还没派出去的"


def _upward():
    _add(
        "review_upward",
        "再问上级",
        "还没答复，问到哪了",
        LIVE,
        CENTRE | UNIT,
        forms.ReviewUpward,
        upward.review,
        icon="up",
        rank=21,
        subject="upward",
    )
    _add("hear_upward", "上级答复", "收到答复，接着办", LIVE, CENTRE | UNIT,
         forms.HearUpward, upward.hear, icon="up", rank=19, subject="upward")  # fmt: skip


def _whistle():
    _add(
        "whistle",
        "吹哨",
        "叫部门来，各自限时报到",
        WORKING | {State.RECEIVED},
        CALLERS,
        forms.Whistle,
        whistling.whistle,
        icon="bell",
        rank=58,
    )
    _add(
        "answer_call",
        "报到",
        "到场或答复吹哨",
        OPEN,
        UNIT,
        forms.AnswerCall,
        whistling.answer,
        icon="ok",
        rank=3,
        subject="call_owed",
        own_unit=True,
    )
    _add(
        "sign_call",
        "销哨",
        "办好了销哨，没办好请再来",
        OPEN,
        CALLERS,
        forms.SignCall,
        whistling.sign,
        icon="verify",
        rank=18,
        subject="call_answered",
    )
    _add("release_call", "收哨", "这家不用来了", OPEN, CALLERS,
         forms.Reason, whistling.release, icon="x", rank=79, subject="call_owed")  # fmt: skip


def _joint():
    _add(
        "joint",
        "联合处置",
        "几家到现场，一份记录",
        WORKING,
        CENTRE | CHIEF | UNIT | {Role.GRID_WORKER},
        forms.Joint,
        jointly.joint,
        icon="team",
        rank=57,
    )
    _add(
        "joint_sign",
        "联合处置签字",
        "写明到场的人和意见",
        LIVE,
        UNIT | CENTRE,
        forms.JointSign,
        jointly.sign,
        icon="doc",
        rank=11,
        subject="joint_unit",
        own_unit=True,
    )
    _add(
        "joint_measure",
        "联合处置措施",
        "谁做什么、哪天做完",
        LIVE,
        CENTRE | CHIEF | UNIT,
        forms.JointMeasure,
        jointly.add_measure,
        icon="plus",
        rank=56,
        subject="joint",
    )
    _add("measure_done", "措施做完", "说做得怎样", LIVE, CENTRE | UNIT,
         forms.MeasureDone, jointly.finish_measure, icon="ok", rank=43, subject="joint_measure")  # fmt: skip


def _champion():
    _add(
        "champion",
        "定包靠",
        "科级领导和社区书记盯到底",
        LIVE - {State.ANSWERED},
        CHIEF | {Role.SUPERVISOR},
        forms.Champion,
        championing.name,
        icon="flag",
        rank=73,
    )
    _add(
        "champion_step",
        "加一步包靠措施",
        "做什么、哪天前",
        OPEN,
        CHIEF | UNIT | {Role.SUPERVISOR},
        forms.ChampionStep,
        championing.add_step,
        icon="plus",
        rank=72,
        subject="champion",
    )
    _add(
        "champion_report",
        "报包靠进展",
        "包靠的人说做得怎样",
        OPEN,
        CHIEF | UNIT,
        forms.ChampionReport,
        championing.report,
        icon="ok",
        rank=12,
        subject="champion_step",
        condition=_not_theirs,
    )
    _add("champion_end", "包靠销号", "攻下了，或稳住转常态", OPEN, CHIEF,
         forms.ChampionEnd, championing.end, icon="ok", rank=71, subject="champion",
         condition=lambda case, user, row: "包靠的领导不能自己销号" if user.pk == row.leader_id else "")  # fmt: skip


def _not_theirs(case, user, row):
    held = together.of(case).champion
    return "" if held and user.pk in (held.leader_id, held.secretary_id) else "由包靠的人来报"
