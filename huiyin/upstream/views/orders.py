"""工单: the upstream's orders by how they stand, and the order beside its matter."""

from django.db.models import Count, F, Q
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases import record
from huiyin.cases.states import OPEN, State
from huiyin.rules import clock
from huiyin.shell.access import staff
from huiyin.upstream import orders, profile, returning
from huiyin.upstream.models import OrderReturn, UpstreamOrder
from huiyin.upstream.profile import HOTLINE
from huiyin.upstream.views.frame import READERS, keyset, link, page

MOST = 1000
ASKED = Q(case__order_returns__asked_at__isnull=False, case__order_returns__decided_at=None)


def standings() -> dict:
    """code → (name, condition)."""
    now, is_open = clock.now(), Q(case__state__in=sorted(OPEN))
    answered = Q(case__state__in=[State.ANSWERED, State.CLOSED])
    return {
        "": ("全部", Q()),
        "open": ("在办", is_open),
        "late": ("过了时限", is_open & Q(expires_at__lt=now)),
        "asked": ("退单等答复", ASKED),
        "problem": ("问题工单", Q(problem_at__isnull=False)),
        "waiting": ("问题工单等批示", is_open & Q(problem_at__isnull=False, problem_settled_at=None)),
        "unsent": ("答复了没回复上级", answered & ~Q(number="") & Q(sent_round__lt=F("case__round"))),
        "sent": ("已回复上级", Q(sent_round=F("case__round"))),
    }


@staff(roles=READERS)
@require_safe
def order_list(request):
    """GET: ?standing= narrows, ?q= finds an upstream number. The newest first."""
    chosen, query = request.GET.get("standing", ""), request.GET.get("q", "").strip()[:60]
    known = standings()
    rows = UpstreamOrder.objects.visible_to(request.user)
    conditions = {code: Count("pk", filter=condition) for code, (_, condition) in known.items() if code}
    counts = {
        "": 0,
        **UpstreamOrder.objects.filter(pk__in=rows.order_by("-pk").values("pk")[:MOST]).aggregate(
            **conditions
        ),
    }
    rows = rows.filter(known[chosen][1]) if chosen in known else rows
    rows = rows.filter(number__icontains=query) if query else rows
    found, more = keyset(request, rows.select_related("case__area", "case__in_charge", "first_unit"))
    context = {
        "orders": found,
        "more": more,
        "q": query,
        "standing": chosen,
        "now": clock.now(),
        "chips": [
            (name, counts[code] if code else "", link("upstream_orders", standing=code), code == chosen)
            for code, (name, _) in known.items()
        ],
    }
    return page(request, "orders.html", "orders", context)


def beside_matter(case, user) -> dict | None:
    """On the matter's page: number, own limit, window, first unit, problem, what was told upward, call-backs."""
    if case.kind != HOTLINE:
        return None
    order = orders.known(case)
    reason = profile.exclusion_reasons(case.office).get(order.excluded, {}).get("name", "")
    rows = list(case.order_returns.order_by("asked_at")) if record.has(case, OrderReturn) else []
    return {
        "order": order,
        "source": order.source,
        "returns": rows,
        "window": returning.window_of(case) if not rows and case.is_open else None,
        "excluded": reason,
        "now": clock.now(),
    }


urlpatterns = [path("upstream/", order_list, name="upstream_orders")]
