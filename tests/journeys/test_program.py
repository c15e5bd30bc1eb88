"""A program over real HTTP: tokens by command, a resident's matter walked to closed by following `moves` alone."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.api.walker import WORDS, Caller, Program
from tests.journeys.house import OPENER

STEPS = ["accept", "dispatch", "take", "report", "sign_off", "verify", "answer", "close"]


class Wire:
    """The few words of the test client that a Caller speaks, over the network."""

    def __init__(self, address: str):
        self.address = address

    def get(self, path, query=None, headers=None):
        return self._send("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""), None, headers)

    def post(self, path, data=b"", content_type="", headers=None):
        raw = data.encode() if isinstance(data, str) else data
        return self._send("POST", path, raw, {**(headers or {}), "Content-Type": content_type})

    def _send(self, method, path, data, headers):
        request = urllib.request.Request(
            self.address + path, data=data, method=method, headers=dict(headers or {})
        )
        try:
            with OPENER.open(request, timeout=30) as reply:
                return Reply(reply)
        except urllib.error.HTTPError as reply:
            return Reply(reply)


class Reply:
    def __init__(self, reply):
        self.status_code, self.headers, self.content = reply.status, reply.headers, reply.read()

    def __getitem__(self, name):
        return self.headers[name]

    def json(self):
        return json.loads(self.content)


@pytest.fixture
def users(house):
    """[{username, name, posts}] of the running house."""
    return json.loads(house.command("users", "--json"))


def one(users, role: str, unit: str = "") -> str:
    """A username with this role, in this unit when one is given."""
    return next(
        row["username"]
        for row in users
        for post in row["posts"]
        if post["role"] == role and unit in ("", post["organisation_code"])
    )


def test_a_program_walks_a_residents_matter_to_closed(house, users):
    wire = Wire(house.address)
    anyone = Caller(wire)

    def bearer(username):
        return Caller(wire, house.command("token", username, "--name", "对接程序").strip())

    body = {
        "description": "楼道里的灯三天不亮，老人夜里上楼摸黑。",
        "contact": {"name": "何阿姨", "phone": "10000001234", "reply_by": "phone"},
    }
    raised = anyone.post("/api/v1/cases", body, Idempotency_Key="journey-1")
    assert raised.status_code == 201, raised.data
    again = anyone.post("/api/v1/cases", body, Idempotency_Key="journey-1")
    assert again.status_code == 201 and again.data == raised.data
    track = f"/api/v1/tracking/{raised.data['tracking_code']}"
    assert anyone.get(track).data["state_label"].startswith("收到了。")

    centre = {role: bearer(one(users, role)) for role in ("clerk", "supervisor")}
    program = Program(centre, raised.data["number"])
    case = program.walk(STEPS, until="dispatched")
    for assignment in case["assignments"]:
        unit = assignment["unit"]["code"]
        roles = [post["role"] for row in users for post in row["posts"] if post["organisation_code"] == unit]
        role = next(role for role in ("handler", "station", "unit_head") if role in roles)
        program.callers[unit] = bearer(one(users, role, unit))
    case = program.walk(STEPS, until="closed")
    assert case["missing_for_close"] == []
    assert [event["verb"] for event in case["events"]] == ["register", *(verb for _, verb in program.done)]

    seen = anyone.get(track).data
    assert seen["state"] == "closed" and seen["answer"]["text"] == WORDS
    for secret in ("何阿姨", "10000001234", *(row["name"] for row in users)):
        assert secret not in json.dumps(seen, ensure_ascii=False)
    verdict = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
    assert anyone.post(f"{track}/rating", verdict).status_code == 201
    assert anyone.post(f"{track}/rating", verdict).status_code == 409
    assert anyone.get("/api/v1/cases").status_code == 401
