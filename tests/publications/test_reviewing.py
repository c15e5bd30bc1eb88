"""An answer is written by one, reviewed and published by another, and tells nobody who it was about."""

import pytest

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.notices.models import Notice
from huiyin.publications import reviewing
from huiyin.publications.models import PublishedAnswer
from huiyin.publications.record import proposals

pytestmark = pytest.mark.django_db
DONE = "换了带胶圈的新盖，夜里去听过，不响了。"


def public(world):
    return list(PublishedAnswer.objects.public(world.office))


def ready(world, case):
    row = reviewing.draft(case, by=world.clerk)
    row = reviewing.rewrite(row, by=world.clerk, done=DONE)
    return reviewing.submit(row, by=world.clerk)


def test_the_draft_comes_from_the_record_without_identities(world, closed):
    row = reviewing.draft(closed(), by=world.clerk)
    everything = f"{row.title} {row.said} {row.done} {row.answer}"
    for secret in ("何秀兰", "何女士", "10000001234", "3幢", "501", "测handler"):
        assert secret not in everything
    assert row.title == "槐荫里某幢门口井盖响" and "井盖已经换成防响的新盖" in row.answer
    assert "0000-600 0000" in row.answer, "the office's own number stays"
    assert "没经手的人去看过" in row.done and row.community == world.east
    assert (row.solved, row.days, row.state) == ("yes", 0, "draft")


def test_drafting_twice_is_one_draft(world, closed):
    case = closed()
    assert reviewing.draft(case, by=world.clerk).pk == reviewing.draft(case, by=world.clerk_b).pk
    assert PublishedAnswer.objects.count() == 1


def test_nothing_is_public_before_another_has_reviewed_it(world, closed):
    row = ready(world, closed())
    assert not public(world)
    assert Notice.objects.filter(to=world.duty_leader, url=reviewing.url_of(row)).exists()
    row = reviewing.publish(row, by=world.duty_leader)
    assert public(world) == [row] and row.reviewed_by == world.duty_leader
    acts = list(
        AuditRecord.objects.filter(subject__endswith=str(row.pk))
        .order_by("at")
        .values_list("action", flat=True)
    )
    assert acts == ["起草公开", "交审公开", "公开"]


def test_nobody_publishes_what_they_wrote(world, closed):
    row = reviewing.draft(closed(), by=world.director)
    row = reviewing.rewrite(row, by=world.clerk, done=DONE)
    row = reviewing.submit(row, by=world.clerk)
    with pytest.raises(Refusal, match="别人来审") as refusal:
        reviewing.publish(row, by=world.director)
    assert refusal.value.status == 403 and not public(world)


@pytest.mark.parametrize(
    ("act", "who"), [("draft", "handler"), ("publish", "clerk"), ("send_back", "supervisor")]
)
def test_other_posts_may_not(world, closed, act, who):
    case = closed()
    with pytest.raises(Refusal) as refusal:
        if act == "draft":
            reviewing.draft(case, by=getattr(world, who))
        else:
            words = {"reason": "再改改"} if act == "send_back" else {}
            getattr(reviewing, act)(ready(world, case), by=getattr(world, who), **words)
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("said", "何秀兰说井盖响", "姓名“何秀兰”"),
        ("answer", "再响就打他手机 10000001234，他会来的，谢谢您提醒。", "号码“10000001234”"),
        ("title", "槐荫里3幢井盖", "门牌“3幢”"),
        ("done", "工单已经办结了。", "内部用语"),
        ("said", "浙A·12345 那辆车一过就响", "车牌"),
    ],
)
def test_an_identity_or_office_word_is_refused_by_name(world, closed, name, text, why):
    row = reviewing.rewrite(reviewing.draft(closed(), by=world.clerk), by=world.clerk, **{name: text})
    with pytest.raises(Refusal, match=why) as refusal:
        reviewing.submit(row, by=world.clerk)
    assert name in refusal.value.errors and refusal.value.status == 400
    row.refresh_from_db()
    assert row.state == "draft"


def test_sent_back_with_words_and_on_again(world, closed):
    row = reviewing.send_back(ready(world, closed()), by=world.leader, reason="办了什么写清楚些")
    assert (row.state, row.remark) == ("draft", "办了什么写清楚些")
    assert Notice.objects.filter(to=world.clerk, text__contains="退回来了").exists()
    row = reviewing.publish(reviewing.submit(row, by=world.clerk), by=world.leader)
    assert row.state == "published" and row.remark == ""


def test_withdrawn_with_a_reason_it_is_gone_and_may_not_come_back(world, closed):
    case = closed()
    row = reviewing.publish(ready(world, case), by=world.leader)
    row = reviewing.withdraw(row, by=world.clerk, reason="当事人不愿意")
    assert not public(world) and row.withdrawn_reason == "当事人不愿意" and row.withdrawn_by == world.clerk
    with pytest.raises(Refusal, match="已撤下"):
        reviewing.publish(row, by=world.leader)


def test_the_person_objects_and_it_is_down_at_once(world, closed):
    case = closed()
    row = reviewing.publish(ready(world, case), by=world.leader)
    reviewing.object_to(case)
    reviewing.object_to(case)
    row.refresh_from_db()
    assert not public(world) and (row.state, row.withdrawn_by) == ("withdrawn", None)
    assert Notice.objects.filter(to=world.clerk, text__contains="本人不同意").count() == 1
    with pytest.raises(Refusal, match="本人不同意"):
        reviewing.draft(case, by=world.clerk)
    assert case not in proposals(world.clerk, world.office)


def test_opened_again_it_is_out_of_sight(world, closed):
    case = closed()
    reviewing.publish(ready(world, case), by=world.leader)
    Case.objects.get(pk=case.pk).reopen(by=None, reason="又松了，还是响")
    assert not public(world)


@pytest.mark.parametrize(
    "change",
    [
        {"is_restricted": True},
        {"kind": "directive"},
        {"kind": "tip_off"},
        {"category": "120304"},
        {"state": "answered"},
    ],
)
def test_what_may_not_be_told_can_never_be_proposed(world, closed, change):
    case = closed()
    Case.objects.filter(pk=case.pk).update(**change)
    case = Case.objects.get(pk=case.pk)
    assert case not in proposals(world.clerk, world.office, only_solved=False)
    with pytest.raises(Refusal):
        reviewing.draft(case, by=world.clerk)


def test_what_became_restricted_after_writing_is_not_published(world, closed):
    case = closed()
    row = ready(world, case)
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    with pytest.raises(Refusal, match="限知"):
        reviewing.publish(row, by=world.leader)


def test_proposals_are_those_whose_person_says_solved(world, closed):
    solved, silent = closed(), closed(solved="")
    assert list(proposals(world.clerk, world.office)) == [solved]
    assert set(proposals(world.clerk, world.office, only_solved=False)) == {solved, silent}
    reviewing.draft(solved, by=world.clerk)
    assert list(proposals(world.clerk, world.office)) == []


def test_matters_one_may_not_read_are_not_proposed(world, closed):
    closed()
    assert not list(proposals(world.outsider, world.office))
