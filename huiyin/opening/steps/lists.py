"""职责清单和分类: lists that are rules. A file is the whole list; importing it makes a new version for the office."""

import re

from huiyin.cases import procedures
from huiyin.opening import rulesets
from huiyin.opening.steps.base import Plan, Step, twice
from huiyin.opening.steps.people import known_by
from huiyin.orgs.models import Organisation
from huiyin.rules.models import RuleSet
from huiyin.sheets.columns import Column, Sheet

LISTS = {
    "基本履职": "街道自己的事，不能退",
    "配合履职": "上级部门主责，街道配合；可请主责部门一起办",
    "上级收回": "已由上级收回，不再派给街道各家；登记后转送",
}
LIMIT = re.compile(r"[HD]\d{1,3}")


class WholeList(Step):
    """A list that is replaced as a whole. `rule` is the name of its rule set."""

    rule = ""

    def lines(self, content: dict) -> list[tuple[str, dict]]:
        """[(key, entry)] of a version's content, for counting what changes."""
        raise NotImplementedError

    def compare(self, office, content: dict) -> Plan:
        """What a new version would change against the office's own one; `content` is kept in `self.content`."""
        self.content = content
        mine = rulesets.own(office, self.rule)
        before = dict(self.lines(mine.content)) if mine else {}
        after, plan = dict(self.lines(content)), Plan()
        plan.fresh = [key for key in after if key not in before]
        plan.changed = [key for key in after if key in before and before[key] != after[key]]
        plan.same = len(after) - len(plan.fresh) - len(plan.changed)
        gone = [key for key in before if key not in after]
        if gone:
            plan.changed += gone
            plan.notes.append(
                f"表里没有的 {len(gone)} 条从新的一版起不再有：{'、'.join(gone[:10])}{'……' if len(gone) > 10 else ''}"
            )
        for key in plan.changed[:20]:
            plan.tell(f"{key}：" + ("改动" if key in after else "去掉"))
        return plan

    def apply(self, office, plan, *, by, options) -> dict:
        if not plan.fresh and not plan.changed:
            return {}
        row = rulesets.put_in_force(
            office, self.rule, self.content, source=f"地方：{office.short_name}在开办时导入"
        )
        return {"规则": self.rule, "版本": row.version}

    def content_now(self, office) -> dict:
        mine = rulesets.own(office, self.rule)
        return mine.content if mine else {}


class Duties(WholeList):
    name, title, rule = "duties", "职责清单", "duty_lists"
    about = "基本履职、配合履职、上级收回三张清单，带序号。派单时按它查，退回时要引用其中一条。一份表就是整份清单。"
    shows = ("desk_network", "服务网络（各单位的职责）")

    def sheet(self, office) -> Sheet:
        return Sheet(
            "duties",
            "职责清单",
            "一行一条。这是整份清单：再传一次就是新的一版，表里没有的就不再有。",
            (
                Column("list", "清单", "choice", required=True, choices={name: name for name in LISTS}, example="基本履职"),
                Column("number", "序号", "integer", required=True, least=1, most=9999, example=1),
                Column("text", "事项", required=True, most=300, example="背街小巷和公共区域清洁", width=50),
                Column("unit", "承办组织代码", "code", most=30, example="yuanlin", help="街道里由谁办；上级收回的不填"),
                Column("lead_outside", "上级主责部门", most=60, example="", help="配合履职的填"),
                Column("now_with", "由谁承接", most=60, example="", help="上级收回的填"),
                Column("words", "居民常说的词", "list", most=200, example=[], help="上级收回的填；登记时听到就提醒转送", width=30),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        units = {unit.code: unit for unit in Organisation.objects.handling().filter(office=office)}
        parts: dict[str, dict] = {name: {} for name in LISTS}
        for row in found.rows:
            known_by(
                found,
                row,
                "unit",
                units,
                "办事的组织",
                "要是联动中心、部门、服务站或居委会；先录入，或改正代码",
            )
            which, number = row["list"], row["number"]
            if which == "上级收回" and row["unit"]:
                found.blame(
                    row, "unit", "上级收回的事不再由街道的单位办", "清空这一格，在“由谁承接”里写上级部门"
                )
            if which == "上级收回" and not row["now_with"] and "now_with" not in row.bad:
                found.blame(row, "now_with", "没有写由谁承接", "写承接的上级部门，登记后往那里转送")
            if which in ("基本履职", "配合履职") and not row["unit"] and "unit" not in row.bad:
                found.blame(row, "unit", "没有写由谁办", "填街道里承办的组织代码")
            if which and number and number in parts[which]:
                found.blame(row, "number", f"{which}清单第 {number} 项重复了", "改正序号")
            if which and number:
                extra = {key: row[key] for key in ("unit", "lead_outside", "now_with", "words") if row[key]}
                parts[which][number] = {"number": number, "text": row["text"], **extra}
        lists = [
            {"name": name, "rule": rule, "clauses": [parts[name][number] for number in sorted(parts[name])]}
            for name, rule in LISTS.items()
        ]
        return self.compare(office, {"label": "地方", "lists": lists})

    def lines(self, content):
        return [
            (f"{part['name']}-{row['number']}", row) for part in content["lists"] for row in part["clauses"]
        ]

    def rows(self, office):
        for part in self.content_now(office).get("lists", []):
            for row in part["clauses"]:
                yield {"list": part["name"], **row}

    def standing(self, office):
        lists = {part["name"]: len(part["clauses"]) for part in self.content_now(office).get("lists", [])}
        return [(name, lists.get(name, 0)) for name in LISTS]


class Categories(WholeList):
    name, title, rule = "categories", "分类", "categories"
    about = (
        "事项的分类，代码两位一级（大类 01、中类 0101、小类 010101），最细一级写默认派给谁、依据清单哪一条。"
        "不导入就先用出厂的示例分类。一份表就是整份分类。"
    )
    shows = ("desk_network", "服务网络（各单位的分类）")

    def sheet(self, office) -> Sheet:
        kinds = {name: kind for kind, name in procedures.kinds(office).items()}
        return Sheet(
            "categories",
            "分类",
            "一行一个分类，从大类到小类。这是整份分类：再传一次就是新的一版。",
            (
                Column("code", "代码", "code", required=True, most=6, example="010101", help="2、4 或 6 位数字，前面的 0 要留住"),
                Column("name", "名称", required=True, most=40, example="暴露垃圾"),
                Column("unit", "默认主办代码", "code", most=30, example="yuanlin", help="最细一级填"),
                Column("clause", "清单条款", most=40, example="基本履职-1", help="写成 基本履职-1"),
                Column("kind", "种类", "choice", choices=kinds, example="city_problem", width=18),
                Column("limit", "通常时限", "code", most=4, example="D5", help="H4 是 4 小时，D5 是 5 个工作日"),
                Column("words", "居民常说的词", "list", most=200, example=["垃圾堆", "没人收"], width=30),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        units = {unit.code: unit for unit in Organisation.objects.handling().filter(office=office)}
        clauses = _clauses(office)
        first = twice(found, "code", "代码")
        entries = []
        for code, row in sorted(first.items()):
            entry = self._entry(found, row, code, first)
            known_by(
                found,
                row,
                "unit",
                units,
                "办事的组织",
                "要是联动中心、部门、服务站或居委会；先录入，或改正代码",
            )
            if row["clause"] and row["clause"] not in clauses:
                found.blame(
                    row, "clause", f"职责清单里没有“{row['clause']}”", "先导入职责清单；写成 基本履职-1"
                )
            if row["limit"] and not LIMIT.fullmatch(row["limit"]):
                found.blame(row, "limit", f"“{row['limit']}”看不懂", "写成 H4（小时）或 D5（工作日）")
            leaf = not any(other != code and other.startswith(code) for other in first)
            if leaf and not row["unit"] and "unit" not in row.bad:
                found.blame(row, "unit", "最细一级没有写默认派给谁", "填承办组织的代码")
            entries.append(entry)
        return self.compare(office, {"categories": entries})

    def _entry(self, found, row, code: str, first: dict) -> dict:
        if not code.isdigit() or len(code) not in (2, 4, 6):
            found.blame(
                row, "code", f"“{code}”不是 2、4 或 6 位数字", "前面的 0 丢了的话，把这一列设成“文本”再填"
            )
        elif len(code) > 2 and code[:-2] not in first:
            found.blame(row, "code", f"没有上一级 {code[:-2]}", "补上它的上一级，或改正代码")
        entry = {"code": code, "name": row["name"]}
        if len(code) > 2:
            entry["parent"] = code[:-2]
        fields = ("unit", "clause", "kind", "limit", "words")
        return entry | {key: row[key] for key in fields if row[key]}

    def lines(self, content):
        return [(row["code"], row) for row in content["categories"]]

    def rows(self, office):
        return self.content_now(office).get("categories", [])

    def standing(self, office):
        rows = self.content_now(office).get("categories", [])
        return [("大类", sum(len(row["code"]) == 2 for row in rows)), ("共", len(rows))]


def _clauses(office) -> set[str]:
    try:
        content = RuleSet.objects.current("duty_lists", office).content
    except RuleSet.DoesNotExist:
        return set()
    return {f"{part['name']}-{row['number']}" for part in content["lists"] for row in part["clauses"]}
