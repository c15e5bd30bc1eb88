"""The person's own verbs, by the code alone: urge, rate, open again, withdraw."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.base.refusal import Refusal
from huiyin.cases import tracking
from huiyin.portal.forms import AgainForm, RateForm, UrgeForm, WithdrawForm
from huiyin.portal.views.tracking import matter_page
from huiyin.shell.access import public


@public
@never_cache
@require_POST
def urge(request: HttpRequest, code: str) -> HttpResponse:
    return _do(request, code, "urge", UrgeForm(request.POST), "t")


@public
@never_cache
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    return _do(request, code, "rate", RateForm(request.POST), "rated")


@public
@never_cache
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    return _do(request, code, "reopen", AgainForm(request.POST), "now")


@public
@never_cache
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    return _do(request, code, "withdraw", WithdrawForm(request.POST), "now")


def _do(request, code: str, verb: str, form, anchor: str) -> HttpResponse:
    """Run the verb; what cannot be done or taken comes back on the page of the matter."""
    found = tracking.find_or_refuse(request, code)
    note = tracking.refusal(found, verb)
    if note:
        return matter_page(request, found, note=note, status=409)
    if not form.is_valid():
        return matter_page(request, found, {form.context_name: form}, status=400)
    try:
        tracking.do(found, verb, **form.cleaned_data)
    except Refusal as refusal:
        fresh = tracking.look_up(found.code)
        return matter_page(request, fresh, note=refusal.message, status=refusal.status)
    return redirect(reverse("portal_track", args=[found.code]) + f"#{anchor}")


urlpatterns = [
    path("track/<str:code>/urge/", urge, name="portal_urge"),
    path("track/<str:code>/rate/", rate, name="portal_rate"),
    path("track/<str:code>/reopen/", reopen, name="portal_reopen"),
    path("track/<str:code>/withdraw/", withdraw, name="portal_withdraw"),
]
