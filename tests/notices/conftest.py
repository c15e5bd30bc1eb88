"""An office with ways out, for the tests of messages."""

import pytest

from huiyin.notices.models import Delivery, Sender, Way
from huiyin.notices.transports import wire
from huiyin.rules import clock

NOON = "2026-03-02T12:00:00"


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.PRIVATE_WEBHOOKS = True


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(wire, "TOTAL_SECONDS", 0.5)
    monkeypatch.setattr(wire, "CONNECT_SECONDS", 0.5)


@pytest.fixture
def sender(world):
    """sender("hook", url=…): a way out of the test office."""

    def make(transport="hook", name="", **fields):
        return Sender.objects.create(
            office=world.office, transport=transport, name=name or f"通道 {transport}", created_at=clock.now(), **fields
        )  # fmt: skip

    return make


@pytest.fixture
def message(world):
    """message(sender, "a"): one that waits for it, due now."""

    def make(sender, key, **fields):
        now = clock.now()
        given = {
            "way": Way.ROBOT,
            "sender": sender,
            "text": f"消息 {key}",
            "created_at": now,
            "next_try_at": now,
        }
        return Delivery.objects.create(office=world.office, key=key, **{**given, **fields})

    return make
