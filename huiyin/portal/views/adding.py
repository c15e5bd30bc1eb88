"""What the person may still say of their own matter: more words and photos, thanks, and not to be told in public."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.base.refusal import Refusal
from huiyin.cases import attachments, tracking
from huiyin.portal.forms import AddForm, ThankForm
from huiyin.portal.gratitude import give_thanks, may_thank
from huiyin.portal.uploads import take_in
from huiyin.portal.views.tracking import matter_page
from huiyin.publications.reviewing import object_to
from huiyin.shell.access import public


@public
@never_cache
@require_POST
def supplement(request: HttpRequest, code: str) -> HttpResponse:
    """More words, and photos if any. One bad photo: nothing is added yet, and the page says which and why."""
    found = tracking.find_or_refuse(request, code)
    form, files = AddForm(request.POST), []
    note = tracking.refusal(found, "supplement")
    if note:
        return matter_page(request, found, note=note, status=409)
    if not form.is_valid():
        return matter_page(request, found, {"add_form": form}, status=400)
    files, problems = take_in(request, 0)
    if problems:
        return _back(request, found, form, files, problems)
    try:
        tracking.do(found, "supplement", attachments=files, **form.cleaned_data)
    except Refusal as refusal:
        return _back(request, tracking.look_up(found.code), form, files, [refusal])
    return redirect(reverse("portal_track", args=[found.code]) + "#t")


def _back(request, found, form, files, problems):
    """With everything that was typed; files that came through are not kept, for they could not be shown."""
    for row in files:
        attachments.discard(row)
    shown = {"add_form": form, "add_problems": problems}
    return matter_page(request, found, shown, status=max(problem.status for problem in problems))


@public
@never_cache
@require_POST
def thank(request: HttpRequest, code: str) -> HttpResponse:
    found, form = tracking.find_or_refuse(request, code), ThankForm(request.POST)
    if not may_thank(found):
        return matter_page(request, found, note="这件事还没有答复，等答复了再写。", status=409)
    if not form.is_valid():
        return matter_page(request, found, {"thank_form": form}, status=400)
    with transaction.atomic():
        give_thanks(found, **form.cleaned_data)
    return redirect(reverse("portal_track", args=[found.code]) + "#thanked")


@public
@never_cache
@require_POST
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """Not in public, not even without the name: taken down at once and never proposed again."""
    found = tracking.find_or_refuse(request, code)
    object_to(found.case, voice=found.voice)
    return redirect(reverse("portal_track", args=[found.code]) + "#public")


urlpatterns = [
    path("track/<str:code>/supplement/", supplement, name="portal_supplement"),
    path("track/<str:code>/thanks/", thank, name="portal_thank"),
    path("track/<str:code>/objection/", objection, name="portal_objection"),
]
