"""The picture of a matter's life, drawn from the table of moves: `python -m huiyin.cases.diagram` writes it."""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workflow.md"
HEAD = """# 一件事怎么走

由 `huiyin/cases/workflow.py` 的动作表画出，不手改；表改了就运行 `python -m huiyin.cases.diagram`。
程序（每个种类一份）只能在这张表上收窄：关掉动作，或者不开只给某些种类的动作；不能添动作。

"""
RESIDENT = "居民本人"


def page() -> str:
    """docs/workflow.md as it should be now."""
    return HEAD + _picture() + "\n" + _table() + "\n" + _notes()


def _picture() -> str:
    """A Mermaid state diagram; verbs between the same two states share one arrow."""
    from huiyin.cases.states import ENDED, State
    from huiyin.cases.workflow import MOVES

    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value} : {state.label}" for state in State]
    lines.append(f"    [*] --> {State.RECEIVED.value} : 登记")
    arrows: dict = {}
    for move in MOVES.values():
        for source in _in_order(move.sources):
            if move.to and move.to != source:
                arrows.setdefault((source, State(move.to)), []).append(move.label)
    lines += [f"    {a.value} --> {b.value} : {'、'.join(labels)}" for (a, b), labels in arrows.items()]
    lines += [f"    {state.value} --> [*]" for state in _in_order(ENDED)]
    return "\n".join([*lines, "```", ""])


def _in_order(states) -> list:
    from huiyin.cases.states import State

    return [state for state in State if state in states]


def _table() -> str:
    from huiyin.cases.states import State
    from huiyin.cases.workflow import MOVES

    rows = ["| 动作 | 代码 | 从 | 到 | 谁 | 条件 |", "|---|---|---|---|---|---|"]
    for move in MOVES.values():
        to = State(move.to).label if move.to else "不变"
        cells = (move.label, f"`{move.verb}`", _states(move.sources), to, _who(move), _conditions(move))
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def _states(states) -> str:
    """The states by name, or what they have in common."""
    from huiyin.cases.states import OPEN, State

    if states == OPEN:
        return "未结束的"
    if states >= OPEN:
        rest = _in_order(states - OPEN)
        return "未结束的" + "".join(f"、{state.label}" for state in rest)
    if len(states) > 4 and states < OPEN:
        return "未结束的，除" + "、".join(state.label for state in _in_order(OPEN - states))
    return "、".join(State(state).label for state in _in_order(states))


def _who(move) -> str:
    from huiyin.cases import workflow
    from huiyin.orgs.models import Role

    names = [Role(role).label for role in Role.values if role in move.roles]
    return "、".join([*names, *([RESIDENT] if workflow.RESIDENT in move.roles else [])])


def _conditions(move) -> str:
    from huiyin.cases.states import AssignmentState

    subjects = {
        "assignment": "某家的承办",
        "notice": "某份督办",
        "extension": "某份延期申请",
        "letter": "某份责任书",
    }
    words = ["针对" + subjects.get(move.subject, "其中一项")] if move.subject else []
    if move.subject_states:
        names = [state.label for state in AssignmentState if state in move.subject_states]
        words += ["它是" + "或".join(names)] if names else []  # rows of rooms above have states of their own
    words += ["本单位的人"] if move.own_unit else []
    words += ["没经手的人"] if move.not_handler else []
    words += ["挂账时也可以"] if move.while_paused and not move.only_paused else []
    words += ["挂账时才可以"] if move.only_paused else []
    words += ["五个有齐全"] if move.needs_evidence else []
    words += ["这一种类的程序里开了才有"] if move.opt_in else []
    return "；".join(words) or "—"


def _notes() -> str:
    return (
        "“到”是主办的动作带来的状态；协办签收、退回、报结只改它自己的承办，不改事项。"
        "回头看发现反弹，事项回到待派单，算新的一轮。退回满三次，只能“指定承办”。\n"
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    PAGE.write_text(page())
