"""The list and the single matter as staff read them, and what the person sees by their code."""

from datetime import timedelta

import pytest

from huiyin.cases.filters import SORTS, VIEWS
from huiyin.cases.intake import Person
from huiyin.rules import clock
from tests.cases.walks import ANSWER, bring

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases"


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.data
    return [row["number"] for row in answer.data["results"]]


def test_the_list_has_the_desks_filters(as_user, world):
    east = world.register(by=world.clerk, channel="call", kind="petition", description="东边的路灯坏了三盏")
    west = world.register(area=world.west_grid, group_size=8, description="西边的垃圾没人收")
    handled = bring(world, "in_hand", description="修自行车的摊子占道")
    clerk = as_user("clerk")
    expected = {
        ("kind", "petition"): {east.number},
        ("channel", "web"): {west.number},
        ("area", world.west.code): {west.number},
        ("area", world.street.code): {east.number, west.number, handled.number},
        ("area", "none"): set(),
        ("unit", "zhifa"): {handled.number},
        ("state", "in_hand"): {handled.number},
        ("view", "received"): {east.number, west.number},
        ("q", "垃圾"): {west.number},
        ("q", east.number): {east.number},
        ("group", "1"): {west.number},
        ("key", "1"): set(),
        ("since", f"{clock.today() + timedelta(days=1):%Y-%m-%d}"): set(),
        ("until", f"{clock.today():%Y-%m-%d}"): {east.number, west.number, handled.number},
    }
    for (name, value), found in expected.items():
        assert set(numbers(clerk.get(CASES, **{name: value}))) == found, name
    for view in VIEWS:
        for sort in SORTS:
            assert clerk.get(CASES, view=view, sort=sort).status_code == 200
    assert numbers(as_user("handler").get(CASES, view="mine")) == [handled.number]


def test_pages_follow_the_cursor_without_gap_or_repeat(as_user, world):
    made = {world.register().number for _ in range(7)}
    clerk = as_user("clerk")
    for sort in SORTS:
        answer, seen = clerk.get(CASES, sort=sort, limit=3), []
        while True:
            seen += numbers(answer)
            assert len(answer.data["results"]) <= 3 and answer.data["count"] == 7
            if answer.data["next"] is None:
                break
            answer = clerk.get(answer.data["next"])
        assert len(seen) == 7 and set(seen) == made


@pytest.mark.parametrize(
    "query",
    [
        {"view": "nothing"}, {"state": "x"}, {"channel": "\x00"}, {"since": "gestern"}, {"until": "9999-12-31"},
        {"since": "0001-01-01"}, {"sort": "x"}, {"cursor": "x"}, {"cursor": "WzEsMl0"}, {"cursor": "é"},
        {"cursor": "WyIyMDI2LTExLTIyIiwgIngiXQ"}, {"limit": "1000"}, {"limit": "x"}, {"stat": "open"},
        {"since": "2026-11-22T00:00:00+99:00"},
    ],
    ids=str,
)  # fmt: skip
def test_wrong_filters_are_named(as_user, world, query):
    answer = as_user("clerk").get(CASES, **query)
    assert answer.status_code in (400, 422) or query == {"channel": "\x00"}


@pytest.mark.parametrize("q", ["'", "\\", "%", "井 盖", "a&b|c", "!", "()", ":*", "\U0001f600", "x" * 1000])
def test_search_takes_any_text(as_user, world, q):
    world.register()
    assert as_user("clerk").get(CASES, q=q).status_code == 200


def test_only_what_one_may_read(as_user, world):
    east, west = world.register(), world.register(area=world.west_grid)
    outsider = as_user("outsider")
    assert numbers(outsider.get(CASES)) == [west.number]
    assert outsider.get(f"{CASES}/{east.number}").status_code == 404
    assert outsider.get(f"{CASES}/{west.number}").status_code == 200
    for name in ("admin", "auditor", "handler"):
        assert numbers(as_user(name).get(CASES)) == []
        assert as_user(name).get(f"{CASES}/{east.number}").status_code == 404
    for strange in ("nothing", "%00", "x" * 300, "编号"):
        assert as_user("clerk").get(f"{CASES}/{strange}").status_code == 404


def test_one_matter_says_everything_but_who_the_person_is(as_user, anyone, world):
    case = bring(
        world,
        "answered",
        persons=[
            Person(
                name="何桂香", phone="10000001234", id_number="990101195001011234", address="槐荫里 3 幢 401"
            )
        ],
    )
    answer = as_user("clerk").get(f"{CASES}/{case.number}")
    text = answer.content.decode()
    for secret in ("何桂香", "10000001234", "990101195001011234", "3 幢 401"):
        assert secret not in text
    assert answer.data["persons"] == [
        {"role": "raiser", "role_label": "反映人", "name": "何*", "phone": "100****1234"}
    ]
    assert answer.data["state_label"] == "待办结" and answer.data["missing_for_close"] == []
    assert {"limits", "assignments", "evidence", "events", "moves", "notices", "letters"} <= set(answer.data)
    assert answer.data["assignments"][0]["unit"] == {"code": "zhifa", "name": "综合执法队"}
    assert [item["name"] for item in answer.data["evidence"]] == [
        "有接访",
        "有记录",
        "有调解",
        "有督办",
        "有反馈",
    ]
    tracked = anyone.get(f"/api/v1/tracking/{case.tracking_code.lower().replace('-', '')}")
    for secret in ("何桂香", "10000001234", "3 幢 401", "测handler", "测clerk"):
        assert secret not in tracked.content.decode()
    assert tracked.data["answer"]["text"] == ANSWER and tracked.data["answer"]["outcome"] == "解决了"
    assert [told["text"] for told in tracked.data["told"]][-1] == ANSWER
    words = [step["words"] for step in tracked.data["trail"]]
    assert (
        words[0] == "收到您说的事"
        and words[-1] == "给您打了电话，并写了答复"
        and "交给综合执法队来办" in words
    )
    assert tracked.data["rating"]["solved"]["partly"] == "还差一点"


def test_units_and_users_are_enums_with_labels(as_user, world):
    case = bring(world, "accepted")
    moves = {move["verb"]: move for move in as_user("clerk").get(f"{CASES}/{case.number}").data["moves"]}
    lead = moves["dispatch"]["fields"]["properties"]["lead"]
    assert lead["x-labels"][str(world.enforcement.pk)] == "综合执法队"
    assert str(world.centre.pk) not in lead["enum"], "nobody there could take it"
    assert moves["dispatch"]["href"] == f"{CASES}/{case.number}/dispatch"
    case = bring(world, "in_hand")
    moves = {move["verb"]: move for move in as_user("handler").get(f"{CASES}/{case.number}").data["moves"]}
    people = moves["assign_person"]["fields"]["properties"]["handler"]
    assert set(people["x-labels"].values()) == {"测handler", "测handler_b"}
    assert moves["assign_person"]["href"].endswith(str(case.lead.pk))


def test_withdrawn_by_its_person(anyone, world):
    case = world.register()
    track = f"/api/v1/tracking/{case.tracking_code}"
    assert anyone.get(track).data["can"] == ["urge", "withdraw"]
    early = anyone.post(f"{track}/rating", {"contacted": "yes", "solved": "yes", "satisfied": "yes"})
    assert early.status_code == 409
    assert anyone.post(f"{track}/withdraw", {"reason": "已经好了"}).data["state"] == "withdrawn"
    assert anyone.post(f"{track}/withdraw").status_code == 409
    assert anyone.post(f"{track}/reopen", {"reason": "又"}).status_code == 400
    for body in ({"contacted": "maybe"}, {"contacted": "yes", "solved": "yes"}, [], "x"):
        assert anyone.post(f"{track}/rating", body if body else b"[]").status_code in (400, 422)


def test_each_representative_has_a_verdict_of_their_own(anyone, world):
    case = bring(
        world,
        "answered",
        group_size=6,
        persons=[Person(name="何阿姨", phone="10000001234"), Person(name="孟师傅", phone="10000001235")],
    )
    codes = list(case.parties.order_by("role").values_list("tracking_code", flat=True))
    verdict = {"contacted": "yes", "solved": "yes", "satisfied": "fair"}
    for code in codes:
        assert anyone.post(f"/api/v1/tracking/{code}/rating", verdict).status_code == 201
        assert anyone.post(f"/api/v1/tracking/{code}/rating", verdict).status_code == 409
    assert case.ratings.count() == 2


def test_reading_stays_within_its_queries(as_user, world, django_assert_max_num_queries):
    for _ in range(12):
        world.register()
    cases = [bring(world, "in_hand") for _ in range(2)]
    clerk = as_user("clerk")
    with django_assert_max_num_queries(15):
        assert len(numbers(clerk.get(CASES))) == 14
    with django_assert_max_num_queries(50):
        clerk.get(f"{CASES}/{cases[0].number}")
    for number in range(20):
        cases[0].record(by=world.handler, act="work", text=f"第 {number} 次去看")
    with django_assert_max_num_queries(50):
        assert len(clerk.get(f"{CASES}/{cases[0].number}").data["events"]) >= 24
