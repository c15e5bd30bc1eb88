"""One house and one browser for all journeys of a run; without a browser they are skipped by name."""

import os
from secrets import token_hex

import pytest

from tests.journeys.browser import Person, chromium, executable
from tests.journeys.house import House

# Playwright's loop runs in this thread; Django would take the fixtures' database work for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("house"))


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    # A name never used before: started by root, the database lies elsewhere, under a name made from this one.
    with House(tmp_path_factory.mktemp("house") / f"data-{token_hex(4)}") as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    if not executable():
        pytest.skip("没有 Chromium，跳过浏览器里的全程")
    with chromium() as running:
        yield running


@pytest.fixture
def person(house, browser):
    """`person()` opens a window; `person("chen.shouli")` at that demo post; closed and checked at the end."""
    windows = []

    def open_window(username: str = "", **context):
        window = Person(browser, house.address, **context)
        windows.append(window)
        return window.as_post(username) if username else window

    yield open_window
    for window in windows:
        window.close()


@pytest.fixture
def desks(person):
    """username → window at that desk, opened when first needed."""
    windows = {}

    def at(username):
        if username not in windows:
            windows[username] = person(username)
        return windows[username]

    return at
