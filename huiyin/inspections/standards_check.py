"""What an office's own version of the component and event classes must look like before it can be activated."""

from collections.abc import Iterator

from huiyin.cases.models import Case
from huiyin.cases.states import OPEN
from huiyin.inspections import standards
from huiyin.orgs.models import Organisation
from huiyin.rulebook import registry
from huiyin.rulebook.reading import Problem, warning
from huiyin.rulebook.shapes import Book, Clock, Flag, Number, Rows, Table, Text
from huiyin.rules.models import RuleSet

CODE = (r"[BS]\d{4}(-\d)?", "B 或 S 加四位数字，如 B0101、S0402-1")
_reasons = Book(Text(most=40), key=Text(like=(r"[a-z][a-z_]{1,29}", "小写字母和下划线")), least=1)
SHAPE = Table(
    needs={
        "hours_per_day": Number(1, 24),
        "report_share": Number(0.1, 1, whole=False),
        "pause": Table(needs={"most_days": Number(1, 3650), "times": Number(1, 10)}),
        "appeal": Table(needs={"within_days": Number(1, 365), "reasons": _reasons}),
        "not_filed": _reasons,
        "on_the_spot": Table(needs={"check_every": Number(1, 1000), "always_emergency": Flag()}),
        "night": Table(
            needs={
                "rectify_by": Clock(), "accept_by": Clock(), "redo_by": Clock(), "report_by": Clock(),
                "look_back_days": Number(1, 365),
            }
        ),
        "groups": Book(Text(most=20), key=Text(like=(r"[BS]\d{2}", "B 或 S 加两位数字")), least=1),
        "standards": Rows(
            Table(
                needs={
                    "code": Text(like=CODE),
                    "name": Text(most=40),
                    "unit": Text(most=40),
                    "authority": Text(most=40),
                    "file_when": Text(most=200),
                    "close_when": Text(most=200),
                    "limit": Table(needs={"amount": Number(1, 400), "unit": Text(one_of=standards.UNITS)}),
                    "label": Text(one_of=dict.fromkeys(standards.LABELS, "")),
                },
                may={
                    "photo": Flag(),
                    "categories": Rows(Text(may_be_number=True)),
                    "words": Rows(Text(may_be_number=True, most=20), most=30),
                    "source": Text(most=200),
                },
                what="这个小类",
            ),
            least=1,
            key="code",
        ),
    },
    what="部件事件标准",
)  # fmt: skip


def check(content, office) -> Iterator[Problem]:
    """Every class in a group that there is, with a unit and categories that there are; none in use that would vanish."""
    found = list(SHAPE.check(content))
    yield from found
    if found:
        return
    units = set(Organisation.objects.current().filter(office=office).values_list("code", flat=True))
    categories = {
        str(row["code"]) for row in RuleSet.objects.current("categories", office).content["categories"]
    }
    for number, row in enumerate(content["standards"]):
        path = ("standards", number)
        if row["code"][:3] not in content["groups"]:
            yield Problem(f"“{row['code']}”的大类 {row['code'][:3]} 不在 groups 里", (*path, "code"))
        if row["unit"] not in units:
            yield warning(f"“{row['name']}”的处置单位“{row['unit']}”在服务网络里没有", (*path, "unit"))
        for code in row.get("categories", []):
            if str(code) not in categories:
                yield Problem(f"“{row['name']}”连着的分类“{code}”没有", (*path, "categories"))
        if row["label"] in ("法定", "国标") and not row.get("source"):
            yield Problem(f"“{row['name']}”标了{row['label']}，要在 source 写明出处", (*path, "label"))
    codes = {row["code"] for row in content["standards"]}
    used = Case.objects.filter(office=office, state__in=OPEN, particulars__has_key="city_class")
    for code in sorted(set(used.values_list("particulars__city_class", flat=True)[:5000]) - codes):
        yield warning(f"在办的事项里还有类别“{code}”，这一版没有它：那些按立案时记下的条件和时限走完")
    night = content["night"]
    if night["rectify_by"] > night["accept_by"]:
        yield Problem("夜查整改的时间要早于验收的时间", ("night", "rectify_by"))


def register():
    registry.register(
        standards.NAME,
        "部件事件立结案标准",
        check=check,
        about="城市管理问题分哪些部件、事件小类，什么情形立案、到什么程度结案、谁处置、多长时间；夜查、抽查、申诉的几个数",
        help="standards 一行一个小类：code B 部件 S 事件加大类两位小类两位，file_when 立案条件，close_when 结案条件，unit 处置单位，"
        "authority 主管部门，limit 时限（emergency_ 昼夜连续，working_ 只走办公时间），photo 结案要照片，categories 连着哪些分类",
        labels={"standards": "小类", "groups": "大类", "code": "代码", "name": "名称", "unit": "处置单位",
                "authority": "主管部门", "file_when": "立案条件", "close_when": "结案条件", "limit": "时限", "amount": "数量",
                "photo": "结案要照片", "categories": "连着的分类", "label": "来源类别", "words": "说法", "appeal": "超期申诉",
                "pause": "挂账", "night": "夜查", "on_the_spot": "立行立改", "not_filed": "不予立案的理由",
                "reasons": "理由", "within_days": "几个工作日内", "check_every": "每几件抽一件", "times": "几次",
                "hours_per_day": "一个工作日几工时", "report_share": "报结占全程", "most_days": "最长几天"},
        order=18,
    )  # fmt: skip
