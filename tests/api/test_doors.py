"""Tokens, commands, the description of the API, addresses that lead nowhere."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from huiyin.accounts.models import ApiToken, User
from huiyin.accounts.tokens import LIFETIME, issue
from huiyin.audit.models import AuditRecord
from huiyin.rules import clock
from tests.api.walker import Caller

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases"


def test_without_a_token_staff_doors_stay_shut(anyone, world):
    for answer in (anyone.get(CASES), anyone.get(f"{CASES}/26-1"), anyone.post(f"{CASES}/26-1/accept")):
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer hy_wrong", "Bearer ", "Basic YTpi", "Bearer 令牌", "x" * 5000])
def test_a_wrong_token_is_401_also_where_the_public_may_enter(client, world, header):
    header = header.encode().decode("latin-1")
    caller = Caller(client)
    caller.headers = {"Authorization": header}
    assert caller.get(CASES).status_code == 401
    assert caller.post(CASES, {"description": "井盖松了很响"}).status_code == 401


def test_a_token_ends_after_its_time_or_with_the_account(client, world):
    caller = Caller(client, issue(world.clerk))
    assert caller.get(CASES).status_code == 200
    with clock.travel(clock.now() + LIFETIME + timedelta(minutes=1)):
        assert caller.get(CASES).status_code == 401
    User.objects.filter(username="clerk").update(is_active=False)
    assert caller.get(CASES).status_code == 401


def test_without_a_post_403(client, world):
    user = User.objects.create(username="nobody", name="测nobody", office=world.office)
    answer = Caller(client, issue(user)).get(CASES)
    assert answer.status_code == 403 and "岗位" in answer.data["error"]


def test_the_token_command_prints_the_token_and_nothing_else(client, world):
    out = StringIO()
    call_command("token", "clerk", "--name", "对账程序", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    assert Caller(client, lines[0]).get(CASES).status_code == 200
    row = ApiToken.objects.get()
    assert row.name == "对账程序" and lines[0] not in (row.digest, row.name)
    assert AuditRecord.objects.filter(subject="user:clerk").exists()
    with pytest.raises(CommandError, match="没有叫"):
        call_command("token", "nobody-at-all", stdout=out)


def test_the_users_command_lists_posts(world, django_assert_num_queries):
    out = StringIO()
    with django_assert_num_queries(2):
        call_command("users", "--json", stdout=out)
    rows = {row["username"]: row["posts"] for row in json.loads(out.getvalue())}
    post = rows["handler"][0]
    assert (post["role"], post["title"], post["organisation"]) == ("handler", "经办人", "综合执法队")
    assert post["area"] == world.street.code
    assert "\\u" not in out.getvalue()


def test_the_description_is_valid_openapi(client, world):
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200 and "居民".encode() in answer.content
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/api/v1/cases", "/api/v1/cases/{number}", "/api/v1/cases/{number}/{verb}",
        "/api/v1/cases/{number}/{verb}/{subject}", "/api/v1/uploads", "/api/v1/tracking/{code}",
        "/api/v1/tracking/{code}/rating", "/api/v1/tracking/{code}/reopen", "/api/v1/tracking/{code}/urge",
        "/api/v1/tracking/{code}/withdraw",
    }  # fmt: skip
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    ids = []
    for path, methods in described["paths"].items():
        for operation in methods.values():
            ids.append(operation["operationId"])
            named = {item["name"] for item in operation.get("parameters", []) if item["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
            assert all(status.isdigit() for status in operation["responses"])
    assert len(ids) == len(set(ids))
    raising = described["paths"]["/api/v1/cases"]["post"]
    assert any(item["name"] == "Idempotency-Key" for item in raising["parameters"])


def test_nowhere_is_json_too(anyone, world):
    assert anyone.get("/api/v1/nothing").status_code == 404
    assert anyone.post("/api/").status_code == 404
    answer = anyone._read(anyone.client.put(CASES))
    assert answer.status_code == 405 and "POST" in answer["Allow"]


def test_every_address_says_who_may_come_in():
    from huiyin.api.urls import urlpatterns

    assert all(getattr(pattern.callback, "access", "") for pattern in urlpatterns)


def test_guessing_tracking_codes_is_stopped(anyone, world):
    case = world.register()
    track = f"/api/v1/tracking/{case.tracking_code}"
    assert anyone.get(track).status_code == 200
    statuses = [anyone.get("/api/v1/tracking/222-222-222").status_code for _ in range(31)]
    assert set(statuses[:30]) == {404} and statuses[30] == 429
    assert anyone.get(track).status_code == 429
