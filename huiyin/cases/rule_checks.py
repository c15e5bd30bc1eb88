"""What the rules that matters live by must look like, so that a broken one can never be activated."""

from collections.abc import Iterator

from huiyin.cases import access, duties, procedure_check, procedure_trial, routing_check, routing_trial
from huiyin.cases.models import Case
from huiyin.cases.states import OPEN
from huiyin.orgs.models import Organisation, Role
from huiyin.rulebook import registry
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Book, Number, Rows, Table, Text
from huiyin.rules.models import RuleSet

CODE = (r"[0-9A-Za-z_-]+", "字母和数字")
CATEGORIES = Table(
    needs={
        "categories": Rows(
            Table(
                needs={"code": Text(most=30, like=CODE), "name": Text(most=40)},
                may={
                    "parent": Text(like=CODE),
                    "unit": Text(),
                    "clause": Text(),
                    "kind": Text(),
                    "limit": Text(like=(r"[HD]\d{1,3}", "H 加小时数或 D 加工作日数，如 H4、D5")),
                    "words": Rows(Text(may_be_number=True, most=20), most=60),
                },
                what="这个分类",
            ),
            least=1,
            key="code",
        )
    },
    what="分类",
)
DUTY_LISTS = Table(
    needs={
        "lists": Rows(
            Table(
                needs={
                    "name": Text(most=20),
                    "clauses": Rows(
                        Table(
                            needs={"number": Number(1, 999), "text": Text(most=150)},
                            may={
                                "unit": Text(),
                                "lead_outside": Text(),
                                "now_with": Text(),
                                "words": Rows(Text(most=20), most=30),
                            },
                            what="这一条",
                        ),
                        key="number",
                    ),
                },
                may={"rule": Text()},
                what="这张清单",
            ),
            least=1,
            key="name",
        )
    },
    may={"label": Text()},
    what="职责清单",
)
WORDING = Table(
    needs={
        "least_characters": Table(needs={"letter": Number(1, 500), "note": Number(1, 500)}),
        "say_instead": Book(Text(most=100)),
    },
    what="给居民的话",
)
REACH = {"area": "片区内的事项", "unit": "本单位的事项", "none": "不看事项"}


def check_categories(content, office) -> Iterator[Problem]:
    """A tree without gaps; units, clauses and kinds that there are; codes in use that would vanish."""
    found = list(CATEGORIES.check(content))
    yield from found
    if found:
        return
    rows = content["categories"]
    codes = {row["code"]: row for row in rows}
    parents = {row.get("parent") for row in rows} - {None}
    units = _units(office)
    clauses = duties.clauses(office)
    kinds = RuleSet.objects.current("procedures", office).content["kinds"]
    for number, row in enumerate(rows):
        path = ("categories", number)
        if row.get("parent") and row["parent"] not in codes:
            yield Problem(f"没有上级分类“{row['parent']}”", (*path, "parent"))
        elif _has_ring(row, codes):
            yield Problem(f"“{row['name']}”的上级绕了一圈回到自己", (*path, "parent"))
        if row.get("unit") and row["unit"] not in units:
            yield warning(f"“{row['name']}”的默认单位“{row['unit']}”在服务网络里没有", (*path, "unit"))
        if row.get("clause") and row["clause"] not in clauses:
            yield Problem(f"职责清单里没有“{row['clause']}”，要写成“清单名-序号”", (*path, "clause"))
        if row.get("kind") and row["kind"] not in kinds:
            yield Problem(f"没有种类“{row['kind']}”，可以写：{'、'.join(kinds)}", (*path, "kind"))
    leaves = set(codes) - parents
    used = Case.objects.filter(office=office, state__in=OPEN).exclude(category="").order_by()
    for code in sorted(set(used.values_list("category", flat=True).distinct()) - leaves):
        yield warning(f"在办的事项里还有分类“{code}”，这一版没有它（或不是最细一级）：那些会显示“未分类”")


def _has_ring(row, codes) -> bool:
    seen = set()
    while row and row.get("parent"):
        if row["code"] in seen:
            return True
        seen.add(row["code"])
        row = codes.get(row["parent"])
    return False


def check_duty_lists(content, office) -> Iterator[Problem]:
    """Clauses with a number of their own, each with who does it; none in use that would vanish."""
    found = list(DUTY_LISTS.check(content))
    yield from found
    if found:
        return
    units = _units(office)
    keys = set()
    for place, part in enumerate(content["lists"]):
        for number, row in enumerate(part["clauses"]):
            path = ("lists", place, "clauses", number)
            keys.add(f"{part['name']}-{row['number']}")
            if bool(row.get("unit")) == bool(row.get("now_with")):
                yield Problem("要么写 unit（由街道哪家办），要么写 now_with（收回后由谁承接），二选一", path)
            if row.get("unit") and row["unit"] not in units:
                yield warning(f"单位“{row['unit']}”在服务网络里没有", (*path, "unit"))
    categories = RuleSet.objects.current("categories", office).content["categories"]
    for row in categories:
        if row.get("clause") and row["clause"] not in keys:
            yield Problem(f"分类“{row['name']}”引用的“{row['clause']}”这一版里没有，请先改分类或留着这一条")


def check_roles(content, office) -> Iterator[Problem]:
    """Every post of the house, each with a reach; who configures reads no matters."""
    roles = dict(Role.choices)
    row = Table(needs={"name": Text(most=20), "reach": Text(one_of=REACH)}, what="这个岗位")
    shape = Table(needs={"roles": Book(row, key=Text(one_of=roles))}, what="岗位")
    found = list(shape.check(content))
    yield from found
    if found:
        return
    for code, name in roles.items():
        if code not in content["roles"]:
            yield Problem(f"缺岗位 {code}（{name}）", ("roles",))
    for code in (Role.ADMIN, Role.AUDITOR):
        if content["roles"].get(code, {}).get("reach", "none") != "none":
            yield Problem(f"{roles[code]}不看事项，reach 只能是 none", ("roles", str(code), "reach"))
    for code in (Role.CLERK, Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER):
        if content["roles"].get(code, {}).get("reach") not in (None, access.BY_AREA):
            yield Problem(
                f"{roles[code]}要看片区里的事项才办得了事，reach 要是 area", ("roles", str(code), "reach")
            )
    for code in (Role.HANDLER, Role.UNIT_HEAD, Role.STATION):
        if content["roles"].get(code, {}).get("reach") == "none":
            yield Problem(f"{roles[code]}要看派来的事项，reach 不能是 none", ("roles", str(code), "reach"))


def check_wording(content, office) -> Iterator[Problem]:
    """Lengths that can be met, and no word that its own replacement holds."""
    found = list(WORDING.check(content))
    yield from found
    if found:
        return
    words = content["say_instead"]
    for word, plain in words.items():
        inside = [other for other in words if other in plain]
        if inside:
            yield Problem(f"“{plain}”里又有不能说的“{inside[0]}”", ("say_instead", word))
        if len(word) < 2:
            yield Problem(f"“{word}”太短，至少两个字，不然处处都拦", ("say_instead", word))


def _units(office) -> set[str]:
    return set(Organisation.objects.current().filter(office=office).values_list("code", flat=True))


def register():
    registry.register(
        "routing",
        "派单规则",
        check=routing_check.check,
        trial=registry.Trial(
            routing_trial.run,
            "cases/routing_trial.html",
            routing_trial.shown,
            says="看看过去的事项按这份草稿会派给谁",
        ),
        about="按种类、分类、片区、时间和话里的词，建议派给谁；在过去的事项上试算以后才能启用",
        help=routing_check.HELP,
        labels=routing_check.LABELS,
        is_ordered=True,
        order=10,
    )
    registry.register(
        "categories",
        "分类",
        check=check_categories,
        about="事项分类：默认单位、职责清单条款、通常时限、居民常用的说法",
        help="一行一个分类：code 代码、parent 上级、name 名称；最细一级写 unit 默认单位、clause 清单名-序号、kind 种类、"
        "limit 通常时限（H4 小时、D5 工作日）、words 居民的说法。代码是数字的加引号",
        labels={"categories": "分类", "unit": "默认单位", "clause": "条款", "kind": "种类", "limit": "时限",
                "words": "说法", "name": "名称", "parent": "上级", "code": "代码"},
        order=12,
    )  # fmt: skip
    registry.register(
        "duty_lists",
        "职责清单",
        check=check_duty_lists,
        about="基本履职、配合履职、上级收回：派单时对照，退回时引用",
        help="lists 里一张清单一项：name 名称、clauses 条款；每条 number 序号、text 原文，unit 由街道哪家办，或 now_with 收回后由谁承接；"
        "words 居民平常怎么说（只用来提醒）",
        labels={"lists": "清单", "clauses": "条款", "unit": "由谁办", "now_with": "现由谁承接", "text": "原文",
                "lead_outside": "上级主责", "words": "说法", "number": "序号", "rule": "怎么用", "label": "标签"},
        order=14,
    )  # fmt: skip
    registry.register(
        "procedures",
        "种类和程序",
        check=procedure_check.check,
        trial=registry.Trial(
            procedure_trial.run, "cases/procedure_trial.html", procedure_trial.shown,
            says="看看过去一年的事项按这份草稿，哪些步骤会不让做、哪些会多问",
        ),
        about="有哪些种类的事项，各自哪些步骤不用；在办的事项按开始时的那一版走完",
        help=procedure_check.HELP,
        labels=procedure_check.LABELS,
        order=16,
    )  # fmt: skip
    registry.register(
        "roles",
        "岗位能看什么",
        check=check_roles,
        about="每种岗位看得到哪些事项：片区内的、派到本单位的，还是不看",
        help="roles 下每种岗位：name 名称，reach 是 area（片区内）、unit（派到本单位的）或 none（不看）",
        labels={"roles": "岗位", "reach": "看得到", "name": "名称"},
        order=40,
    )
    registry.register(
        "wording",
        "给居民的话",
        check=check_wording,
        about="给居民的话至少多长，哪些内部用语要换成什么",
        help="least_characters：letter 答复、note 其他，各至少几个字；say_instead：内部用语 → 换成什么",
        labels={"least_characters": "至少几个字", "say_instead": "换成", "letter": "答复", "note": "其他"},
        order=42,
    )
