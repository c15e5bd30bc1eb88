"""Robots of chat groups and plain JSON hooks. The same idempotency key goes with every try.

WeCom and DingTalk answer 200 with an `errcode` of their own; anything but 0 is a failure.
"""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from huiyin.notices.transports.wire import Failed, as_json, post, read_json
from huiyin.rules import clock

MOST_CHARACTERS = 600  # WeCom takes 2048 bytes


def _words(delivery) -> str:
    return "\n".join(filter(None, [delivery.text[:MOST_CHARACTERS], delivery.url]))


def _headers(delivery, **more) -> dict[str, str]:
    return {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": delivery.key, **more}


def _judge(answer: bytes):
    found = read_json(answer)
    if "errcode" not in found:
        raise Failed("对方的回答看不懂，请检查是不是群机器人的网址")
    if found["errcode"] != 0:
        raise Failed(f"机器人不收：{found['errcode']} {str(found.get('errmsg', ''))[:120]}")


def wecom(sender, delivery):
    """企业微信群机器人: {"msgtype": "text", "text": {"content": …}}."""
    body = as_json({"msgtype": "text", "text": {"content": _words(delivery)}})
    _judge(post(sender.url, body, _headers(delivery)))


def signed(url: str, secret: str, moment_ms: int) -> str:
    """DingTalk's 加签: timestamp and base64(HMAC-SHA256(secret, "timestamp\\nsecret")) join the address."""
    mark = hmac.new(secret.encode(), f"{moment_ms}\n{secret}".encode(), hashlib.sha256).digest()
    more = urlencode({"timestamp": moment_ms, "sign": base64.b64encode(mark).decode()})
    return f"{url}{'&' if '?' in url else '?'}{more}"


def dingtalk(sender, delivery):
    """钉钉群机器人, signed when a secret is set."""
    url = sender.url
    if sender.secret:
        url = signed(url, sender.secret, int(clock.now().timestamp() * 1000))
    body = as_json({"msgtype": "text", "text": {"content": _words(delivery)}})
    _judge(post(url, body, _headers(delivery)))


def signature(secret: str, moment: str, body: bytes) -> str:
    """'sha256=' + hex HMAC-SHA256 over '<timestamp>.<body>'."""
    return "sha256=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def hook(sender, delivery):
    """Plain JSON: {id, at, group, level, text, url, …}; signed when a secret is set."""
    body = as_json(
        {
            "id": delivery.key,
            "at": clock.local(delivery.created_at).isoformat(timespec="seconds"),
            "group": delivery.group,
            "level": "alarm" if delivery.is_alarm else "plain",
            "text": delivery.text,
            "url": delivery.url,
            **delivery.fields,
        }
    )
    headers = _headers(delivery)
    if sender.secret:
        moment = str(int(clock.now().timestamp()))
        headers |= {
            "X-Huiyin-Timestamp": moment,
            "X-Huiyin-Signature": signature(sender.secret, moment, body),
        }
    post(sender.url, body, headers)
