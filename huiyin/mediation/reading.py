"""What the pages of mediation ask: the register with its views, figures by level, one matter's ladder."""

from datetime import date, timedelta

from django.db.models import Count, Q

from huiyin.cases import record
from huiyin.cases.states import State
from huiyin.mediation import rules
from huiyin.mediation.mediating import MAY_MEDIATE
from huiyin.mediation.models import CreditSociety, Mediation, MediationLevel, MediationOutcome
from huiyin.rules import clock
from huiyin.rules.calendar import midnight

PAGE = 50
VIEWS = {"open": "调解中", "late": "超过调结时间", "agreed": "达成协议", "failed": "没有调成", "all": "全部"}


def in_view(rows, view: str):
    """Rows of one view of the register."""
    if view == "open":
        return rows.open()
    if view == "late":
        return rows.open().filter(due_on__lt=clock.today())
    if view in (MediationOutcome.AGREED, MediationOutcome.FAILED):
        return rows.filter(outcome=view)
    return rows


def page(user, view: str, level: int | None, after: str) -> tuple[list[Mediation], str]:
    """PAGE mediations, the latest first, and the number from which the next page goes on."""
    rows = in_view(Mediation.objects.visible_to(user), view)
    if level:
        rows = rows.filter(level=level)
    last = rows.filter(number=after).first() if after else None
    if last:
        rows = rows.filter(Q(opened_at__lt=last.opened_at) | Q(opened_at=last.opened_at, pk__lt=last.pk))
    found = list(rows.select_related("case__area", "organisation").order_by("-opened_at", "-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else ""


def figures(user, first: date, last: date) -> list[dict]:
    """Per level: opened in the period, and of those how they stand. `settled` of `ended` is the success rate."""
    start, end = midnight(first), midnight(last + timedelta(days=1))
    rows = Mediation.objects.visible_to(user).filter(opened_at__gte=start, opened_at__lt=end).order_by()
    counted = {
        (level, outcome): number
        for level, outcome, number in rows.values_list("level", "outcome").annotate(Count("pk"))
    }
    found = []
    for level in MediationLevel:
        by = {outcome: counted.get((level.value, outcome), 0) for outcome in MediationOutcome.values}
        ended = by["agreed"] + by["failed"]
        found.append(
            {
                "level": level, "opened": sum(by.values()), "running": by["open"], "settled": by["agreed"], "failed": by["failed"],
                "passed_up": by["passed_up"], "withdrawn": by["withdrawn"], "ended": ended,
                "share": round(100 * by["agreed"] / ended) if ended else None,
            }
        )  # fmt: skip
    return found


def of_case(case, user) -> dict | None:
    """The part on a matter's page: mediations, agreements, ledger; None for kinds that are not mediated."""
    if case.kind not in rules.in_force(case.office).content["kinds"]:
        return None
    mediations, society = [], None
    if record.has(case, Mediation):
        mediations = list(case.mediations.select_related("organisation").order_by("opened_at"))
    if record.has(case, CreditSociety):
        society = CreditSociety.objects.filter(case=case).first()
    agreements = list(case.agreements.order_by("agreed_on")) if mediations or society else []
    may = case.is_open and case.state != State.RECEIVED and bool(user.roles & MAY_MEDIATE)
    if not mediations and society is None and not may:
        return None
    running = any(row.outcome == MediationOutcome.OPEN for row in mediations)
    return {
        "case": case,
        "mediations": mediations,
        "agreements": agreements,
        "society": society,
        "may_open": may and not running,
        "may_ledger": may and society is None,
    }
