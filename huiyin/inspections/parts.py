"""What this room shows on a matter's page and under 今日."""

from huiyin.cases import record
from huiyin.inspections import filing, nights, spot
from huiyin.inspections.models import CensusProblem, NightCheck, NightRound
from huiyin.rules import clock


def of_case(case, user) -> dict | None:
    """Class and conditions, the night's round, the census, appeals: nothing for matters that know none of them."""
    if case.kind not in (filing.KIND, "hazard"):
        return None
    filed, checks, problem = filing.filing_of(case), [], None
    if spot.is_found(case):
        checks = list(
            NightCheck.objects.filter(case=case)
            .select_related("round", "point", "unit")
            .order_by("checked_at")
        )
        problem = (
            CensusProblem.objects.filter(case=case).select_related("census", "standard", "cadre").first()
        )
    appeals = sorted(record.rows(case, "overdue_appeals"), key=lambda row: row.asked_at)
    if not (filed or checks or problem or appeals):
        return None
    return {"filing": filed, "checks": checks, "problem": problem, "appeals": appeals, "case": case}


def today(user) -> dict | None:
    """The round that is on: what this user's units still have to look at, and how many finds are left."""
    units = {post.organisation_id for post in user.current_posts}
    night = NightRound.objects.filter(office_id=user.office_id, on=nights.tonight()).first()
    if night is None:
        return None
    mine = (
        NightCheck.objects.filter(round=night, unit__in=units, result="").count()
        if clock.now() < night.accept_by
        else 0
    )
    count = nights.counter(night)
    if not mine and not count["left"]:
        return None
    return {"night": night, "mine": mine, "count": count}
