"""引导告知: the notice of one person who was shown another way, and the list of them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huiyin.cases.intake_form import MAY_REGISTER
from huiyin.cases.models import Case, Direction
from huiyin.cases.workflow import CENTRE
from huiyin.orgs.models import Role
from huiyin.shell.access import staff

PAGE = 50
MAY_SEE_ALL = CENTRE | {Role.SUPERVISOR}


def _visible(user):
    """The centre and the supervisors see all of the office, others what they told themselves."""
    rows = Direction.objects.filter(office=user.office)
    return rows if user.roles & MAY_SEE_ALL else rows.filter(by=user)


@staff(roles=MAY_REGISTER | {Role.SUPERVISOR})
@never_cache
@require_safe
def direction(request: HttpRequest, pk) -> HttpResponse:
    """GET: what the person was told, to read out and to print."""
    rows = _visible(request.user).select_related("office", "by", "case")
    row = get_object_or_404(rows, pk=pk)
    seen = row.case and Case.objects.visible_to(request.user).filter(pk=row.case_id).first()
    context = {"row": row, "case": seen, "may_register": bool(request.user.roles & MAY_REGISTER)}
    return render(request, "cases/direction.html", context)


@staff(roles=MAY_REGISTER | {Role.SUPERVISOR})
@never_cache
@require_safe
def list_directions(request: HttpRequest) -> HttpResponse:
    """GET: the newest first, 50 on a page; `before` = 'moment~id' of the last one shown."""
    rows = _visible(request.user).select_related("by", "case").order_by("-at", "-id")
    at, _, last = request.GET.get("before", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, id__lt=UUID(last)))
    except ValueError:
        pass
    found = list(rows[: PAGE + 1])
    seen = Case.objects.visible_to(request.user).filter(pk__in=[row.case_id for row in found if row.case_id])
    context = {
        "rows": found[:PAGE],
        "numbers": dict(seen.values_list("pk", "number")),
        "more": f"{reverse('desk_directions')}?before={found[PAGE - 1].at.isoformat()}~{found[PAGE - 1].pk}".replace(
            "+", "%2B"
        )
        if len(found) > PAGE
        else "",
        "rail_current": "intake",
    }
    return render(request, "cases/directions.html", context)


urlpatterns = [
    path("directions/", list_directions, name="desk_directions"),
    path("directions/<uuid:pk>/", direction, name="desk_direction"),
]
