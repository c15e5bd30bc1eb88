"""What a version of the procedures must look like, so that a broken one can never be activated."""

import re
from collections.abc import Iterator

from huiyin.cases import particulars, requirements
from huiyin.cases.states import Channel
from huiyin.cases.workflow import MOVES
from huiyin.orgs.models import Role
from huiyin.rulebook import registry
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Book, Flag, Number, OneOrMore, Rows, Shape, Table, Text
from huiyin.rules.models import RuleSet

HELP = (
    "kinds 下每个种类：name 名称、channels 渠道、off 不用的动作、opens 特别打开的动作；roles 把某个动作收窄到哪些岗位；"
    "requires 做某个动作以前记录里要先有什么；fields 要素：code 代码、name 名称、type 类型、at 在哪一步问、required 必填、choices 选项"
)
LABELS = {
    "kinds": "种类", "name": "名称", "channels": "渠道", "off": "不用的动作", "opens": "打开的动作", "roles": "岗位",
    "requires": "先要有", "fields": "要素", "code": "代码", "type": "类型", "at": "在哪一步问", "required": "必填", "ask_again": "受理时再问",
    "choices": "选项", "help": "提示", "least": "最小", "most": "最大", "restricted": "限知",
}  # fmt: skip
NEVER_OFF = ("accept", "dispatch", "take", "report", "verify", "answer", "close")
# Further keys of a kind that rooms above read, with the shape of their value.
KEYS: dict[str, Shape] = {}


class _Any(Shape):
    def check(self, value, path=()):
        return iter(())


def check(content, office) -> Iterator[Problem]:
    """Kinds with a name and channels; moves, posts and conditions that there are; no kind in use that would vanish."""
    active = registry.active_of("procedures", office)
    before = active.content if active else {}
    known = before.get("kinds", {})
    found = list(_shape(before).check(content))
    yield from found
    if found:
        return
    for kind, row in content["kinds"].items():
        yield from _kind(kind, row)
    for kind in sorted(set(known) - set(content["kinds"])):
        yield warning(
            f"这一版没有种类“{known[kind]['name']}”（{kind}）：新事项不能再登记成它，在办的按老版走完"
        )
    wanted = {row.get("kind") for row in RuleSet.objects.current("categories", office).content["categories"]}
    for kind in sorted(wanted - {None} - set(content["kinds"])):
        yield Problem(f"分类里用到种类“{kind}”，这一版没有它，请先改分类或留着它", ("kinds",))


def _shape(before: dict) -> Table:
    moves = {verb: move.label for verb, move in MOVES.items()}
    verb, verbs = Text(one_of=moves), Rows(Text(one_of=moves))
    asked = {particulars.REGISTER: "登记", **moves}
    field = Table(
        needs={
            "code": Text(like=(r"[a-z][a-z_]{0,29}", "小写字母和下划线")),
            "name": Text(most=20),
            "type": Text(one_of=particulars.TYPES),
            "at": Text(one_of=asked),
        },
        may={
            "required": Flag(),
            "ask_again": Flag(),
            "choices": OneOrMore(Book(Text(most=40), least=1)),
            "choices_from": Text(one_of=dict.fromkeys(particulars.SOURCES, "")),
            "help": Text(most=200),
            "least": Number(-(10**9), 10**9),
            "most": Number(-(10**9), 10**9),
        },
        what="这一项要素",
    )
    needed = {code: row.name for code, row in requirements.KNOWN.items()}
    may = {
        "off": verbs,
        "opens": verbs,
        "restricted": Flag(),
        "roles": Book(Rows(Text(one_of=dict(Role.choices)), least=1), key=verb),
        "requires": Book(Rows(Text(one_of=needed), least=1), key=verb),
        "fields": Rows(field, most=60, key="code"),
        **KEYS,
    }
    extra = {key for row in before.get("kinds", {}).values() for key in row}
    needs = {"name": Text(most=20), "channels": Rows(Text(one_of=dict(Channel.choices)), least=1)}
    rest = {key: _Any() for key in extra - {*needs, *may}}
    return Table(
        needs={"kinds": Book(Table(needs=needs, may={**may, **rest}, what="这个种类"), least=1)},
        may={key: _Any() for key in before if key != "kinds"},
        what="程序",
    )


def _kind(kind: str, row: dict) -> Iterator[Problem]:
    path = ("kinds", kind)
    if not re.fullmatch(r"[a-z][a-z_]{0,29}", kind):
        yield Problem(f"种类的代码“{kind}”要用小写字母和下划线", path)
    for verb in sorted(set(NEVER_OFF) & set(row.get("off", []))):
        yield Problem(f"“{MOVES[verb].label}”关不得，关了事项就走不下去", (*path, "off"))
    for verb in row.get("opens", []):
        if not MOVES[verb].opt_in:
            yield Problem(f"“{MOVES[verb].label}”本来就开着，不用写在 opens 里", (*path, "opens"))
    for verb, roles in row.get("roles", {}).items():
        if not set(roles) & MOVES[verb].roles:
            yield Problem(f"这些岗位都不能“{MOVES[verb].label}”，会没有人做这一步", (*path, "roles", verb))
    for number, field in enumerate(row.get("fields", [])):
        listed = field.get("choices") or field.get("choices_from")
        if (field["type"] in ("choice", "choices")) != bool(listed):
            words = "要写 choices 选项" if not listed else "不是选择题，不要写 choices"
            yield Problem(f"要素“{field['name']}”{words}", (*path, "fields", number))
