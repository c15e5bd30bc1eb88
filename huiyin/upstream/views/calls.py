"""回访台 and 三率: whom to call back, and the three rates side by side, each number opening its records."""

from django.db.models import Q
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases.models import Case
from huiyin.rules import clock
from huiyin.rules.period import Period
from huiyin.shell.access import staff
from huiyin.upstream import profile, rates
from huiyin.upstream.calling import ANSWERED, GONE
from huiyin.upstream.models import Exclusion, UpstreamOrder
from huiyin.upstream.views.frame import CALLERS, OVERSEE, PAGE, keyset, link, page

VIEWS = {"due": "该打的", "again": "打过没通", "gone": "联系不上"}


def due(user):
    """Orders to call back: answered, or expired whether answered or not, and nobody has been reached."""
    rows = UpstreamOrder.objects.visible_to(user).filter(called_at=None).exclude(case__state__in=GONE)
    return rows.filter(Q(case__state__in=ANSWERED) | Q(expires_at__lte=clock.now()))


@staff(roles=CALLERS)
@require_safe
def desk(request):
    """GET: whom to call back, the longest waiting first; ?view=again|gone."""
    tries, view = profile.callback(request.user.office)["tries"], request.GET.get("view", "due")
    parts = {"due": Q(tries=0), "again": Q(tries__gt=0, tries__lt=tries), "gone": Q(tries__gte=tries)}
    rows = due(request.user).filter(parts.get(view, parts["due"]))
    rows = rows.select_related("case__area").prefetch_related("case__parties__party", "case__call_backs")
    found = list(rows.order_by("expires_at", "pk")[: PAGE + 1])
    for row in found:
        row.person = next((party.party for party in row.case.parties.all() if party.role == "raiser"), None)
        row.last = max(row.case.call_backs.all(), key=lambda call: call.at, default=None)
    waiting = (
        Exclusion.objects.visible_to(request.user).filter(decided_at=None).select_related("case", "asked_by")
    )
    reasons = profile.exclusion_reasons(request.user.office)
    context = {
        "orders": found[:PAGE],
        "has_more": len(found) > PAGE,
        "view": view,
        "views": [(name, link("upstream_calls", view=code), code == view) for code, name in VIEWS.items()],
        "tries": tries,
        "exclusions": [(row, reasons.get(row.reason, {})) for row in waiting.order_by("asked_at")[:PAGE]],
    }
    return page(request, "calls.html", "calls", context)


@staff(roles=OVERSEE)
@require_safe
def rate_page(request):
    """GET: raw, left out by reason, and net, for a period; like with like by the first level of the categories."""
    user, period = request.user, Period.read(request.GET, "month")
    found, content = rates.figures(user, period), profile.callback(user.office)
    reasons = {row["code"]: row["name"] for row in content["exclusions"]}
    context = {
        "period": period,
        "rates": [_linked(period, rate, reasons) for rate in found["rates"]],
        "whole": found["whole"],
        "standing": [
            (
                name,
                found["standing"][code],
                link("upstream_rate_orders", period, standing="" if code == "due" else code),
            )
            for code, name in (
                ("due", "到期"),
                ("called", "回访到"),
                ("unreachable", "联系不上"),
                ("waiting", "还没打通"),
            )
        ],
        "groups": [
            (name, top, [_linked(period, rate, reasons, top or "-") for rate in rows])
            for name, top, rows in found["groups"]
        ],
        "rules": profile.callback(user.office),
    }
    return page(request, "rates.html", "rates", context)


def _linked(period, rate, reasons: dict, top: str = "") -> dict:
    def to(**query):
        return link("upstream_rate_orders", period, rate=rate.code, top=top, **query)

    return {
        "rate": rate,
        "raw": (to(part="score"), to(part="base")),
        "net": (to(part="score", excluded="none"), to(part="base", excluded="none")),
        "out": to(part="base", excluded="any"),
        "reasons": [
            (reasons.get(code, code), count, to(part="base", excluded=code))
            for code, count in rate.excluded.items()
        ],
    }


@staff(roles=OVERSEE)
@require_safe
def rate_orders(request):
    """GET: the orders behind one number."""
    user, period = request.user, Period.read(request.GET, "month")
    given = {name: request.GET.get(name, "")[:30] for name in ("rate", "part", "excluded", "top", "standing")}
    rows = rates.narrowed(rates.due(user, period), user.office, **given)
    found, more = keyset(request, rows.select_related("case__area"))
    reasons = {code: row["name"] for code, row in profile.exclusion_reasons(user.office).items()}
    for row in found:
        row.why_out = reasons.get(row.excluded, "")
    context = {"period": period, "orders": found, "more": more, "back": link("upstream_rates", period)}
    return page(request, "rate_orders.html", "rates", context)


def beside_today(user) -> dict | None:
    """On 今日: problem orders that wait for a leader, call-backs to make. Bounded."""
    roles = getattr(user, "roles", frozenset())
    found = {}
    if roles & set(profile.content(user.office)["problem"]["tells"]) if user.office_id else False:
        rows = UpstreamOrder.objects.visible_to(user).filter(
            problem_at__isnull=False, problem_settled_at=None, case__in=Case.objects.visible_to(user).open()
        )
        found["problems"] = list(rows.select_related("case").order_by("problem_at")[:5])
    if roles & CALLERS:
        found["calls"] = due(user).filter(tries=0).order_by()[:100].count()
    return found if any(found.values()) else None


urlpatterns = [
    path("upstream/calls/", desk, name="upstream_calls"),
    path("upstream/rates/", rate_page, name="upstream_rates"),
    path("upstream/rates/orders/", rate_orders, name="upstream_rate_orders"),
]
