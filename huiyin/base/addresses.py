"""Where a request came from."""

from ipaddress import ip_address

from django.conf import settings

FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP",
    "HTTP_FORWARDED", "HTTP_VIA",
)  # fmt: skip


def address_of(request) -> str:
    """The address of the other end. A header is believed only where an HTTPS proxy of our own, on this
    machine, stands in front: then its last entry, which that proxy wrote; the others can be made up."""
    peer = request.META.get("REMOTE_ADDR", "")[:45]
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    if settings.BEHIND_PROXY and is_loopback(peer) and _is_address(told):
        return told
    return peer


def is_from_this_machine(request) -> bool:
    """Straight from this machine, no proxy in between."""
    through_proxy = any(request.META.get(name) for name in FORWARDED)
    return not through_proxy and is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    return _is_address(address) and ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
