"""消息: what the office's clocks and colleagues tell me; reading one leads to its matter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import inbox as mail
from huiyin.rules import clock
from huiyin.shell.access import staff


@staff
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    rows, more = mail.page(request.user, mail.Cursor.read(request.GET.get("after", "")))
    context = {
        "unread": [row for row in rows if row.read_at is None],
        "read": [row for row in rows if row.read_at],
        "more": more,
        "count": mail.unread_count(request.user),
        "now": clock.now().isoformat(),
        "rail_current": "inbox",
    }
    return render(request, "cases/inbox.html", context)


@staff
@require_POST
def open_one(request: HttpRequest, pk) -> HttpResponse:
    """A POST, because reading changes the message; then on to what it is about."""
    row = mail.open_notice(request.user, pk)
    if row is None:
        raise Http404
    safe = url_has_allowed_host_and_scheme(row.url, None)
    return HttpResponseRedirect(row.url) if safe and row.url else redirect("desk_inbox")


@staff
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    try:
        until = clock.local(request.POST.get("until", ""))
    except ValueError as error:
        raise Refusal("这一页过期了，请刷新后再点“全部读过”。", status=400) from error
    number = mail.read_all(request.user, until)
    messages.success(request, f"{number} 条标为读过。")
    return redirect("desk_inbox")


urlpatterns = [
    path("inbox/", inbox, name="desk_inbox"),
    path("inbox/read-all/", read_all, name="desk_inbox_read"),
    path("inbox/<uuid:pk>/open/", open_one, name="desk_inbox_open"),
]
