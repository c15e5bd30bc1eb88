"""The rule `messages` as an office edits it: what would tell nobody, or say something with a hole in it, is held back."""

import re

from huiyin.cases import telling
from huiyin.cases.recipients import BY_ROLE
from huiyin.cases.states import Reply
from huiyin.cases.workflow import EVENT_LABELS
from huiyin.rulebook import registry
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Book, Flag, Number, Rows, Table, Text

PERSONS = {"in_charge", "assignee", "assignees", "unit", "sent", "head", "grid_worker"}
KNOWN_BY_MOVE = {"asker", "issuer", "letter_issuer", "letter_persons", "dispatcher"}
WHO = {*BY_ROLE, *PERSONS, *KNOWN_BY_MOVE}
STAFF_WORDS = {"what", "number", "unit", "due", "bounces", "people", "urges", "document"}
CLOCK_WORDS = {"what", "number", "limit", "due"}
RESIDENT_WORDS = {"office", "number", "code", "phone", "where", "said"}
HOUR = Text(like=(r"([01]\d|2[0-3]):[0-5]\d", "22:00 的样子"))
NEEDED = ("system", "other", "due", "undelivered")  # groups that the program itself names
LONGEST = 110  # fits the inbox together with number and title

_who = Rows(Text(one_of=dict.fromkeys(sorted(WHO), "")), least=1)
_facts = Rows(Text(one_of=dict.fromkeys(sorted(telling.FACTS), "")))
SHAPE = Table(
    {
        "retry_minutes": Rows(Number(1, 7 * 24 * 60), least=1, most=12),
        "keep_days": Number(7, 3650),
        "groups": Rows(
            Table({"code": Text(most=16), "name": Text(most=12), "about": Text(most=60), "must": Flag(), "mail": Flag(), "webhook": Flag()}),
            least=1, most=20, key="code",
        ),
        "staff": Rows(
            Table(
                {"verb": Text(one_of=EVENT_LABELS), "who": _who, "group": Text(most=16), "text": Text(most=LONGEST)},
                {"if": _facts, "unless": _facts, "level": Text(one_of={"plain": "消息", "alarm": "预警"}), "left": Flag()},
            ),
            most=300,
        ),
        "clocks": Table(
            {"soon": Text(most=LONGEST), "late": Text(most=LONGEST), "who": Book(_who), "else": _who, "when_late": Rows(_who.of)}
        ),
        "residents": Rows(
            Table(
                {"verb": Text(one_of=EVENT_LABELS), "subject": Text(most=40), "text": Text(most=300)},
                {"if": _facts, "at_once": Flag(), "with_merged": Flag()},
            ),
            key="verb",
        ),
        "said_most": Table({"sms": Number(0, 500), "mail": Number(0, 20000)}),
        "where": Text(most=200),
        "where_without_link": Text(most=200),
    },
    {"quiet": Table({"begin": HOUR, "end": HOUR})},
)  # fmt: skip


def check(content, office):
    """Problems of shape, unknown groups and words, rules that would tell nobody."""
    found = list(SHAPE.check(content))
    yield from found
    if found:
        return
    groups = {row["code"] for row in content["groups"]}
    for code in NEEDED:
        if code not in groups:
            yield Problem(f"分类里要有 {code}，程序自己要用", ("groups",))
    for number, row in enumerate(content["staff"]):
        if row["group"] not in groups:
            yield Problem(f"没有“{row['group']}”这一类", ("staff", number, "group"))
        yield from _holes(row["text"], STAFF_WORDS, ("staff", number, "text"))
        if row.get("left") and "{what}" in row["text"]:
            yield Problem("收的人已经看不到这件事了，只能写 {number}", ("staff", number, "text"))
    for name in ("soon", "late"):
        yield from _holes(content["clocks"][name], CLOCK_WORDS, ("clocks", name))
    for number, row in enumerate(content["residents"]):
        yield from _holes(row["text"], RESIDENT_WORDS, ("residents", number, "text"))
        if "{said}" not in row["text"] and row["verb"] in ("answer", "decline"):
            yield warning("答复里不带 {said}，不上网的居民就看不到答了什么", ("residents", number, "text"))
    for name in ("where", "where_without_link"):
        yield from _holes(content[name], {"code", "link"}, (name,))


def _holes(text: str, known: set, path: tuple):
    unknown = sorted(set(re.findall(r"\{(\w*)\}", text)) - known)
    if unknown:
        yield Problem(
            f"不认得 {{{unknown[0]}}}，这里可以用：{'、'.join(f'{{{name}}}' for name in sorted(known))}", path
        )


def register():
    registry.register(
        "messages",
        "消息",
        check=check,
        about="哪一步告诉谁、怎么说、夜里发不发、没发成隔多久再试；给居民的短信和邮件怎么写",
        help="staff 一行一条：verb 哪一步、who 告诉谁、group 哪一类、text 怎么说；residents 是给居民的话，"
        f"只发给选了{Reply.SMS.label}或{Reply.EMAIL.label}的人",
        labels={"staff": "告诉工作人员", "residents": "告诉居民", "groups": "分类", "clocks": "时限", "quiet": "夜里不发",
                "retry_minutes": "隔几分钟再试", "keep_days": "留几天", "who": "告诉谁", "text": "怎么说", "verb": "哪一步",
                "group": "哪一类", "level": "级别", "subject": "题目"},
        order=44,
    )  # fmt: skip
