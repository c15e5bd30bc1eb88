"""服务目录: the catalogue with what was asked for in a period; which item a request asks for."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases import record, services
from huiyin.cases.models import Case
from huiyin.orgs.models import Organisation
from huiyin.reception import service_use
from huiyin.reception.models import ServiceUse
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.frame import link, page
from huiyin.reception.views.listing import matters
from huiyin.shell.access import staff


@staff(roles=MAY["services"])
@require_safe
def catalogue(request):
    """GET: all items by group, or those that fit ?q=, each with matters and window visits of the period."""
    user, period = request.user, Period.read(request.GET, "year")
    query = request.GET.get("q", "").strip()[:60]
    counts = service_use.counts(user, period)
    groups = services.groups(user.office)
    if query:
        groups = [("", f"“{query}”", services.find(user.office, query, 30))]
    units = dict(Organisation.objects.filter(office=user.office).values_list("code", "short_name"))
    shown = [(code, name, [_row(period, row, units, counts) for row in rows]) for code, name, rows in groups]
    context = {
        "period": period,
        "q": query,
        "groups": shown,
        "total": len(services.table(user.office)),
        "without": service_use.without_item(user, period)[:1001].count(),
        "without_url": link("reception_service_matters", period, service="-"),
    }
    return page(request, "services.html", "services", context)


def _row(period, row, units: dict, counts: dict) -> dict:
    matters_, came = counts[row.code]
    return {
        "service": row,
        "unit": units.get(row.unit, row.group_name),
        "matters": (matters_, link("reception_service_matters", period, service=row.code)),
        "came": (came, link("reception_hall_visits", period, service=row.code)),
    }


@staff(roles=MAY["services"])
@require_safe
def of_item(request):
    """GET: the matters that ask for one item; `-`: requests in which nobody has said which."""
    user, period = request.user, Period.read(request.GET, "year")
    code = request.GET.get("service", "")
    back = f"{reverse('reception_services')}?{period.query}"
    if code == "-":
        rows, name = service_use.without_item(user, period), "没写服务事项的求助"
    else:
        rows, name = service_use.of_item(user, period, code), services.get(user.office, code).name
    return matters(request, "services", f"{period.name} · {name}", rows, back=back)


@staff(roles=MAY["services.set"])
@require_POST
def choose(request, number):
    """Which item this matter asks for."""
    rows = Case.objects.visible_to(request.user).select_related("office")
    case = get_object_or_404(rows, number=number)
    row = service_use.set_item(case, request.POST.get("service", ""), by=request.user)
    messages.success(request, f"服务事项：{services.get(case.office, row.service).name}。")
    return redirect("desk_case", number)


def beside_matter(case, user) -> dict | None:
    """On a request's page: its item with papers, limit and window, or the choice of one."""
    item = service_use.item_of(case) if record.has(case, ServiceUse) else None
    if item is None and case.kind != service_use.REQUEST:
        return None
    may_set = may(user, "services.set")
    context = {"service": item, "may_set_service": may_set}
    if may_set:
        context |= {"service_choices": services.choices(case.office)}
        context |= {"service_suggested": service_use.suggested(case) if item is None else []}
    return context


urlpatterns = [
    path("reception/services/", catalogue, name="reception_services"),
    path("reception/services/matters/", of_item, name="reception_service_matters"),
    path("reception/services/matters/<str:number>/", choose, name="reception_service_choose"),
]
