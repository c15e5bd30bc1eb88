"""Petitions walked to where each step of the law begins, on days of a real calendar."""

from datetime import date, datetime

import pytest

from huiyin.cases import record
from huiyin.cases.models import Case
from huiyin.documents import issuing
from huiyin.rules import clock
from tests.cases import walks

BASIS = "《物业管理条例》第四十五条"


def at(text: str) -> datetime:
    """'2026-09-03 10:00' in local time."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.TZ)


def fresh(case) -> Case:
    return record.load(Case.objects.select_related("area", "office").get(pk=case.pk))


@pytest.fixture
def answered(world):
    """`answered(day)`: a petition answered on that morning, its opinion issued and delivered the same day."""

    def make(day: str = "2026-09-03", *, serve: bool = True, close: bool = True, **fields):
        with clock.travel(at(f"{day} 09:30")):
            given = {"kind": "petition", "channel": "visit", "wants": "停止夜里冲压", **fields}
            case = walks.bring(world, "answered", **given)
            if serve:
                made = issuing.issue(
                    case, "opinion", by=world.clerk, extra={"outcome": "unsupported", "basis": BASIS}, signed_by=world.leader
                )  # fmt: skip
                issuing.deliver(made, by=world.clerk, on=date.fromisoformat(day), way="hand")
            if close:
                fresh(case).close(by=world.clerk)
        return fresh(case)

    return make


@pytest.fixture
def reviewed(world, answered):
    """`reviewed(level)`: a closed petition whose 复查 (or 复核) has been asked for on 10 September (10 October)."""

    def make(level: str = "review", **fields):
        case = answered(**fields)
        with clock.travel(at("2026-09-10 10:00")):
            case.do(
                "request_review",
                by=world.clerk,
                text="处理意见没有说清冲床为什么能开到半夜",
                requested_on=None,
            )
        if level == "recheck":
            give(world, case, "2026-09-20 10:00")
            with clock.travel(at("2026-09-21 10:00")):
                case.do("serve_review", by=world.clerk, subject=case.reviews.get(), how="当面送交，本人签字")
            with clock.travel(at("2026-10-09 10:00")):
                fresh(case).do("request_review", by=world.clerk, text="复查没有到现场，请求复核")
        return fresh(case)

    return make


def give(world, case, when: str, result: str = "maintained", **more):
    """The opinion on the open review, entered at that moment."""
    with clock.travel(at(when)):
        case.do(
            "give_review_opinion", by=world.clerk, subject=case.reviews.get(opinion_on=None), result=result,
            facts="现场复测三次，夜间 22 点后没有作业。", opinion="原处理意见事实清楚。", basis=BASIS,
            **{"document": "区复查〔2026〕8号", **more},
        )  # fmt: skip


@pytest.fixture
def desk(world, client):
    """`desk("clerk", url)` reads as that user; with `data` it sends."""

    def ask(name: str, url: str, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return ask
