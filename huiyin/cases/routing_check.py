"""Is a routing rule set sound? Its shape, the units, areas, categories it names, and rules that can never speak."""

from collections.abc import Iterator

from huiyin.areas.models import Area
from huiyin.cases import categories, present, procedures
from huiyin.cases.routing import LOCAL, MOMENTS, NAMES, Rule, many, read_rule, text_of
from huiyin.cases.states import Channel
from huiyin.orgs.models import Organisation
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Clock, Day, Flag, Number, OneOrMore, Rows, Table, Text

UNIT = Text(most=30)
RULE = Table(
    needs={"name": Text(most=60)},
    may={
        "if": Table(
            may={
                "kind": OneOrMore(Text()),
                "channel": OneOrMore(Text(one_of=dict(Channel.choices))),
                "category": OneOrMore(Text(like=(r"[0-9A-Za-z]+", "分类代码，开头几位也行，数字要加引号"))),
                "area": OneOrMore(Text(like=(r"[0-9A-Za-z-]+", "片区代码，开头几位也行，数字要加引号"))),
                "time": Table(
                    may={
                        "is": OneOrMore(Text(one_of=MOMENTS)),
                        "between": Rows(Clock(), least=2, most=2),
                        "from": Day(),
                        "until": Day(),
                    },
                    what="时间",
                ),
                "words": Table(
                    may={name: OneOrMore(Text(most=30)) for name in ("any", "all", "none")}, what="话里的词"
                ),
                "group": Number(2, 100000),
                "restricted": Flag(),
            },
            what="条件",
        ),
        "lead": UNIT,
        "co": OneOrMore(UNIT),
        "urgent": Flag(),
        "note": Text(most=300),
        "auto": Flag(),
        "stop": Flag(),
    },
    what="这条规则",
)
SHAPE = Table(needs={"rules": Rows(RULE, most=300, key="name")}, may={"automatic": Flag()}, what="派单规则")


def check(content, office) -> Iterator[Problem]:
    """Problems of the rule set for this office; what only deserves a look comes as a warning."""
    found = list(SHAPE.check(content))
    yield from found
    if found:
        return
    yield from _outcomes(content)
    yield from _names(content, office)
    yield from shadowed(content)


def _outcomes(content) -> Iterator[Problem]:
    for number, row in enumerate(content["rules"]):
        path = ("rules", number)
        if bool(row.get("lead")) == bool(row.get("stop")):
            yield Problem(
                f"“{row['name']}”要么写 lead（派给谁），要么写 stop: true（由中心定），二选一", path
            )
        if row.get("stop") and (row.get("co") or row.get("auto") or row.get("urgent")):
            yield Problem(f"“{row['name']}”由中心定，不能再写 co、auto、urgent", path)
        if row.get("lead") in many(row.get("co") or []):
            yield Problem(f"“{row['name']}”的主办和协办是同一家", (*path, "co"))
        time = (row.get("if") or {}).get("time") or {}
        if "from" in time and "until" in time and time["from"] > time["until"]:
            yield Problem("开始的日子在结束的日子后面", (*path, "if", "time"))
        if row.get("auto") and not content.get("automatic"):
            yield warning(
                f"“{row['name']}”标了 auto，但整套规则的 automatic 不是 true，不会自动派", (*path, "auto")
            )
        if not row.get("if") and number < len(content["rules"]) - 1:
            yield warning(f"“{row['name']}”没有条件，排在它后面的规则都轮不到", path)


def _names(content, office) -> Iterator[Problem]:
    """Units, areas, categories and kinds that the office does not have."""
    units = {row.code: row for row in Organisation.objects.filter(office=office).defer("services")}
    handling = set(Organisation.objects.handling().filter(office=office).values_list("code", flat=True))
    areas = set(Area.objects.valid().filter(office=office).values_list("code", flat=True))
    sorts, kinds = categories.table(office), procedures.kinds(office)
    roll = present.roll(office)
    for number, row in enumerate(content["rules"]):
        path = ("rules", number)
        for key in ("lead", "co"):
            for code in many(row.get(key) or []):
                yield from _unit(code, (*path, key), units, handling, roll)
        where = row.get("if") or {}
        for prefix in many(where.get("category", [])):
            if not any(code.startswith(prefix) for code in sorts):
                yield Problem(f"没有“{prefix}”开头的分类", (*path, "if", "category"))
        for prefix in many(where.get("area", [])):
            if not any(code.startswith(prefix) for code in areas):
                yield Problem(f"没有“{prefix}”开头的片区", (*path, "if", "area"))
        for kind in many(where.get("kind", [])):
            if kind not in kinds:
                names = "、".join(f"{code}（{name}）" for code, name in kinds.items())
                yield Problem(f"没有“{kind}”这个种类，可以写：{names}", (*path, "if", "kind"))


def _unit(code, path, units, handling, roll) -> Iterator[Problem]:
    if code in LOCAL:
        return
    unit = units.get(code)
    if unit is None:
        yield Problem(
            f"没有代码是“{code}”的单位（服务网络里查；本社区服务站写 @station，居委会写 @committee）", path
        )
    elif code not in handling:
        yield Problem(f"{unit}不能派事项：已经撤销，或不是联动部门、服务站、居委会、中心", path)
    elif not roll.has_posts(unit.pk):
        yield warning(f"{unit}现在没有在任的经办人，派过去没人签收", path)


def shadowed(content) -> Iterator[Problem]:
    """Rules that can never speak: an earlier one fits whenever they fit."""
    rules = [read_rule(number, row) for number, row in enumerate(content["rules"])]
    for later in rules:
        earlier = next((rule for rule in rules[: later.number] if covers(rule, later)), None)
        if earlier and earlier.conditions:
            yield warning(
                f"“{later.name}”轮不到：前面的“{earlier.name}”在它适合的时候都已经适合",
                ("rules", later.number),
            )


def covers(wide: Rule, narrow: Rule) -> bool:
    """Does `wide` fit whatever `narrow` fits? Told from the conditions alone; in doubt no."""
    return all(
        name in narrow.conditions and _WIDER[name](want, narrow.conditions[name])
        for name, want in wide.conditions.items()
    )


def _all_in(wide, narrow) -> bool:
    return set(many(narrow)) <= set(many(wide))


def _prefixes(wide, narrow) -> bool:
    return all(prefix.startswith(tuple(many(wide))) for prefix in many(narrow))


def _wider_time(wide, narrow) -> bool:
    if "is" in wide and not ("is" in narrow and _all_in(wide["is"], narrow["is"])):
        return False
    if "between" in wide and wide["between"] != narrow.get("between"):
        return False
    if "from" in wide and not narrow.get("from", "") >= wide["from"]:
        return False
    return "until" not in wide or ("until" in narrow and narrow["until"] <= wide["until"])


def _wider_words(wide, narrow) -> bool:
    """Each word that `wide` asks for is surely there when `narrow` fits, and none that it forbids."""
    if "none" in wide and not set(map(text_of, many(wide["none"]))) <= set(
        map(text_of, many(narrow.get("none", [])))
    ):
        return False
    sure = [text_of(word) for word in many(narrow.get("all", []))]
    if not all(any(text_of(word) in have for have in sure) for word in many(wide.get("all", []))):
        return False
    if "any" not in wide:
        return True
    wanted = [text_of(word) for word in many(wide["any"])]
    if any(word in have for have in sure for word in wanted):
        return True
    choices = [text_of(word) for word in many(narrow.get("any", []))]
    return bool(choices) and all(any(word in choice for word in wanted) for choice in choices)


_WIDER = {
    "kind": _all_in,
    "channel": _all_in,
    "category": _prefixes,
    "area": _prefixes,
    "time": _wider_time,
    "words": _wider_words,
    "group": lambda wide, narrow: narrow >= wide,
    "restricted": lambda wide, narrow: wide == narrow,
}
LABELS = {
    "rules": "规则", "automatic": "自动派单", "if": "条件", "lead": "主办", "co": "协办", "urgent": "优先",
    "note": "交代", "auto": "自动派出", "stop": "由中心定", "any": "有其一", "all": "都有", "none": "都没有",
    "is": "是", "between": "从到", "from": "自", "until": "至", **NAMES,
}  # fmt: skip
HELP = """从上往下看，第一条适合的说了算；都不适合就按分类的默认单位，再没有就由中心定。一条规则：
name 名称；if 条件（写几样就要都合）；lead 主办单位的代码（@station 本社区服务站，@committee 本社区居委会）；
co 协办；urgent: true 按优先办；note 交代给单位的话；stop: true 不派，由中心定；auto: true 受理时直接派出（要整套 automatic: true）。
条件：kind 种类；channel 渠道；category 分类代码（开头几位也行）；area 片区代码（开头几位也行）；group 几人以上；restricted 限知；
words 话里的词 {any: [有其一], all: [都有], none: [都没有]}；
time 登记的时间 {is: work 办公时间／off 非办公时间／night 夜间／workday 工作日／rest 休息日, between: ["22:00", "06:00"], from: 某日, until: 某日}。"""
