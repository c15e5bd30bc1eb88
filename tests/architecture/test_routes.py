"""Every address says who may come in, and means it; every address takes only the methods it names."""

import ast
import inspect
import re
import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter, UUIDConverter
from ninja.operation import PathView

from huiyin.api.app import api
from huiyin.api.doors import token
from huiyin.orgs.models import Post, Role
from tests.architecture.tree import syntax

ACCESS = re.compile(r"^(public|signed_in|staff(:[a-z_,]+)?|api: public|api: token)$")
# Residents raise, look up and judge without an account; everything else of the API needs a token.
OPEN_OPERATIONS = {"raise_case", "upload", "track", "rate", "reopen", "withdraw", "urge"}


def walk(patterns, prefix="/"):
    """(address, pattern) of every route, address with sample values filled in."""
    for pattern in patterns:
        here = prefix + sample(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here, pattern
        else:
            yield from walk(pattern.url_patterns, here)


def sample(part) -> str:
    route = str(part)
    if not hasattr(part, "_route"):
        return re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]", "", route)
    for argument, converter in part.converters.items():
        value = "26-00001"
        if isinstance(converter, UUIDConverter):
            value = str(uuid.UUID(int=1))
        elif isinstance(converter, IntConverter):
            value = "1"
        route = re.sub(rf"<(\w+:)?{argument}>", value, route)
    return route


ROUTES = list(walk(get_resolver().url_patterns))
PAGES = [(address, pattern) for address, pattern in ROUTES if not address.startswith("/api/v1")]


def test_there_are_routes():
    assert len(ROUTES) > 30


def test_every_route_says_who_may_come_in():
    silent = [
        address for address, pattern in ROUTES if not ACCESS.match(getattr(pattern.callback, "access", ""))
    ]
    assert silent == [], "declare access (huiyin/shell/access.py) on the view of each of these"


def test_addresses_below_desk_are_for_staff():
    wrong = [a for a, p in ROUTES if a.startswith("/desk/") and not p.callback.access.startswith("staff")]
    assert wrong == []


def test_roles_named_at_a_door_exist():
    for address, pattern in ROUTES:
        asked = pattern.callback.access.partition("staff:")[2]
        assert set(filter(None, asked.split(","))) <= set(Role.values), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_closed_doors_ask_a_stranger_to_sign_in(client, method):
    """What is declared is what happens: nobody without an account gets past a closed door."""
    for address, pattern in PAGES:
        if pattern.callback.access.startswith(("staff", "signed_in")):
            response = getattr(client, method)(address)
            assert response.status_code == 302 and response.url.startswith("/sign-in/"), (method, address)


def operations():
    for _, router in api._routers:
        for path, view in router.path_operations.items():
            assert isinstance(view, PathView)
            for operation in view.operations:
                yield path, operation


def test_operations_of_the_api_are_open_or_ask_for_a_token():
    seen = set()
    for path, operation in operations():
        seen.add(operation.operation_id)
        only_token = [door for door in operation.auth_callbacks] == [token]
        is_open = operation.operation_id in OPEN_OPERATIONS
        assert only_token != is_open, (
            f"{operation.methods} {path}: give it auth=token or name it in OPEN_OPERATIONS"
        )
    assert seen >= OPEN_OPERATIONS


def test_closed_operations_answer_401_to_a_stranger(client):
    asked = 0
    for path, operation in operations():
        if operation.operation_id in OPEN_OPERATIONS:
            continue
        address = "/api/v1" + re.sub(r"\{\w+\}", "1", path)
        for method in operation.methods:
            response = client.generic(method, address, "{}", content_type="application/json")
            assert response.status_code == 401, (method, address)
            assert response.json()["error"], address
            asked += 1
    assert asked >= 4


@pytest.fixture
def in_every_post(world) -> Client:
    """A browser of someone who holds a post of every role, so that no role stands in the way."""
    clerk = world.clerk
    mine = clerk.posts.select_related("organisation", "area").first()
    for role in set(Role.values) - {mine.role}:
        place = {"office": mine.office, "organisation": mine.organisation, "area": mine.area}
        Post.objects.create(user=clerk, role=role, title=role, start_on=mine.start_on, **place)
    client = Client()
    client.force_login(clerk)
    return client


def test_every_page_names_its_methods(in_every_post):
    """PUT means nothing to any page: each must say 405, not try its luck."""
    loose = []
    for address, pattern in PAGES:
        if pattern.name == "api_nowhere":
            continue
        if in_every_post.put(address).status_code != 405:
            loose.append(f"{address} ({pattern.callback.__module__}.{pattern.callback.__name__})")
    assert loose == [], "add require_safe, require_POST or require_http_methods below the access decorator"


def post_only() -> list[tuple]:
    """Routes whose view is decorated with require_POST."""
    found = []
    for address, pattern in PAGES:
        view = inspect.unwrap(pattern.callback)
        decorators = tree_of_views(inspect.getsourcefile(view)).get(view.__name__, ())
        if "require_POST" in decorators:
            found.append((address, pattern))
    return found


def test_verbs_answer_405_to_get(in_every_post):
    routes = post_only()
    assert {"desk_move", "sign_out", "demo_switch"} <= {pattern.name for _, pattern in routes}
    for address, pattern in routes:
        response = in_every_post.get(address)
        assert response.status_code == 405, (address, pattern.name, response.status_code)
        assert response["Allow"] == "POST", address


WRITING = {"save", "create", "bulk_create", "delete", "update_or_create", "get_or_create", "perform"}


def test_views_that_write_do_not_answer_get():
    """A function view that saves, creates, deletes or performs, and looks at no method, must not be reachable by GET."""
    loose = []
    for address, pattern in PAGES:
        view = inspect.unwrap(pattern.callback)
        source = inspect.getsourcefile(view)
        node = next(n for n in ast.walk(syntax_of(source)) if getattr(n, "name", "") == view.__name__)
        calls = {
            n.func.attr
            for n in ast.walk(node)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        }
        guarded = "require_POST" in tree_of_views(source).get(
            view.__name__, ()
        ) or "request.method" in ast.unparse(node)
        if calls & WRITING and not guarded:
            loose.append(f"{address} {view.__name__}: {sorted(calls & WRITING)}")
    assert loose == []


def syntax_of(source: str):
    return syntax(Path(source))


def tree_of_views(source: str) -> dict[str, set]:
    """name of each function of the file → names of its decorators"""
    found = {}
    for node in ast.walk(syntax_of(source)):
        if isinstance(node, ast.FunctionDef):
            names = {
                getattr(item, "id", getattr(getattr(item, "func", None), "id", ""))
                for item in node.decorator_list
            }
            found[node.name] = names
    return found
