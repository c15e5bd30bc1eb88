"""第一个周一: an empty house, its first administrator, the Excel files it offers, and the first matter answered."""

import io
import json
import re
import urllib.error
from secrets import token_hex

import pytest
import python_calamine
import xlsxwriter

from tests.journeys.browser import Person
from tests.journeys.house import OPENER, House
from tests.journeys.matter import Matter

STREET = {
    "name": "青浦路街道办事处", "short_name": "青浦路街道", "city": "鹭洲市", "district": "青浦区", "code": "990203004",
    "document_mark": "青街", "centre_name": "青浦路街道联动中心", "phone": "0000-600 0700", "address": "青浦路 1 号",
    "hours": "工作日 8:30—17:30",
}  # fmt: skip
PASSWORD = "di-yi-ge-zhou-yi-9"
C, G = "990203004001", "990203004001001"
AREAS = [
    {"代码": C, "层级": "社区", "名称": "月桥社区", "户数": "1200"},
    {"代码": G, "层级": "网格", "名称": "月桥第01网格", "上级代码": C},
    {"代码": "yq-3", "层级": "楼院", "名称": "桂香里3幢", "上级代码": G, "地址": "桂香里 3 号"},
]
UNITS = [
    {"代码": "zhifa", "类别": "联动部门", "全称": "综合行政执法队", "简称": "执法队"},
    {"代码": "yueqiao", "类别": "社区服务站", "全称": "月桥社区服务站", "片区代码": C},
    {"代码": "chuangjian", "类别": "领导小组", "全称": "创建工作领导小组", "成立日": "2025-01-01"},
]
PEOPLE = [
    {"登录名": "he.ping", "姓名": "何平", "组织代码": "zhongxin", "岗位": "受理员", "B 角登录名": "tao.ran"},
    {"登录名": "tao.ran", "姓名": "陶然", "组织代码": "zhongxin", "岗位": "督查员", "B 角登录名": "he.ping"},
    {"登录名": "ning.bo", "姓名": "宁博", "组织代码": "jiedao", "岗位": "值班领导"},
    {"登录名": "gu.yue", "姓名": "顾岳", "组织代码": "zhifa", "岗位": "经办人"},
    {"登录名": "mo.li", "姓名": "莫莉", "组织代码": "yueqiao", "岗位": "网格员", "片区代码": G},
    {"登录名": "mo.li", "姓名": "莫莉", "组织代码": "yueqiao", "岗位": "服务站工作人员"},
]
MEMBERS = [
    {"组织代码": "chuangjian", "登录名": "ning.bo", "担任": "负责人", "称谓": "组长", "起": "2025-03-01"},
    {"组织代码": "chuangjian", "成员单位代码": "zhifa", "担任": "成员", "起": "2025-03-01"},
]
PLACES = [{"组织代码": "zhongxin", "场所": "接待大厅", "用途": "接待、登记"}]
DUTIES = [
    {"清单": "基本履职", "序号": "1", "事项": "占道经营和油烟的劝导", "承办组织代码": "zhifa"},
    {"清单": "上级收回", "序号": "1", "事项": "建设工程质量检查", "由谁承接": "区住建部门"},
]
CATEGORIES = [
    {"代码": "01", "名称": "市容环境"},
    {"代码": "0101", "名称": "油烟噪声"},
    {"代码": "010101", "名称": "餐饮油烟", "默认主办代码": "zhifa", "清单条款": "基本履职-1", "种类": "城市管理问题", "居民常说的词": "油烟、烧烤"},
]  # fmt: skip
BACKLOG = [
    {"原编号": "旧-7", "登记日期": "2026-10-08", "种类": "信访", "渠道": "来电", "说了什么": "楼下烧烤店每晚排油烟，窗户不敢开。",
     "地点": "桂香里3幢", "承办单位代码": "zhifa", "经办人登录名": "gu.yue"},
]  # fmt: skip


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("monday") / f"data-{token_hex(4)}", world="none") as running:
        yield running


@pytest.fixture
def window(empty_house, browser):
    """`window()` opens a window on the empty house; closed and checked at the end."""
    opened = []

    def open_window(**context):
        opened.append(Person(browser, empty_house.address, **context))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def pages(raw: bytes) -> dict[str, list[list]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def download(page, link) -> bytes:
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.path().read_bytes()


def filled(template: bytes, rows: list[dict]) -> bytes:
    """The template as a clerk's spreadsheet saves it: its lines as they were, ours from the fourth on."""
    name, lines = next(iter(pages(template).items()))
    headings = [str(cell).rstrip("*") for cell in lines[0]]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet(name)
        for number, line in enumerate(lines[:3]):
            page.write_row(number, 0, line)
        for number, row in enumerate(rows, 3):
            assert set(row) <= set(headings), set(row) - set(headings)
            for heading, cell in row.items():
                page.write_string(number, headings.index(heading), cell)
    return stream.getvalue()


class Opening:
    """The administrator at a step of the set-up."""

    def __init__(self, who: Person, name: str):
        self.who, self.page, self.name = who, who.page, name
        self.here = f"/desk/opening/{name}/"

    def hand_in(self, raw: bytes, ending: str = "xlsx", **fields) -> str:
        self.who.go(self.here)
        if fields:
            self.who.fill(**fields)
        self.page.locator("input[type=file]").set_input_files(
            {"name": f"{self.name}.{ending}", "mimeType": "application/octet-stream", "buffer": raw}
        )
        self.page.get_by_role("button", name="检查这份文件").click()
        self.page.wait_for_url("**/files/**")
        return self.page.locator("main").inner_text()

    def template(self) -> bytes:
        self.who.go(self.here)
        return download(self.page, self.page.locator("a[href$='/template/']"))

    def bring_in(self, rows: list[dict], **fields):
        said = self.hand_in(filled(self.template(), rows), **fields)
        assert "检查通过" in said, said
        self.import_it()

    def import_it(self):
        self.page.get_by_role("button", name=re.compile("^导入")).click()
        self.page.get_by_role("heading", name="导入好了").wait_for()


def name_the_administrator(house, visitor: Person):
    with pytest.raises(urllib.error.HTTPError) as closed:
        OPENER.open(house.address + "/")
    assert closed.value.code == 503 and "还没有开办" in closed.value.read().decode()
    assert "还没有任何账号" in visitor.go("/sign-in/").text()
    path = house.data / "first-administrator.txt"
    assert path.stat().st_mode & 0o077 == 0
    link = re.search(r"/welcome/[0-9A-Z-]+/", path.read_text()).group()
    assert link in house.said()
    visitor.go(link).fill(name="易明", username="yi.ming", new=PASSWORD, again=PASSWORD)
    visitor.page.get_by_role("button", name="设好，登录").click()
    visitor.page.get_by_role("heading", name="这是哪个街道").wait_for()
    assert not path.exists()
    visitor.fill(**STREET).page.get_by_role("button", name="设好街道").click()
    visitor.page.wait_for_url("**/desk/opening/")
    assert "还差" in visitor.text()


def mistakes_come_back_marked(admin: Person):
    """One file with mistakes: nothing goes in, the copy says where and why, corrected it goes in."""
    step = Opening(admin, "areas")
    template = step.template()
    assert pages(template)["片区"][2][0].startswith("示例")
    bad = [AREAS[0], AREAS[1] | {"上级代码": "990203004009"}, AREAS[2] | {"名称": "", "层级": "大楼"}]
    said = step.hand_in(filled(template, bad))
    assert "有 3 处要改" in said and "E5" in said and "导入，" not in said
    copy = pages(download(admin.page, admin.page.get_by_role("link", name="下载标出问题的表")))
    assert [line[0] for line in copy["问题清单"][1:]] == ["E5", "C6", "D6"]
    assert "E5" in copy["片区"][4][-1]
    said = step.hand_in(filled(template, AREAS))
    assert "检查通过" in said
    step.import_it()
    assert "和现在的完全一样" in step.hand_in(filled(template, AREAS))


def boundaries(admin: Person):
    step = Opening(admin, "boundaries")
    data = json.loads(step.template())
    ring = [[118.0, 27.0], [118.01, 27.0], [118.01, 27.01], [118.0, 27.01], [118.0, 27.0]]
    for feature in data["features"]:
        if feature["properties"]["code"] in (C, G):
            feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    assert "检查通过" in step.hand_in(json.dumps(data).encode(), "geojson")
    step.import_it()
    assert admin.go(f"/desk/areas/{G}/").page.locator("svg.area-map").count()


def links(admin: Person) -> dict[str, str]:
    """login → one-time address, from the sheet that the administrator downloads once."""
    admin.go("/desk/opening/links/")
    sheet = pages(download(admin.page, admin.page.get_by_role("button", name="全部开链接，下载表格")))[
        "开通单"
    ]
    return {line[2]: re.search(r"/welcome/[^/]+/", line[4]).group() for line in sheet[3:]}


def sign_in_first(who: Person, link: str) -> Person:
    who.go(link).fill(new=PASSWORD, again=PASSWORD)
    who.page.get_by_role("button", name="设好，登录").click()
    who.page.wait_for_url("**/desk/")
    return who


def register(clerk: Person) -> Matter:
    page = clerk.go("/desk/intake/").page
    clerk.fill(
        channel="call", description="桂香里楼下烧烤摊油烟直往家里灌，晚上没法开窗。", wants="请他们装净化器", kind="city_problem",
        name="丁阿婆", phone="10000007001", reply_by="phone",
    )  # fmt: skip
    page.locator("button[name=do][value=register]").click()
    page.wait_for_url("**/receipt/**")
    return Matter(re.search(r"\d\d-\d{5}", page.locator("main").inner_text()).group())


def test_from_an_empty_house_to_the_first_answer(empty_house, window):
    admin = window()
    name_the_administrator(empty_house, admin)
    mistakes_come_back_marked(admin)
    boundaries(admin)
    for name, rows in (
        ("organisations", UNITS), ("people", PEOPLE), ("members", MEMBERS), ("venues", PLACES), ("duties", DUTIES), ("categories", CATEGORIES),
    ):  # fmt: skip
        Opening(admin, name).bring_in(rows)
    Opening(admin, "backlog").bring_in(BACKLOG, by="何平（受理员）", system="原登记台账")
    assert "还差" not in admin.go("/desk/opening/").text()
    assert "每个部门有负责人" in admin.go("/desk/opening/checklist/").text()
    assert "还没有开办" not in window().go("/").text()

    link = links(admin)
    clerk, handler, checker = (
        sign_in_first(window(), link[name]) for name in ("he.ping", "gu.yue", "tao.ran")
    )
    assert "已经用过" in window().go(link["he.ping"]).text()
    old = clerk.go("/desk/cases/?q=烧烤店").text()
    assert "26-00001" in old and "执法队" in old

    matter = register(clerk)
    matter.move(clerk, "accept", text="您说的油烟收下了，今天就有人去看。")
    matter.move(clerk, "dispatch", lead="执法队", task="看油烟，督促装净化器")
    matter.move(handler, "take")
    matter.move(handler, "record", act="site_check", text="到摊上看过，没有净化器，已要求三天内装好。")
    matter.move(handler, "report", text="净化器装好了，晚上七点复看没有油烟。")
    matter.move(checker, "verify", text="晚上到楼下看过，确实没有油烟了。")
    matter.move(
        clerk,
        "answer",
        text="丁阿婆：楼下的摊子装了净化器，昨天晚上我们去看过，油烟没有了。再有油烟请直接打电话。",
    )
    matter.move(clerk, "close")
    assert "已办结" in matter.page_text(clerk)
