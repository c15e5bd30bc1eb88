"""The three rates of a period: raw, what was left out and why, and without it. Sums only, never of persons.

Which answers count how much, what is divided by what and how much each weighs stands in the rule set `callback`.
"""

from dataclasses import dataclass, field

from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.db.models.functions import Substr

from huiyin.cases import categories
from huiyin.rules import clock
from huiyin.upstream import profile
from huiyin.upstream.calling import GONE
from huiyin.upstream.models import UpstreamOrder

RATES = ("responded", "solved", "satisfied")
ANY, NONE = "any", "none"


def due(user, period):
    """Orders that expired in the period, without those that went elsewhere."""
    rows = UpstreamOrder.objects.visible_to(user).filter(
        **period.holds("expires_at"), expires_at__lte=clock.now()
    )
    return rows.exclude(case__state__in=GONE)


@dataclass
class Share:
    """`score` of `base`: answers by their worth. `percent` is None where there is nothing to divide by."""

    score: float = 0
    base: int = 0

    @property
    def percent(self):
        return round(100 * self.score / self.base, 1) if self.base else None

    @property
    def shown_score(self):
        return f"{self.score:g}"


@dataclass
class Rate:
    """One rate side by side: as it is, left out by reason, and without those."""

    code: str
    name: str
    says: str
    weight: float
    raw: Share = field(default_factory=Share)
    net: Share = field(default_factory=Share)
    excluded: dict = field(default_factory=dict)

    @property
    def left_out(self) -> int:
        return sum(self.excluded.values())


def figures(user, period) -> dict:
    """{rates: [Rate], whole: (raw, net) or None, standing: {due, called, unreachable, waiting}, groups: […]}."""
    content = profile.callback(user.office)
    combos = _combos(user, period, content["tries"])
    rates = rates_of(combos, content)
    names = {code: row["name"] for code, row in categories.table(user.office).items()}
    tops = sorted({row["top"] for row in combos})
    groups = [
        (names.get(top, "没有分类"), top, rates_of([row for row in combos if row["top"] == top], content))
        for top in tops
    ]
    return {
        "rates": rates,
        "whole": (weighted(rates, "raw"), weighted(rates, "net")),
        "standing": _standing(combos),
        "groups": groups,
    }


def _combos(user, period, tries: int) -> list[dict]:
    """Counts for every combination of what matters: a few dozen rows, however many orders there are."""
    rows = due(user, period).annotate(
        top=Substr("case__category", 1, 2),
        reached=Case(
            When(called_at__isnull=False, then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        gone=Case(
            When(tries__gte=tries, then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
    )
    names = ("top", "excluded", "responded", "solved", "satisfied", "reached", "gone")
    return list(rows.order_by().values(*names).annotate(count=Count("pk")))


def rates_of(combos: list[dict], content: dict) -> list[Rate]:
    reasons = {row["code"]: row["rates"] for row in content["exclusions"]}
    found = []
    for code in RATES:
        rule = content["rates"][code]
        rate = Rate(code, rule["name"], rule["says"], rule["weight"])
        for row in combos:
            if rule["of"] == "valid" and not row["reached"]:
                continue
            score = rule["worth"].get(_answer(row, code), 0) * row["count"]
            is_out = code in reasons.get(row["excluded"], ())
            if is_out:
                rate.excluded[row["excluded"]] = rate.excluded.get(row["excluded"], 0) + row["count"]
            for share in (rate.raw,) if is_out else (rate.raw, rate.net):
                share.score += score
                share.base += row["count"]
        found.append(rate)
    return found


def _answer(row: dict, code: str) -> str:
    return ("yes" if row["responded"] else "no") if code == "responded" else row[code]


def weighted(rates: list[Rate], name: str):
    """The whole by the weights; None while one of the rates has nothing to divide by."""
    shares = [(getattr(rate, name), rate.weight) for rate in rates]
    if any(not share.base for share, weight in shares if weight):
        return None
    return round(sum(100 * share.score / share.base * weight for share, weight in shares if weight) / 100, 1)


def _standing(combos: list[dict]) -> dict:
    def total(wanted) -> int:
        return sum(row["count"] for row in combos if wanted(row))

    return {
        "due": total(lambda row: True),
        "called": total(lambda row: row["reached"]),
        "unreachable": total(lambda row: row["gone"] and not row["reached"]),
        "waiting": total(lambda row: not row["gone"] and not row["reached"]),
    }


def narrowed(
    rows, office, *, rate: str = "", part: str = "", excluded: str = "", top: str = "", standing: str = ""
):
    """The records behind a number. `part`: base or score; `excluded`: a reason, 'any' or 'none' of this rate."""
    content = profile.callback(office)
    if top:
        rows = rows.filter(case__category__startswith=top) if top != "-" else rows.filter(case__category="")
    if rate in RATES:
        rule = content["rates"][rate]
        out = [row["code"] for row in content["exclusions"] if rate in row["rates"]]
        rows = rows.filter(called_at__isnull=False) if rule["of"] == "valid" else rows
        if part == "score":
            counted = [answer for answer, worth in rule["worth"].items() if worth]
            rows = (
                rows.filter(responded=True)
                if rate == "responded"
                else rows.filter(**{f"{rate}__in": counted})
            )
        if excluded:
            rows = _excluded(rows, excluded, out)
    elif excluded:
        rows = rows.filter(excluded=excluded) if excluded != ANY else rows.exclude(excluded="")
    return rows.filter(_of_standing(standing, content["tries"])) if standing else rows


def _excluded(rows, excluded: str, out: list):
    if excluded == NONE:
        return rows.exclude(excluded__in=out)
    return rows.filter(excluded__in=out) if excluded == ANY else rows.filter(excluded=excluded)


def _of_standing(name: str, tries: int) -> Q:
    return {
        "called": Q(called_at__isnull=False),
        "unreachable": Q(called_at=None, tries__gte=tries),
        "waiting": Q(called_at=None, tries__lt=tries),
    }.get(name, Q())
