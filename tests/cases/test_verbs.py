"""Each verb: works; wrong state; wrong role; wrong area; exactly one event; nothing left behind when refused."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.cases import early_signs
from huiyin.cases.models import Case
from huiyin.cases.moving import ACTS
from huiyin.cases.workflow import MOVES
from huiyin.rules import clock
from tests.cases.walks import ANSWER, bounce, bring, clause

pytestmark = pytest.mark.django_db


@dataclass
class Try:
    """One verb: the state to begin with, who may, who may not, its arguments, and a state in which it is refused."""

    state: str
    by: str
    not_by: str
    arguments: object
    wrong_state: str
    to: str | None = None
    prepare: object = None
    subject: object = None


def lead(world, case):
    return case.lead


def returned_lead(world, case):
    return bounce(world, case)


def late(world, case):
    Case.objects.filter(pk=case.pk).update(is_key=True)


def with_notice(world, case):
    late(world, case)
    Case.objects.get(pk=case.pk).supervise(by=world.supervisor, text="请加紧")


def with_extension(world, case):
    case.ask_extension(
        by=world.handler, deadline=case.deadlines.get(code="CITY-NORMAL"), amount=2, reason="等配件"
    )


def with_letter(world, case):
    case.issue_letter(
        by=world.leader,
        organisation=world.enforcement,
        persons=[world.handler],
        due_on=clock.today() + timedelta(days=7),
        task="垫好井盖",
        requirement="夜里不响",
    )


def with_co_reported(world, case):
    case.add_unit(by=world.clerk, co=[world.environment], task="测一测声音")
    co = next(row for row in case.live_assignments if not row.is_lead)
    case.take(by=world.environment_handler, subject=co)
    case.report(by=world.environment_handler, subject=co, text="测了，五十分贝")


def with_co_returned(world, case):
    case.add_unit(by=world.clerk, co=[world.environment], task="测一测声音")
    co = next(row for row in case.live_assignments if not row.is_lead)
    case.return_work(by=world.environment_handler, subject=co, reason="没有仪器", clause=clause(world))


def paused(world, case):
    case.pause(
        by=world.clerk,
        reason="等配件",
        review_on=clock.today() + timedelta(days=3),
        told="要等配件，先等三天。",
    )


def with_record(world, case):
    case.record(by=world.handler, act="talk", text="写错了的一条")


def of_kind(kind):
    def prepare(world, case):
        Case.objects.filter(pk=case.pk).update(kind=kind)

    return prepare


def early_sign(world, case):
    Case.objects.filter(pk=case.pk).update(kind="early_sign")
    fresh = Case.objects.get(pk=case.pk)
    early_signs.begin(fresh, source="网格员走访", level="watch", responsible=world.clerk)


def future(days=5):
    return clock.today() + timedelta(days=days)


def co_of(world, case):
    return next(row for row in case.live_assignments if not row.is_lead)


def returned_of(world, case):
    return next(row for row in case.live_assignments if row.state == "returned")


TRIES = {
    "accept": Try("received", "clerk", "supervisor", {}, "accepted", "accepted"),
    "decline": Try("received", "clerk", "leader", {"reason": "这是两家的私事", "advice": "可以去司法所，一号路 2 号"}, "accepted", "not_accepted"),
    "refer": Try("received", "clerk", "supervisor", {"to": "区自来水公司", "text": "水管归自来水公司管，已经替您转过去了。"}, "dispatched", "referred"),
    "merge": Try("received", "clerk", "supervisor", lambda w, c: {"into": bring(w, "accepted")}, "dispatched", "merged"),
    "answer_at_once": Try("received", "clerk", "supervisor", {"text": ANSWER}, "accepted", "closed", of_kind("service_request")),
    "supplement": Try("in_hand", "clerk", "supervisor", {"text": "又松了一个盖子"}, "closed"),
    "urge": Try("in_hand", "clerk", "supervisor", {"text": "怎么还没来修"}, "closed"),
    "follow_up": Try("accepted", "clerk", "auditor", {"text": "打电话问了，情绪平稳"}, "closed", None, early_sign),
    "relevel": Try("accepted", "supervisor", "handler", {"level": "grave", "reason": "约人明天一起来"}, "closed", None, early_sign),
    "void": Try("received", "clerk", "supervisor", {"reason": "重复登记"}, "dispatched", "void"),
    "dispatch": Try("accepted", "clerk", "supervisor", lambda w, c: {"lead": w.enforcement}, "received", "dispatched"),
    "designate": Try("accepted", "duty_leader", "clerk", lambda w, c: {"lead": w.safety, "reason": "应急办牵头"}, "received", "dispatched", lambda w, c: bounce(w, c, 3)),
    "add_unit": Try("in_hand", "clerk", "supervisor", lambda w, c: {"co": [w.environment], "task": "测声音"}, "reported"),
    "recall": Try("in_hand", "clerk", "supervisor", {"reason": "派错了"}, "reported", "accepted"),
    "take": Try("dispatched", "handler", "environment_handler", {}, "reported", "in_hand", subject=lead),
    "return_work": Try("dispatched", "handler", "clerk", lambda w, c: {"reason": "不归我们", "clause": clause(w)}, "reported", "accepted", subject=lead),
    "overrule": Try("accepted", "clerk", "supervisor", {"reason": "清单写着是你们"}, "reported", "dispatched", lambda w, c: bounce(w, c), returned_of),
    "release": Try("in_hand", "clerk", "supervisor", {}, "reported", None, with_co_returned, returned_of),
    "assign_person": Try("in_hand", "handler", "clerk", lambda w, c: {"handler": w.handler_b}, "reported", subject=lead),
    "report": Try("in_hand", "handler", "clerk", {"text": "垫好了"}, "verified", "reported", subject=lead),
    "sign_off": Try("in_hand", "supervisor", "leader", {}, "verified", None, with_co_reported, co_of),
    "contact": Try("accepted", "clerk", "supervisor", {"text": "通了电话"}, "closed"),
    "record": Try("in_hand", "handler", "environment_handler", {"act": "site_check", "text": "去看过"}, "received"),
    "tell": Try("in_hand", "clerk", "supervisor", {"text": "师傅明天上午来垫井盖。"}, "closed"),
    "mark_key": Try("accepted", "leader", "clerk", {"reason": "反复多次"}, "closed"),
    "supervise": Try("in_hand", "supervisor", "clerk", {"text": "请加紧"}, "closed", prepare=late),
    "answer_notice": Try("in_hand", "handler", "clerk", {"text": "配件明天到"}, "closed", None, with_notice, lambda w, c: c.notices.get()),
    "check_progress": Try("in_hand", "supervisor", "grid", {"text": "看过，一半垫好了"}, "closed"),
    "ask_extension": Try("in_hand", "handler", "supervisor", lambda w, c: {"deadline": c.deadlines.get(code="CITY-NORMAL"), "amount": 2, "reason": "等配件"}, "closed"),
    "decide_extension": Try("in_hand", "leader", "clerk", {"approve": True, "text": "配件没到，要多用两天，对不起。"}, "closed", None, with_extension, lambda w, c: c.extensions.get()),
    "pause": Try("in_hand", "clerk", "supervisor", lambda w, c: {"reason": "等配件", "review_on": future(), "told": "要等配件，先等几天。"}, "closed"),
    "resume": Try("in_hand", "clerk", "supervisor", {}, "closed", None, paused),
    "escalate": Try("in_hand", "clerk", "supervisor", {"to": "区住建局", "text": "请求派人鉴定"}, "closed"),
    "verify": Try("reported", "supervisor", "leader", {"text": "去看过，好了"}, "in_hand", "verified"),
    "redo": Try("reported", "supervisor", "leader", {"text": "还在响"}, "in_hand", "in_hand"),
    "answer": Try("verified", "handler", "supervisor", {"text": ANSWER, "reply_by": "phone"}, "reported", "answered"),
    "feed_back": Try("verified", "clerk", "supervisor", lambda w, c: {"source": c.sources.get(), "text": "井盖已经垫好，每月看一次"}, "in_hand", None, lambda w, c: c.sources.create(office=w.office, system="区督查室", owed_to="区督查室")),
    "close": Try("answered", "clerk", "supervisor", {}, "verified", "closed"),
    "withdraw": Try("accepted", "clerk", "supervisor", {"reason": "不用办了"}, "closed", "withdrawn"),
    "reopen": Try("closed", "clerk", "handler", {"reason": "又响了"}, "in_hand", "accepted"),
    "look_back": Try("closed", "supervisor", "handler", {"text": "还好着", "has_relapsed": False}, "answered"),
    "rate": Try("closed", "clerk", "handler", {"contacted": "yes", "solved": "yes", "satisfied": "yes"}, "in_hand"),
    "issue_letter": Try("in_hand", "leader", "clerk", lambda w, c: {"organisation": w.enforcement, "persons": [w.handler], "due_on": future(), "task": "垫好井盖", "requirement": "夜里不响"}, "closed"),
    "sign_letter": Try("in_hand", "handler", "clerk", {}, "closed", None, with_letter, lambda w, c: c.letters.get()),
    "amend": Try("accepted", "clerk", "supervisor", {"reason": "听错了", "title": "井盖响"}, "closed"),
    "void_entry": Try("in_hand", "handler", "environment_handler", lambda w, c: {"entry": c.events.get(text="写错了的一条"), "reason": "写错了"}, "void", None, with_record),
    "attach": Try("in_hand", "handler", "environment_handler", lambda w, c: {"attachments": [photo(w)]}, "withdrawn"),
}  # fmt: skip


def photo(world):
    from huiyin.cases.models import Attachment

    return Attachment.objects.create(
        office=world.office, name="井盖.jpg", content_type="image/jpeg", size_bytes=3, sha256="0" * 64, path="x",
        uploaded_at=clock.now(),
    )  # fmt: skip


def user(world, name) -> User:
    return world.handler if name == "grid" else getattr(world, name)


def start(world, verb) -> tuple[Case, Try]:
    row = TRIES[verb]
    case = bring(world, row.state)
    if row.prepare:
        row.prepare(world, case)
        case = Case.objects.get(pk=case.pk)
    return case, row


def perform(world, verb, case, row, by):
    arguments = row.arguments(world, case) if callable(row.arguments) else dict(row.arguments)
    if row.subject:
        arguments["subject"] = row.subject(world, case)
    return getattr(case, verb)(by=by, **arguments)


def snapshot(case):
    fresh = Case.objects.get(pk=case.pk)
    rows = [
        list(getattr(fresh, name).order_by("pk").values())
        for name in (
            "events",
            "assignments",
            "deadlines",
            "notices",
            "extensions",
            "letters",
            "ratings",
            "pauses",
        )
    ]
    return [getattr(fresh, field.attname) for field in Case._meta.concrete_fields], rows


def test_the_table_is_complete():
    # Those of the rooms above are tried there, and particulars in test_kind_engine.
    assert set(TRIES) == set(MOVES) - set(ACTS) - {"fill_in"}


@pytest.mark.parametrize("verb", TRIES)
def test_works_and_writes_exactly_one_event(world, verb):
    case, row = start(world, verb)
    before = case.last_seq
    perform(world, verb, case, row, user(world, row.by))
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.last_seq == before + 1 == fresh.events.count()
    event = fresh.events.last()
    assert event.verb == verb and event.by == user(world, row.by) and event.by_title
    assert fresh.state == (row.to or row.state) == event.to_state


@pytest.mark.parametrize("verb", TRIES)
def test_wrong_state_is_refused_and_says_where_the_matter_is(world, verb):
    case, row = start(world, verb)
    arguments = row.arguments(world, case) if callable(row.arguments) else dict(row.arguments)
    if row.subject:
        arguments["subject"] = row.subject(world, case)
    Case.objects.filter(pk=case.pk).update(state=row.wrong_state)
    before = snapshot(case)
    with pytest.raises(Refusal) as refused:
        getattr(case, verb)(by=user(world, row.by), **arguments)
    assert refused.value.status == 409
    label = Case(state=row.wrong_state).get_state_display()
    assert label in refused.value.message
    assert snapshot(case) == before


@pytest.mark.parametrize("verb", TRIES)
def test_wrong_role_is_refused_and_changes_nothing(world, verb):
    case, row = start(world, verb)
    arguments = row.arguments(world, case) if callable(row.arguments) else dict(row.arguments)
    if row.subject:
        arguments["subject"] = row.subject(world, case)
    before = snapshot(case)
    with pytest.raises(Refusal) as refused:
        getattr(case, verb)(by=user(world, row.not_by), **arguments)
    assert refused.value.status == 403
    assert snapshot(case) == before


@pytest.mark.slow
@pytest.mark.parametrize("verb", TRIES)
def test_wrong_area_is_refused_even_with_the_right_role(world, verb):
    case, row = start(world, verb)
    arguments = row.arguments(world, case) if callable(row.arguments) else dict(row.arguments)
    if row.subject:
        arguments["subject"] = row.subject(world, case)
    before = snapshot(case)
    for role in sorted(MOVES[verb].roles - {"resident"}):
        world.person(f"far_{role}", "west_station", role, "外片区", "west")
        with pytest.raises(Refusal) as refused:
            getattr(case, verb)(by=getattr(world, f"far_{role}"), **arguments)
        assert refused.value.status == 403
    assert snapshot(case) == before
