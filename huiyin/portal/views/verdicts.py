"""The person's own verbs, by the code alone: rate, open again, withdraw."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.base.refusal import Refusal
from huiyin.portal import codes, verdict
from huiyin.portal.forms import AgainForm, RateForm, WithdrawForm
from huiyin.portal.views.tracking import matter_page
from huiyin.shell.access import public

RATED = "这一次的答复您已经评过了，谢谢。没办好的话，可以重新打开。"
MOVED_ON = "这件事刚刚有了变化，这一步现在做不了。最新的情况就在这一页上。"


@public
@never_cache
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    found = codes.find_or_404(request, code)
    form = RateForm(request.POST)
    if not verdict.can(found.case, "rate"):
        return matter_page(request, found, note=MOVED_ON, status=409)
    if verdict.given(found):
        return matter_page(request, found, note=RATED, status=409)
    if not form.is_valid():
        return matter_page(request, found, {"rate_form": form}, status=400)
    return _do(request, found, "rate", "rated", voice=found.voice, **form.cleaned_data)


@public
@never_cache
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    found = codes.find_or_404(request, code)
    form = AgainForm(request.POST)
    if not verdict.can(found.case, "reopen"):
        return matter_page(request, found, note=MOVED_ON, status=409)
    if not form.is_valid():
        return matter_page(request, found, {"again_form": form}, status=400)
    return _do(request, found, "reopen", "now", reason=form.cleaned_data["reason"])


@public
@never_cache
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = codes.find_or_404(request, code)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return matter_page(request, found, {"withdraw_form": form}, status=400)
    return _do(request, found, "withdraw", "now", reason=form.cleaned_data["why"])


def _do(request, found, verb: str, anchor: str, **words) -> HttpResponse:
    """Run the verb. A refusal is told in words of our own: the verb's would name staff."""
    try:
        getattr(found.case, verb)(by=None, **words)
    except Refusal:
        fresh = codes.find_or_404(request, found.code)
        return matter_page(request, fresh, note=MOVED_ON, status=409)
    return redirect(reverse("portal_track", args=[found.code]) + f"#{anchor}")


urlpatterns = [
    path("track/<str:code>/rate/", rate, name="portal_rate"),
    path("track/<str:code>/reopen/", reopen, name="portal_reopen"),
    path("track/<str:code>/withdraw/", withdraw, name="portal_withdraw"),
]
