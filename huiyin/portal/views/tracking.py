"""Looking up: the receipt, the form for a code, and the page of one matter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.cases import story, tracking
from huiyin.petitions import asking
from huiyin.portal import office as offices
from huiyin.portal.forms import (
    AddForm,
    AgainForm,
    RateForm,
    ReviewForm,
    ThankForm,
    UrgeForm,
    WithdrawForm,
)
from huiyin.portal.gratitude import given, may_thank
from huiyin.portal.promise import promises_of
from huiyin.portal.views.photos import shown
from huiyin.publications.record import told_of
from huiyin.shell.access import public


@public
@never_cache
@require_GET
def form(request: HttpRequest) -> HttpResponse:
    """The form for a code; a right code leads to its page."""
    typed = request.GET.get("code", "").strip()[:40]
    if not typed:
        return render(request, "portal/track_form.html", {"office": offices.current(request)})
    found = tracking.find(request, typed)
    return redirect("portal_track", found.code) if found else _wrong(request, typed)


def _wrong(request, typed):
    context = {"typed": typed, "error": tracking.WRONG, "office": offices.current(request)}
    return render(request, "portal/track_form.html", context, status=404)


@public
@never_cache
@require_GET
def track(request: HttpRequest, code: str) -> HttpResponse:
    found = tracking.find(request, code)
    return matter_page(request, found) if found else _wrong(request, code[:40])


def matter_page(request, found, forms=None, note="", status=200) -> HttpResponse:
    """The page of one matter; `forms` bring back what was typed when it could not be taken."""
    case, telling = found.case, story.Telling.of(found)
    in_letter = telling.letter and telling.letter.event
    rating = found.rating
    review = asking.for_person(found)
    may = tracking.allowed(found, rating)
    may["reopen"] = may["reopen"] and not (review and (review.waiting or review.is_final))
    context = {
        "found": found,
        "case": case,
        "title": telling.title,
        "standing": telling.standing,
        "goal": telling.goal_standing,
        "letter": telling.letter,
        "trail": telling.trail(without=in_letter),
        "goal_trail": telling.goal_trail(without=in_letter),
        "photos": tracking.photos_of(found),
        "rating": rating,
        "may": may,
        "review": review,
        "review_form": ReviewForm(),
        "rate_until": tracking.rate_until(telling.history),
        "oversight": offices.oversight_phone(case.office),
        "office": case.office,
        "note": note,
        "rate_form": RateForm(),
        "again_form": AgainForm(),
        "urge_form": UrgeForm(),
        "withdraw_form": WithdrawForm(),
        "add_form": AddForm(),
        "thank_form": ThankForm(),
        "thanks": given(found),
        "may_thank": may_thank(found),
        "public": told_of(case),
        **(forms or {}),
    }
    return render(request, "portal/track.html", context, status=status)


@public
@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The slip: number, code, what happens next and by when. Nothing about the person."""
    found = tracking.find(request, code)
    if found is None:
        return _wrong(request, code[:40])
    case = found.case
    context = {
        "case": case,
        "code": found.code,
        "title": story.Telling.of(found).title,
        "address": request.build_absolute_uri(reverse("portal_track", args=[found.code])),
        "promises": promises_of(case),
        "photo_count": len(tracking.photos_of(found)),
        "oversight": offices.oversight_phone(case.office),
        "office": case.office,
    }
    return render(request, "portal/receipt.html", context)


@public
@require_GET
def photo(request: HttpRequest, code: str, pk) -> HttpResponse:
    """A photo that came with the matter, for whoever holds its code."""
    found = tracking.find_or_refuse(request, code)
    row = next((row for row in tracking.photos_of(found) if row.pk == pk), None)
    if row is None:
        raise Http404("没有这张照片")
    return shown(row)


urlpatterns = [
    path("track/", form, name="portal_track_form"),
    path("track/<str:code>/", track, name="portal_track"),
    path("track/<str:code>/photos/<uuid:pk>/", photo, name="portal_photo"),
    path("receipt/<str:code>/", receipt, name="portal_receipt"),
]
