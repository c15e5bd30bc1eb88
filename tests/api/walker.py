"""A program that knows nothing but the API: it follows `moves` and fills `fields` from their JSON Schema."""

import json
import re
from datetime import timedelta

from jsonschema import Draft202012Validator

from huiyin.rules import clock

WORDS = "已经到现场看过，情况和您说的一样，三天之内处理好，请您放心。"


class Caller:
    """One user's token on the test client; without a user the public."""

    def __init__(self, client, token: str = ""):
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query):
        return self._read(self.client.get(path, query, headers=self.headers))

    def post(self, path: str, body=None, **headers):
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body or {})
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._read(
            self.client.post(
                path, data=raw, content_type="application/json", headers={**self.headers, **more}
            )
        )

    @staticmethod
    def _read(response):
        assert response.status_code < 500, response.content[:500]
        assert response["Content-Type"].startswith("application/json"), response["Content-Type"]
        assert not re.search(rb"\\u[4-9]", response.content), "Chinese is sent as it is"
        response.data = response.json()
        if response.status_code >= 400:
            assert set(response.data) == {"error", "missing", "errors"}, response.data
            assert any("\u4e00" <= letter <= "\u9fff" for letter in response.data["error"])
        return response


def fill(schema: dict, **given) -> dict:
    """The required fields of `schema` with plausible values; conditional ones as the schema asks for them."""
    values = {name: given.get(name, sample(schema["properties"][name])) for name in schema["required"]}
    values |= {name: value for name, value in given.items() if name in schema["properties"]}
    check = Draft202012Validator(schema)
    for error in check.iter_errors(values):
        if error.validator == "required":
            for name in error.validator_value:
                values.setdefault(name, sample(schema["properties"][name]))
    check.validate(values)
    return values


def sample(schema: dict):
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    kind, form = schema["type"], schema.get("format")
    if kind == "array":
        return [sample(schema["items"])]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    soon = clock.now() + timedelta(days=7)
    if form:
        return {"date": f"{soon:%Y-%m-%d}", "date-time": soon.isoformat()}[form]
    return WORDS[: schema.get("maxLength")]


class Program:
    """Several users' tokens, and one matter."""

    def __init__(self, callers: dict[str, Caller], number: str):
        self.callers, self.path = callers, f"/api/v1/cases/{number}"
        self.done: list[tuple[str, str]] = []

    def moves(self, name: str) -> list[dict]:
        """What this user may do now; nothing when the matter is not theirs to see."""
        answer = self.callers[name].get(self.path)
        assert answer.status_code in (200, 404)
        return answer.data["moves"] if answer.status_code == 200 else []

    def offered(self) -> list[tuple[str, dict]]:
        """(user, move) of everything that anybody may do now."""
        return [(name, move) for name in self.callers for move in self.moves(name)]

    def do(self, verb: str, **given) -> dict:
        """Make this move, whoever may; those who made it before are asked first. Returns the fresh matter."""
        for name in sorted(self.callers, key=lambda name: (name, verb) not in self.done):
            for move in self.moves(name):
                if move["verb"] == verb:
                    return self._make(name, move, **given)
        raise AssertionError(f"nobody is offered {verb}")

    def walk(self, wishes: list[str], until: str, most: int = 40) -> dict:
        """Always the move that stands first in `wishes`, until the matter is in state `until`."""
        for _ in range(most):
            offered = [(name, move) for name, move in self.offered() if move["verb"] in wishes]
            assert offered, "stuck"
            name, move = min(offered, key=lambda item: wishes.index(item[1]["verb"]))
            case = self._make(name, move)
            if case["state"] == until:
                return case
        raise AssertionError(f"not {until} after {most} moves: {self.done}")

    def _make(self, name: str, move: dict, **given) -> dict:
        answer = self.callers[name].post(move["href"], fill(move["fields"], **given))
        assert answer.status_code == 200, (name, move["verb"], answer.data)
        self.done.append((name, move["verb"]))
        return answer.data
