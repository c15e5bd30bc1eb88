"""Every move of 协同 has a page, a schema for programs and a refusal that keeps what was typed."""

import pytest
from django.urls import reverse

from huiyin.cases import offers
from huiyin.cases.moving import ACTS
from tests.cases.walks import bring
from tests.cooperation.test_units import blow, call_of, case, do, fresh, name, on, visit  # noqa: F401

pytestmark = pytest.mark.django_db
EARLY = {"split", "gather", "link", "whistle", "joint"}


@pytest.fixture
def busy(world, case, visit):  # noqa: F811
    """A matter in which everything waits for somebody."""
    blow(world, case, world.environment, world.safety)
    do(
        case,
        "answer_call",
        world.environment_handler,
        subject=call_of(case, world.environment),
        way="arrived",
        text="到场了。",
    )
    name(world, case)
    do(case, "escalate", world.clerk, to="区住建局", text="修不了", asked="请改造", review_on=on(5))
    do(
        case,
        "joint_measure",
        world.clerk,
        subject=visit,
        organisation=world.safety,
        text="立警示牌",
        due_on=on(3),
    )
    do(case, "link", world.clerk, other=bring(world, "accepted"), reason="同一段路")
    return fresh(case)


@pytest.mark.parametrize("who", ["clerk", "leader", "handler", "safety_handler", "east_staff", "duty_leader"])
def test_page_and_schema_of_every_move_on_offer(client, world, busy, who):
    client.force_login(getattr(world, who))
    found = [row for row in offers.offers(busy, getattr(world, who)) if row.verb in ACTS]
    assert found, who
    for offer in found:
        parts = [busy.number, offer.verb, *([offer.subject.pk] if offer.subject is not None else [])]
        page = client.get(reverse("desk_move_form", args=parts))
        assert page.status_code == 200, offer.verb
        schema = offer.as_json("/x")["fields"]
        assert schema["type"] == "object" and set(schema["required"]) <= set(schema["properties"])


def test_who_is_offered_what(world, busy):
    verbs = {
        who: {row.verb for row in offers.offers(busy, getattr(world, who))} & set(ACTS) for who in world.users
    }
    assert {
        "split",
        "whistle",
        "sign_call",
        "release_call",
        "hear_upward",
        "review_upward",
        "unlink",
    } <= verbs["clerk"]
    assert {"answer_call", "joint_sign", "measure_done"} <= verbs["safety_handler"]
    assert "answer_call" not in verbs["environment_handler"] and "joint_sign" in verbs["environment_handler"]
    assert {"champion", "champion_end"} <= verbs["leader"] and "champion_report" not in verbs["leader"]
    assert {"champion_report"} <= verbs["duty_leader"]
    assert not verbs["outsider"] and not verbs["admin"]
    assert EARLY - {"gather"} <= verbs["clerk"] and "gather" not in verbs["clerk"], "it is in hand already"


def test_what_was_typed_stays_when_it_is_refused(client, world, busy):
    client.force_login(world.leader)
    data = {
        "leader": str(world.director.pk),
        "goal": "改成水冲的，不再有味",
        "due_on": "2020-01-01",
        "steps": "先谈一谈",
    }
    answer = client.post(reverse("desk_move", args=[busy.number, "champion"]), data)
    text = answer.content.decode()
    assert answer.status_code == 400 and "不能是过去" in text and "改成水冲的" in text and "先谈一谈" in text


def test_sent_twice_makes_one(client, world, case):  # noqa: F811
    client.force_login(world.clerk)
    url = reverse("desk_move", args=[case.number, "split"])
    data = {
        "title": "路灯不亮",
        "text": "井盖旁边的路灯也不亮。",
        "kind": "city_problem",
        "category": "",
        "wants": "",
    }
    assert client.post(url, data).status_code == 302
    again = client.post(url, data)
    assert again.status_code == 409 and "已经拆出去了" in again.content.decode()
    assert fresh(case).events.filter(verb="split").count() == 1


def test_the_page_of_a_busy_matter_asks_no_more_than_it_must(
    client, world, busy, django_assert_max_num_queries
):
    client.force_login(world.clerk)
    url = reverse("desk_case", args=[busy.number])
    client.get(url)
    with django_assert_max_num_queries(75):
        text = client.get(url).content.decode()
    for words in ("吹哨报到", "联合处置", "包靠", "向上呈报", "有关的", "属地责任"):
        assert words in text
