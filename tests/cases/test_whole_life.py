"""One matter from the resident's words to closed, through the verbs."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases.evidence import evidence_of
from huiyin.cases.models import Case

pytestmark = pytest.mark.django_db


def test_a_matter_goes_all_the_way(world):
    case = world.register(by=world.clerk, kind="petition", channel="visit", group_size=30)
    assert case.state == "received" and case.is_group and case.number
    case.accept(by=world.clerk)
    case.dispatch(by=world.clerk, lead=world.enforcement, co=[world.environment], task="查清噪声")
    lead, co = case.live_assignments
    case.take(by=world.handler, subject=lead)
    case.take(by=world.environment_handler, subject=co)
    assert case.state == "in_hand" and case.in_charge == world.handler
    case.record(by=world.handler, act="site_check", text="到厂里看过，冲床六台")
    with pytest.raises(Refusal, match="生态环境站"):
        case.report(by=world.handler, subject=lead, text="已经搬走了")
    case.report(by=world.environment_handler, subject=co, text="测了两次")
    case.report(by=world.handler, subject=lead, text="已经搬走了")
    with pytest.raises(Refusal, match="不能对这件事“核实”"):
        case.verify(by=world.handler, text="我看过了，行")
    case.verify(by=world.supervisor, text="夜里去听过，安静了")
    case.answer(
        by=world.clerk, text="冲床已经搬走，夜里我们去听过，安静了。", reply_by="phone", delivered="打过电话"
    )
    assert all(item.is_there for item in evidence_of(case)), evidence_of(case)
    case.close(by=world.clerk)
    case = Case.objects.get(pk=case.pk)
    assert case.state == "closed" and case.due_at is None
    verbs = list(case.events.values_list("verb", flat=True))
    assert verbs == [
        "register",
        "accept",
        "dispatch",
        "take",
        "take",
        "record",
        "report",
        "report",
        "verify",
        "answer",
        "close",
    ]
    assert case.last_seq == len(verbs)
