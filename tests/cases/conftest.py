import pytest

from tests.world import build


@pytest.fixture
def world(db):
    """The small shared world, made anew for each test inside its transaction."""
    return build()
