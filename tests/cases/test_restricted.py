"""Restricted matters: named readers only, and still a way through to the end."""

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases.filters import CaseFilter
from huiyin.cases.models import Case
from tests.cases.walks import ANSWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def restricted(world):
    return world.register(by=world.clerk, is_restricted=True, description="举报某店卖过期奶粉，请保密。")


def sees(user, case) -> bool:
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_only_the_named_read_it_wherever_they_look(world, restricted):
    for name in ("clerk", "director", "supervisor"):
        assert sees(getattr(world, name), restricted), name
    for name in ("clerk_b", "leader", "east_staff", "east_worker", "handler", "outsider", "admin", "auditor"):
        user = getattr(world, name)
        assert not sees(user, restricted), name
        assert CaseFilter(q="过期奶粉").page(user)[0] == []
    with pytest.raises(Refusal) as refused:
        restricted.accept(by=world.clerk_b)
    assert refused.value.status == 403


def test_it_goes_all_the_way_through_few_hands(world, restricted):
    restricted.accept(by=world.clerk)
    world.person("enforcement_head", "enforcement", "unit_head", "队长")
    restricted.dispatch(by=world.clerk, lead=world.enforcement)
    head = world.enforcement_head
    assert sees(head, restricted) and not sees(world.handler, restricted)
    restricted.take(by=head, subject=restricted.lead)
    restricted.assign_person(by=head, subject=restricted.lead, handler=world.handler)
    assert sees(world.handler, restricted) and not sees(world.handler_b, restricted)
    restricted.record(by=world.handler, act="site_check", text="查到六罐过期的，已经下架")
    restricted.report(by=world.handler, subject=restricted.lead, text="已下架，立案")
    restricted.verify(by=world.supervisor, text="到店里看过")
    restricted.answer(by=world.clerk, text=ANSWER, reply_by="phone")
    restricted.close(by=world.director)
    assert Case.objects.get(pk=restricted.pk).state == "closed"


def test_a_unit_without_a_head_takes_it_by_its_handlers(world, restricted):
    restricted.accept(by=world.clerk)
    restricted.dispatch(by=world.clerk, lead=world.environment)
    assert sees(world.environment_handler, restricted)
    restricted.return_work(
        by=world.environment_handler, subject=restricted.lead, reason="不归我们", clause="基本履职-1"
    )
    assert not sees(world.environment_handler, restricted)
