"""Fixtures over the shipped rules."""

import pytest

from .shipped import CALENDAR, PACK


@pytest.fixture
def calendar():
    return CALENDAR


@pytest.fixture
def pack():
    return PACK
