"""Two wrappers round every request: how long it took, and refusals told in plain words."""

import time

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.base.refusal import Refusal
from huiyin.shell.context import Frame

HEADINGS = {
    400: "没有做成：填的内容要改一改",
    403: "没有做成：您的岗位不能这样做",
    404: "没有找到",
    409: "没有做成：这件事现在不能这样办",
    429: "请先等一等",
    503: "这里还没有开办",
}


def server_timing(get_response):
    """Server-Timing header: milliseconds in all, of computing in this process and in the database, and queries.

    Computing time stays the same on a machine that others load; bench/pages.py compares by it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        spent = {"count": 0, "seconds": 0.0}

        def measure(execute, sql, params, many, context):
            begun = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent["count"] += 1
                spent["seconds"] += time.perf_counter() - begun

        begun, computed = time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(measure):
            response = get_response(request)
        total, computed = (time.perf_counter() - begun) * 1000, (time.thread_time() - computed) * 1000
        response["Server-Timing"] = (
            f'total;dur={total:.1f}, cpu;dur={computed:.1f}, db;dur={spent["seconds"] * 1000:.1f};desc="{spent["count"]} queries"'
        )
        return response

    return middleware


class refusals:  # noqa: N801 - named like the other entry of MIDDLEWARE
    """Turns a Refusal that a view lets through into a page, or into a part for htmx."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_refusal(request, exception) if isinstance(exception, Refusal) else None


def answer_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Its status (409, 403, 400 …) with what happened, what is kept and the next step."""
    context = {
        "refusal": refusal,
        "heading": HEADINGS.get(refusal.status, HEADINGS[409]),
        "wrote": request.method == "POST",
        "back": request.headers.get("Referer", ""),
    }
    if request.headers.get("HX-Request"):
        response = render(request, "shell/parts/refusal.html", context, status=refusal.status)
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML"
        return response
    page = "shell/refused_desk.html" if Frame(request).base == "shell/desk.html" else "shell/refused.html"
    return render(request, page, context, status=refusal.status)
