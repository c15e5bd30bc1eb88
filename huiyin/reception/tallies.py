"""What the room knows of areas and of the grid workforce: visits of the last year and what they brought."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from huiyin.grids import rulings
from huiyin.grids.roster import Work
from huiyin.grids.tallies import Tally
from huiyin.reception import outreach
from huiyin.reception.models import OutreachVisit
from huiyin.reception.period import Period
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


def visitor_roles(office) -> dict[str, str]:
    """code → name of the roles in which the grid workforce goes to people's homes."""
    return {code: kind.name for code, kind in rulings.kinds(office).items() if kind.group == "grid"}


def works() -> list[Work]:
    """By role of the visitor, this year: visits, matters they brought, disputes among these. Equal to the lists behind."""

    def year() -> Period:
        return Period.around("year", clock.today())

    def went(user) -> dict:
        rows = OutreachVisit.objects.visible_to(user).filter(**year().holds_days("on")).exclude(role="")
        return dict(rows.order_by().values_list("role").annotate(Count("pk")))

    def brought(sort: str = ""):
        def counts(user) -> dict:
            rows = outreach.narrowed(user, outreach.brought_in(user, year()), sort=sort)
            rows = rows.exclude(outreach__visit__role="").order_by()
            return dict(rows.values_list("outreach__visit__role").annotate(Count("pk")))

        return counts

    def link(name: str, query: str = ""):
        return lambda role: f"{reverse(name)}?{year().query}&role={role}{query}"

    return [
        Work("走访", went, link("reception_outreach")),
        Work("上报", brought(), link("reception_brought")),
        Work("纠纷", brought("disputes"), link("reception_brought", "&sort=disputes")),
    ]
