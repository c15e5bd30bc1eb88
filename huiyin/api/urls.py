"""Addresses of the API: /api/v1/… and /api/openapi.json."""

from functools import wraps

from django.http import HttpRequest, JsonResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from huiyin.api import desk, public  # noqa: F401 - they bring the routes
from huiyin.api.app import api, say_no, v1
from huiyin.shell.access import public as open_to_all

api.add_router("/v1", v1)


@open_to_all
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The description of the API for programs."""
    return JsonResponse(
        api.get_openapi_schema(path_prefix="/api/"), json_dumps_params={"ensure_ascii": False}
    )


@csrf_exempt
@open_to_all
def nowhere(request: HttpRequest, rest: str = ""):
    return say_no(request, "没有这个接口地址，请看 /api/openapi.json。", 404)


def _in_words(view):
    """A wrong method is refused in JSON as well."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        told = say_no(request, f"这个地址不收 {request.method[:10]}，请看 /api/openapi.json。", 405)
        told["Allow"] = response["Allow"]
        return told

    return answered


def _guarded(patterns: list) -> list:
    """Write at each view who may come in: an architecture test looks for it."""
    for pattern in patterns:
        pattern.callback = _in_words(pattern.callback)
        pattern.callback.access = "api: public" if pattern.name in _PUBLIC else "api: token"
    return patterns


_PUBLIC = {"raise_case", "upload", "track", "rate", "reopen", "withdraw"}
urlpatterns = [
    path("openapi.json", openapi, name="api_openapi"),
    *_guarded([pattern for pattern in api.urls[0] if pattern.name != "api-root"]),
    re_path(r"^(?P<rest>.*)$", nowhere, name="api_nowhere"),
]
