"""Signing in and out, one's own password, and the page for those who hold no post."""

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.audit.models import record
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.entry import door
from huiyin.entry.forms import PasswordForm, SignInForm
from huiyin.shell import slots
from huiyin.shell.access import public, signed_in

HOME = "/desk/"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    goal, status, refused = _goal(request), 200, ""
    form = SignInForm(request.POST or None)
    if request.method != "POST" and request.user.is_authenticated:
        return HttpResponseRedirect(_landing(request, goal))
    if request.method == "POST" and form.is_valid():
        try:
            user = door.enter(request, **form.cleaned_data)
        except Refusal as refusal:
            refused, status = refusal.message, refusal.status
        else:
            login(request, user)
            return HttpResponseRedirect(_landing(request, goal))
    elif form.is_bound:
        status = 400
    context = {"form": form, "goal": goal, "refused": refused, "unready": slots.content("unready", request)}
    return render(request, "entry/sign_in.html", context, status=status)


def _goal(request: HttpRequest) -> str:
    """Where to go afterwards: a page of this site that was asked for, otherwise the desk."""
    goal = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if safe and not goal.startswith("/sign-") else HOME


def _landing(request: HttpRequest, goal: str) -> str:
    """The page asked for; who asked for none goes where a room above wants them first, then to the desk."""
    wanted = slots.content("landing", request) if goal == HOME else ""
    return wanted or (goal if request.user.current_posts else "/sign-in/no-post/")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        record(door.LEFT, f"账号 {request.user.username}", by=request.user, address=address_of(request))
    logout(request)
    messages.success(request, "已经退出登录。")
    return HttpResponseRedirect("/sign-in/")


@signed_in
@require_safe
def no_post(request: HttpRequest) -> HttpResponse:
    if request.user.current_posts:
        return HttpResponseRedirect(HOME)
    if wanted := slots.content("landing", request):
        return HttpResponseRedirect(wanted)
    return render(request, "entry/no_post.html")


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            request.user.set_password(form.cleaned_data["new"])
            request.user.save(update_fields=["password"])
            record(
                door.CHANGED,
                f"账号 {request.user.username}",
                by=request.user,
                address=address_of(request),
            )
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码改好了，别处的登录已经失效。")
        return HttpResponseRedirect(HOME if request.user.current_posts else "/sign-in/no-post/")
    return render(request, "entry/password.html", {"form": form}, status=400 if form.errors else 200)
