"""What the room knows of areas, for the report on who covers them: visits of the last year."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from huiyin.grids.tallies import Tally
from huiyin.reception.models import OutreachVisit
from huiyin.rules import clock

YEAR = timedelta(days=365)


def visits() -> Tally:
    """Visits to homes within an area and what lies in it, as far as the user sees them."""

    def counts(user, areas) -> dict:
        wanted = {area.pk for area in areas}
        rows = OutreachVisit.objects.visible_to(user).filter(on__gt=clock.today() - YEAR).order_by()
        found = dict.fromkeys(wanted, 0)
        grouped = rows.values_list("area_id", "area__ancestors").annotate(Count("pk", distinct=True))
        for area, above, number in grouped:
            for pk in wanted.intersection([area, *above]):
                found[pk] += number
        return found

    return Tally("一年走访", counts, lambda area: reverse("reception_outreach"))
