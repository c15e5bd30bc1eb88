"""Every verb has its address; refused moves say why; JSON is judged like a form."""

import pytest

from huiyin.cases import access
from huiyin.cases.models import CaseEvent
from huiyin.cases.workflow import MOVES
from tests.api.walker import fill
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases"
SOME_ID = "01a20523-bde1-70ce-828f-8f522592cb34"


def href(case, verb: str, subject=None) -> str:
    return f"{CASES}/{case.number}/{verb}" + (
        f"/{subject.pk if hasattr(subject, 'pk') else subject}" if subject else ""
    )


@pytest.mark.slow
def test_every_verb_has_its_address_and_refuses_whom_it_should(as_user, world):
    """The right post meets the form or the state, others the closed door; nothing is written."""
    case, ended = bring(world, "in_hand"), bring(world, "closed")
    clerk, strangers = as_user("clerk"), [as_user("outsider"), as_user("admin")]
    before = CaseEvent.objects.count()
    for verb, row in MOVES.items():
        subject = {"assignment": case.lead, "": None}.get(row.subject, SOME_ID)
        address = href(case, verb, subject)
        for stranger in strangers:
            assert stranger.post(address).status_code == 404, verb
        assert clerk.get(address).status_code == 405, verb
        if "closed" in row.sources or row.subject not in ("", "assignment"):
            continue
        answer = clerk.post(href(ended, verb, ended.assignments.get() if row.subject else None))
        assert answer.status_code == 409 and "不能" in answer.data["error"], (verb, answer.data)
    assert CaseEvent.objects.count() == before


@pytest.mark.parametrize(
    ("state", "verb", "user"),
    [
        ("received", "accept", "east_worker"), ("accepted", "dispatch", "east_staff"),
        ("accepted", "dispatch", "supervisor"), ("in_hand", "mark_key", "clerk"), ("in_hand", "supervise", "handler"),
        ("in_hand", "decide_extension", "handler"), ("reported", "verify", "handler"), ("answered", "close", "handler"),
        ("closed", "reopen", "handler"), ("in_hand", "issue_letter", "clerk"), ("in_hand", "pause", "handler"),
    ],
)  # fmt: skip
def test_the_wrong_post_is_told_who_may(as_user, world, state, verb, user):
    case = bring(world, state)
    subject = None
    if verb == "decide_extension":
        from huiyin.cases import deadlines

        case.ask_extension(
            by=world.handler, deadline=deadlines.extendable(case)[0], amount=1, reason="要等检测"
        )
        subject = case.extensions.get()
    seq = case.last_seq
    answer = as_user(user).post(href(case, verb, subject))
    assert answer.status_code == 403 and "岗位" in answer.data["error"], answer.data
    case.refresh_from_db()
    assert case.last_seq == seq
    offered = as_user(user).get(f"{CASES}/{case.number}").data["moves"]
    assert verb not in {move["verb"] for move in offered}


def test_a_move_writes_one_event_and_returns_the_fresh_matter(as_user, world):
    case = bring(world, "accepted")
    answer = as_user("clerk").post(
        href(case, "dispatch"), {"lead": str(world.enforcement.pk), "co": [str(world.safety.pk)]}
    )
    assert answer.status_code == 200 and answer.data["state"] == "dispatched"
    assert [item["part"] for item in answer.data["assignments"]] == ["co", "lead"]
    assert answer.data["events"][-1]["verb"] == "dispatch"
    assert len(answer.data["events"]) == case.last_seq + 1


def test_closing_without_evidence_names_what_is_missing(as_user, world):
    case = bring(world, "answered")
    case.mark_key(by=world.leader, reason="人多，要盯住")
    clerk = as_user("clerk")
    detail = clerk.get(f"{CASES}/{case.number}").data
    assert detail["missing_for_close"] == ["有督办"]
    assert "close" not in {move["verb"] for move in detail["moves"]}
    answer = clerk.post(href(case, "close"))
    assert answer.status_code == 409 and answer.data["missing"] == ["有督办"]
    assert "没有督办通知" in answer.data["error"]


def test_out_of_sight_after_the_move(as_user, world):
    """Handing the work to a colleague ends one's own view of a matter that only its people may read."""
    case = bring(world, "in_hand")
    case.is_restricted = True
    case.save()
    access.refresh_readers(case)
    assert as_user("handler_b").get(f"{CASES}/{case.number}").status_code == 404
    answer = as_user("handler").post(
        href(case, "assign_person", case.lead), {"handler": str(world.handler_b.pk)}
    )
    assert answer.status_code == 200 and answer.data["moves"] == [], answer.data
    assert "description" not in answer.data
    assert as_user("handler_b").get(f"{CASES}/{case.number}").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lead"),
        ({"lead": "x"}, "lead"),
        ({"lead": SOME_ID}, "lead"),
        ({"lead": 5}, "lead"),
        ({"lead": ["x"]}, "lead"),
        ({"lead": {"id": 1}}, "lead"),
        ({"co": "x"}, "co"),
        ({"co": [SOME_ID]}, "co"),
        ({"co": ["x", "x"]}, "co"),
        ({"co": [["x"]]}, "co"),
        ({"due_at": "gestern"}, "due_at"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "due_at"),
        ({"due_at": "9999-12-31T23:59:59-12:00"}, "due_at"),
        ({"due_at": "2020-01-01"}, "due_at"),
        ({"task": "x" * 20001}, "task"),
        ({"task": True}, "task"),
        ({"unknown": 1}, "unknown"),
        ({"": 1}, ""),
    ],
)
def test_wrong_fields_of_a_move_are_named(as_user, world, body, field):
    case = bring(world, "accepted")
    answer = as_user("clerk").post(href(case, "dispatch"), body)
    assert answer.status_code == 400 and field in answer.data["errors"], answer.data
    case.refresh_from_db()
    assert case.state == "accepted"


@pytest.mark.parametrize(
    "raw", [b"[]", b"5", b"{", b'{"task": "ab\\u0000"}', b'{"task": "ab\\udfff"}', b"\xff"]
)
def test_hostile_bodies_of_a_move(as_user, world, raw):
    case = bring(world, "accepted")
    assert as_user("clerk").post(href(case, "dispatch"), raw).status_code == 400


def test_subjects_must_belong_to_the_matter(as_user, world):
    case, other = bring(world, "in_hand"), bring(world, "in_hand")
    handler = as_user("handler")
    assert handler.post(href(case, "report", other.lead), {"text": "办好了没有"}).status_code == 404
    for strange in (SOME_ID, "x", "%00", "1" * 200):
        assert handler.post(href(case, "report", strange), {"text": "办好了"}).status_code == 404
    assert handler.post(href(case, "report"), {"text": "办好了"}).status_code == 404
    assert handler.post(href(case, "nonsense")).status_code == 404
    assert handler.post(href(case, "contact", SOME_ID), {"how": "phone", "text": "说过了"}).status_code == 404


def test_yes_and_no_may_be_booleans(as_user, world):
    case = bring(world, "reported")
    answer = as_user("supervisor").post(href(case, "verify"), {"text": "去看过，不是这样", "is_true": False})
    assert answer.status_code == 200
    assert answer.data["events"][-1]["data"]["is_true"] is False


def test_the_schema_says_what_the_verb_will_refuse(as_user, world):
    case = bring(world, "verified")
    moves = {move["verb"]: move for move in as_user("clerk").get(f"{CASES}/{case.number}").data["moves"]}
    schema = moves["answer"]["fields"]
    assert schema["properties"]["text"]["minLength"] == 15
    assert "工单" in schema["properties"]["text"]["not"]["pattern"]
    assert schema["properties"]["reply_by"]["default"] == "phone"
    body = fill(schema, reply_by="web")
    assert body["delivered"]
    refused = as_user("clerk").post(
        href(case, "answer"), {**body, "text": "您的工单已经按规定办理完成，请放心。"}
    )
    assert refused.status_code == 400 and "这件事" in refused.data["error"]
    assert as_user("clerk").post(href(case, "answer"), body).status_code == 200


def test_an_opinion_needs_its_date(as_user, world):
    case = bring(world, "in_hand")
    moves = {move["verb"]: move for move in as_user("handler").get(f"{CASES}/{case.number}").data["moves"]}
    body = fill(moves["record"]["fields"], act="opinion")
    assert "due_on" in body
    refused = as_user("handler").post(href(case, "record"), {**body, "due_on": None})
    assert refused.status_code == 400 and "due_on" in refused.data["errors"]
    assert as_user("handler").post(href(case, "record"), body).status_code == 200
