"""Several demands of one person, related matters, one thing said by many: split, linked, joined."""

import pytest
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import joining, offers
from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from huiyin.cooperation import together
from huiyin.cooperation.models import GroupMatter, Link, Split
from huiyin.notices.models import Delivery
from tests.cases.walks import ANSWER, advance, bring

pytestmark = pytest.mark.django_db
PART = {"title": "路灯不亮", "text": "井盖旁边那盏路灯也坏了，晚上看不见。", "kind": "city_problem"}
MAY = "两家都说是同一只井盖，一起办。"


def fresh(case):
    return Case.objects.get(pk=case.pk)


def split(world, case, **more):
    return fresh(case).do("split", by=world.clerk, **{**PART, **more})


def walk(world, case, until="closed", unit="enforcement"):
    """A matter from wherever it is to `until`, by the walks of the heart."""
    from tests.cases.walks import STEPS

    case = fresh(case)
    for target in STEPS[STEPS.index(case.state) + 1 : STEPS.index(until) + 1]:
        advance(world, case, target)
    return fresh(case)


# Split ------------------------------------------------------------------------------------------------------------


def test_a_part_has_number_kind_unit_and_history_of_its_own(world):
    parent = bring(world, "in_hand", kind="petition")
    child = split(world, parent)
    assert child.number != parent.number and child.kind == "city_problem" and parent.kind == "petition"
    assert (child.area_id, child.channel, child.state) == (parent.area_id, parent.channel, "received")
    assert child.events.get().data["part_of"] == parent.number
    event = fresh(parent).events.get(verb="split")
    assert event.data["child"] == child.number and child.number in event.data["notes"][0]
    child.accept(by=world.clerk)
    child.dispatch(by=world.clerk, lead=world.environment, task="换灯")
    assert fresh(child).lead.organisation == world.environment
    assert fresh(parent).lead.organisation == world.enforcement


def test_the_person_is_shared_and_hears_once(world):
    parent = bring(world, "in_hand", reply_by="sms")
    child = split(world, parent)
    assert [row.party_id for row in child.parties.all()] == [row.party_id for row in parent.parties.all()]
    assert child.first_contact_at == fresh(parent).first_contact_at and child.reply_by == "web"
    before = Delivery.objects.filter(group="resident").count()
    walk(world, child)
    assert Delivery.objects.filter(group="resident").count() == before, "a part sends nothing to the person"


def test_speaking_with_the_person_counts_for_the_parts(world):
    parent = world.register(channel="web")
    parent.accept(by=world.clerk)
    child = split(world, parent)
    assert child.first_contact_at is None
    fresh(parent).contact(by=world.clerk, text="打过电话，问清了灯在哪里")
    assert fresh(child).first_contact_at == fresh(parent).first_contact_at


def test_the_parent_waits_for_its_parts(world):
    parent = bring(world, "in_hand")
    child = split(world, parent)
    parent = walk(world, parent, "verified")
    with pytest.raises(Refusal) as refused:
        parent.answer(by=world.clerk, text=ANSWER, reply_by="phone")
    assert child.number in refused.value.message and refused.value.status == 409
    offer = offers.offer_for(parent, world.clerk, "answer")
    assert "answer" not in {row.verb for row in offers.offers(fresh(parent), world.clerk)}
    walk(world, child, "answered")
    text = offers.offer_for(fresh(parent), world.clerk, "answer").form().initial["text"]
    assert text == f"关于路灯不亮：{ANSWER}", "the parts' answers are proposed for the one answer"
    assert offer.verb == "answer"
    advance(world, parent, "answered")
    with pytest.raises(Refusal) as refused:
        fresh(parent).close(by=world.clerk)
    assert child.number in refused.value.message and "拆出去的都办结了" in refused.value.missing
    walk(world, child)
    fresh(parent).close(by=world.clerk)


def test_what_a_split_refuses(world):
    parent = bring(world, "in_hand")
    child = split(world, parent)
    with pytest.raises(Refusal, match="已经拆出去了"):
        split(world, parent)
    with pytest.raises(Refusal, match="不能是这个种类"):
        split(world, parent, title="别的", kind="tipoff")
    child.accept(by=world.clerk)
    with pytest.raises(Refusal, match="母件"):
        split(world, child, title="再拆")
    with pytest.raises(Refusal) as refused:
        fresh(parent).do("split", by=world.handler, **{**PART, "title": "又一件"})
    assert refused.value.status == 403
    assert Split.objects.filter(parent=parent).count() == 1


def test_at_most_so_many_parts(world):
    parent = bring(world, "in_hand")
    for number in range(12):
        split(world, parent, title=f"第 {number} 项")
    with pytest.raises(Refusal, match="已经拆了 12 件"):
        split(world, parent, title="第 13 项")


def test_whoever_withdraws_the_whole_withdraws_its_parts(world):
    parent = bring(world, "in_hand")
    child, done = split(world, parent), walk(world, split(world, parent, title="另一项"))
    fresh(parent).withdraw(by=None, reason="自己弄好了")
    assert fresh(child).state == "withdrawn" and fresh(done).state == "closed"
    assert child.number in fresh(parent).events.get(verb="withdraw").data["notes"][0]


def test_a_part_that_may_not_be_withdrawn_goes_on(world):
    parent = bring(world, "in_hand")
    child = walk(world, split(world, parent), "verified")
    advance(world, child, "answered")  # an answered matter cannot be withdrawn any more
    fresh(parent).withdraw(by=world.clerk)
    assert fresh(child).state == "answered"
    assert "照样办" in fresh(parent).events.get(verb="withdraw").data["notes"][0]


def test_a_parent_with_open_parts_is_not_voided_or_joined(world):
    parent = bring(world, "accepted")
    child = split(world, parent)
    other = bring(world, "in_hand", persons=[Person(name="宋师傅", phone="10000008888")])
    for act in (
        lambda: fresh(parent).void(by=world.clerk, reason="登错了"),
        lambda: fresh(parent).merge(by=world.clerk, into=other),
        lambda: fresh(parent).refer(
            by=world.clerk, to="区公路站", text="这段路归区公路站管，我们替您转过去了。"
        ),
    ):
        with pytest.raises(Refusal, match=child.number):
            act()
    fresh(child).void(by=world.clerk, reason="拆错了")
    fresh(parent).void(by=world.clerk, reason="登错了")
    assert fresh(parent).state == "void"


def test_a_restricted_matter_has_restricted_parts(world):
    parent = bring(world, "accepted", is_restricted=True)
    child = split(world, parent)
    assert child.is_restricted and not Case.objects.visible_to(world.outsider).filter(pk=child.pk).exists()
    assert not Case.objects.visible_to(world.clerk_b).filter(pk=child.pk).exists()


# Linked -----------------------------------------------------------------------------------------------------------


def test_related_both_ways_with_a_reason_and_taken_back(world):
    one, other = bring(world, "in_hand"), bring(world, "accepted", kind="petition")
    one.do("link", by=world.clerk, other=other, reason="同一段路，一起挖")
    for case, far in ((one, other), (other, one)):
        held = together.of(fresh(case)).links
        assert [(row.other, row.reason) for row in held] == [(far, "同一段路，一起挖")]
    assert fresh(other).events.get(verb="linked").data["number"] == one.number
    with pytest.raises(Refusal, match="已经关联"):
        fresh(other).do("link", by=world.clerk, other=one, reason="再来一次")
    subject = together.of(fresh(other)).links[0]
    fresh(other).do("unlink", by=world.clerk, subject=subject, reason="不是一段路")
    assert not together.of(fresh(one)).links and not together.of(fresh(other)).links
    assert Link.objects.count() == 2 and not Link.objects.filter(removed_at=None).exists()
    assert fresh(one).events.get(verb="unlinked").text == "不是一段路"
    with pytest.raises(Refusal, match="已经解除"):
        fresh(other).do("unlink", by=world.clerk, subject=subject, reason="又解除")
    fresh(one).do("link", by=world.clerk, other=other, reason="还是一段路")


def test_what_a_link_refuses(world):
    one, secret = bring(world, "in_hand"), bring(world, "accepted", is_restricted=True)
    with pytest.raises(Refusal, match="自己"):
        one.do("link", by=world.clerk, other=one, reason="自己和自己")
    with pytest.raises(Refusal, match="限知"):
        one.do("link", by=world.clerk, other=secret, reason="同一家人")
    assert not Link.objects.exists()


def test_only_what_one_may_read_can_be_named(client, world):
    one, secret = bring(world, "in_hand"), bring(world, "accepted", is_restricted=True)
    client.force_login(world.east_staff)
    answer = client.post(
        reverse("desk_move", args=[one.number, "link"]), {"other": secret.number, "reason": "同一家"}
    )
    assert answer.status_code == 400 and "您看不到它" in answer.content.decode()


# Joined -----------------------------------------------------------------------------------------------------------

PEOPLE = [("何阿姨", "10000001234"), ("宋师傅", "10000008888"), ("龚老师", "10000007777")]


@pytest.fixture
def three(world):
    """Three persons about one cover, by text message, web and letter."""
    ways = ["sms", "web", "phone"]
    return [
        bring(world, "accepted", persons=[Person(name=name, phone=phone)], reply_by=way)
        for (name, phone), way in zip(PEOPLE, ways, strict=True)
    ]


def gather(world, rows, **more):
    words = {"title": "石桥路井盖响，三家睡不着", "text": "石桥路口的井盖松了，车一过就响。"}
    return fresh(rows[0]).do("gather", by=world.clerk, others=rows[1:], **{**words, **more})


def test_many_persons_one_matter(world, three):
    group = gather(world, three)
    assert group.state == "accepted" and group.group_size == 3 and not group.parties.exists()
    assert GroupMatter.objects.get(case=group).persons == 3
    for row in three:
        row = fresh(row)
        assert row.state == "merged" and row.merged_into == group
    assert len({row.tracking_code for row in three}) == 3
    assert group.events.filter(verb="receive_merged").count() == 3


def test_each_keeps_the_code_and_gets_the_answer_and_sees_nobody_else(client, world, three):
    group = walk(world, gather(world, three), "verified")
    group.answer(by=world.clerk, text=ANSWER, reply_by="web")
    for row, (name, _) in zip(three, PEOPLE, strict=True):
        page = client.get(reverse("portal_track", args=[row.tracking_code])).content.decode()
        assert "已经没有响声" in page
        assert not [other for other, _ in PEOPLE if other != name and other in page]
    told = Delivery.objects.filter(group="resident", verb="answer")
    assert [row.case for row in told] == [three[0]], "who asked for a message gets it, once"


def test_a_person_counts_once(world):
    same = [Person(name="何阿姨", phone="10000001234")]
    one = bring(world, "accepted", persons=same)
    again = bring(world, "accepted", persons=[Person(name="何秀兰", phone="10000001234")])
    many = bring(world, "accepted", channel="letter", group_size=6, reply_by="web", persons=[
        Person(name="宋师傅", phone="10000008888"), Person(name="何阿姨", phone="10000001234"),
    ])  # fmt: skip
    group = gather(world, [one, again, many])
    assert group.group_size == 2 + 4, "two known persons and four whom nobody named"
    late = bring(world, "accepted", persons=[Person(name="龚老师", phone="10000007777")])
    late.merge(by=world.clerk, into=fresh(group))
    assert fresh(group).group_size == 7 and GroupMatter.objects.get(case=group).persons == 7
    assert joining.count_persons(fresh(group)) == 7


def test_one_person_alone_is_no_group(world):
    same = [Person(name="何阿姨", phone="10000001234")]
    rows = [bring(world, "accepted", persons=same) for _ in range(2)]
    with pytest.raises(Refusal, match="同一个人"):
        gather(world, rows)
    assert fresh(rows[0]).state == "accepted" and not GroupMatter.objects.exists()


def test_what_joining_refuses(world, three):
    busy = bring(world, "in_hand", persons=[Person(name="袁叔", phone="10000006666")])
    with pytest.raises(Refusal, match="收回改派"):
        gather(world, [three[0], busy])
    secret = bring(world, "accepted", is_restricted=True)
    with pytest.raises(Refusal, match="限知"):
        gather(world, [three[0], secret])
    with pytest.raises(Refusal, match="限知的和不限知的"):
        fresh(secret).merge(by=world.director, into=fresh(three[0]))
    with pytest.raises(Refusal, match="2 到"):
        gather(world, [three[0]])


def test_joined_by_mistake_goes_its_own_way_again(world, three):
    group = gather(world, three)
    out = fresh(three[2])
    before = out.deadlines.exclude(dropped_at=None).count()
    assert before
    out.do("leave_group", by=world.clerk, reason="她说的是另一只井盖")
    out = fresh(out)
    assert out.state == "accepted" and out.merged_into is None and out.due_at is not None
    assert (
        fresh(group).group_size == 2
        and fresh(group).events.get(verb="left_group").data["number"] == out.number
    )
    out.dispatch(by=world.clerk, lead=world.enforcement, task="去看看")
