"""Where a message may go: no plain http, nothing inside our own network, whatever the name says."""

import socket

import pytest

from huiyin.notices.transports import wire
from huiyin.notices.transports.wire import Failed, post, refuse_address, resolve


@pytest.mark.parametrize(
    "url",
    [
        "http://robot.example/", "ftp://robot.example/", "https://", "robot.example", "https://a:b@robot.example/", "file:///etc/passwd",
        "https://robot.example/ x", "https://robot.example/#x", "http://10.0.0.1/", "https://robot.example:99999/", "https://机器人.example/",
    ],
)  # fmt: skip
def test_addresses_that_are_refused_as_typed(settings, url):
    settings.PRIVATE_WEBHOOKS = True
    assert refuse_address(url)


def test_plain_http_only_to_this_machine_and_only_when_allowed(settings):
    settings.PRIVATE_WEBHOOKS = True
    assert (
        refuse_address("http://127.0.0.1:9/") == "" and refuse_address("https://robot.example/x?key=1") == ""
    )
    settings.PRIVATE_WEBHOOKS = False
    assert refuse_address("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fd00::1",
     "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "240.0.0.1"],
)  # fmt: skip
def test_names_that_lead_inside_are_refused(settings, monkeypatch, address):
    settings.PRIVATE_WEBHOOKS = False
    rows = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: rows)
    with pytest.raises(Failed, match="内部网络"):
        resolve("robot.example", 443)


def test_the_address_that_was_judged_is_the_one_that_is_asked(settings, monkeypatch):
    """A name that answers differently the second time gains nothing: it is asked once."""
    settings.PRIVATE_WEBHOOKS = False
    answers = iter([[(0, 0, 0, "", ("93.184.216.34", 443))], [(0, 0, 0, "", ("127.0.0.1", 443))]])
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: next(answers))

    def connect(address, timeout):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(wire.socket, "create_connection", connect)
    with pytest.raises(Failed, match="不接受连接"):
        post("https://robot.example/x", b"{}", {})
    assert asked == [("93.184.216.34", 443)]
