"""Is it the same thing again? Simple and open: same place, same sort, similar words – within sixty days.

Only matters that the asking user may read are compared; what cannot be read gives no hint.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from huiyin.areas.models import AreaKind
from huiyin.cases.models import Case
from huiyin.cases.search import tokens
from huiyin.cases.states import State
from huiyin.people.models import Party
from huiyin.rules import clock

DAYS = 60
COMPARED = 200
SHOWN = 5
LEAST_PAIRS = 3
LEAST_SHARE = 0.2
LEAST_SCORE = 3.0
SAME_PLACE, SAME_SORT, SIMILAR_WORDS = "同一处", "同一类", "话相近"


@dataclass
class Twin:
    """A matter that may be the same one, with the reasons in words."""

    case: Case
    score: float
    reasons: list[str]
    is_same_person: bool = False


def likely(user, *, text: str, area=None, place: str = "", category: str = "", phone: str = "") -> list[Twin]:
    """The likeliest twins of what is being registered, the best first."""
    pairs = _pairs(text)
    found = []
    for case in _candidates(user, area, category):
        twin = _compare(case, pairs, place, category)
        if twin:
            found.append(twin)
    return sorted(found, key=lambda twin: (-twin.score, not twin.case.is_open, -_age(twin.case)))[:SHOWN]


def _candidates(user, area, category):
    """The newest matters of the same grid; without a grid, those of the same category."""
    rows = Case.objects.visible_to(user).filter(
        office=user.office, registered_at__gte=clock.now() - timedelta(days=DAYS)
    )
    rows = rows.exclude(state__in=[State.MERGED, State.VOID]).select_related("area", "next_deadline")
    if area is not None and area.kind == AreaKind.GRID:
        rows = rows.filter(area=area)
    elif category:
        rows = rows.filter(category=category)
    else:
        return []
    return rows.order_by("-registered_at")[:COMPARED]


def _compare(case, pairs: set, place: str, category: str) -> Twin | None:
    score, reasons = 0.0, []
    if same_place(case.place, place):
        score += 2
        reasons.append(SAME_PLACE)
    if category and case.category == category:
        score += 2
        reasons.append(SAME_SORT)
    theirs = _pairs(f"{case.title} {case.description}")
    shared = len(pairs & theirs)
    share = shared / max(1, min(len(pairs), len(theirs)))
    if shared >= LEAST_PAIRS and share >= LEAST_SHARE:
        score += 1 + 4 * share
        reasons.append(SIMILAR_WORDS)
    return Twin(case, score, reasons) if score >= LEAST_SCORE else None


def same_place(one: str, other: str) -> bool:
    """Is one address the other, or a part of it (槐荫里 3 幢 and 槐荫里3幢2单元)?"""
    one, other = ("".join(text.split()) for text in (one, other))
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    if not long.startswith(short):
        return False
    return len(short) >= 3 and not (short[-1].isdigit() and long[len(short) : len(short) + 1].isdigit())


def _pairs(text: str) -> set[str]:
    """Pairs of characters and whole words; single characters say nothing about likeness."""
    return {token for token in tokens(text) if len(token) > 1}


def _age(case) -> float:
    return case.registered_at.timestamp()


def of_phone(user, phone: str) -> list[Case]:
    """Earlier matters raised from this telephone, as far as the user may read them."""
    parties = list(Party.objects.with_phone(user.office, phone).values_list("pk", flat=True)[:50])
    if not parties:
        return []
    rows = Case.objects.visible_to(user).filter(office=user.office, parties__party_id__in=parties)
    return list(rows.exclude(state=State.VOID).distinct().order_by("-registered_at")[:6])


def at_place(user, area, place: str) -> list[Case]:
    """Matters of the past year at this place, the newest first (at most 30)."""
    name = place.strip()
    if area is None or len(name) < 2:
        return []
    rows = Case.objects.visible_to(user).filter(
        Q(place__startswith=name) | Q(place__startswith="".join(name.split())),
        office=user.office,
        area=area,
        registered_at__gte=clock.now() - timedelta(days=365),
    )
    return list(rows.exclude(state=State.VOID).order_by("-registered_at")[:30])
