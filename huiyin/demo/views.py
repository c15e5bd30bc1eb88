"""The demo world's post switcher: a list of posts, one press signs in as its holder."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.audit.models import record
from huiyin.base.addresses import address_of
from huiyin.demo import switching
from huiyin.shell.access import public

BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@never_cache
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    if not switching.is_open(request):
        raise Http404
    text = request.GET.get("q", "")[:60]
    return render(request, "demo/posts.html", {"posts": switching.posts(text), "q": text})


@public
@require_POST
def switch(request: HttpRequest, user) -> HttpResponse:
    """Sign in as this demo user. The session starts anew, so nothing of the former user stays."""
    if not switching.is_open(request):
        raise Http404
    chosen = switching.demo_user(user)
    if chosen is None or not chosen.current_posts:
        raise Http404
    request.session.flush()
    login(request, chosen, backend=BACKEND)
    record("换岗位（演示）", f"账号 {chosen.username}", by=chosen, address=address_of(request))
    return HttpResponseRedirect("/desk/")
