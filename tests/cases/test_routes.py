"""Special routes: recognised as a hint, never in the way; told, recorded, and of secrets nothing else."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from huiyin.base.ids import uuid7
from huiyin.cases import duties, routes
from huiyin.cases.models import Case, Direction, Draft
from huiyin.cases.wording import told_or_refuse
from huiyin.rules.models import RuleSet
from tests.cases.test_intake_page import beside, fields, page
from tests.world import later

pytestmark = pytest.mark.django_db
SECRET = "我手里有一份涉密的材料，讲的是码头那边的事。"


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


def codes(world, text, category=""):
    return [route.code for route in routes.recognise(world.office, text, category)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("三楼着火了，好大的烟", "fire"),
        ("电梯困人，里面有老人", "fire"),
        ("我爸突然晕倒了", "ambulance"),
        ("楼下有人持刀", "police"),
        ("楼道里一股煤气味", "gas"),
        ("法院判了他不履行，强制执行也没有用", "court"),
        ("劳动仲裁输了，不服", "arbitration"),
        ("城管的处罚决定书我不服", "review"),
        ("派出所不予立案", "police_case"),
        ("村里会计贪污", "party_discipline"),
        (SECRET, "secret"),
        ("我们这条巷子想要新装路灯", "back_lamp"),
        ("工伤认定谁来做", "back_injury"),
    ],
)
def test_recognised_from_the_words(world, text, code):
    assert code in codes(world, text)


@pytest.mark.parametrize(
    "text", ["楼道灯坏了三天", "轮胎漏气没人管", "去年着火以后墙还没刷", "", "想咨询一下打官司的事"]
)
def test_ordinary_words_give_no_hint(world, text):
    assert codes(world, text) == []


def test_every_route_is_fit_to_be_told_and_names_its_source(world):
    content = RuleSet.objects.current("special_routes", world.office).content
    for row in content["routes"]:
        route = routes.find(world.office, row["code"])
        assert told_or_refuse(f"{route.say}依据：{route.law}。", world.office), row["code"]
        assert route.target and route.law and route.source_kind in ("法定", "国标", "地方", "示例"), row[
            "code"
        ]
        assert "clause" not in row or row["clause"] in duties.clauses(world.office)
    taken = [row["clause"] for row in content["routes"] if "clause" in row]
    assert len(taken) == len(set(taken)) and all(clause.startswith("上级收回") for clause in taken)


def test_hint_stands_beside_the_form_and_blocks_nothing(clerk):
    shown = beside(clerk, description="三楼着火了，好大的烟")
    assert "火警" in shown and "119" in shown and "told:fire" in shown and "route:fire" in shown
    assert clerk.post(page(), fields(description="三楼着火了，好大的烟")).status_code == 302
    assert Case.objects.count() == 1 and not Direction.objects.exists()


def test_emergency_told_and_nothing_registered(clerk, world):
    draft = uuid7()
    clerk.post(reverse("desk_draft_save", args=[draft]), fields(description="三楼着火了"))
    answer = clerk.post(page(draft), fields(do="told:fire", description="三楼着火了", channel="call"))
    row = Direction.objects.get()
    assert answer.url == reverse("desk_direction", args=[row.pk])
    assert (row.route, row.phone, row.by, row.channel, row.case) == ("fire", "119", world.clerk, "call", None)
    assert not Case.objects.exists() and not Draft.objects.exists()
    notice = clerk.get(answer.url).text
    assert "119" in notice and "马上离开" in notice and "没有另外登记" in notice
    assert (
        clerk.post(page(draft), fields(do="told:fire")).url == answer.url and Direction.objects.count() == 1
    )


def test_emergency_told_although_the_form_is_unfinished(clerk):
    answer = clerk.post(page(), {"channel": "call", "do": "told:gas", "description": ""})
    assert answer.status_code == 302 and Direction.objects.get().route == "gas"


def test_emergency_told_and_registered(clerk):
    answer = clerk.post(page(), fields(do="route:gas", description="楼道里一股煤气味，刚打了电话"))
    case, row = Case.objects.get(), Direction.objects.get()
    assert row.case == case and case.state == "received" and case.number in clerk.get(answer.url).text


def test_statutory_route_registers_declines_and_cites(clerk, client):
    address = page()
    said = fields(do="route:court", description="法院判了一年了，对方就是不给钱，你们管不管")
    answer = clerk.post(address, said)
    case = Case.objects.get()
    event = case.events.last()
    assert (case.state, event.verb, event.is_told) == ("not_accepted", "decline", True)
    for words in ("12368", "人民法院", "第三十一条第一项"):
        assert words in event.text, words
    assert "第三十一条" in clerk.get(answer.url).text
    assert "12368" in client.get(f"/track/{case.tracking_code}/").text
    assert clerk.post(address, said).url == answer.url and Case.objects.count() == 1


def test_beyond_duty_is_referred_to_its_owner_with_the_clause(clerk):
    clerk.post(page(), fields(do="route:back_lamp", description="我们这条巷子想要新装路灯"))
    case = Case.objects.get()
    event = case.events.last()
    assert case.state == "referred" and event.data["to"] == "市路灯中心"
    assert "上级收回清单 第11项" in event.text


def test_a_category_on_the_list_taken_back_is_recognised(world, monkeypatch):
    table = {"999999": {"clause": "上级收回-17", "path": ["教育"], "is_leaf": True}}
    monkeypatch.setattr("huiyin.cases.routes.categories.table", lambda office: table)
    [route] = routes.recognise(world.office, "想问上学的事", "999999")
    assert route.code == "duty:999999" and route.target == "区教育局" and "第17项" in route.law
    assert routes.find(world.office, route.code) == route


def test_an_offices_own_list_speaks_with_its_own_words(world, clerk):
    """The shipped routes know clauses by number; on another list that number is another thing."""
    from huiyin.opening import rulesets

    clauses = [
        {"number": 11, "text": "养犬登记", "now_with": "区公安分局", "words": ["狗证", "养犬证"]},
        {"number": 12, "text": "殡葬服务许可", "now_with": "区民政局"},
    ]
    lists = [{"name": "上级收回", "rule": "转送", "clauses": clauses}]
    rulesets.put_in_force(world.office, "duty_lists", {"label": "地方", "lists": lists}, source="试")
    assert routes.recognise(world.office, "我们这条巷子想要新装路灯") == []
    [route] = routes.recognise(world.office, "我想问狗证在哪里办")
    assert route.code == "clause:上级收回-11" and route.target == "区公安分局" and route.said == "狗证"
    clerk.post(page(), fields(do="route:clause:上级收回-11", description="我想问狗证在哪里办"))
    case = Case.objects.get()
    assert case.state == "referred" and "上级收回清单 第11项：养犬登记" in case.events.last().text


def test_of_a_secret_nothing_stays(clerk):
    draft = uuid7()
    clerk.post(reverse("desk_draft_save", args=[draft]), fields(description=SECRET))
    clerk.post(page(draft), fields(do="told:secret", description=SECRET, place="码头"))
    row = Direction.objects.get()
    assert row.is_secret and row.case is None
    assert not Case.objects.exists() and not Draft.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM cases_direction d")
        kept = cursor.fetchone()[0]
    for words in ("码头", "何阿姨", "一份", "10000005678"):
        assert words not in kept
    late = clerk.post(
        reverse("desk_draft_save", args=[draft]), {**fields(description=SECRET), "seen": "", "tab": "x"}
    )
    assert late.status_code == 409 and not Draft.objects.exists(), "a late save brings nothing back"


def test_a_secret_is_never_registered(clerk, world):
    answer = clerk.post(page(), fields(do="route:secret", description=SECRET))
    assert answer.status_code == 400 and not Case.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Direction.objects.create(
            office=world.office, route="secret", name="x", is_secret=True, channel="visit", told="x", by=world.clerk,
            rules=RuleSet.objects.current("special_routes", world.office), at=later(), draft_key="k",
            case=world.register(by=world.clerk),
        )  # fmt: skip


def test_what_is_not_allowed(clerk, client, world):
    assert clerk.post(page(), fields(do="told:court")).status_code == 400, "declining needs a matter"
    assert clerk.post(page(), fields(do="route:nonsense")).status_code == 400
    client.force_login(world.east_staff)
    assert client.post(page(), fields(do="route:court")).status_code == 403
    assert client.post(page(), fields(do="told:fire")).status_code == 302
    assert Direction.objects.count() == 1 and not Case.objects.exists()


def test_the_list_shows_ones_own_or_all_and_pages(clerk, client, world, django_assert_max_num_queries):
    for _ in range(52):
        clerk.post(page(), fields(do="told:fire"))
    with django_assert_max_num_queries(14):
        shown = clerk.get(reverse("desk_directions")).text
    assert shown.count("<td>火警") == 50 and "再看 50 条" in shown
    more = shown.split('class="btn quiet" href="')[1].split('"')[0].replace("&amp;", "&")
    assert clerk.get(more).text.count("<td>火警") == 2
    one = Direction.objects.first()
    client.force_login(world.east_staff)
    assert "<td>火警" not in client.get(reverse("desk_directions")).text
    assert client.get(reverse("desk_direction", args=[one.pk])).status_code == 404
    client.force_login(world.handler)
    assert client.get(reverse("desk_directions")).status_code == 403
