"""Text messages through a gateway. Another gateway is a subclass of Gateway, entered in GATEWAYS."""

import json
import re

from huiyin.base.refusal import Refusal
from huiyin.notices import rules
from huiyin.notices.transports.wire import Failed, as_json, post, read_json

PLACES = ("phone", "text", "key", "code", "number", "occasion", "office")
SAMPLE = '{"mobile": "{phone}", "content": "{text}", "msgId": "{key}"}'


class Gateway:
    """What a gateway does: take one text for one number, or raise Failed."""

    def __init__(self, sender):
        self.sender = sender

    def send(self, phone: str, text: str, *, key: str, fields: dict) -> None:
        """`fields` are code, number, occasion, office: for gateways with approved templates and variables."""
        raise NotImplementedError

    @staticmethod
    def check(options: dict) -> None:
        """Refusal when the options cannot work."""


class HttpGateway(Gateway):
    """POST of JSON: `body` is the pattern with {phone}, {text} …; `ok` ("code=0") says how success looks."""

    def send(self, phone, text, *, key, fields):
        values = {"phone": phone, "text": text, "key": key, **fields}
        body = as_json(fill(json.loads(self.sender.options["body"]), values))
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        if self.sender.secret:
            headers["Authorization"] = f"Bearer {self.sender.secret}"
        answer = post(self.sender.url, body, headers)
        name, _, wanted = self.sender.options.get("ok", "").partition("=")
        if name and str(read_json(answer).get(name)) != wanted:
            said = answer.decode("utf-8", "replace")[:120].replace(phone, "…")
            raise Failed(f"网关没有收下：{said}")

    @staticmethod
    def check(options):
        try:
            pattern = json.loads(options.get("body") or "")
        except ValueError as error:
            raise Refusal(
                f"正文样式不是 JSON：第 {getattr(error, 'lineno', 1)} 行附近。可以照样式改：{SAMPLE}",
                status=400, errors={"body": "不是 JSON"},
            ) from error  # fmt: skip
        used = set(re.findall(r"\{(\w+)\}", json.dumps(pattern)))
        unknown = used - set(PLACES)
        if not isinstance(pattern, dict) or not {"phone", "text"} <= used and not {"phone", "code"} <= used:
            raise Refusal(
                "正文样式里要有 {phone}，并有 {text} 或 {code}。", status=400, errors={"body": "缺号码或内容"}
            )
        if unknown:
            raise Refusal(
                f"不认得 {'、'.join(sorted(unknown))}，可用的有：{'、'.join(PLACES)}。",
                status=400, errors={"body": "有不认得的词"},
            )  # fmt: skip
        if options.get("ok") and "=" not in options["ok"]:
            raise Refusal("成功标志写成 code=0 这样。", status=400, errors={"ok": "写成 code=0"})


GATEWAYS: dict[str, type[Gateway]] = {"http": HttpGateway}


def gateway_of(sender) -> Gateway:
    return GATEWAYS[sender.options.get("gateway", "http")](sender)


def fill(pattern, values: dict):
    """`pattern` with {names} in its strings replaced; the values never change the shape of the JSON."""
    if isinstance(pattern, dict):
        return {name: fill(item, values) for name, item in pattern.items()}
    if isinstance(pattern, list):
        return [fill(item, values) for item in pattern]
    if isinstance(pattern, str):
        return rules.fill(pattern, values)
    return pattern


def carry(sender, delivery):
    fields = {name: delivery.fields.get(name, "") for name in ("code", "number", "occasion", "office")}
    gateway_of(sender).send(delivery.address, delivery.text, key=delivery.key, fields=fields)
