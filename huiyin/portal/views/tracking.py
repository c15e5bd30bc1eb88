"""Looking up: the receipt, the form for a code, and the page of one matter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.base.ids import clean_tracking_code
from huiyin.cases.states import State
from huiyin.portal import codes, story, verdict
from huiyin.portal import office as offices
from huiyin.portal.forms import AgainForm, RateForm, WithdrawForm
from huiyin.portal.promise import promises_of
from huiyin.portal.views.photos import shown
from huiyin.shell.access import public

WRONG = "没有查到这个查询码。请对着回执再看一遍：一共 9 位，字母和数字，没有字母 O、I 和数字 0、1。"
MOST_MERGES = 5


@public
@never_cache
@require_GET
def form(request: HttpRequest) -> HttpResponse:
    """The form for a code; a right code leads to its page."""
    typed = request.GET.get("code", "").strip()[:40]
    if not typed:
        return render(request, "portal/track_form.html", {"office": offices.current(request)})
    if codes.find(request, typed):
        return redirect("portal_track", clean_tracking_code(typed))
    return _wrong(request, typed)


def _wrong(request, typed):
    context = {"typed": typed, "error": WRONG, "office": offices.current(request)}
    return render(request, "portal/track_form.html", context, status=404)


@public
@never_cache
@require_GET
def track(request: HttpRequest, code: str) -> HttpResponse:
    found = codes.find(request, code)
    return matter_page(request, found) if found else _wrong(request, code[:40])


def matter_page(request, found, forms=None, note="", status=200) -> HttpResponse:
    """The page of one matter; `forms` bring back what was typed when it could not be taken."""
    case = found.case
    history = story.History(case)
    goal = _goal(case)
    shown_history = story.History(goal) if goal is not case else history
    letter = story.letter_of(shown_history)
    shown_event = letter and letter.event
    rating = verdict.given(found)
    context = {
        "found": found,
        "case": case,
        "title": story.history.veiled(case.title),
        "standing": story.standing_of(history),
        "goal": story.standing_of(shown_history) if goal is not case else None,
        "letter": letter,
        "trail": story.trail_of(history, shown=shown_event),
        "goal_trail": story.trail_of(shown_history, shown=shown_event, of_other=True)
        if goal is not case
        else [],
        "photos": case.attachments.filter(is_from_person=True).order_by("uploaded_at"),
        "rating": rating,
        "may": verdict.allowed(case, rating),
        "rate_until": verdict.rate_until(history),
        "oversight": offices.oversight_phone(case.office),
        "office": case.office,
        "note": note,
        "rate_form": RateForm(),
        "again_form": AgainForm(),
        "withdraw_form": WithdrawForm(),
        **(forms or {}),
    }
    return render(request, "portal/track.html", context, status=status)


def _goal(case):
    """The matter whose answer counts: this one, or the one it was merged into."""
    for _ in range(MOST_MERGES):
        if case.state != State.MERGED or case.merged_into is None:
            break
        case = case.merged_into
    return case


@public
@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The slip: number, code, what happens next and by when. Nothing about the person."""
    found = codes.find(request, code)
    if found is None:
        return _wrong(request, code[:40])
    case = found.case
    context = {
        "case": case,
        "code": found.code,
        "title": story.history.veiled(case.title),
        "address": request.build_absolute_uri(reverse("portal_track", args=[found.code])),
        "promises": promises_of(case),
        "photo_count": case.attachments.filter(is_from_person=True).count(),
        "oversight": offices.oversight_phone(case.office),
        "office": case.office,
    }
    return render(request, "portal/receipt.html", context)


@public
@require_GET
def photo(request: HttpRequest, code: str, pk) -> HttpResponse:
    """A photo that came with the matter, for whoever holds its code."""
    found = codes.find_or_404(request, code)
    row = found.case.attachments.filter(pk=pk, is_from_person=True).first()
    if row is None:
        raise Http404("没有这张照片")
    return shown(row)


urlpatterns = [
    path("track/", form, name="portal_track_form"),
    path("track/<str:code>/", track, name="portal_track"),
    path("track/<str:code>/photos/<uuid:pk>/", photo, name="portal_photo"),
    path("receipt/<str:code>/", receipt, name="portal_receipt"),
]
