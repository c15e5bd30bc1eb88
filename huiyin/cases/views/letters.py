"""责任书: the list of the office's letters with their state, and each letter as it is printed and signed."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases.models import Case, ResponsibilityLetter
from huiyin.cases.states import OPEN
from huiyin.rules import clock
from huiyin.shell.access import staff

PAGE = 50
STATES = {"": "全部", "unsigned": "没签", "signed": "已签", "overdue": "过了完成时间"}


def visible_letters(user):
    """Letters of matters that the user may read."""
    return ResponsibilityLetter.objects.filter(office=user.office, case__in=Case.objects.visible_to(user))


def in_state(rows, state: str):
    """`overdue`: past its day while the matter is still open, signed or not."""
    if state == "unsigned":
        return rows.filter(signed_on=None)
    if state == "signed":
        return rows.exclude(signed_on=None)
    if state == "overdue":
        return rows.filter(due_on__lt=clock.today(), case__state__in=OPEN)
    return rows


@staff
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    rows = in_state(visible_letters(request.user), state).select_related("case", "organisation")
    after = visible_letters(request.user).filter(number=request.GET.get("after", "")).first()
    if after:
        rows = rows.filter(Q(issued_at__lt=after.issued_at) | Q(issued_at=after.issued_at, pk__lt=after.pk))
    page = list(rows.order_by("-issued_at", "-pk")[: PAGE + 1])
    for row in page:
        row.is_late = row.due_on < clock.today() and row.case.is_open
    context = {
        "letters": page[:PAGE],
        "more": page[PAGE - 1].number if len(page) > PAGE else "",
        "state": state,
        "states": STATES.items(),
        "rail_current": "cases",
    }
    return render(request, "cases/letters.html", context)


@staff
@require_safe
def letter(request: HttpRequest, pk) -> HttpResponse:
    rows = visible_letters(request.user).select_related(
        "case__office", "organisation", "issued_by", "signed_by"
    )
    found = get_object_or_404(rows, pk=pk)
    return render(request, "cases/letter.html", {"letter": found, "case": found.case})


urlpatterns = [
    path("letters/", letters, name="desk_letters"),
    path("letters/<uuid:pk>/", letter, name="desk_letter"),
]
