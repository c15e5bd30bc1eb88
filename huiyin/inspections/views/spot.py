"""立行立改 on one screen: what was found, what was done, a picture before and one after."""

from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from huiyin.base.refusal import Refusal
from huiyin.inspections import spot
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.forms import SpotForm
from huiyin.inspections.views.acting import Pictures, act, fresh_key
from huiyin.shell.access import staff


def _page(request, form, pictures, status=200):
    context = {"form": form, "kept": pictures.kept, "rail_current": "inspections"}
    return render(request, "inspections/spot.html", context, status=status)


@staff(roles=INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def on_the_spot(request):
    """GET: the form. POST: one matter, found and mended."""
    pictures = Pictures(request, "before", "after")
    if request.method != "POST":
        return _page(request, SpotForm(user=request.user, initial={"key": fresh_key()}), pictures)
    form, status = SpotForm(request.POST, user=request.user), 400
    try:
        pictures.take()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, pictures, status)
    doing = lambda **given: spot.found_and_fixed(  # noqa: E731
        request.user.office, by=request.user, key=form.cleaned_data["key"], before=pictures["before"],
        after=pictures["after"], **given,
    )  # fmt: skip
    goal = lambda case: reverse("desk_case", args=[case.number])  # noqa: E731
    return act(request, form, doing, "记下了：当场改好。", goal, lambda f, s: _page(request, f, pictures, s))


urlpatterns = [path("inspections/spot/", on_the_spot, name="desk_spot")]
