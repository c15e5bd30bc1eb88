"""常办的事: the few items of the service catalogue that people asked for most in the last year."""

from datetime import timedelta

from django.db.models import Count

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.portal.kept import hourly
from huiyin.rules import clock

MOST = 5
YEAR = timedelta(days=365)


def usual_services(office) -> list[services.Service]:
    """By matters of the item's category; items nobody asked for follow in the order of the catalogue."""
    table = services.table(office)
    codes = hourly(office, "usual", lambda: _codes(office, table))
    return [table[code] for code in codes if code in table]


def _codes(office, table) -> list[str]:
    wanted = {item.category for item in table.values() if item.category}
    rows = Case.objects.filter(
        office=office, category__in=wanted, is_restricted=False, registered_at__gte=clock.now() - YEAR
    )
    asked = dict(rows.order_by().values_list("category").annotate(Count("pk")))
    first: dict[str, str] = {}
    for item in table.values():
        first.setdefault(item.category or item.code, item.code)
    ranked = sorted(first.items(), key=lambda pair: -asked.get(pair[0], 0))
    return [code for _, code in ranked[:MOST]]
