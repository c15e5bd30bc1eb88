"""Mediation on four levels: one file goes up, every step is in the matter's history, limits on working days."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.base.refusal import Refusal
from huiyin.mediation import agreeing, mediating, screening
from huiyin.mediation.models import Mediation, MediationSession
from huiyin.rules import clock
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return bring(world, "in_hand", kind="petition")


@pytest.fixture
def first(world, case):
    return mediating.open_mediation(
        case, by=world.clerk, level=2, organisation=world.east_station, mediators=[world.east_staff]
    )


def sit(world, mediation, **given):
    words = {
        "held_at": clock.now(), "place": "服务站", "present": "甲、乙", "minutes": "各说各的", "result": "没有谈拢",
    }  # fmt: skip
    return mediating.hold(mediation, by=world.clerk, **{**words, **given})


def last_words(case) -> str:
    return case.events.order_by("-seq").first().text


def test_a_mediation_has_a_number_a_limit_and_an_entry_in_the_history(world, case, first):
    assert first.number.startswith(world.office.document_mark) and "调解员" in last_words(case)
    with clock.travel(clock.local("2026-09-29 10:00")):  # National Day with its make-up workdays lies ahead
        other = bring(world, "in_hand")
        row = mediating.open_mediation(
            other, by=world.clerk, level=1, organisation=world.east_station, mediators=[world.east_staff]
        )
    assert row.due_on == date(2026, 10, 12)  # 30 Sept, 8, 9, the working Saturday 10, Monday 12


def test_one_mediation_at_a_time_by_a_body_of_that_level(world, case, first):
    with pytest.raises(Refusal, match="还在调解"):
        mediating.open_mediation(
            case, by=world.clerk, level=3, organisation=world.enforcement, mediators=[world.handler]
        )
    other = bring(world, "in_hand")
    with pytest.raises(Refusal, match="不主持"):
        mediating.open_mediation(
            other, by=world.clerk, level=2, organisation=world.enforcement, mediators=[world.handler]
        )
    with pytest.raises(Refusal, match="至少一名"):
        mediating.open_mediation(
            other, by=world.clerk, level=2, organisation=world.east_station, mediators=[]
        )
    assert not other.mediations.exists()


def test_who_may_not_write_into_the_matter_may_not_mediate(world, case):
    before = case.events.count()
    with pytest.raises(Refusal) as refused:
        mediating.open_mediation(
            case, by=world.outsider, level=2, organisation=world.east_station, mediators=[world.east_staff]
        )
    assert refused.value.status == 403
    assert not Mediation.objects.filter(case=case).exists() and case.events.count() == before


def test_sittings_lie_between_the_beginning_and_now(world, first):
    with pytest.raises(Refusal, match="还没到"):
        sit(world, first, held_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Refusal, match="早于调解开始"):
        sit(world, first, held_at=first.opened_at - timedelta(minutes=1))
    row = sit(world, first, minutes="甲说噪声太大")
    assert MediationSession.objects.get(pk=row.pk).minutes == "甲说噪声太大"


def test_what_was_said_lies_encrypted(world, first):
    from django.db import connection

    sit(world, first, present="蔺某", minutes="蔺某说夜里睡不着")
    with connection.cursor() as cursor:
        cursor.execute("SELECT present, minutes FROM mediation_mediationsession")
        raw = b"".join(bytes(value) for row in cursor.fetchall() for value in row)
    assert "蔺某".encode() not in raw


def test_unsettled_it_goes_up_and_stays_one_matter(world, case, first):
    with pytest.raises(Refusal) as refused:
        mediating.pass_up(
            first, by=world.clerk, organisation=world.enforcement, mediators=[world.handler], reason="谈不拢"
        )
    assert refused.value.missing == ("调解笔录",)
    sit(world, first)
    second = mediating.pass_up(
        first, by=world.clerk, organisation=world.enforcement, mediators=[world.handler], reason="谈不拢"
    )
    first.refresh_from_db()
    assert (first.outcome, second.level, second.case_id) == ("passed_up", 3, case.pk)
    with pytest.raises(Refusal, match="已在"):
        sit(world, first)


def test_failing_needs_a_sitting_and_names_the_other_ways(world, case, first):
    with pytest.raises(Refusal, match="一次也没有调解"):
        mediating.close(first, by=world.clerk, outcome="failed", text="不肯谈")
    sit(world, first)
    mediating.close(first, by=world.clerk, outcome="failed", text="不肯谈", turned_criminal=False)
    assert "法律援助" in last_words(case)


def test_an_agreement_ends_the_mediation_and_counts_thirty_days(world, case, first):
    day = clock.today()
    promise = agreeing.Promise("装隔音门", day + timedelta(days=10))
    agreement = agreeing.agree(
        case, by=world.clerk, form="oral", content="装隔音门，夜里十点后停机", agreed_on=day, promises=[promise], mediation=first
    )  # fmt: skip
    first.refresh_from_db()
    assert first.outcome == "agreed" and agreement.confirm_by == day + timedelta(days=30)
    with pytest.raises(Refusal, match="超过了"):
        agreeing.ask_confirmation(agreement, by=world.clerk, on=day + timedelta(days=31))
    with pytest.raises(Refusal, match="还没有申请"):
        agreeing.decide_confirmation(agreement, by=world.clerk, on=day)
    agreeing.ask_confirmation(agreement, by=world.clerk, on=day)
    agreeing.decide_confirmation(agreement, by=world.clerk, on=day)
    agreement.refresh_from_db()
    assert agreement.confirmed_on == day


def test_a_promise_of_something_to_do_is_kept_once(world, case):
    day = clock.today()
    agreement = agreeing.agree(
        case, by=world.clerk, form="written", content="清走杂物", agreed_on=day,
        promises=[agreeing.Promise("清走杂物", day)],
    )  # fmt: skip
    promise = agreement.obligations.get()
    assert agreeing.standing_of(promise, day + timedelta(days=1)) == "late"
    with pytest.raises(Refusal, match="做到的事"):
        agreeing.fulfil(promise, by=world.clerk, kind="cash", on=day, paper="收条", amount=5)
    row = agreeing.fulfil(promise, by=world.clerk, kind="act", on=day, paper="照片 2 张")
    assert agreeing.standing_of(promise, day) == "kept"
    agreeing.take_back(row, by=world.clerk, reason="记错了一户")
    assert agreeing.standing_of(promise, day) == "due"
    with pytest.raises(Refusal, match="冲销过"):
        agreeing.take_back(row, by=world.clerk, reason="再来一次")


def test_a_screening_round_finds_matters_and_says_zero_in_words(world, case):
    day = clock.today()
    assert world.east in screening.overdue_areas(world.office, [world.east, world.west])
    round_ = screening.open_round(
        world.office,
        by=world.clerk,
        area=world.east,
        name="十一月排查",
        from_on=day,
        until_on=day,
        by_names="网格员",
    )
    assert screening.overdue_areas(world.office, [world.east, world.west]) == [world.west]
    screening.found(round_, case, by=world.clerk)
    with pytest.raises(Refusal, match="看不到"):
        screening.found(round_, case, by=world.outsider)
    with pytest.raises(Refusal, match="没有发现"):
        screening.close_round(round_, households=30, note=" ")
    screening.close_round(round_, households=30, note="发现 1 件，已登记")
    with pytest.raises(Refusal, match="已经报结"):
        screening.found(round_, case, by=world.clerk)
    with pytest.raises(Refusal, match="不用再设"):
        screening.open_round(
            world.office,
            by=world.clerk,
            area=world.east,
            name="十一月排查",
            from_on=day,
            until_on=day,
            by_names="网格员",
        )


def test_times_are_those_of_the_clock(world, first):
    assert isinstance(first.opened_at, datetime) and first.opened_at <= clock.now()
