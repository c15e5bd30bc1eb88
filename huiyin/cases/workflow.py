"""The one table of a matter's life: which verb leads from which states to which, and for which posts.

It drives the buttons, the API, the refusals and the diagram in docs. A procedure (data, one per kind)
only narrows it: it may switch verbs off and name fewer posts. Moves that only some kinds know are added by the
rooms above (see kind_moves). `subject` says what besides the matter a verb is about.
`opt_in`: only where the procedure of the kind asks for it (`opens`).
"""

from dataclasses import dataclass

from huiyin.cases.states import OPEN, AssignmentState, State
from huiyin.orgs.models import Role

CENTRE = frozenset({Role.CLERK, Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER})
CHIEF = frozenset({Role.DUTY_LEADER, Role.DEPUTY, Role.DIRECTOR, Role.LEADER})
UNIT = frozenset({Role.HANDLER, Role.UNIT_HEAD, Role.STATION})
CHECKERS = frozenset(
    {Role.SUPERVISOR, Role.CLERK, Role.DEPUTY, Role.DUTY_LEADER, Role.GRID_WORKER, Role.STATION}
)
WORKING = frozenset({State.DISPATCHED, State.IN_HAND})
LIVE = OPEN - {State.RECEIVED}
RESIDENT = "resident"


@dataclass(frozen=True)
class Move:
    """One row. `to` None keeps the state. `own_unit`: the post must belong to the unit that owes the subject."""

    verb: str
    label: str
    does: str
    sources: frozenset
    to: str | None
    roles: frozenset
    subject: str = ""
    subject_states: frozenset = frozenset()
    own_unit: bool = False
    not_handler: bool = False
    while_paused: bool = False
    only_paused: bool = False
    needs_evidence: bool = False
    opt_in: bool = False
    rank: int = 50


def _move(verb, label, does, sources, to, roles, **rest) -> Move:
    return Move(verb, label, does, frozenset(sources), to, frozenset(roles), **rest)


_S = AssignmentState
_ROWS = [
    _move("accept", "受理", "告知居民已经收下", {State.RECEIVED}, State.ACCEPTED, CENTRE, rank=10),
    _move("decline", "不予受理", "写明理由和去处", {State.RECEIVED}, State.NOT_ACCEPTED, CENTRE),
    _move("refer", "转送别处", "告诉居民归谁管", {State.RECEIVED, State.ACCEPTED}, State.REFERRED, CENTRE),
    _move("merge", "并入", "和另一件一起办", {State.RECEIVED, State.ACCEPTED}, State.MERGED, CENTRE),
    _move("answer_at_once", "当场答复", "人还在，说清楚就办结", {State.RECEIVED}, State.CLOSED, CENTRE, opt_in=True, rank=20),
    _move("void", "作废", "登记错了，留痕作废", {State.RECEIVED, State.ACCEPTED}, State.VOID, CENTRE, rank=90),
    _move("dispatch", "派单", "定主办、协办和时限", {State.ACCEPTED}, State.DISPATCHED, CENTRE, rank=10),
    _move("designate", "指定承办", "指定后不能再退", {State.ACCEPTED}, State.DISPATCHED, CHIEF, rank=12),
    _move("add_unit", "再派协办", "各自限时、各自签收", WORKING, None, CENTRE, rank=40),
    _move("recall", "收回改派", "收回主办，重新派单", WORKING, State.ACCEPTED, CENTRE, rank=60),
    _move("take", "签收", "接下来由我办", {State.ACCEPTED, *WORKING}, State.IN_HAND, UNIT,
          subject="assignment", subject_states=frozenset({_S.SENT}), own_unit=True, rank=5),
    _move("return_work", "退回", "须写理由和清单条款", WORKING, State.ACCEPTED, UNIT,
          subject="assignment", subject_states=frozenset({_S.SENT, _S.ACCEPTED}), own_unit=True, rank=60),
    _move("overrule", "驳回退回", "仍由原单位办", {State.ACCEPTED, *WORKING}, State.DISPATCHED, CENTRE,
          subject="assignment", subject_states=frozenset({_S.RETURNED}), rank=14),
    _move("release", "同意退回", "这家不用再办", {State.ACCEPTED, *WORKING}, None, CENTRE,
          subject="assignment", subject_states=frozenset({_S.RETURNED}), rank=16),
    _move("assign_person", "换经办人", "指定本单位的人", WORKING, None, UNIT,
          subject="assignment", subject_states=frozenset({_S.SENT, _S.ACCEPTED}), own_unit=True, rank=70),
    _move("report", "报结", "办完了，请人核实", {State.DISPATCHED, State.IN_HAND}, State.REPORTED, UNIT,
          subject="assignment", subject_states=frozenset({_S.ACCEPTED}), own_unit=True, rank=20),
    _move("sign_off", "验收协办", "这家办好了", {*WORKING, State.REPORTED}, None, CENTRE | {Role.SUPERVISOR},
          subject="assignment", subject_states=frozenset({_S.REPORTED}), not_handler=True, rank=30),
    _move("contact", "联系居民", "打过电话或见过面", OPEN, None, CENTRE | UNIT | {Role.GRID_WORKER},
          while_paused=True, rank=25),
    _move("record", "记一笔", "谈话、核查、调解、处理", LIVE, None,
          CENTRE | CHIEF | UNIT | {Role.GRID_WORKER, Role.SUPERVISOR}, while_paused=True, rank=28),
    _move("urge", "催办", "又来问了，或又有人说同一件", OPEN, None, CENTRE | {Role.STATION, Role.GRID_WORKER, RESIDENT},
          while_paused=True, rank=46),
    _move("supplement", "补充情况", "本人又说的话、又给的照片", OPEN, None, CENTRE | {Role.STATION, RESIDENT},
          while_paused=True, rank=47),
    _move("follow_up", "跟进联系", "苗头按期联系，排下一次", OPEN, None, CENTRE | CHIEF | UNIT | {Role.SUPERVISOR, Role.GRID_WORKER},
          opt_in=True, while_paused=True, rank=9),
    _move("relevel", "调整等级", "等级定多久联系一次", OPEN, None, CENTRE | CHIEF | {Role.SUPERVISOR},
          opt_in=True, while_paused=True, rank=74),
    _move("tell", "告知进展", "居民看得到", LIVE, None, CENTRE | UNIT, while_paused=True, rank=45),
    _move("mark_key", "列为重点", "重点事项必督办", OPEN, None, CHIEF | {Role.SUPERVISOR}, while_paused=True, rank=75),
    _move("supervise", "督办", "超期或重点，发督办通知", LIVE - {State.ANSWERED}, None, CHIEF | {Role.SUPERVISOR}, rank=35),
    _move("answer_notice", "回复督办", "说明进展和打算", LIVE, None, UNIT,
          subject="notice", own_unit=True, while_paused=True, rank=8),
    _move("check_progress", "核查进度", "督办之后由旁人核对", LIVE, None, CHIEF | {Role.SUPERVISOR, Role.CLERK},
          not_handler=True, while_paused=True, rank=34),
    _move("ask_extension", "申请延期", "写明理由，等批准", LIVE - {State.ANSWERED}, None, UNIT | CENTRE, rank=65),
    _move("decide_extension", "审批延期", "批准后告知居民", LIVE, None, CHIEF,
          subject="extension", while_paused=True, rank=6),
    _move("pause", "挂账", "写明等什么、哪天再看", LIVE - {State.ANSWERED}, None, CENTRE, rank=70),
    _move("resume", "恢复办理", "时限接着走", LIVE, None, CENTRE, while_paused=True, only_paused=True, rank=4),
    _move("escalate", "向上呈报", "报区里、市里或共建单位", LIVE - {State.ANSWERED}, None, CENTRE | {Role.STATION},
          while_paused=True, rank=68),
    _move("verify", "核实", "由没经手的人去看", {State.REPORTED}, State.VERIFIED, CHECKERS, not_handler=True, rank=10),
    _move("redo", "退回重办", "写明哪里没办好", {State.REPORTED, State.VERIFIED}, State.IN_HAND, CHECKERS,
          not_handler=True, rank=40),
    _move("answer", "答复居民", "用居民听得懂的话", {State.VERIFIED}, State.ANSWERED, CENTRE | UNIT, rank=10),
    _move("close", "办结", "五个有齐了才能办结", {State.ANSWERED}, State.CLOSED, CENTRE, needs_evidence=True, rank=10),
    _move("feed_back", "向交办单位反馈", "办得怎样，报给交来的单位", {State.REPORTED, State.VERIFIED, State.ANSWERED, State.CLOSED},
          None, CENTRE, rank=15),
    _move("withdraw", "居民撤回", "居民不再要求办", OPEN - {State.ANSWERED}, State.WITHDRAWN, CENTRE | {RESIDENT},
          while_paused=True, rank=80),
    _move("reopen", "重新办理", "编号不变，再办一轮",
          {State.ANSWERED, State.CLOSED, State.NOT_ACCEPTED, State.REFERRED, State.WITHDRAWN}, State.ACCEPTED,
          CENTRE | {Role.SUPERVISOR, RESIDENT}, rank=55),
    _move("look_back", "回头看", "看有没有反弹", {State.CLOSED}, None, CHECKERS | CHIEF, not_handler=True, rank=30),
    _move("rate", "代录评价", "回访得来的评价", {State.ANSWERED, State.CLOSED}, None,
          CENTRE | {Role.SUPERVISOR, RESIDENT}, not_handler=True, rank=22),
    _move("issue_letter", "签发责任书", "五明确，缺一不可", LIVE, None, CHIEF, while_paused=True, rank=72),
    _move("sign_letter", "签订责任书", "责任人签字日期", LIVE, None, UNIT | CENTRE,
          subject="letter", while_paused=True, rank=7),
    _move("amend", "更正登记", "原来的写法留着", OPEN, None, CENTRE, while_paused=True, rank=85),
    _move("fill_in", "补填要素", "这类事项要记的几项", OPEN, None, CENTRE | UNIT | {Role.GRID_WORKER, Role.SUPERVISOR},
          while_paused=True, rank=84),
    _move("void_entry", "划去一条记录", "留痕，不删除", set(State) - {State.VOID}, None, CENTRE | UNIT | {Role.SUPERVISOR},
          while_paused=True, rank=88),
    _move("attach", "加附件", "照片、扫描件", OPEN | {State.CLOSED}, None,
          CENTRE | UNIT | {Role.GRID_WORKER, Role.SUPERVISOR}, while_paused=True, rank=82),
]  # fmt: skip

MOVES: dict[str, Move] = {row.verb: row for row in _ROWS}

# What the history calls the moves that have no button: they come from outside or from the clock.
EVENT_LABELS = {
    "register": "登记",
    "warn": "预警",
    "receive_merged": "并入一件",
    "hand_over": "交接",
    "recompute": "重算时限",
    **{move.verb: move.label for move in _ROWS},
}
