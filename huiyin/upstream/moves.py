"""The moves of this room, put into the one table of moves."""

from huiyin.cases import kind_moves, record, requirements
from huiyin.cases.kind_moves import add
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import CENTRE, CHIEF, LIVE, UNIT, Move
from huiyin.orgs.models import Role
from huiyin.upstream import calling, forms, orders, papers, returning
from huiyin.upstream.models import Exclusion, OrderReturn

BEFORE_WORK = frozenset({State.RECEIVED, State.ACCEPTED, State.DISPATCHED, State.IN_HAND})
CALLABLE = LIVE | {State.CLOSED}
CALLERS = CENTRE | {Role.SUPERVISOR}
WINDOW = CENTRE | UNIT


def _row(verb, label, does, sources, roles, **rest) -> Move:
    return Move(verb, label, does, frozenset(sources), None, frozenset(roles), opt_in=True, **rest)


def register() -> None:
    _returns()
    _calls()
    _services()


def _returns() -> None:
    kind_moves.add_subjects(
        "order_return",
        lambda case: (
            list(case.order_returns.filter(decided_at=None)) if record.has(case, OrderReturn) else []
        ),
        lambda case: OrderReturn.objects.filter(case=case, office_id=case.office_id),
    )
    add(
        _row("return_order", "退单", "不归我们，请上级收回", BEFORE_WORK, CENTRE, rank=66),
        form=forms.ReturnOrder, act=returning.ask, condition=lambda case, user, subject: returning.why_not(case), icon="back",
    )  # fmt: skip
    add(
        _row("decide_order_return", "上级答复退单", "同意收回，或仍由我们办", OPEN, CENTRE, subject="order_return", rank=7),
        form=forms.DecideReturn, act=returning.decide, icon="back",
    )  # fmt: skip
    add(
        _row("change_limit", "上级改时限", "照上级的新时限算", OPEN, CENTRE, while_paused=True, rank=76),
        form=forms.ChangeLimit, act=returning.change_limit,
        condition=lambda case, user, subject: "" if orders.known(case).source_id else "没有上级的时限", icon="clock", quiet=True,
    )  # fmt: skip
    add(
        _row("instruct_problem", "问题工单批示", "上一级定怎么办", OPEN, CHIEF, while_paused=True, rank=6),
        form=forms.Instruct, act=returning.instruct,
        condition=lambda case, user, subject: "" if _is_problem(case) else "不是等批示的问题工单", icon="flag", quiet=True,
    )  # fmt: skip


def _is_problem(case) -> bool:
    order = orders.known(case)
    return bool(order.problem_at and not order.problem_settled_at)


def _calls() -> None:
    kind_moves.add_subjects(
        "exclusion",
        lambda case: list(case.exclusions.filter(decided_at=None)) if record.has(case, Exclusion) else [],
        lambda case: Exclusion.objects.filter(case=case, office_id=case.office_id),
    )
    add(
        _row("call_back", "回访", "问三句：联系过吗、解决了吗、满意吗", CALLABLE, CALLERS, not_handler=True, while_paused=True, rank=12),
        form=forms.CallBackForm, act=calling.call, condition=lambda case, user, subject: calling.why_not(case),
        events=("called_back",), icon="phone",
    )  # fmt: skip
    add(
        _row("upstream_verdict", "上级回访结果", "上级回访记下的三句", CALLABLE, CENTRE, while_paused=True, rank=77),
        form=forms.Heard, act=calling.heard, icon="phone",
    )  # fmt: skip
    add(
        _row("ask_exclusion", "申请剔除", "不计入三率，原始的数留着", CALLABLE, CALLERS, while_paused=True, rank=78),
        form=forms.AskExclusion, act=calling.ask_exclusion,
        condition=lambda case, user, subject: "已经剔除" if orders.known(case).excluded else "",
    )  # fmt: skip
    add(
        _row("decide_exclusion", "审核剔除", "由没申请、没经办的人审", CALLABLE, CHIEF | {Role.SUPERVISOR}, subject="exclusion",
             not_handler=True, while_paused=True, rank=13),
        form=forms.DecideExclusion, act=calling.decide_exclusion,
        condition=lambda case, user, subject: "自己申请的，要别人审" if subject.asked_by_id == user.pk else "",
    )  # fmt: skip


def _services() -> None:
    add(
        _row("take_papers", "收材料", "交过一次，以后不再要", OPEN, WINDOW, while_paused=True, rank=9),
        form=forms.TakePapers, act=papers.take, icon="note",
        condition=lambda case, user, subject: "" if papers.missing(case) else "没有要收的材料", quiet=True,
    )  # fmt: skip
    add(
        _row("tell_missing", "一次性告知", "要补的一次说全，打一张单子", OPEN, WINDOW, while_paused=True, rank=11),
        form=forms.TellMissing, act=papers.tell_missing, icon="note",
        condition=lambda case, user, subject: "" if papers.missing(case) else "材料齐了", quiet=True,
    )  # fmt: skip
    add(
        _row("give_result", "写办结结果", "办成、交到本人，或办不了", OPEN, WINDOW, rank=19),
        form=forms.GiveResult, act=papers.give_result, icon="ok",
        condition=lambda case, user, subject: "结果已经写过" if papers.has_result(case) else "",
        quiet=True,
    )  # fmt: skip
    requirements.add("service_result", "办结结果", papers.no_result)
