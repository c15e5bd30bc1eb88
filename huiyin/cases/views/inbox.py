"""消息: what the office's clocks and colleagues tell me; reading one leads to its matter. What I want by which way."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import inbox as mail
from huiyin.notices import choosing, rules
from huiyin.notices.models import Sender
from huiyin.orgs.models import Post
from huiyin.rules import clock
from huiyin.shell.access import staff


@staff
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    group = request.GET.get("group", "")
    rows, more = mail.page(request.user, mail.Cursor.read(request.GET.get("after", "")), group)
    names = {code: row["name"] for code, row in rules.groups(request.user.office_id).items()}
    for row in rows:
        row.group_name = names.get(row.group, "")
    context = {
        "unread": [row for row in rows if row.read_at is None],
        "read": [row for row in rows if row.read_at],
        "more": more,
        "count": mail.unread_count(request.user),
        "groups": mail.tabs(request.user, names),
        "group": group if group in names else "",
        "now": clock.now().isoformat(),
        "rail_current": "inbox",
    }
    return render(request, "cases/inbox.html", context)


@staff
@never_cache
@require_safe
def pulse(request: HttpRequest) -> JsonResponse:
    """GET: how many are unread, and the alarms since a moment: asked every half minute by open pages."""
    try:
        since = clock.local(request.GET.get("since", "").replace(" ", "+"))
    except ValueError:
        since = clock.now()
    count, alarms = mail.pulse(request.user, since)
    return JsonResponse({"count": count, "alarms": alarms, "at": clock.now().isoformat()})


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


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """GET: per own post what comes by which way. POST: keep it, for the post named in the form."""
    posts = [post for post in request.user.current_posts if post.user_id == request.user.pk]
    if request.method == "POST":
        post = next((post for post in posts if str(post.pk) == request.POST.get("post")), None)
        if post is None:
            raise Http404
        choosing.choose(post, set(request.POST.getlist("chosen")), by=request.user)
        messages.success(request, f"“{post}”的消息选择记下了。")
        return redirect("desk_inbox_settings")
    return show_settings(request, posts)


def show_settings(request, posts=None, *, refusal=None, typed="", status=200) -> HttpResponse:
    if posts is None:
        posts = [post for post in request.user.current_posts if post.user_id == request.user.pk]
    senders = list(Sender.objects.on(request.user.office_id).defer("url", "secret"))
    context = {
        "posts": [(post, choosing.lines(post), robots_of(post, senders)) for post in posts],
        "address": choosing.address_of(request.user),
        "mail_on": choosing.mail_is_on(request.user.office),
        "quiet": rules.content(request.user.office_id).get("quiet"),
        "refusal": refusal,
        "typed": typed,
        "rail_current": "inbox",
    }
    return render(request, "cases/inbox_settings.html", context, status=status)


def robots_of(post: Post, senders) -> str:
    """Names of the chats that a post's messages go to, or ''."""
    robots = [row for row in senders if row.is_robot]
    own = [row for row in robots if row.organisation_id == post.organisation_id]
    return "、".join(row.name for row in own or [row for row in robots if row.organisation_id is None])


@staff
@require_POST
def set_mail(request: HttpRequest) -> HttpResponse:
    """POST: keep a mail address and send its code, or take the code."""
    typed, code = request.POST.get("mail", ""), request.POST.get("code", "")
    try:
        if "code" in request.POST:
            choosing.confirm(code, by=request.user)
            messages.success(request, "邮箱确认好了，从现在起按您选的发邮件。")
        elif choosing.set_address(typed, by=request.user):
            messages.success(request, "确认码发到了这个邮箱，填上就好。")
        else:
            messages.success(request, "邮箱删掉了，不再发邮件。")
    except Refusal as refusal:
        return show_settings(request, refusal=refusal, typed=typed, status=refusal.status)
    return redirect("desk_inbox_settings")


urlpatterns = [
    path("inbox/", inbox, name="desk_inbox"),
    path("inbox/pulse/", pulse, name="desk_inbox_pulse"),
    path("inbox/settings/", settings_page, name="desk_inbox_settings"),
    path("inbox/settings/mail/", set_mail, name="desk_inbox_mail"),
    path("inbox/read-all/", read_all, name="desk_inbox_read"),
    path("inbox/<uuid:pk>/open/", open_one, name="desk_inbox_open"),
]
