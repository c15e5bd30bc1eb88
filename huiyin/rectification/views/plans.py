"""方案措施: plans that wait, run, came back or were accepted; the plan of one matter with all its versions."""

from django.db.models import Count, Q
from django.http import Http404
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.rectification import plans
from huiyin.rectification.models import OWED_MEASURES, Plan, PlanState
from huiyin.rectification.views.frame import READERS, chips, keyset, page
from huiyin.shell.access import staff

VIEWS = {
    "submitted": ("等审", Q(state=PlanState.SUBMITTED)),
    "running": ("在改", Q(state=PlanState.APPROVED, accepted_at=None)),
    "returned": ("被退回", Q(state=PlanState.RETURNED)),
    "accepted": ("已验收", Q(state=PlanState.APPROVED, accepted_at__isnull=False)),
    "all": ("全部", Q()),
}


@staff(roles=READERS)
@require_safe
def register(request):
    """GET: plans of matters that the user may read."""
    view = request.GET.get("view", "running")
    view = view if view in VIEWS else "running"
    rows = Plan.objects.visible_to(request.user).in_force().filter(VIEWS[view][1])
    rows = rows.select_related("case__area", "leader").annotate(
        number_of=Count("measures"), left=Count("measures", filter=Q(measures__state__in=OWED_MEASURES))
    )
    found, more = keyset(request, rows, "written_at")
    names = [(code, label) for code, (label, _) in VIEWS.items()]
    context = {"rows": found, "more": more, "views": chips("desk_plans", names, view, "view")}
    return page(request, "plans.html", "plans", context)


@staff(roles=READERS)
@require_safe
def of_matter(request, number):
    """GET: the plan of one matter, all versions and rounds, fit for print."""
    rows = Case.objects.visible_to(request.user).filter(number=number).select_related("area", "office")
    case = rows.first()
    if case is None:
        raise Http404("没有这件事，或者您看不到它。")
    access.note_reading(case, request.user, request)
    versions = list(plans.versions(case))
    pictures: dict = {}
    for picture in case.attachments.filter(content_type__startswith="image/", event__verb="finish_measure"):
        pictures.setdefault(picture.event_id, []).append(picture)
    for plan in versions:
        plan.rows = list(plan.measures.all())
        for row in plan.rows:
            row.pictures = pictures.get(row.done_event_id, [])
    context = {"case": case, "now_plan": versions[0] if versions else None, "older": versions[1:]}
    return page(request, "plan.html", "plans", context)


urlpatterns = [
    path("rectification/", register, name="desk_plans"),
    path("rectification/plans/<str:number>/", of_matter, name="desk_plan"),
]
