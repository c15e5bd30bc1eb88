import pytest

from huiyin.accounts.tokens import issue
from tests.api.walker import Caller


@pytest.fixture
def anyone(client, db):
    return Caller(client)


@pytest.fixture
def without_limits(settings):
    """For a test that hands in more than an address may in an hour."""
    settings.NO_LIMITS = True


@pytest.fixture
def as_user(client, world):
    """`as_user("clerk")`: the API in the hands of that user."""
    return lambda name: Caller(client, issue(getattr(world, name)))


AT_WORK = [
    "clerk", "environment_handler", "duty_leader", "supervisor", "handler", "east_staff"
]  # fmt: skip


@pytest.fixture
def everybody(as_user):
    """A program's tokens: one of each kind of post, one for each unit."""
    return {name: as_user(name) for name in AT_WORK}
