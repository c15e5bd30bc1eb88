"""意见建议: decided with a reason before the answer; what is adopted is followed until it is done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases.offers import offers
from huiyin.petitions import adopting
from huiyin.publications import record
from huiyin.rules import clock
from tests.cases import walks
from tests.petitions.conftest import fresh

ANSWER = "您提的建议我们研究过了，路口的长椅下个月装好，装好告诉您。"


@pytest.fixture
def verified(world):
    return walks.bring(world, "verified", kind="suggestion", channel="visit", reply_by="phone")


def adopt(world, case, result="adopted", **more):
    given = {"result": result, "reason": "老人走到菜场中间没处歇脚，确实需要"}
    if result in ("adopted", "partly"):
        given |= {
            "organisation": world.enforcement,
            "todo": "装四张长椅",
            "due_on": clock.today() + timedelta(days=30),
        }
    fresh(case).do("adopt", by=world.clerk, **(given | more))


def answer(world, case):
    fresh(case).answer(by=world.clerk, text=ANSWER, reply_by="phone")


def test_no_answer_before_the_decision(world, verified):
    with pytest.raises(Refusal, match="研究采纳") as refused:
        answer(world, verified)
    assert refused.value.missing == ("采纳情况",)
    adopt(world, verified)
    answer(world, verified)
    assert fresh(verified).state == "answered"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"organisation": None}, "organisation"), ({"todo": " "}, "todo"), ({"due_on": None}, "due_on"),
     ({"result": "perhaps"}, "result")],
)  # fmt: skip
def test_adopted_names_unit_task_and_day(world, verified, more, field):
    with pytest.raises(Refusal) as refused:
        adopt(world, verified, **more)
    assert refused.value.status == 400 and field in refused.value.errors
    assert not verified.adoptions.exists()


def test_not_adopted_needs_only_the_reason(world, verified):
    adopt(world, verified, "not", todo="不该留下的", due_on=clock.today())
    row = verified.adoptions.get()
    assert (row.result, row.todo, row.due_on, row.is_owed) == ("not", "", None, False)
    adopt(world, verified, "kept")
    assert verified.adoptions.get().result == "kept"  # decided anew before the answer: one decision a round
    assert fresh(verified).events.filter(verb="adopt").count() == 2


def test_followed_until_done_and_told(world, verified):
    adopt(world, verified)
    answer(world, verified)
    fresh(verified).close(by=world.clerk)
    row = verified.adoptions.get()
    later = clock.today() + timedelta(days=60)
    with pytest.raises(Refusal, match="今天之后"):
        fresh(verified).do(
            "implement", by=world.handler, subject=row, text="在找厂家", is_done=False, due_on=clock.today()
        )
    fresh(verified).do(
        "implement", by=world.handler, subject=row, text="厂家排产要等", is_done=False, due_on=later
    )
    row.refresh_from_db()
    assert row.due_on == later and not fresh(verified).events.filter(verb="implement").last().is_told
    fresh(verified).do(
        "implement", by=world.handler, subject=row, text="四张长椅都装好了，螺丝拧紧了", is_done=True
    )
    event = fresh(verified).events.filter(verb="implement").last()
    assert event.is_told and "落实了" in event.text
    assert adopting.told_of(verified)["done_on"] == clock.today() and row.steps.count() == 2
    row.refresh_from_db()
    with pytest.raises(Refusal, match="已经落实完"):
        fresh(verified).do("implement", by=world.handler, subject=row, text="又装了一张", is_done=True)
    assert "implement" not in {offer.verb for offer in offers(fresh(verified), world.handler)}


def test_outside_petitions(world, verified):
    assert not [row for row in verified.deadlines.all() if row.code.startswith("XF-")]
    with pytest.raises(Refusal, match="没有“请求复查复核”"):
        fresh(verified).do("request_review", by=world.clerk, text="不同意你们的决定")
    with pytest.raises(Refusal, match="没有“研究采纳”"):
        world.register(by=world.clerk, kind="petition").do(
            "adopt", by=world.clerk, result="not", reason="不是建议"
        )


def test_the_ledger_by_what_is_owed(world, verified, desk):
    adopt(world, verified, due_on=clock.today())
    page = desk("clerk", reverse("desk_suggestions")).content.decode()
    assert verified.number in page and "装四张长椅" in page
    with clock.travel(clock.now() + timedelta(days=2)):
        assert "该做完了" in desk("clerk", reverse("desk_suggestions") + "?view=late").content.decode()
    assert verified.number not in desk("clerk", reverse("desk_suggestions") + "?view=not").content.decode()
    assert verified.number not in desk("outsider", reverse("desk_suggestions")).content.decode()
    assert desk("auditor", reverse("desk_suggestions")).status_code == 403


def test_told_in_public_only_when_agreed(world, verified):
    adopt(world, verified)
    answer(world, verified)
    fresh(verified).close(by=world.clerk)
    case = fresh(verified)
    case.category = "030304"
    case.save(update_fields=["category"])
    assert "同意公开" in record.why_not(case)
    assert case.pk not in {row.pk for row in record.may_be_told(world.office)}
    case.particulars = {"may_publish": True}
    case.save(update_fields=["particulars"])
    assert record.why_not(case) == "" and case.pk in {row.pk for row in record.may_be_told(world.office)}
    assert "采纳情况：采纳" in record.sketch_of(case).done.text
