"""组织, 人员, 任职, 场所, 清单, 分类 from files."""

from datetime import date

import pytest
from django.urls import reverse

from huiyin.accounts.models import User
from huiyin.cases import categories, duties
from huiyin.opening import rulesets
from huiyin.orgs.models import STANDING_BODIES, Membership, Organisation, OrganisationKind, Post, Venue
from huiyin.rules.models import RuleSet
from tests.opening.conftest import problems, text

pytestmark = pytest.mark.django_db
UNIT = {
    "code": "lvhua",
    "kind": "department",
    "name": "园林绿化所",
    "short_name": "绿化所",
    "services": ["修剪", "补种"],
}
GROUP = {"code": "chuangjian", "kind": "leading_group", "name": "创建工作领导小组", "parent": "lvhua"}
PERSON = {
    "username": "zhao.min",
    "name": "赵敏",
    "unit": "zhifa",
    "role": "handler",
    "title": "经办（A 角）",
    "substitute": "handler",
}


def test_units_and_bodies_of_every_kind(world, bring_in):
    kinds = [kind.value for kind in OrganisationKind]
    rows = [
        {"code": f"z{number}", "kind": kind, "name": f"第{number}个组织"} for number, kind in enumerate(kinds)
    ]
    assert bring_in("organisations", rows).fresh == len(kinds)
    made = set(
        Organisation.objects.filter(office=world.office, code__startswith="z").values_list("kind", flat=True)
    )
    assert made >= set(STANDING_BODIES)


def test_a_parent_may_stand_below_in_the_same_file(world, bring_in):
    assert bring_in("organisations", [GROUP, UNIT]).fresh == 2
    group = Organisation.objects.get(code="chuangjian")
    assert (
        group.parent.code == "lvhua" and group.area == world.street and group.short_name == "创建工作领导小组"
    )
    assert bring_in("organisations", [GROUP, UNIT]).same == 2
    row = bring_in("organisations", [UNIT | {"phone": "0000-600 0555", "services": ["修剪"]}])
    assert row.changed == 1 and Organisation.objects.get(code="lvhua").services == ["修剪"]


def test_mistakes_of_organisations(world, bring_in):
    world.register(by=world.clerk).accept(by=world.clerk)
    row = bring_in(
        "organisations",
        [
            UNIT | {"parent": "nobody", "area": "99"},
            {"code": "a1", "kind": "department", "name": "甲", "parent": "a2"},
            {"code": "a2", "kind": "department", "name": "乙", "parent": "a1"},
            {"code": "a3", "kind": "部", "name": "丙", "member_count": -4, "phone": "无"},
            {
                "code": "a4",
                "kind": "department",
                "name": "丁",
                "since": date(2024, 5, 1),
                "until": date(2024, 4, 1),
            },
        ],
    )
    assert set(problems(row)) == {"F4", "G4", "F5", "F6", "C7", "L7", "M7", "Q8"}


def test_people_get_accounts_without_a_password_and_their_posts(world, bring_in, client):
    row = bring_in(
        "people",
        [
            PERSON,
            {
                "username": "zhao.min",
                "name": "赵敏",
                "unit": "east_station",
                "role": "grid_worker",
                "area": "990109009001001",
            },
            {
                "username": "qian.yi",
                "name": "钱一",
                "unit": "huanjing",
                "role": "unit_head",
                "substitute": "zhao.min",
            },
        ],
    )
    assert (row.fresh, row.problems) == (3, 0)
    user = User.objects.get(username="zhao.min")
    assert not user.has_usable_password() and user.initials == "zm" and user.office == world.office
    posts = {post.role: post for post in Post.objects.filter(user=user)}
    assert posts["handler"].substitute == world.handler and posts["handler"].title == "经办（A 角）"
    assert posts["grid_worker"].area == world.east_grid and posts["grid_worker"].title == "网格员"
    assert bring_in("people", [PERSON]).same == 1
    changed = bring_in("people", [PERSON | {"name": "赵小敏", "substitute": "handler_b"}])
    assert changed.changed == 1
    assert User.objects.get(pk=user.pk).name == "赵小敏"
    assert Post.objects.get(user=user, role="handler").substitute == world.handler_b


def test_mistakes_of_people(world, bring_in):
    row = bring_in(
        "people",
        [
            PERSON | {"unit": "nobody"},
            PERSON | {"name": "别人"},
            PERSON | {"substitute": "zhao.min"},
            {"username": "sun.er", "name": "孙二", "unit": "zhifa", "role": "grid_worker"},
            {"username": "li", "name": "李", "unit": "zhifa", "role": "经理", "area": "1"},
            {"username": "wu", "name": "吴", "unit": "zhifa", "role": "handler", "substitute": "ghost"},
            {"username": "wu", "name": "吴", "unit": "zhifa", "role": "handler"},
        ],
    )
    found = problems(row)
    assert set(found) == {"E4", "C5", "J6", "H7", "F8", "H8", "J9", "第 6 行", "第 10 行"}
    assert "前面写的是赵敏" in found["C5"]


def test_heads_and_members_with_terms(world, bring_in):
    bring_in("organisations", [UNIT, GROUP | {"since": date(2024, 1, 1)}])
    rows = [
        {"body": "chuangjian", "username": "director", "function": "head", "title": "组长", "start_on": date(2024, 3, 1)},
        {"body": "chuangjian", "username": "leader", "function": "head", "title": "组长", "start_on": date(2024, 3, 1)},
        {"body": "chuangjian", "name": "沈先生", "function": "representative", "start_on": date(2024, 3, 1), "end_on": date(2025, 3, 1)},
        {"body": "chuangjian", "unit": "zhifa", "function": "member", "start_on": date(2024, 3, 1)},
    ]  # fmt: skip
    assert bring_in("members", rows).fresh == 4
    assert Membership.objects.current().filter(organisation__code="chuangjian").count() == 3
    assert bring_in("members", rows).same == 4
    row = bring_in("members", [rows[0] | {"end_on": date(2026, 1, 1)}])
    assert row.changed == 1 and Membership.objects.get(user=world.director).end_on == date(2026, 1, 1)


def test_mistakes_of_members(world, bring_in):
    bring_in("organisations", [UNIT, GROUP | {"since": date(2024, 1, 1)}])
    head = {"body": "chuangjian", "function": "head", "start_on": date(2024, 3, 1)}
    row = bring_in(
        "members",
        [
            head | {"name": "甲"}, head | {"name": "乙"}, head | {"name": "丙"},
            head | {"body": "x", "name": "丁", "function": "member"},
            head | {"function": "member"},
            head | {"name": "戊", "function": "member", "start_on": date(2020, 1, 1)},
            head | {"name": "己", "function": "member", "end_on": date(2024, 2, 1)},
            head | {"username": "leader", "name": "不是他", "function": "member"},
        ],
    )  # fmt: skip
    assert set(problems(row)) == {"F4", "F5", "F6", "B7", "C8", "I9", "J10", "D11"}


def test_rooms_and_places(world, bring_in):
    rows = [{"body": "centre", "name": "接待大厅", "functions": ["接待", "登记"], "since": date(2024, 1, 1)}]
    assert bring_in("venues", rows).fresh == 1
    assert Venue.objects.get(name="接待大厅").functions == ["接待", "登记"]
    assert bring_in("venues", rows).same == 1
    assert bring_in("venues", [rows[0] | {"hours": "全天"}]).changed == 1
    assert set(problems(bring_in("venues", [rows[0], rows[0], {"body": "x", "name": ""}]))) == {
        "C5",
        "B6",
        "C6",
    }


DUTIES = [
    {"list": "基本履职", "number": 1, "text": "背街小巷清洁", "unit": "zhifa"},
    {
        "list": "配合履职",
        "number": 1,
        "text": "工业噪声核查",
        "unit": "huanjing",
        "lead_outside": "区生态环境分局",
    },
    {"list": "上级收回", "number": 1, "text": "建设工程质量检查", "now_with": "区住建局"},
]
CATEGORIES = [
    {"code": "01", "name": "市容环境"},
    {"code": "0101", "name": "垃圾"},
    {"code": "010101", "name": "暴露垃圾", "unit": "zhifa", "clause": "基本履职-1", "kind": "city_problem", "limit": "H4", "words": ["臭"]},
]  # fmt: skip


def test_duty_lists_become_a_version_of_the_office(world, bring_in):
    assert bring_in("duties", DUTIES).fresh == 3
    rule = rulesets.own(world.office, "duty_lists")
    assert rule.version == 1 and "测试街道" in rule.source
    assert duties.clauses(world.office)["基本履职-1"]["unit"] == "zhifa"
    assert bring_in("duties", DUTIES).same == 3
    row = bring_in("duties", [DUTIES[0] | {"text": "背街小巷和楼道清洁"}, DUTIES[2]])
    assert row.changed == 2 and "配合履职-1" in row.findings
    assert rulesets.own(world.office, "duty_lists").version == 2
    assert set(duties.clauses(world.office)) == {"基本履职-1", "上级收回-1"}
    assert RuleSet.objects.get(office=None, name="duty_lists").activated_at


def test_mistakes_of_duty_lists(bring_in):
    row = bring_in(
        "duties",
        [
            {"list": "基本履职", "number": 1, "text": "甲", "unit": "nobody"},
            {"list": "基本履职", "number": 1, "text": "乙"},
            {"list": "上级收回", "number": 1, "text": "丙", "unit": "zhifa"},
            {"list": "其他", "number": 0, "text": ""},
        ],
    )
    assert set(problems(row)) == {"E4", "C5", "E5", "E6", "G6", "B7", "C7", "D7"}


def test_categories_become_a_version_of_the_office(world, bring_in):
    bring_in("duties", DUTIES)
    assert bring_in("categories", CATEGORIES).fresh == 3
    assert set(categories.table(world.office)) == {"01", "0101", "010101"}
    assert categories.find(world.office, "blLJ".lower())[0]["unit"] == "zhifa"
    assert bring_in("categories", CATEGORIES).same == 3


def test_mistakes_of_categories(bring_in):
    row = bring_in(
        "categories",
        [
            CATEGORIES[0], {"code": "10101", "name": "零丢了"}, {"code": "020101", "name": "没有上级", "unit": "zhifa"},
            CATEGORIES[2] | {"unit": "nobody", "clause": "基本履职-999", "limit": "5天"},
        ],
    )  # fmt: skip
    assert {"B5", "B6", "B7", "D7", "E7", "G7"} <= set(problems(row))


@pytest.mark.parametrize(
    "name",
    [
        "areas",
        "boundaries",
        "organisations",
        "people",
        "members",
        "venues",
        "duties",
        "categories",
        "backlog",
    ],
)
def test_every_step_has_a_page_and_a_template(admin, name):
    page = admin.get(reverse("opening_step", args=[name]))
    assert page.status_code == 200 and "检查这份文件" in text(page)
    file = admin.get(reverse("opening_template", args=[name]))
    assert file.status_code == 200 and len(file.content) > 200
    if name != "backlog":
        assert admin.get(reverse("opening_filled", args=[name])).status_code == 200


def test_what_goes_out_filled_comes_back_unchanged(world, bring_in, admin):
    """Round trip of every list: nothing new, nothing changed, no problem."""
    bring_in("organisations", [UNIT, GROUP])
    bring_in(
        "members",
        [{"body": "chuangjian", "username": "director", "function": "head", "start_on": date(2027, 1, 1)}],
    )
    bring_in("venues", [{"body": "centre", "name": "大厅", "functions": ["接待"]}])
    bring_in("duties", DUTIES)
    bring_in("categories", CATEGORIES)
    for name in ("areas", "organisations", "people", "members", "venues", "duties", "categories"):
        row = bring_in(name, admin.get(reverse("opening_filled", args=[name])).content)
        assert (row.fresh, row.changed, problems(row)) == (0, 0, {}), name
        assert row.same, name
