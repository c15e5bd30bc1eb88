"""By tracking code the person asks for 复查 or 复核 of a petition within the days of the law."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.base.refusal import Refusal
from huiyin.cases import tracking
from huiyin.petitions import asking
from huiyin.portal.forms import ReviewForm
from huiyin.portal.views.tracking import matter_page
from huiyin.shell.access import public


@public
@never_cache
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """POST: the request in the person's words; what was typed comes back when it cannot be taken."""
    found, form = tracking.find_or_refuse(request, code), ReviewForm(request.POST)
    may = asking.for_person(found)
    if may is None or may.until is None:
        return matter_page(request, found, {"review_form": form}, note=tracking.MOVED_ON, status=409)
    if not form.is_valid():
        return matter_page(request, found, {"review_form": form}, status=400)
    try:
        asking.ask(found, form.cleaned_data["text"])
    except Refusal as refusal:
        fresh = tracking.look_up(found.code)
        return matter_page(request, fresh, {"review_form": form}, note=refusal.message, status=refusal.status)
    return redirect(reverse("portal_track", args=[found.code]) + "#now")


urlpatterns = [path("track/<str:code>/review/", ask, name="portal_review")]
