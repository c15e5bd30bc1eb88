"""What versions of the upstream's profile and of the call-back rules must look like before they are activated."""

from collections.abc import Iterator

from huiyin.cases import categories
from huiyin.cases.states import Satisfied, Solved
from huiyin.orgs.models import OrganisationKind, Role
from huiyin.rulebook import registry
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Book, Flag, Number, Rows, Table, Text
from huiyin.upstream.models import Nature
from huiyin.upstream.profile import CALLBACK, PROFILE, REPLIES, STATES, TARGETS

YES_NO = {"yes": "是", "no": "否"}
CODE = Text(like=(r"[a-z][a-z_]{0,29}", "小写字母和下划线"))
WORDS = Table(
    may={
        "nature": Book(Text(one_of=dict(Nature.choices))),
        "contacted": Book(Text(one_of=YES_NO)),
        "solved": Book(Text(one_of=dict(Solved.choices))),
        "satisfied": Book(Text(one_of=dict(Satisfied.choices))),
        "state": Book(Text(one_of=STATES)),
    },
    what="words",
)
SHAPE = Table(
    needs={
        "system": Text(most=60),
        "owed_to": Text(most=60, may_be_empty=True),
        "own_area": Rows(Text(most=40)),
        "columns": Rows(
            Table(needs={"heading": Text(most=40), "to": Text(one_of=TARGETS)}, what="这一列"),
            least=3,
            most=100,
            key="heading",
        ),
        "words": WORDS,
        "categories": Book(Text(most=30)),
        "reply": Rows(
            Table(needs={"heading": Text(most=40), "from": Text(one_of=REPLIES)}, what="这一列"),
            least=2,
            most=60,
            key="heading",
        ),
        "returns": Table(
            needs={
                "causes": Rows(
                    Table(needs={"code": CODE, "name": Text(most=40), "clause": Flag()}, what="这条缘由"),
                    least=1,
                    most=30,
                    key="code",
                )
            },
            what="returns",
        ),
        "problem": Table(
            needs={
                "bounces": Number(1, 20),
                "redos": Number(1, 20),
                "tells": Rows(Text(one_of=dict(Role.choices)), least=1),
            },
            what="problem",
        ),
        "community": Table(
            needs={
                "kinds": Rows(Text(one_of=dict(OrganisationKind.choices))),
                "categories": Rows(Text(most=30)),
            },
            what="community",
        ),
    },
    what="上级工单表",
)
RATE = Table(
    needs={
        "name": Text(most=20),
        "of": Text(one_of={"due": "到期的", "valid": "回访到的"}),
        "worth": Book(Number(0, 1, whole=False), least=1),
        "weight": Number(0, 100, whole=False),
        "says": Text(most=200),
    },
    what="这一率",
)
RATES = ("responded", "solved", "satisfied")
CALLBACK_SHAPE = Table(
    needs={
        "tries": Number(1, 10),
        "rates": Table(needs=dict.fromkeys(RATES, RATE), what="三率"),
        "exclusions": Rows(
            Table(
                needs={
                    "code": CODE,
                    "name": Text(most=40),
                    "rates": Rows(Text(one_of=dict.fromkeys(RATES, "")), least=1),
                    "needs": Text(most=100),
                },
                what="这条剔除理由",
            ),
            most=40,
            key="code",
        ),
    },
    what="回访",
)


def check_profile(content, office) -> Iterator[Problem]:
    """Columns that can be told apart, a number and a text among them, categories that there are."""
    found = list(SHAPE.check(content))
    yield from found
    if found:
        return
    targets = [row["to"] for row in content["columns"]]
    for need in ("number", "text"):
        if targets.count(need) != 1:
            yield Problem(f"“{TARGETS[need]}”（to: {need}）要有而且只有一列", ("columns",))
    for name in sorted(
        {name for name in targets if targets.count(name) > 1} - {"category", "none", "number", "text"}
    ):
        yield Problem(f"“{TARGETS[name]}”（to: {name}）写了几列，只能有一列", ("columns",))
    if "number" not in [row["from"] for row in content["reply"]]:
        yield Problem("回过去的表要有工单编号（from: number）", ("reply",))
    if "due" not in targets:
        yield warning("表里没有办理时限（to: due）：每件都按街道自己的时限算", ("columns",))
    known = categories.table(office)
    for name, code in content["categories"].items():
        if code not in known:
            yield Problem(f"没有分类“{code}”", ("categories", name))


def check_callback(content, office) -> Iterator[Problem]:
    """Three rates whose weights make a hundred."""
    found = list(CALLBACK_SHAPE.check(content))
    yield from found
    if found:
        return
    weights = sum(row["weight"] for row in content["rates"].values())
    if abs(weights - 100) > 0.001:
        yield Problem(f"三率的权重加起来要是 100，现在是 {weights:g}", ("rates",))


def register() -> None:
    registry.register(
        PROFILE,
        "上级热线的工单表",
        check=check_profile,
        about="上级工单的列、状态怎么认，退单、问题工单、不往社区推的清单",
        help="columns：heading 列名、to 记在哪里；words：表里的写法是什么意思；reply：回过去的列；returns.causes 退单缘由；"
        "problem：退几次、重办几次成问题工单，告诉哪些岗位；community：哪些组织算社区，哪些分类社区可以主办",
        labels={"columns": "导入的列", "heading": "列名", "to": "记在哪里", "from": "填什么", "words": "写法", "reply": "回复的列",
                "returns": "退单", "causes": "缘由", "problem": "问题工单", "community": "社区", "categories": "分类"},
        order=30,
    )  # fmt: skip
    registry.register(
        CALLBACK,
        "回访和三率",
        check=check_callback,
        about="响应率、解决率、满意率怎么算、各占多少，什么情况可以剔除",
        help="rates 三率：of 分母（due 到期的、valid 回访到的）、worth 每种回答算几分、weight 权重，合计 100；exclusions 剔除理由：rates 从哪几率里剔除",
        labels={
            "rates": "三率",
            "worth": "算几分",
            "weight": "权重",
            "of": "分母",
            "exclusions": "剔除理由",
            "tries": "打几次",
        },
        order=32,
    )
