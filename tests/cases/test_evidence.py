"""五个有: delete any piece of evidence from the record and closing is refused, naming it."""

import pytest
from django.db import connection

from huiyin.base.models import AppendOnlyError
from huiyin.base.refusal import Refusal
from huiyin.cases.evidence import evidence_of
from huiyin.cases.models import Case
from tests.cases.walks import ANSWER, advance, bring

pytestmark = pytest.mark.django_db
NAMES = ["有接访", "有记录", "有调解", "有督办", "有反馈"]


@pytest.fixture
def answered(world):
    """An ordinary matter, answered, with all five in the record."""
    case = bring(world, "answered")
    assert [item.name for item in evidence_of(case)] == NAMES
    assert all(item.is_there for item in evidence_of(case))
    return case


def erase(case, **events):
    """Tear events out of the record, as only the owner of the database could."""
    ids = list(case.events.filter(**events).values_list("pk", flat=True))
    assert ids
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_caseevent WHERE id = ANY(%s)", [ids])


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("有接访", {"verb": "register"}),
        ("有调解", {"verb__in": ["record", "report"]}),
        ("有督办", {"verb": "verify"}),
        ("有反馈", {"verb": "answer"}),
    ],
)
def test_without_its_events_a_have_is_missing_and_closing_says_so(world, answered, name, events):
    erase(answered, **events)
    case = Case.objects.get(pk=answered.pk)
    with pytest.raises(Refusal) as refused:
        case.close(by=world.clerk)
    assert refused.value.missing == (name,) and name in refused.value.message
    assert Case.objects.get(pk=case.pk).state == "answered"


@pytest.mark.parametrize("field", ["description", "in_charge"])
def test_without_record_or_person_in_charge_there_is_no_record(world, answered, field):
    Case.objects.filter(pk=answered.pk).update(**{field: "" if field == "description" else None})
    with pytest.raises(Refusal) as refused:
        Case.objects.get(pk=answered.pk).close(by=world.clerk)
    assert refused.value.missing == ("有记录",)


def test_with_everything_there_it_closes(world, answered):
    answered.close(by=world.clerk)
    assert Case.objects.get(pk=answered.pk).state == "closed"


def test_a_key_matter_needs_notice_answer_and_a_check_by_another(world):
    case = bring(world, "in_hand")
    case.mark_key(by=world.leader, reason="多次反复")
    case.supervise(by=world.supervisor, text="请加紧")
    case.answer_notice(by=world.handler, subject=case.notices.get(), text="明天装好")
    case.check_progress(by=world.supervisor, text="看过，一半好了")
    for target in ("reported", "verified", "answered"):
        advance(world, case, target)
    pieces = {"notices": "没有督办通知", "answer": "没有回复", "check": "没有旁人核查"}
    for piece, words in pieces.items():
        with pytest.raises(Refusal, match=words):
            close_without(world, case, piece)
    case.close(by=world.clerk)
    assert Case.objects.get(pk=case.pk).state == "closed"


def close_without(world, case, piece):
    """Try to close with one piece gone, then put everything back."""
    from django.db import transaction

    with transaction.atomic():
        if piece == "notices":
            case.deadlines.exclude(notice=None).delete()
            case.notices.all().delete()
        elif piece == "answer":
            case.notices.update(answered_at=None)
        else:
            erase(case, verb="check_progress")
        try:
            Case.objects.get(pk=case.pk).close(by=world.clerk)
        finally:
            transaction.set_rollback(True)


def test_a_check_by_the_handler_does_not_count(world):
    world.person("handler_chief", "enforcement", "unit_head", "队长")
    case = bring(world, "in_hand")
    with pytest.raises(Refusal):
        case.check_progress(by=world.handler, text="我自己看过")


def test_a_struck_out_record_proves_nothing(world):
    case = bring(world, "in_hand")
    case.record(by=world.handler, act="site_check", text="去看过")
    record = case.events.get(verb="record")
    assert {i.name: i.is_there for i in evidence_of(case)}["有调解"]
    case.void_entry(by=world.handler, entry=record, reason="看的是另一处")
    assert not {i.name: i.is_there for i in evidence_of(case)}["有调解"]
    assert case.events.filter(pk=record.pk).exists()


def test_events_cannot_be_changed_or_deleted_through_the_model(world, answered):
    event = answered.events.first()
    event.text = "改过的"
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()


def test_an_answer_in_office_words_is_refused_with_better_ones(world):
    case = bring(world, "verified")
    with pytest.raises(Refusal, match="“工单”换成“这件事”"):
        case.answer(by=world.clerk, text="您的工单已经办好，请评价。谢谢您的反映和等待。", reply_by="phone")
    case.answer(by=world.clerk, text=ANSWER, reply_by="phone")


def test_another_way_than_the_chosen_one_needs_a_word_why(world):
    case = bring(world, "verified")
    with pytest.raises(Refusal, match="居民要求“打电话”"):
        case.answer(by=world.clerk, text=ANSWER, reply_by="web")
    case.answer(by=world.clerk, text=ANSWER, reply_by="web", delivered="打了三次没人接，写在查询页上")
    assert case.events.last().data["reply_by"] == "web"
