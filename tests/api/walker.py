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

    def offered(self) -> list[tuple[str, dict]]:
        """(user, move) of everything that anybody may do now."""
        found = []
        for name, caller in self.callers.items():
            answer = caller.get(self.path)
            assert answer.status_code in (200, 404)
            if answer.status_code == 200:
                found += [(name, move) for move in answer.data["moves"]]
        return found

    def do(self, verb: str, user: str = "", **given) -> dict:
        """Make this move, whoever may (or `user`); returns the fresh matter."""
        offered = self.offered()
        fits = [(name, move) for name, move in offered if move["verb"] == verb and user in ("", name)]
        assert fits, f"{verb} is not offered; offered: {sorted({m['verb'] for _, m in offered})}"
        return self._make(*fits[0], **given)

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
