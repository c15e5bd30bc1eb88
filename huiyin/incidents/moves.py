"""The moves of an incident, put into the tables of the heart."""

from huiyin.cases import kind_moves
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import CENTRE, CHIEF, LIVE, UNIT, Move
from huiyin.incidents import acting, forms, ledger
from huiyin.incidents.models import Damage, Relief, StatementState
from huiyin.orgs.models import Role

FIELD = CENTRE | CHIEF | UNIT | {Role.GRID_WORKER, Role.SUPERVISOR}
DESK = CENTRE | CHIEF | UNIT


def _move(verb, label, does, sources, roles, **more) -> Move:
    return Move(
        verb, label, does, frozenset(sources), None, frozenset(roles), opt_in=True, while_paused=True, **more
    )


def put_in():
    """Called once when the room is ready."""
    kind_moves.add_subjects("draft_statement", _statements(StatementState.DRAFT), _every("statements"))
    kind_moves.add_subjects("approved_statement", _statements(StatementState.APPROVED), _every("statements"))
    kind_moves.add_subjects("entry", lambda case: [], _Entries)
    _telling()
    _statements_out()
    _ledger()
    _ending()


class _Entries:
    """Damage and relief of one matter, looked up as one: `for row in _Entries(case)`."""

    def __init__(self, case):
        self.rows = [*Relief.objects.filter(case=case), *Damage.objects.filter(case=case)]

    def __iter__(self):
        return iter(self.rows)


def _statements(state):
    return lambda case: list(case.statements.filter(state=state).order_by("drafted_at"))


def _every(name: str):
    return lambda case: getattr(case, name).all()


def _telling():
    kind_moves.add(
        _move("report_incident", "事件报告", "初报要快，续报要准", OPEN, FIELD, rank=3),
        form=forms.Report, act=acting.report, events=("incident_reported",), icon="up",
    )  # fmt: skip
    kind_moves.add(
        _move("gather_facts", "核实现场情况", "亲眼看到的和听说的分开记", OPEN, FIELD, rank=18),
        form=forms.Gather, act=acting.gather, icon="eye",
    )  # fmt: skip
    kind_moves.add(
        _move("brief", "内部通报", "先班子、再干部、再群众", LIVE, DESK, rank=32),
        form=forms.Brief, act=acting.brief, icon="team",
    )  # fmt: skip


def _statements_out():
    kind_moves.add(
        _move("draft_statement", "起草口径", "只用核实过的情况", LIVE, DESK, rank=33),
        form=forms.Draft, act=acting.draft, icon="doc", quiet=True,
        condition=lambda case, user, subject: (
            "" if case.site_facts.exclude(source="hearsay").exists() else "还没有核实过的情况"
        ),
    )  # fmt: skip
    kind_moves.add(
        _move("decide_statement", "审批口径", "别人起草，领导来批", LIVE, CHIEF, subject="draft_statement", rank=5),
        form=forms.Decide, act=acting.decide, icon="doc",
        condition=lambda case, user, subject: "自己起草的，要别人批" if subject.drafted_by_id == user.pk else "",
    )  # fmt: skip
    kind_moves.add(
        _move("release_statement", "发布口径", "批准的原话，发一处记一处", LIVE, DESK,
              subject="approved_statement", rank=34),
        form=forms.ReleaseIt, act=acting.release, events=("statement_released",), icon="speak",
    )  # fmt: skip


def _ledger():
    kind_moves.add(
        _move("record_damage", "登记受损户", "一户一号，姓名加密", LIVE, FIELD, rank=40),
        form=forms.RecordDamage, act=acting.damage, icon="note",
    )  # fmt: skip
    kind_moves.add(
        _move("record_relief", "收发救灾款物", "有收才有发，凭据写清", LIVE, DESK, rank=41),
        form=forms.RecordRelief, act=acting.relief, icon="note",
    )  # fmt: skip
    kind_moves.add(
        _move("take_back_entry", "划去一笔", "记错的留痕划去", LIVE, DESK, subject="entry", rank=89),
        form=forms.TakeBack, act=acting.take_back, icon="x",
    )  # fmt: skip
    kind_moves.add(
        _move("clean_up", "清理恢复", "清了什么、多少、出动几人", LIVE, FIELD, rank=42),
        form=forms.CleanUpForm, act=acting.clean_up, icon="ok",
    )  # fmt: skip


def _ending():
    kind_moves.add(
        _move("back_to_normal", "恢复正常", "生活回到原来的那天", LIVE, DESK, rank=43),
        form=forms.BackToNormal, act=acting.back_to_normal, events=("normal_again",), icon="ok", quiet=True,
        condition=lambda case, user, subject: "已经记过" if ledger.normal_since(case) else "",
    )  # fmt: skip
    kind_moves.add(
        _move("summarise", "总结", "经过、结果、今后怎么改", {*LIVE, State.CLOSED}, DESK, rank=44),
        form=forms.Summarise, act=acting.summarise, events=("summarised",), icon="doc", quiet=True,
        condition=lambda case, user, subject: ledger.not_normal(case),
    )  # fmt: skip
