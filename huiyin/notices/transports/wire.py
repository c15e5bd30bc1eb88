"""One POST to an address that somebody typed: https only, never into our own network, never a redirect.

The name is resolved once, the address is judged, and the connection goes to exactly that address: a name
that answers differently the second time gains nothing.
"""

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS = 5
TOTAL_SECONDS = 15
MOST_BYTES = 64 * 1024
GONE = {401, 403, 404, 405, 407, 410}  # the sender itself is set up wrong
LATER = {408, 421, 425, 429}
CERTIFICATES = ssl.create_default_context()


class Failed(Exception):
    """A message that was not taken. `for_good`: trying again is useless. `whole`: the sender fails, not this one."""

    def __init__(self, reason: str, *, for_good: bool = False, whole: bool = True):
        super().__init__(reason)
        self.reason, self.for_good, self.whole = reason[:200], for_good, whole


def refuse_address(url: str) -> str:
    """What is wrong with the address as typed, or ''. Names are judged when sending."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "网址写得不对"
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        return "请写完整的网址，以 https:// 开头"
    if parts.username or parts.password:
        return "网址里不要写用户名和密码，密钥另填"
    if parts.fragment or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
        return "网址里有不该有的字"
    if parts.scheme == "http" and not (settings.PRIVATE_WEBHOOKS and _is_own(parts.hostname)):
        return "要用 https:// 开头的网址，不加密的不能用"
    return ""


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def resolve(host: str, port: int) -> str:
    """One address of `host` that may be asked. Raises Failed for addresses inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failed(f"找不到 {host}，请检查网址或网络") from error
    addresses = [row[4][0] for row in found]
    if not settings.PRIVATE_WEBHOOKS and not all(_is_outside(address) for address in addresses):
        raise Failed("网址指向内部网络，不能发。要发到内网，请运维设 HUIYIN_WEBHOOK_PRIVATE=1")
    return addresses[0]


def _is_outside(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast and not found.is_reserved


def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """POST and return the answer's body (cut at 64 KB). Raises Failed for all but 2xx."""
    wrong = refuse_address(url)
    if wrong:
        raise Failed(wrong)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return _exchange(parts, port, path, body, headers)
    except TimeoutError as error:
        raise Failed("对方没有按时应答") from error
    except ssl.SSLError as error:
        raise Failed(f"对方的证书不对：{error.reason or '无法确认身份'}") from error
    except ConnectionRefusedError as error:
        raise Failed("对方不接受连接") from error
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"连接中断（{type(error).__name__}）") from error


def _exchange(parts, port, path, body, headers) -> bytes:
    joined = socket.create_connection((resolve(parts.hostname, port), port), timeout=CONNECT_SECONDS)
    late = threading.Event()
    guard = threading.Timer(TOTAL_SECONDS, _hang_up, (joined, late))  # one that drips bytes never times out
    guard.daemon = True
    guard.start()
    made = http.client.HTTPConnection(parts.hostname, port)
    try:
        joined.settimeout(TOTAL_SECONDS)
        secure = parts.scheme == "https"
        made.sock = CERTIFICATES.wrap_socket(joined, server_hostname=parts.hostname) if secure else joined
        made.request("POST", path, body, {**headers, "User-Agent": "huiyin", "Connection": "close"})
        answer = made.getresponse()
        taken = answer.read(MOST_BYTES)
        if late.is_set():
            raise TimeoutError
    except (OSError, http.client.HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        guard.cancel()
        made.close()
        joined.close()
    if not 200 <= answer.status < 300:
        refuse_status(answer.status)
    return taken


def _hang_up(joined, late):
    late.set()
    with contextlib.suppress(OSError):
        joined.shutdown(socket.SHUT_RDWR)


def refuse_status(status: int):
    """Raise what an answer other than 2xx means for trying again."""
    if status in GONE:
        raise Failed(f"对方拒绝（{status}），请检查网址和密钥")
    if 300 <= status < 400:
        raise Failed(f"对方要转到别处（{status}），不跟着去，请填最终的网址")
    if status in LATER or status >= 500:
        raise Failed(f"对方暂时收不了（{status}）")
    raise Failed(f"对方不收这一条（{status}）", for_good=True, whole=False)


def as_json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def read_json(body: bytes) -> dict:
    """The answer as an object; {} when it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
