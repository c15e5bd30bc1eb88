"""One way for every form of this room: do the act and go on, or show the page again with what was typed."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.mediation.mediating import MAY_MEDIATE
from huiyin.orgs.models import Role

READERS = frozenset(role.value for role in (*MAY_MEDIATE, Role.SUPERVISOR))
WORKERS = frozenset(str(role) for role in MAY_MEDIATE)


def act(request, form, doing, said: str, goal: str, again):
    """`doing(**cleaned)` → redirect to `goal` with `said`; otherwise `again(form, status)`."""
    status = 400
    if form.is_valid():
        try:
            doing(**form.cleaned_data)
            messages.success(request, said)
            return HttpResponseRedirect(goal)
        except Refusal as refusal:
            place = next((name for name in refusal.errors or {} if name in form.fields), None)
            form.add_error(place, refusal.message)
            status = refusal.status
    return again(form, status)


def case_of(request, number: str) -> Case:
    """The matter if this user may read it; 404 otherwise."""
    rows = Case.objects.visible_to(request.user).filter(number=number).select_related("office", "area")
    case = rows.first()
    if case is None:
        raise Http404("没有这件事，或者您看不到它。")
    access.note_reading(case, request.user, request)
    return case
