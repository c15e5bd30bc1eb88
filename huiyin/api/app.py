"""The API itself: how it answers, and how it says no – always JSON, always in plain Chinese."""

from datetime import datetime

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from huiyin.api.reading import PlainParser
from huiyin.base.refusal import Refusal
from huiyin.rules import clock

DESCRIPTION = """事事有回音。居民不用登录就能反映、查询、评价；工作人员用令牌（Bearer）办事。

照着 `GET /api/v1/cases/{number}` 里的 `moves` 走，一件事就能从登记办到办结：每个动作给出地址 `href` 和要填的
`fields`（JSON Schema）。做不成的时候，`error` 说明原因和怎么改，`errors` 指出字段，`missing` 列出还缺什么。"""


class LocalTimes(NinjaJSONEncoder):
    """Moments in the time of the place: 2026-11-23T18:00:00+08:00."""

    def default(self, o):
        return clock.local(o).isoformat(timespec="seconds") if isinstance(o, datetime) else super().default(o)


class ChineseRenderer(JSONRenderer):
    """Chinese is sent as it is, not as \\u escapes."""

    encoder_class = LocalTimes
    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="回音接口",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    renderer=ChineseRenderer(),
    parser=PlainParser(),
)
v1 = Router()  # one router: a path may serve the public and staff by different methods

_WORDS = {
    "missing": "必须填",
    "string_type": "要是文字",
    "int_type": "要是整数",
    "int_parsing": "要是整数",
    "int_from_float": "要是整数",
    "float_type": "要是数字",
    "float_parsing": "要是数字",
    "finite_number": "要是普通数字",
    "bool_type": "要是 true 或 false",
    "bool_parsing": "要是 true 或 false",
    "list_type": "要是列表",
    "dict_type": "要是对象",
    "model_type": "要是对象",
    "model_attributes_type": "要是对象",
    "uuid_parsing": "编号不对",
    "uuid_type": "编号不对",
    "extra_forbidden": "没有这个字段",
    "string_too_long": "太长了",
    "string_too_short": "太短了",
    "too_long": "太多了",
    "greater_than_equal": "太小了",
    "less_than_equal": "太大了",
    "literal_error": "不在可选的里面",
    "enum": "不在可选的里面",
}


def say_no(request, message: str, status: int, *, missing=(), errors=None):
    problem = {"error": message, "missing": list(missing), "errors": errors or {}}
    return api.create_response(request, problem, status=status)


@api.exception_handler(Refusal)
def on_refusal(request, refusal):
    return say_no(request, refusal.message, refusal.status, missing=refusal.missing, errors=refusal.errors)


@api.exception_handler(AuthenticationError)
def on_no_token(request, error):
    words = "令牌无效或已过期，请用 bin/huiyin token 重新领一个。"
    if not request.headers.get("Authorization"):
        words = "这里要带令牌：Authorization: Bearer 令牌。令牌用 bin/huiyin token 领取。"
    response = say_no(request, words, 401)
    response["WWW-Authenticate"] = 'Bearer realm="huiyin"'
    return response


@api.exception_handler(ValidationError)
def on_wrong_input(request, error):
    errors = {}
    for item in error.errors:
        place = [str(part) for part in item["loc"][1:] if part != "body"]
        errors[".".join(place) or "body"] = _WORDS.get(item["type"], "填得不对")
    words = "；".join(f"“{name}”{wrong}" for name, wrong in errors.items())
    return say_no(request, f"有几处要改：{words}。"[:500], 422, errors=errors)


@api.exception_handler(HttpError)
def on_http_error(request, error):
    if isinstance(error.__cause__, Refusal):
        return on_refusal(request, error.__cause__)
    return say_no(request, "请求没有读懂，请检查格式。", error.status_code)


@api.exception_handler(Http404)
def on_not_found(request, error):
    return say_no(request, "没有这个内容，或者您看不到它。请核对编号。", 404)


@api.exception_handler(RequestDataTooBig)
def on_too_big(request, error):
    return say_no(request, "内容太大了，最多 4 MB；照片和文件请用上传。", 413)


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
def on_suspicious(request, error):
    return say_no(request, "请求的格式不对，没有收下。", 400)
