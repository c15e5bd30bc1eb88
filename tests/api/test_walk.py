"""Programs walk matters to their end by following `moves` alone."""

from datetime import timedelta

import pytest

from huiyin.rules import clock
from tests.api.walker import WORDS, Program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
STRAIGHT = ["accept", "dispatch", "take", "report", "sign_off", "verify", "answer", "close"]


def raise_one(anyone) -> dict:
    body = {
        "description": "夜里冲床声音很大，睡不着。",
        "contact": {"name": "何阿姨", "phone": "10000001234"},
    }
    answer = anyone.post("/api/v1/cases", body, Idempotency_Key="one")
    assert answer.status_code == 201
    return answer.data


def test_a_program_walks_a_residents_matter_to_closed(anyone, everybody):
    raised = raise_one(anyone)
    program = Program(everybody, raised["number"])
    case = program.walk(STRAIGHT, until="closed")
    assert case["missing_for_close"] == [] and all(item["is_there"] for item in case["evidence"])
    reporter = next(name for name, verb in program.done if verb == "report")
    checker = next(name for name, verb in program.done if verb == "verify")
    assert reporter != checker
    assert [event["verb"] for event in case["events"]] == ["register", *(verb for _, verb in program.done)]
    tracked = anyone.get(f"/api/v1/tracking/{raised['tracking_code']}").data
    assert tracked["state"] == "closed" and tracked["answer"]["text"] == WORDS
    assert tracked["can"] == ["rating", "reopen"] and tracked["due_at"] is None


def test_the_schema_alone_is_enough_for_every_offered_move(anyone, everybody, world):
    """Whatever is offered on the way can be done as its schema says; only these need an id from elsewhere."""
    from django.db import transaction

    raised = raise_one(anyone)
    program = Program(everybody, raised["number"])
    tried = set()
    for step in [*STRAIGHT, None]:
        for name, move in program.offered():
            if move["verb"] in ("merge", "attach", "amend", "fill_in", "link", *tried):
                continue
            tried.add(move["verb"])
            with transaction.atomic():
                units = move["fields"]["properties"].get("units", {}).get("items", {}).get("enum", [])
                # A visit that was: with the host and one more, not in a week's time.
                met = (
                    {"units": units[:2], "held_at": clock.now().isoformat()}
                    if move["verb"] == "joint"
                    else {}
                )
                program._make(name, move, **met)
                transaction.set_rollback(True)
        if step not in (None, "sign_off"):
            program.do(step)
        if step == "accept":
            program.do("record")
    assert {
        "accept",
        "decline",
        "refer",
        "void",
        "dispatch",
        "pause",
        "escalate",
        "mark_key",
        "record",
    } <= tried
    assert {"take", "return_work", "recall", "assign_person", "ask_extension", "issue_letter"} <= tried
    assert {
        "verify",
        "redo",
        "answer",
        "close",
        "rate",
        "reopen",
        "look_back",
        "withdraw",
        "tell",
        "void_entry",
    } <= tried


def test_returned_overruled_designated_supervised_and_reopened(anyone, everybody):
    raised = raise_one(anyone)
    program = Program(everybody, raised["number"])
    track = f"/api/v1/tracking/{raised['tracking_code']}"
    program.do("accept")
    program.do("dispatch")
    case = program.do("return_work")
    assert case["state"] == "accepted" and case["bounce_count"] == 1
    assert program.do("overrule")["state"] == "dispatched"
    program.do("take")
    program.do("return_work")
    program.do("dispatch")
    program.do("take")
    case = program.do("return_work")
    assert case["bounce_count"] == 3
    offered = {move["verb"] for move in program.moves("duty_leader") + program.moves("clerk")}
    assert "designate" in offered and "dispatch" not in offered
    program.do("designate")
    offered = {move["verb"] for move in program.moves("environment_handler") + program.moves("supervisor")}
    assert "take" in offered and "return_work" not in offered and "supervise" not in offered
    program.do("mark_key")
    program.do("take")
    case = program.do("supervise")
    assert case["missing_for_close"] == ["有督办", "有反馈"] or "有督办" in case["missing_for_close"]
    program.do("answer_notice")
    program.do("report")
    program.do("verify")
    case = program.do("answer")
    assert case["missing_for_close"] == ["有督办"]
    assert "close" not in {move["verb"] for move in program.moves("clerk")}
    program.do("check_progress")
    assert program.do("close")["state"] == "closed"

    verdict = {"contacted": "yes", "solved": "no", "satisfied": "no", "words": "夜里还是响"}
    assert anyone.post(f"{track}/rating", verdict).status_code == 201
    again = anyone.post(f"{track}/rating", verdict)
    assert again.status_code == 409 and "评过" in again.data["error"]
    answer = anyone.post(f"{track}/reopen", {"reason": "夜里还是响，没有解决"})
    assert answer.status_code == 200 and answer.data["state"] == "accepted"
    for verb in (
        "dispatch",
        "take",
        "supervise",
        "answer_notice",
        "check_progress",
        "report",
        "verify",
        "answer",
    ):
        program.do(verb)
    case = program.do("close")
    assert case["round"] == 2 and case["number"] == raised["number"]
    assert anyone.post(f"{track}/rating", {**verdict, "solved": "yes"}).status_code == 201


def test_an_extension_is_asked_by_one_and_decided_by_another(anyone, everybody):
    raised = raise_one(anyone)
    program = Program(everybody, raised["number"])
    for verb in ("accept", "dispatch", "take"):
        program.do(verb)
    program.do("ask_extension")
    asker = program.done[-1][0]
    case = program.do("decide_extension", approve="yes")
    assert program.done[-1][0] != asker
    event = case["events"][-1]
    assert event["data"]["approved"] is True and event["is_told"]
    words = [
        step["words"] for step in anyone.get(f"/api/v1/tracking/{raised['tracking_code']}").data["trail"]
    ]
    assert "要多用几天" in words


def test_a_late_matter_says_what_it_lacks(anyone, everybody):
    raised = raise_one(anyone)
    program = Program(everybody, raised["number"])
    for verb in ("accept", "dispatch", "take"):
        program.do(verb)
    with clock.travel(clock.now() + timedelta(days=80)):
        late = everybody["clerk"].get("/api/v1/cases", view="late").data["results"]
        assert [row["number"] for row in late] == [raised["number"]] and late[0]["is_overdue"]
        program.do("report")
        program.do("verify")
        assert program.do("answer")["missing_for_close"] == ["有督办"]
